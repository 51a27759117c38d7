/* SPDX-License-Identifier: Apache-2.0 */
/* Means, standard errors, paired differences and the time to a target, against values computed by
 * hand. */
#include "train/compare/summary.h"

#include <math.h>
#include <stdlib.h>

#include "support/unit.h"
#include "tools/compare_example.h"

static const double TOLERANCE = 1e-12;

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= TOLERANCE)) {
        fail_msg("%.17g, expected %.17g", value, expected);
    }
}

/* Mean and error in percent. */
static void assert_statistic(const statistic *value, size_t count, double mean, double error)
{
    assert_int_equal(value->count, count);
    assert_near(100.0 * value->mean, mean);
    assert_near(100.0 * value->error, error);
}

/* Deviations -1.5, -0.5, 0.5, 1.5: squares add up to 5, 5 / (4 * 3) = 0.41666. */
static void test_statistic(void **state)
{
    (void)state;
    const statistic four = statistic_of(4, (double[]){1, 2, 3, 4});
    assert_int_equal(four.count, 4);
    assert_near(four.mean, 2.5);
    assert_near(four.error, sqrt(5.0 / 12.0));
    const statistic two = statistic_of(2, (double[]){-1, 5});
    assert_near(two.mean, 2.0);
    assert_near(two.error, 3.0); /* half the distance */
    const statistic same = statistic_of(3, (double[]){7, 7, 7});
    assert_near(same.error, 0.0);
    const statistic one = statistic_of(1, (double[]){7});
    assert_near(one.mean, 7.0);
    assert_true(isnan(one.error));
    const statistic none = statistic_of(0, NULL);
    assert_int_equal(none.count, 0);
    assert_true(isnan(none.mean) && isnan(none.error));
}

/* base: final validation 96, 97, 98; rows: 97, 97, 97. Seed by seed 1, 0, -1. */
static compare_results *example(const char *target)
{
    compare_results *results = example_create(target);
    example_add(results, EXAMPLE_BASE, 1, (double[]){90, 95, 96}, 95, 2.0);
    example_add(results, EXAMPLE_ROWS, 1, (double[]){90, 96.5, 97}, 96, 1.0);
    example_add(results, EXAMPLE_BASE, 2, (double[]){91, 96, 97}, 96, 2.0);
    example_add(results, EXAMPLE_ROWS, 2, (double[]){96, 96.5, 97}, 97, 1.5);
    example_add(results, EXAMPLE_BASE, 3, (double[]){92, 97, 98}, 97, 5.0);
    example_add(results, EXAMPLE_ROWS, 3, (double[]){90, 94, 97}, 95, 2.0);
    return results;
}

static compare_summary *summarise(const compare_results *results)
{
    compare_summary *summary = calloc(1, sizeof *summary);
    assert_non_null(summary);
    summary_make(results, summary);
    return summary;
}

static void test_accuracy_and_seconds(void **state)
{
    (void)state;
    compare_results *results = example("96");
    compare_summary *summary = summarise(results);
    const setting_summary *base = &summary->settings[EXAMPLE_BASE];
    const setting_summary *rows = &summary->settings[EXAMPLE_ROWS];
    /* Deviations -1, 0, 1: 2 / (3 * 2) = 1/3. */
    assert_statistic(&base->validation, 3, 97.0, sqrt(1.0 / 3.0));
    assert_statistic(&base->test, 3, 96.0, sqrt(1.0 / 3.0));
    assert_statistic(&rows->validation, 3, 97.0, 0.0);
    assert_statistic(&rows->test, 3, 96.0, sqrt(1.0 / 3.0));
    /* Test differences 1, 1, -2: squares add up to 6. */
    assert_statistic(&rows->validation_difference, 3, 0.0, sqrt(1.0 / 3.0));
    assert_statistic(&rows->test_difference, 3, 0.0, 1.0);
    assert_statistic(&base->test_difference, 3, 0.0, 0.0);
    assert_near(base->epoch_seconds.mean, 3.0);
    assert_near(base->epoch_seconds.error, 1.0);
    assert_near(rows->epoch_seconds.mean, 1.5);
    free(summary);
    results_destroy(results);
}

/* 96 %: base after epochs 3, 2, 2 (6, 4, 10 s); rows after 2, 1, 3 (2, 1.5, 6 s). */
static void test_target(void **state)
{
    (void)state;
    compare_results *results = example("96");
    compare_summary *summary = summarise(results);
    const setting_summary *base = &summary->settings[EXAMPLE_BASE];
    const setting_summary *rows = &summary->settings[EXAMPLE_ROWS];
    assert_near(summary->target, 0.96);
    assert_int_equal(base->target_epochs.count, 3);
    assert_near(base->target_epochs.mean, 7.0 / 3.0);
    assert_near(base->target_epochs.error, 1.0 / 3.0);
    assert_near(base->target_seconds.mean, 20.0 / 3.0);
    assert_near(rows->target_epochs.mean, 2.0);
    assert_near(rows->target_seconds.mean, 9.5 / 3.0);
    assert_int_equal(summary_reached(results_find(results, EXAMPLE_ROWS, 3), 0.97), 3);
    assert_int_equal(summary_reached(results_find(results, EXAMPLE_ROWS, 3), 0.9701), 0);
    free(summary);
    results_destroy(results);
}

/* What base ends with, 97 %, less 0.5: base gets there with two seeds. */
static void test_relative_target(void **state)
{
    (void)state;
    compare_results *results = example("{\"setting\": \"base\", \"less\": 0.5}");
    compare_summary *summary = summarise(results);
    assert_near(summary->target, 0.965);
    assert_int_equal(summary->settings[EXAMPLE_BASE].target_epochs.count, 2);
    assert_near(summary->settings[EXAMPLE_BASE].target_epochs.mean, 2.5);
    assert_int_equal(summary->settings[EXAMPLE_ROWS].target_epochs.count, 3);
    free(summary);
    results_destroy(results);
}

/* Differences are over the seeds that both have. */
static void test_unfinished(void **state)
{
    (void)state;
    compare_results *results = example_create("{\"setting\": \"base\", \"less\": 0.5}");
    compare_summary *summary = summarise(results);
    assert_true(isnan(summary->target));
    assert_int_equal(summary->settings[EXAMPLE_ROWS].test.count, 0);
    assert_int_equal(summary->settings[EXAMPLE_ROWS].target_epochs.count, 0);
    free(summary);
    example_add(results, EXAMPLE_ROWS, 3, (double[]){90, 91, 92}, 90, 1.0);
    example_add(results, EXAMPLE_BASE, 3, (double[]){90, 91, 93}, 92, 1.0);
    example_add(results, EXAMPLE_BASE, 1, (double[]){90, 91, 95}, 94, 1.0);
    summary = summarise(results);
    const setting_summary *rows = &summary->settings[EXAMPLE_ROWS];
    assert_near(summary->target, 0.935);
    assert_int_equal(summary->settings[EXAMPLE_BASE].test.count, 2);
    assert_int_equal(rows->test_difference.count, 1);
    assert_near(100.0 * rows->test_difference.mean, -2.0);
    assert_true(isnan(rows->test_difference.error));
    free(summary);
    results_destroy(results);
}

/* rows after epoch 2: 96.5, 96.5, 94, deviations 5/6, 5/6, -10/6: 150/36 / (3 * 2). */
static void test_epoch(void **state)
{
    (void)state;
    epoch_summary summary;
    compare_results *results = example("96");
    summary_of_epoch(results, EXAMPLE_ROWS, 1, &summary);
    assert_statistic(&summary.validation, 3, 287.0 / 3.0, sqrt(150.0 / 216.0));
    assert_near(summary.seconds.mean, 3.0); /* 2, 3, 4 */
    assert_near(summary.seconds.error, sqrt(1.0 / 3.0));
    assert_near(summary.loss.mean, 0.25); /* of every run */
    assert_near(summary.loss.error, 0.0);
    results_destroy(results);
    results = example_create("96");
    example_add(results, EXAMPLE_BASE, 3, (double[]){90, 95, 96}, 95, 2.0);
    summary_of_epoch(results, EXAMPLE_BASE, 2, &summary);
    assert_int_equal(summary.seconds.count, 1);
    assert_near(summary.seconds.mean, 6.0);
    assert_true(isnan(summary.validation.error));
    summary_of_epoch(results, EXAMPLE_ROWS, 2, &summary);
    assert_int_equal(summary.loss.count, 0);
    results_destroy(results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statistic),  cmocka_unit_test(test_accuracy_and_seconds),
        cmocka_unit_test(test_target),     cmocka_unit_test(test_relative_target),
        cmocka_unit_test(test_unfinished), cmocka_unit_test(test_epoch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
