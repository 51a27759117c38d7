/* SPDX-License-Identifier: Apache-2.0 */
/* The candidates of ard-tune: all are legal, by CLBlast's constraints written out once more, and
 * what is searched from is among them. */
#include "tune/space.h"

#include <string.h>

#include "support/unit.h"

static const tune_limits cpu = {
    .vector_width = 16, .registers = 32, .local_memory = 1 << 20, .group_size = 4096};
static const tune_limits gpu = {
    .vector_width = 4, .registers = 32, .local_memory = 32768, .group_size = 256};
static const tune_limits *const all_limits[] = {&cpu, &gpu};

enum { CAPACITY = 4096, DRAWS = 300 };

static const tune_space *space_named(const char *name)
{
    for (size_t i = 0; i < CLBLAST_SPACES; i++) {
        if (strcmp(clblast_spaces[i].name, name) == 0) {
            return &clblast_spaces[i];
        }
    }
    return &packed_space;
}

static size_t value(const tune_space *space, const tune_point *point, const char *name)
{
    for (size_t i = 0; i < space->count; i++) {
        if (strcmp(space->parameters[i].name, name) == 0) {
            return point->values[i];
        }
    }
    fail_msg("%s has no parameter %s", space->name, name);
    return 0;
}

static void assert_multiple(size_t number, size_t of)
{
    assert_true(of > 0);
    assert_int_equal(number % of, 0);
}

static void assert_xgemm(const tune_point *point, const tune_limits *limits)
{
    const tune_space *space = space_named("Xgemm");
#define V(name) value(space, point, name)
    const size_t group = V("MDIMC") * V("NDIMC");
    assert_multiple(V("KWG"), V("KWI"));
    assert_multiple(V("MWG"), V("MDIMC") * V("VWM"));
    assert_multiple(V("NWG"), V("NDIMC") * V("VWN"));
    assert_multiple(V("MWG"), V("MDIMA") * V("VWM"));
    assert_multiple(V("NWG"), V("NDIMB") * V("VWN"));
    assert_true(group <= limits->group_size);
    assert_true(4 * V("KWG") * (V("SA") * V("MWG") + V("SB") * V("NWG")) <= limits->local_memory);
    if (V("GEMMK") == 0) {
        assert_multiple(group, V("MDIMA"));
        assert_multiple(group, V("NDIMB"));
        assert_multiple(V("KWG"), group / V("MDIMA"));
        assert_multiple(V("KWG"), group / V("NDIMB"));
    } else {
        assert_multiple(V("KREG"), V("VWN"));
        assert_int_equal(V("MDIMC"), V("MDIMA"));
        assert_int_equal(V("NDIMC"), V("NDIMB"));
        assert_int_equal(V("SA") + V("SB"), 0);
    }
}

static void assert_direct(const tune_point *point, const tune_limits *limits)
{
    const tune_space *space = space_named("XgemmDirect");
    const size_t group = V("MDIMCD") * V("NDIMCD");
    assert_multiple(V("WGD"), V("KWID"));
    assert_multiple(V("WGD"), V("MDIMCD") * V("VWMD"));
    assert_multiple(V("WGD"), V("NDIMCD") * V("VWND"));
    assert_multiple(V("WGD"), V("MDIMAD") * V("VWMD"));
    assert_multiple(V("WGD"), V("NDIMBD") * V("VWND"));
    assert_multiple(V("WGD"), group / V("MDIMAD"));
    assert_multiple(V("WGD"), group / V("NDIMBD"));
    assert_true(group <= limits->group_size);
    assert_true(4 * V("WGD") * (2 * V("WGD") + V("PADA") + V("PADB")) <= limits->local_memory);
}

static void assert_packed(const tune_point *point, const tune_limits *limits)
{
    const tune_space *space = &packed_space;
    const size_t width = V("vector_width");
    assert_true(width == limits->vector_width || 2 * width == limits->vector_width);
    assert_true(V("rows") * V("vectors") + V("vectors") + 1 <= limits->registers);
    assert_true(4 * V("depth") * V("vectors") * width <= limits->local_memory);
    assert_multiple(V("depth"), width);
#undef V
}

static void assert_legal(const tune_space *space, const tune_point *point,
                         const tune_limits *limits)
{
    assert_true(space->legal(limits, point->values));
    if (strcmp(space->name, "Xgemm") == 0) {
        assert_xgemm(point, limits);
    } else if (strcmp(space->name, "XgemmDirect") == 0) {
        assert_direct(point, limits);
    } else if (strcmp(space->name, "packed") == 0) {
        assert_packed(point, limits);
    }
}

static size_t differences(const tune_space *space, const tune_point *a, const tune_point *b)
{
    size_t count = 0;
    for (size_t i = 0; i < space->count; i++) {
        count += a->values[i] != b->values[i] ? 1 : 0;
    }
    return count;
}

static void check_neighbours(const tune_space *space, const tune_limits *limits,
                             const tune_point *point)
{
    static tune_point neighbours[CAPACITY];
    const size_t count = space_neighbours(space, limits, point, 1, neighbours, CAPACITY);
    bool pairs = false;
    assert_true(count < CAPACITY);
    for (size_t i = 0; i < count; i++) {
        const size_t changed = differences(space, point, &neighbours[i]);
        assert_legal(space, &neighbours[i], limits);
        assert_in_range(changed, 1, 2);
        assert_false(pairs && changed == 1);
        pairs = changed == 2;
    }
}

static const tune_space *space_at(size_t index)
{
    return index < CLBLAST_SPACES ? &clblast_spaces[index] : &packed_space;
}

static void draws_legal_points(void **state)
{
    (void)state;
    for (size_t s = 0; s <= CLBLAST_SPACES; s++) {
        for (size_t l = 0; l < 2; l++) {
            for (uint32_t i = 0; i < DRAWS; i++) {
                tune_point point;
                tune_point again;
                assert_true(space_random(space_at(s), all_limits[l], 7, i, &point));
                assert_true(space_random(space_at(s), all_limits[l], 7, i, &again));
                assert_memory_equal(&point, &again, sizeof point);
                assert_legal(space_at(s), &point, all_limits[l]);
                check_neighbours(space_at(s), all_limits[l], &point);
            }
        }
    }
}

static void starts_at_legal_points(void **state)
{
    (void)state;
    for (size_t s = 0; s <= CLBLAST_SPACES; s++) {
        assert_legal(space_at(s), &space_at(s)->start, &gpu);
    }
    /* Those of CLBlast alone: of its own kernels libard always has some. */
    for (size_t s = 0; s < CLBLAST_SPACES; s++) {
        assert_legal(space_at(s), &space_at(s)->start, &cpu);
    }
}

static void shipped_parameters_are_legal(void **state)
{
    (void)state;
    ard_device_info device;
    ard_tuning shipped;
    tune_point point;
    assert_success(ard_device_find(NULL, &device));
    assert_success(ard_tuning_shipped(&device, &shipped));
    cl_ulong local = 0;
    assert_int_equal(
        clGetDeviceInfo(device.handle, CL_DEVICE_LOCAL_MEM_SIZE, sizeof local, &local, NULL),
        CL_SUCCESS);
    const tune_limits limits = {.vector_width = shipped.packed.vector_width,
                                .registers = 32,
                                .local_memory = (size_t)local,
                                .group_size = 256};
    for (size_t s = 0; s <= CLBLAST_SPACES; s++) {
        if (space_point(space_at(s), &shipped, &point)) {
            assert_legal(space_at(s), &point, &limits);
        }
    }
    assert_true(space_point(&packed_space, &shipped, &point));
}

/* Kernel 1 of CLBlast is reached, and not by chance alone. */
static void draws_both_kernels(void **state)
{
    (void)state;
    const tune_space *space = space_named("Xgemm");
    size_t of_kernel[2] = {0, 0};
    for (uint32_t i = 0; i < DRAWS; i++) {
        tune_point point;
        assert_true(space_random(space, &gpu, 1, i, &point));
        of_kernel[value(space, &point, "GEMMK")]++;
    }
    assert_true(of_kernel[0] > 0);
    assert_true(of_kernel[1] > 0);
}

static void counts_points(void **state)
{
    (void)state;
    bool exact = false;
    const tune_limits tiny = {
        .vector_width = 4, .registers = 8, .local_memory = 2048, .group_size = 64};
    /* One vector of 4, 4 or 6 rows, a panel of 128 rows. */
    assert_true(space_size(&packed_space, &tiny, &exact) == 2);
    assert_true(exact);
    assert_true(space_size(space_named("GemmRoutine"), &tiny, &exact) == 8);
    /* Groups of 8 x 8 alone. */
    assert_true(space_size(space_named("Copy"), &tiny, &exact) == 16);
    assert_true(space_size(space_named("Xgemm"), &gpu, &exact) > 1000);
    assert_false(exact);
}

static void applies_points(void **state)
{
    (void)state;
    ard_tuning tuning;
    tune_point point;
    memset(&tuning, 0, sizeof tuning);
    for (size_t s = 0; s < CLBLAST_SPACES; s++) {
        assert_false(space_point(space_at(s), &tuning, &point));
        space_apply(space_at(s), &space_at(s)->start, &tuning);
        assert_int_equal(tuning.clblast_count, s + 1);
        assert_true(space_point(space_at(s), &tuning, &point));
        assert_memory_equal(&point, &space_at(s)->start, sizeof point);
    }
    const tune_space *pad = space_named("Pad");
    point = pad->start;
    point.values[0] = 32;
    space_apply(pad, &point, &tuning);
    assert_int_equal(tuning.clblast_count, CLBLAST_SPACES);
    assert_true(space_point(pad, &tuning, &point));
    assert_int_equal(point.values[0], 32);

    space_apply(&packed_space, &packed_space.start, &tuning);
    assert_int_equal(tuning.packed.vector_width, packed_space.start.values[0]);
    assert_int_equal(tuning.packed.depth, packed_space.start.values[3]);
    assert_true(space_point(&packed_space, &tuning, &point));
    assert_memory_equal(&point, &packed_space.start, sizeof point);
}

/* A kernel with a parameter missing has no point. */
static void refuses_incomplete_kernels(void **state)
{
    (void)state;
    ard_tuning tuning;
    tune_point point;
    memset(&tuning, 0, sizeof tuning);
    space_apply(space_named("Copy"), &space_named("Copy")->start, &tuning);
    tuning.clblast[0].count--;
    assert_false(space_point(space_named("Copy"), &tuning, &point));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_legal_points),
        cmocka_unit_test(starts_at_legal_points),
        cmocka_unit_test(shipped_parameters_are_legal),
        cmocka_unit_test(draws_both_kernels),
        cmocka_unit_test(counts_points),
        cmocka_unit_test(applies_points),
        cmocka_unit_test(refuses_incomplete_kernels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
