/* SPDX-License-Identifier: Apache-2.0 */
/* The optimizer itself and its schedules. */
#include <ard/sgd.h>

#include <float.h>
#include <math.h>

#include "support/device.h"
#include "support/reference_model.h"
#include "support/unit.h"

/* Of a rate: a few roundings in double precision. */
static const double TOLERANCE = 1e-14;

static void assert_rates(const ard_schedule *schedule)
{
    static const uint64_t steps[] = {0,   1,   2,   9,   10,   11,   19,        20,        99,
                                     100, 101, 500, 999, 1000, 1001, 123456789, UINT64_MAX};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; ++i) {
        const double rate = ard_schedule_rate(schedule, steps[i]);
        const double expected = reference_rate(schedule, steps[i]);
        if (!(fabs(rate - expected) <= TOLERANCE * schedule->rate)) {
            fail_msg("schedule %d, step %llu: rate %.17g, expected %.17g", (int)schedule->kind,
                     (unsigned long long)steps[i], rate, expected);
        }
    }
}

static void test_schedules(void **state)
{
    (void)state;
    const ard_schedule schedules[] = {
        {.kind = ARD_SCHEDULE_CONSTANT, .rate = 0.1},
        {.kind = ARD_SCHEDULE_STEP, .rate = 0.1, .factor = 0.5, .every = 10},
        {.kind = ARD_SCHEDULE_STEP, .rate = 0.1, .factor = 1.0, .every = 1},
        {.kind = ARD_SCHEDULE_STEP, .rate = 2.0, .factor = 0.9, .every = UINT64_MAX},
        {.kind = ARD_SCHEDULE_COSINE, .rate = 0.1, .final_rate = 0.0, .every = 100},
        {.kind = ARD_SCHEDULE_COSINE, .rate = 0.1, .final_rate = 0.02, .every = 1000},
        {.kind = ARD_SCHEDULE_COSINE, .rate = 0.1, .final_rate = 0.3, .every = 1},
        {.kind = ARD_SCHEDULE_CONSTANT, .rate = 0.1, .warmup = 1},
        {.kind = ARD_SCHEDULE_CONSTANT, .rate = 0.1, .warmup = 20},
        {.kind = ARD_SCHEDULE_STEP, .rate = 0.1, .factor = 0.5, .every = 10, .warmup = 15},
        {.kind = ARD_SCHEDULE_COSINE, .rate = 0.1, .every = 1000, .warmup = 100},
        {.kind = ARD_SCHEDULE_COSINE, .rate = 0.1, .every = 100, .warmup = UINT64_MAX},
    };
    for (size_t i = 0; i < sizeof schedules / sizeof schedules[0]; ++i) {
        assert_rates(&schedules[i]);
    }
}

static void test_schedule_values(void **state)
{
    (void)state;
    const ard_schedule drop = {.kind = ARD_SCHEDULE_STEP, .rate = 1.0, .factor = 0.5, .every = 3};
    assert_true(ard_schedule_rate(&drop, 2) == 1.0);
    assert_true(ard_schedule_rate(&drop, 3) == 0.5);
    assert_true(ard_schedule_rate(&drop, 6) == 0.25);
    const ard_schedule cosine = {
        .kind = ARD_SCHEDULE_COSINE, .rate = 1.0, .final_rate = 0.5, .every = 4};
    assert_true(ard_schedule_rate(&cosine, 0) == 1.0);
    assert_true(fabs(ard_schedule_rate(&cosine, 2) - 0.75) < TOLERANCE);
    assert_true(fabs(ard_schedule_rate(&cosine, 4) - 0.5) < TOLERANCE);
    assert_true(ard_schedule_rate(&cosine, 5) == ard_schedule_rate(&cosine, 4));
    const ard_schedule warm = {.kind = ARD_SCHEDULE_CONSTANT, .rate = 1.0, .warmup = 4};
    assert_true(ard_schedule_rate(&warm, 0) == 0.25);
    assert_true(ard_schedule_rate(&warm, 2) == 0.75);
    assert_true(ard_schedule_rate(&warm, 3) == 1.0);
    assert_true(ard_schedule_rate(&warm, 4) == 1.0);
}

static void test_defaults(void **state)
{
    const ard_sgd_options options = ard_sgd_defaults();
    assert_int_equal(options.schedule.kind, ARD_SCHEDULE_CONSTANT);
    assert_true(options.schedule.rate == 0.01);
    assert_true(options.momentum == 0.9);
    assert_true(options.weight_decay == 0.0);
    ard_sgd *sgd = NULL;
    assert_success(ard_sgd_create(*state, &options, &sgd));
    assert_non_null(sgd);
    ard_sgd_destroy(sgd);
}

static void test_steps_count(void **state)
{
    const ard_sgd_options options = ard_sgd_defaults();
    ard_sgd *sgd = NULL;
    assert_success(ard_sgd_create(*state, &options, &sgd));
    for (uint64_t i = 0; i < 5; ++i) {
        assert_int_equal(ard_sgd_step(sgd), i);
        assert_success(ard_sgd_advance(sgd));
    }
    ard_sgd_destroy(sgd);
    ard_sgd_destroy(NULL);
    assert_invalid(ard_sgd_advance(NULL));
}

static void assert_refused(ard_context *context, const ard_sgd_options *options)
{
    ard_sgd *sgd = (ard_sgd *)&context;
    assert_invalid(ard_sgd_create(context, options, &sgd));
    assert_null(sgd);
}

static void test_schedule_options(void **state)
{
    static const double bad_rates[] = {0.0, -0.1, NAN, INFINITY};
    for (size_t i = 0; i < 4; ++i) {
        ard_sgd_options options = ard_sgd_defaults();
        options.schedule.rate = bad_rates[i];
        assert_refused(*state, &options);
        options = ard_sgd_defaults();
        options.schedule = (ard_schedule){
            .kind = ARD_SCHEDULE_STEP, .rate = 0.1, .factor = bad_rates[i], .every = 5};
        assert_refused(*state, &options);
        if (bad_rates[i] != 0.0) {
            options.schedule = (ard_schedule){
                .kind = ARD_SCHEDULE_COSINE, .rate = 0.1, .final_rate = bad_rates[i], .every = 5};
            assert_refused(*state, &options);
        }
    }
    ard_sgd_options options = ard_sgd_defaults();
    options.schedule = (ard_schedule){.kind = ARD_SCHEDULE_STEP, .rate = 0.1, .factor = 0.5};
    assert_refused(*state, &options);
    options.schedule = (ard_schedule){.kind = ARD_SCHEDULE_COSINE, .rate = 0.1};
    assert_refused(*state, &options);
    options.schedule = (ard_schedule){.kind = (ard_schedule_kind)3, .rate = 0.1, .every = 1};
    assert_refused(*state, &options);
}

static void test_other_options(void **state)
{
    static const double momenta[] = {1.0, -0.1, 2.0, NAN, INFINITY};
    static const double decays[] = {-1e-9, NAN, INFINITY};
    for (size_t i = 0; i < sizeof momenta / sizeof momenta[0]; ++i) {
        ard_sgd_options options = ard_sgd_defaults();
        options.momentum = momenta[i];
        assert_refused(*state, &options);
    }
    for (size_t i = 0; i < sizeof decays / sizeof decays[0]; ++i) {
        ard_sgd_options options = ard_sgd_defaults();
        options.weight_decay = decays[i];
        assert_refused(*state, &options);
    }
}

static void test_null(void **state)
{
    const ard_sgd_options options = ard_sgd_defaults();
    ard_sgd *sgd = NULL;
    assert_invalid(ard_sgd_create(NULL, &options, &sgd));
    assert_invalid(ard_sgd_create(*state, NULL, &sgd));
    assert_invalid(ard_sgd_create(*state, &options, NULL));
}

static void test_set_rate(void **state)
{
    static const double bad_rates[] = {0.0, -0.1, NAN, INFINITY};
    const ard_sgd_options options = ard_sgd_defaults();
    ard_sgd *sgd = NULL;
    ard_parameter *parameter = NULL;
    ard_matrix diff = {0};
    const float one = 1.0f;
    float weight = 0.0f;
    assert_success(ard_sgd_create(*state, &options, &sgd));
    assert_success(ard_parameter_create(sgd, 1, 1, NULL, &parameter));
    assert_success(ard_matrix_create(*state, 1, 1, &diff));
    assert_success(ard_matrix_write(*state, 1, 1, &one, &diff));
    assert_success(ard_sgd_set_rate(sgd, 0.5));
    for (size_t i = 0; i < 4; ++i) {
        assert_invalid(ard_sgd_set_rate(sgd, bad_rates[i]));
    }
    assert_success(ard_parameter_update(parameter, NULL, NULL, NULL, &diff));
    assert_invalid(ard_sgd_set_rate(sgd, 0.25)); /* the step has begun */
    assert_success(ard_sgd_advance(sgd));
    assert_success(ard_parameter_read(parameter, &weight, NULL));
    assert_true(weight == -0.5f);
    assert_success(ard_sgd_set_rate(sgd, 0.25));
    assert_success(ard_parameter_update(parameter, NULL, NULL, NULL, &diff));
    assert_success(ard_sgd_advance(sgd));
    assert_success(ard_parameter_read(parameter, &weight, NULL));
    assert_true(fabs(weight - (-0.5 - 0.25 * 1.9)) < 1e-6);
    ard_matrix_destroy(&diff);
    ard_parameter_destroy(parameter);
    ard_sgd_destroy(sgd);
    assert_invalid(ard_sgd_set_rate(NULL, 0.5));
}

static void test_only_constant_rates_are_set(void **state)
{
    const ard_schedule others[] = {
        {.kind = ARD_SCHEDULE_STEP, .rate = 0.1, .factor = 0.5, .every = 10},
        {.kind = ARD_SCHEDULE_COSINE, .rate = 0.1, .every = 10},
    };
    for (size_t i = 0; i < 2; ++i) {
        ard_sgd_options options = ard_sgd_defaults();
        options.schedule = others[i];
        ard_sgd *sgd = NULL;
        assert_success(ard_sgd_create(*state, &options, &sgd));
        assert_invalid(ard_sgd_set_rate(sgd, 0.1));
        ard_sgd_destroy(sgd);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schedules),
        cmocka_unit_test(test_schedule_values),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_steps_count),
        cmocka_unit_test(test_schedule_options),
        cmocka_unit_test(test_other_options),
        cmocka_unit_test(test_set_rate),
        cmocka_unit_test(test_only_constant_rates_are_set),
        cmocka_unit_test(test_null),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
