/* SPDX-License-Identifier: Apache-2.0 */
/* A tuning as a value: its bounds, the engine that it says for a product, its checksum. */
#include "tuning/tuning_internal.h"

#include <string.h>

#include "support/unit.h"
#include "tuning/sample_tuning.h"

static void test_valid(void **state)
{
    (void)state;
    const ard_tuning sample = sample_tuning();
    const ard_tuning largest = sample_largest_tuning();
    assert_success(ard__tuning_check(&sample));
    assert_success(ard__tuning_check(&largest));
}

/* Refused, with the value's key in the detail. */
static void assert_refused(const ard_tuning *tuning, const char *key)
{
    assert_invalid(ard__tuning_check(tuning));
    if (strstr(ard_detail(), key) == NULL) {
        fail_msg("\"%s\" does not name %s", ard_detail(), key);
    }
}

/* One statement on a tuning that was valid makes it one that is not. */
#define ASSERT_REFUSED(statement, key)                                                             \
    do {                                                                                           \
        ard_tuning t = sample_tuning();                                                            \
        statement;                                                                                 \
        assert_refused(&t, key);                                                                   \
    } while (0)

static void test_packed_bounds(void **state)
{
    (void)state;
    ASSERT_REFUSED(t.packed.vector_width = 0, "packed.vector_width");
    ASSERT_REFUSED(t.packed.vector_width = 2, "packed.vector_width");
    ASSERT_REFUSED(t.packed.vector_width = 32, "packed.vector_width");
    ASSERT_REFUSED(t.packed.vectors = 0, "packed.vectors");
    ASSERT_REFUSED(t.packed.vectors = 9, "packed.vectors");
    ASSERT_REFUSED(t.packed.rows = 0, "packed.rows");
    ASSERT_REFUSED(t.packed.rows = 33, "packed.rows");
    ASSERT_REFUSED(t.packed.depth = 8, "packed.depth");
    ASSERT_REFUSED(t.packed.depth = 4104, "packed.depth");
    ASSERT_REFUSED(t.packed.depth = 68, "packed.depth");
}

static void test_clblast_bounds(void **state)
{
    (void)state;
    ASSERT_REFUSED(t.clblast_count = ARD_TUNING_MAX_KERNELS + 1, "clblast.kernels");
    ASSERT_REFUSED(t.clblast[1].name[0] = '\0', "clblast.kernels[1].name");
    ASSERT_REFUSED(t.clblast[1].name[0] = '\n', "clblast.kernels[1].name");
    ASSERT_REFUSED(memset(t.clblast[0].name, 'x', ARD_TUNING_NAME), "clblast.kernels[0].name");
    ASSERT_REFUSED(t.clblast[1] = t.clblast[0], "GemmRoutine twice");
    ASSERT_REFUSED(t.clblast[1].count = 0, "clblast.kernels[1].parameters");
    ASSERT_REFUSED(t.clblast[1].count = ARD_TUNING_MAX_PARAMETERS + 1,
                   "clblast.kernels[1].parameters");
    ASSERT_REFUSED(t.clblast[1].parameters[3][0] = '\0', "clblast.kernels[1].parameters");
    ASSERT_REFUSED(memset(t.clblast[1].parameters[3], 'x', ARD_TUNING_NAME),
                   "clblast.kernels[1].parameters");
    ASSERT_REFUSED(strcpy(t.clblast[1].parameters[3], "KREG"),
                   "clblast.kernels[1].parameters.KREG is there twice");
    ASSERT_REFUSED(t.clblast[1].values[2] = (size_t)INT32_MAX + 1,
                   "clblast.kernels[1].parameters.KWG");
}

static void test_other_bounds(void **state)
{
    (void)state;
    ASSERT_REFUSED(memset(t.name, 'x', ARD_TUNING_NAME), "name");
    ASSERT_REFUSED(t.name[2] = '\t', "name");
    ASSERT_REFUSED(t.engine = (ard_engine)2, "engine");
    ASSERT_REFUSED(t.choice_count = ARD_TUNING_MAX_CHOICES + 1, "choices");
    ASSERT_REFUSED(t.choices[0].m = 0, "choices[0].m");
    ASSERT_REFUSED(t.choices[1].n = 0, "choices[1].n");
    ASSERT_REFUSED(t.choices[2].k = (size_t)INT32_MAX + 1, "choices[2].k");
    ASSERT_REFUSED(t.choices[2].engine = (ard_engine)-1, "choices[2].engine");
}

/* By the definition: the sum of |log2| of the ratios, which for powers of two is a whole number. */
static unsigned log_distance(unsigned a, unsigned b)
{
    return a > b ? a - b : b - a;
}

static void test_nearest_is_the_definition(void **state)
{
    enum { CHOICES = 12 };
    (void)state;
    ard_tuning tuning = {.choice_count = CHOICES};
    unsigned logs[CHOICES][3];
    for (unsigned i = 0; i < CHOICES; ++i) { /* places in no order, the engines in turn */
        logs[i][0] = i * 7 % 11;
        logs[i][1] = i * 5 % 13;
        logs[i][2] = i * 3 % 7;
        tuning.choices[i] = (ard_engine_choice){(size_t)1 << logs[i][0],
                                                (size_t)1 << logs[i][1],
                                                (size_t)1 << logs[i][2],
                                                i % 3 == 0,
                                                false,
                                                (ard_engine)(i / 2 % 2)};
    }
    size_t seen[2] = {0, 0};
    for (unsigned i = 0; i < 12 * 12 * 12 * 2; ++i) {
        const unsigned at[3] = {i / 288, i / 24 % 12, i / 2 % 12};
        unsigned nearest = CHOICES;
        unsigned least = UINT32_MAX;
        for (unsigned j = 0; j < CHOICES; ++j) {
            const unsigned distance = log_distance(at[0], logs[j][0]) +
                                      log_distance(at[1], logs[j][1]) +
                                      log_distance(at[2], logs[j][2]);
            if (tuning.choices[j].a_transposed == (i % 2 != 0) && distance < least) {
                least = distance;
                nearest = j;
            }
        }
        const ard_engine engine = ard_tuning_engine(&tuning, (size_t)1 << at[0], (size_t)1 << at[1],
                                                    (size_t)1 << at[2], i % 2 != 0, false);
        assert_int_equal(engine, tuning.choices[nearest].engine);
        ++seen[engine];
    }
    assert_true(seen[0] > 100 && seen[1] > 100);
}

static void test_transpositions_come_first(void **state)
{
    (void)state;
    ard_tuning tuning = {.engine = ARD_ENGINE_PACKED,
                         .choice_count = 2,
                         .choices = {{100, 100, 100, false, true, ARD_ENGINE_PACKED},
                                     {1, 1, 1, true, false, ARD_ENGINE_CLBLAST}}};
    assert_int_equal(ard_tuning_engine(&tuning, 100, 100, 100, false, true), ARD_ENGINE_PACKED);
    assert_int_equal(ard_tuning_engine(&tuning, 100, 100, 100, true, false), ARD_ENGINE_CLBLAST);
    /* None of the same transpositions: the nearest of all. */
    assert_int_equal(ard_tuning_engine(&tuning, 90, 90, 90, true, true), ARD_ENGINE_PACKED);
    assert_int_equal(ard_tuning_engine(&tuning, 2, 2, 2, true, true), ARD_ENGINE_CLBLAST);
    /* Sizes beyond any product do not overflow. */
    assert_int_equal(ard_tuning_engine(&tuning, SIZE_MAX, SIZE_MAX, SIZE_MAX, true, true),
                     ARD_ENGINE_PACKED);
    assert_int_equal(ard_tuning_engine(&tuning, 0, 0, 0, true, true), ARD_ENGINE_CLBLAST);
    tuning.choice_count = 0;
    assert_int_equal(ard_tuning_engine(&tuning, 2, 2, 2, true, true), ARD_ENGINE_PACKED);
}

static void test_named_engines(void **state)
{
    (void)state;
    ard_tuning tuning = sample_tuning();
    assert_true(ard__tuning_names_engine(&tuning, ARD_ENGINE_PACKED));
    assert_true(ard__tuning_names_engine(&tuning, ARD_ENGINE_CLBLAST));
    tuning.choice_count = 1; /* the engine of all is not asked */
    tuning.engine = ARD_ENGINE_CLBLAST;
    assert_true(ard__tuning_names_engine(&tuning, ARD_ENGINE_PACKED));
    assert_false(ard__tuning_names_engine(&tuning, ARD_ENGINE_CLBLAST));
    tuning.choice_count = 0;
    assert_false(ard__tuning_names_engine(&tuning, ARD_ENGINE_PACKED));
    assert_true(ard__tuning_names_engine(&tuning, ARD_ENGINE_CLBLAST));
}

#define ASSERT_CHANGES_CHECKSUM(statement)                                                         \
    do {                                                                                           \
        ard_tuning t = sample_tuning();                                                            \
        const uint32_t before = ard__tuning_checksum(&t);                                          \
        statement;                                                                                 \
        assert_true(ard__tuning_checksum(&t) != before);                                           \
    } while (0)

static void test_checksum(void **state)
{
    (void)state;
    ard_tuning renamed = sample_tuning();
    const uint32_t before = ard__tuning_checksum(&renamed);
    strcpy(renamed.name, "other");
    strcpy(renamed.clblast[7].name, "beyond the count");
    assert_true(ard__tuning_checksum(&renamed) == before);
    ASSERT_CHANGES_CHECKSUM(t.packed.vector_width = 16);
    ASSERT_CHANGES_CHECKSUM(t.packed.vectors = 2);
    ASSERT_CHANGES_CHECKSUM(t.packed.rows = 6);
    ASSERT_CHANGES_CHECKSUM(t.packed.depth = 128);
    ASSERT_CHANGES_CHECKSUM(t.strided_batched = false);
    ASSERT_CHANGES_CHECKSUM(t.engine = ARD_ENGINE_CLBLAST);
    ASSERT_CHANGES_CHECKSUM(t.clblast_count = 1);
    ASSERT_CHANGES_CHECKSUM(t.clblast[1].name[0] = 'Y');
    ASSERT_CHANGES_CHECKSUM(t.clblast[1].count = 15);
    ASSERT_CHANGES_CHECKSUM(t.clblast[1].parameters[15][0] = 'W');
    ASSERT_CHANGES_CHECKSUM(t.clblast[1].values[15] = 8);
    ASSERT_CHANGES_CHECKSUM(t.choice_count = 2);
    ASSERT_CHANGES_CHECKSUM(t.choices[2].m = 65);
    ASSERT_CHANGES_CHECKSUM(t.choices[2].n = 11);
    ASSERT_CHANGES_CHECKSUM(t.choices[2].k = 511);
    ASSERT_CHANGES_CHECKSUM(t.choices[2].a_transposed = true);
    ASSERT_CHANGES_CHECKSUM(t.choices[2].b_transposed = false);
    ASSERT_CHANGES_CHECKSUM(t.choices[2].engine = ARD_ENGINE_PACKED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid),
        cmocka_unit_test(test_packed_bounds),
        cmocka_unit_test(test_clblast_bounds),
        cmocka_unit_test(test_other_bounds),
        cmocka_unit_test(test_nearest_is_the_definition),
        cmocka_unit_test(test_transpositions_come_first),
        cmocka_unit_test(test_named_engines),
        cmocka_unit_test(test_checksum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
