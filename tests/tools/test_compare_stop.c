/* SPDX-License-Identifier: Apache-2.0 */
/* ctrl-C in a comparison: finished runs are kept, and going on gives the bits of a comparison that
 * was never stopped. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "support/unit.h"
#include "tools/data_files.h"
#include "tools/train_process.h"
#include "train/compare/results.h"

/* Small batches make a run of 7,200 steps, long enough to be stopped within. */
static const char DESCRIPTION[] =
    "{\"data\": \"builtin\", \"validation\": 1000, \"seeds\": [1, 2], \"hidden\": [16], \"batch\": "
    "10,"
    " \"epochs\": 8, \"rate\": 0.25, \"settings\": [{\"name\": \"rows\", \"dropout\": \"row\"},"
    " {\"name\": \"masks\", \"dropout\": \"bernoulli\"}]}";

static char part[DATA_PATH_SIZE], full[DATA_PATH_SIZE], file[DATA_PATH_SIZE];

static int set_up(void **state)
{
    const int status = data_folder_setup(state);
    data_path("part.json", part);
    data_path("full.json", full);
    data_path("description.json", file);
    data_write("description.json", DESCRIPTION, strlen(DESCRIPTION));
    return status;
}

static train_process *start(const char *results, const char *more)
{
    char arguments[1024];
    (void)snprintf(arguments, sizeof arguments, "%s --results %s%s", file, results, more);
    return train_start_command("compare", arguments);
}

static void finish(train_process *process, int expected)
{
    const int status = train_finish(process);
    if (status != expected) {
        fail_msg("exit status %d, expected %d: %s", status, expected, process->screen_text);
    }
}

static compare_results *load(const char *path)
{
    compare_results *results = NULL;
    assert_int_equal(results_load(path, &results), CLI_SUCCESS);
    return results;
}

/* All but what a clock says. */
static void assert_same_run(const compare_run *a, const compare_run *b)
{
    assert_non_null(a);
    assert_non_null(b);
    assert_string_equal(a->environment, b->environment);
    assert_int_equal(a->epoch_count, b->epoch_count);
    for (size_t i = 0; i < a->epoch_count; ++i) {
        assert_true(a->epochs[i].loss == b->epochs[i].loss);
        assert_true(a->epochs[i].train_accuracy == b->epochs[i].train_accuracy);
        assert_true(a->epochs[i].validation.loss == b->epochs[i].validation.loss);
        assert_true(a->epochs[i].validation.accuracy == b->epochs[i].validation.accuracy);
    }
    assert_true(a->test.loss == b->test.loss);
    assert_true(a->test.accuracy == b->test.accuracy);
}

/* Stopped in the second run. */
static void stop_in_second(void)
{
    train_process *process = start(part, "");
    train_wait_for_screen(process, "run 2 of 4, epoch ");
    train_type(process, '\003');
    finish(process, 130);
    assert_non_null(strstr(process->screen_text, "ard-train: interrupted; 1 of 4 runs are in "));
    assert_non_null(strstr(process->out_text, "1 of 4 runs done"));
    train_free(process);
    compare_results *results = load(part);
    assert_int_equal(results->run_count, 1);
    assert_non_null(results_find(results, 0, 1));
    results_destroy(results);
}

static void test_interrupted_comparison_goes_on_unchanged(void **state)
{
    (void)state;
    stop_in_second();
    train_process *process = start(part, " --resume");
    finish(process, 0);
    assert_non_null(strstr(process->out_text, "4 of 4 runs done"));
    train_free(process);
    process = start(full, " --quiet");
    finish(process, 0);
    assert_string_equal(process->screen_text, "");
    train_free(process);

    compare_results *whole = load(full);
    compare_results *resumed = load(part);
    assert_int_equal(whole->run_count, 4);
    assert_int_equal(resumed->run_count, 4);
    for (size_t i = 0; i < 4; ++i) {
        const compare_run *run = &whole->runs[i];
        /* Round robin over the settings. */
        assert_int_equal(run->setting, i % 2);
        assert_true(run->seed == i / 2 + 1);
        assert_same_run(run, results_find(resumed, run->setting, run->seed));
    }
    results_destroy(whole);
    results_destroy(resumed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interrupted_comparison_goes_on_unchanged),
    };
    return cmocka_run_group_tests(tests, set_up, data_folder_teardown);
}
