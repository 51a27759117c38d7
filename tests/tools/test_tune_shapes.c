/* SPDX-License-Identifier: Apache-2.0 */
/* The products that ard-tune measures, and which engine it chooses for which. */
#include <string.h>

#include "support/unit.h"
#include "tune/choices.h"
#include "tune/shapes.h"

static bool has(const tune_shapes *shapes, size_t m, size_t n, size_t k, const char *name)
{
    size_t found = 0;
    for (size_t i = 0; i < shapes->count; i++) {
        const tune_shape *shape = &shapes->list[i];
        found +=
            shape->m == m && shape->n == n && shape->k == k && strcmp(shape_name(shape), name) == 0
                ? 1
                : 0;
    }
    assert_true(found <= 1);
    return found == 1;
}

static void makes_products_of_a_network(void **state)
{
    (void)state;
    const cli_size_list batches = {.count = 1, .values = {32}};
    const cli_size_list widths = {.count = 3, .values = {100, 66, 10}};
    tune_shapes shapes;
    assert_true(shapes_make(&batches, &widths, &shapes));
    /* The hidden width keeps 66, 33 and 20 units; the others are whole. */
    assert_int_equal(shapes.count, 18);
    const size_t kept[] = {66, 33, 20};
    for (size_t i = 0; i < 3; i++) {
        assert_true(has(&shapes, 32, kept[i], 100, "forward"));
        assert_true(has(&shapes, 32, 100, kept[i], "data"));
        assert_true(has(&shapes, kept[i], 100, 32, "weights"));
        assert_true(has(&shapes, 32, 10, kept[i], "forward"));
        assert_true(has(&shapes, 10, kept[i], 32, "weights"));
    }
}

static void makes_square_layers(void **state)
{
    (void)state;
    const cli_size_list batches = {.count = 3, .values = {8, 3, 8}};
    const cli_size_list widths = {.count = 1, .values = {17}};
    tune_shapes shapes;
    assert_true(shapes_make(&batches, &widths, &shapes));
    assert_int_equal(shapes.count, 18); /* the third batch adds nothing */
    assert_true(has(&shapes, 3, 9, 9, "forward"));
    assert_true(has(&shapes, 6, 6, 8, "weights"));
    const cli_size_list one = {.count = 1, .values = {1}};
    assert_true(shapes_make(&one, &one, &shapes));
    assert_int_equal(shapes.count, 3);
}

static void makes_usual_layers(void **state)
{
    (void)state;
    const cli_size_list batches = {.count = 2, .values = {128, 32}};
    const cli_size_list none = {.count = 0};
    tune_shapes shapes;
    assert_true(shapes_make(&batches, &none, &shapes));
    assert_true(has(&shapes, 128, 2048, 784, "forward"));
    assert_true(has(&shapes, 2048, 2048, 32, "weights"));
    assert_true(has(&shapes, 128, 1024, 10, "data"));
    assert_true(has(&shapes, 32, 621, 621, "forward"));
}

static void refuses_too_many(void **state)
{
    (void)state;
    cli_size_list batches = {.count = CLI_MAX_LIST};
    const cli_size_list widths = {.count = 2, .values = {5, 6}};
    tune_shapes shapes;
    for (size_t i = 0; i < batches.count; i++) {
        batches.values[i] = i + 1;
    }
    assert_true(shapes_make(&batches, &widths, &shapes));
    const cli_size_list wider = {.count = 3, .values = {5, 60, 6}};
    assert_false(shapes_make(&batches, &wider, &shapes));
}

static void ties_go_to_the_usual_engine(void **state)
{
    (void)state;
    assert_int_equal(choices_engine(1.02, 1, ARD_DEVICE_CPU), ARD_ENGINE_PACKED);
    assert_int_equal(choices_engine(1.04, 1, ARD_DEVICE_CPU), ARD_ENGINE_CLBLAST);
    assert_int_equal(choices_engine(0.98, 1, ARD_DEVICE_GPU), ARD_ENGINE_CLBLAST);
    assert_int_equal(choices_engine(0.96, 1, ARD_DEVICE_GPU), ARD_ENGINE_PACKED);
}

static ard_engine says(const ard_tuning *tuning, const tune_shape *shape)
{
    return ard_tuning_engine(tuning, shape->m, shape->n, shape->k, shape->a_transposed,
                             shape->b_transposed);
}

static void one_engine_needs_no_choices(void **state)
{
    (void)state;
    const cli_size_list list = {.count = 1, .values = {40}};
    tune_shapes shapes;
    contest_times slow;
    contest_times fast;
    ard_tuning tuning;
    memset(&tuning, 0, sizeof tuning);
    assert_true(shapes_make(&list, &list, &shapes));
    for (size_t i = 0; i < shapes.count; i++) {
        slow.milliseconds[i] = 2;
        fast.milliseconds[i] = 1;
    }
    tuning.choice_count = 5;
    choices_make(&shapes, &fast, &slow, ARD_DEVICE_GPU, &tuning);
    assert_int_equal(tuning.choice_count, 0);
    assert_int_equal(tuning.engine, ARD_ENGINE_PACKED);
    choices_make(&shapes, &slow, &fast, ARD_DEVICE_CPU, &tuning);
    assert_int_equal(tuning.choice_count, 0);
    assert_int_equal(tuning.engine, ARD_ENGINE_CLBLAST);
}

/* CLBlast is the faster one above some size, up to a shape that differs from its neighbours. */
static void choose_by_size(tune_shapes *shapes, ard_tuning *tuning, ard_engine *wanted)
{
    contest_times packed;
    contest_times clblast;
    for (size_t i = 0; i < shapes->count; i++) {
        wanted[i] = shape_flops(&shapes->list[i]) > 1e5 ? ARD_ENGINE_CLBLAST : ARD_ENGINE_PACKED;
        packed.milliseconds[i] = 1;
        clblast.milliseconds[i] = wanted[i] == ARD_ENGINE_CLBLAST ? 0.5 : 2;
    }
    choices_make(shapes, &packed, &clblast, ARD_DEVICE_CPU, tuning);
    assert_in_range(tuning->choice_count, 1, ARD_TUNING_MAX_CHOICES);
}

static void choices_say_what_was_measured(void **state)
{
    (void)state;
    const cli_size_list batches = {.count = 2, .values = {16, 64}};
    const cli_size_list many = {.count = 10, .values = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512}};
    const cli_size_list widths = {.count = 3, .values = {30, 60, 90}};
    const cli_size_list *const lists[] = {&batches, &many};
    for (size_t l = 0; l < 2; l++) {
        tune_shapes shapes;
        ard_tuning tuning;
        ard_engine wanted[TUNE_MAX_SHAPES];
        memset(&tuning, 0, sizeof tuning);
        assert_true(shapes_make(lists[l], &widths, &shapes));
        assert_int_equal(shapes.count > ARD_TUNING_MAX_CHOICES, l == 1);
        choose_by_size(&shapes, &tuning, wanted);
        for (size_t i = 0; i < shapes.count; i++) {
            assert_int_equal(says(&tuning, &shapes.list[i]), wanted[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_products_of_a_network),
        cmocka_unit_test(makes_square_layers),
        cmocka_unit_test(makes_usual_layers),
        cmocka_unit_test(refuses_too_many),
        cmocka_unit_test(ties_go_to_the_usual_engine),
        cmocka_unit_test(one_engine_needs_no_choices),
        cmocka_unit_test(choices_say_what_was_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
