/* SPDX-License-Identifier: Apache-2.0 */
/* Results of comparisons: come back from a file as they were, and nothing else is believed. */
#include "train/compare/results.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "support/folder.h"
#include "support/unit.h"
#include "tools/compare_example.h"

static test_folder folder;
static char path[TEST_PATH_CAPACITY];

static int set_up(void **state)
{
    (void)state;
    folder = test_folder_create();
    test_folder_join(folder.path, "results.json", path);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_folder_destroy(&folder);
    return 0;
}

static compare_results *example(void)
{
    compare_results *results = example_create("{\"setting\": \"base\", \"less\": 0.25}");
    example_add(results, EXAMPLE_BASE, 1, (double[]){90, 95, 97.1}, 96.7, 1.0 / 3.0);
    example_add(results, EXAMPLE_ROWS, 1, (double[]){89, 94, 97.3}, 96.2, 0.1);
    example_add(results, EXAMPLE_BASE, 2, (double[]){91, 95, 97.2}, 96.9, 0.3);
    return results;
}

static char *text_of(const compare_results *results)
{
    cJSON *document = results_write(results);
    assert_non_null(document);
    char *text = cJSON_Print(document);
    assert_non_null(text);
    cJSON_Delete(document);
    return text;
}

static void test_round_trip(void **state)
{
    (void)state;
    compare_results *before = example();
    compare_results *after = NULL;
    assert_int_equal(results_save(path, before), CLI_SUCCESS);
    assert_int_equal(results_load(path, &after), CLI_SUCCESS);
    assert_int_equal(after->run_count, 3);
    assert_string_equal(after->data, "builtin");
    assert_true(after->checksum == before->checksum);
    assert_int_equal(after->train_samples, 9000);
    assert_int_equal(after->test_samples, 2000);
    for (size_t i = 0; i < EXAMPLE_SETTINGS; ++i) {
        assert_int_equal(description_match(&after->description, i, &before->description, path),
                         CLI_SUCCESS);
    }
    for (size_t i = 0; i < 3; ++i) {
        const compare_run *a = &before->runs[i];
        const compare_run *b = &after->runs[i];
        assert_int_equal(a->setting, b->setting);
        assert_true(a->seed == b->seed);
        assert_string_equal(a->date, b->date);
        assert_string_equal(a->environment, b->environment);
        assert_int_equal(b->epoch_count, 3);
        for (size_t e = 0; e < 3; ++e) {
            assert_true(a->epochs[e].loss == b->epochs[e].loss);
            assert_true(a->epochs[e].train_accuracy == b->epochs[e].train_accuracy);
            assert_true(a->epochs[e].validation.loss == b->epochs[e].validation.loss);
            assert_true(a->epochs[e].validation.accuracy == b->epochs[e].validation.accuracy);
            assert_true(a->epochs[e].seconds == b->epochs[e].seconds);
        }
        assert_true(a->test.loss == b->test.loss);
        assert_true(a->test.accuracy == b->test.accuracy);
    }
    char *first = text_of(before);
    char *second = text_of(after);
    assert_string_equal(first, second);
    free(first);
    free(second);
    results_destroy(before);
    results_destroy(after);
}

static void test_find(void **state)
{
    (void)state;
    compare_results *results = example();
    assert_ptr_equal(results_find(results, EXAMPLE_ROWS, 1), &results->runs[1]);
    assert_null(results_find(results, EXAMPLE_ROWS, 2));
    assert_null(results_find(results, EXAMPLE_BASE, 3));
    results_destroy(results);
}

/* What cannot be written leaves what was there, and nothing beside it. */
static void test_write_is_whole(void **state)
{
    (void)state;
    char nowhere[TEST_PATH_CAPACITY];
    compare_results *results = example();
    test_folder_join(folder.path, "missing/results.json", nowhere);
    assert_int_equal(results_save(nowhere, results), CLI_FAILURE);
    assert_int_equal(results_save(folder.path, results), CLI_FAILURE);
    assert_int_equal(results_save(path, results), CLI_SUCCESS);
    assert_int_equal(results_save(path, results), CLI_SUCCESS);
    assert_int_equal(test_folder_count(folder.path, NULL), 1);
    results_destroy(results);
}

/* The document with its first `from` replaced is refused. */
static void assert_refused(const char *text, const char *from, const char *to)
{
    const char *place = strstr(text, from);
    char *changed = malloc(strlen(text) + strlen(to) + 1);
    compare_results *results = NULL;
    assert_non_null(changed);
    if (place == NULL) {
        fail_msg("%s does not hold %s", text, from);
        return;
    }
    memcpy(changed, text, (size_t)(place - text));
    strcpy(changed + (place - text), to);
    strcat(changed, place + strlen(from));
    test_file_write(path, changed, strlen(changed));
    if (results_load(path, &results) != CLI_MISTAKE || results != NULL) {
        fail_msg("believed %s in place of %s", to, from);
    }
    free(changed);
}

static void test_damage(void **state)
{
    (void)state;
    static const char *const CHANGES[][2] = {
        {"ard-train-compare-1", "ard-train-compare-2"},
        {"\"description\"", "\"descriptions\""},
        {"\"epochs\":\t3", "\"epochs\":\t4"},
        {"\"epochs\":\t3", "\"epoch\":\t3"},
        {"\"kind\":\t\"builtin\"", "\"kind\":\t\"other\""},
        {"fedcba9876543210", "fedcba987654321"},
        {"fedcba9876543210", "fedcba987654321G"},
        {"\"train_samples\":\t9000", "\"train_samples\":\t0"},
        {"\"validation_samples\":\t1000", "\"validation_samples\":\t999"},
        {"\"test_samples\":\t2000", "\"test_samples\":\t\"2000\""},
        {"\"runs\":\t[", "\"runs\":\t[1, "},
        {"\"runs\":\t[", "\"run\":\t["},
        {"\"setting\":\t\"rows\"", "\"setting\":\t\"row\""},
        {"\"setting\":\t\"rows\"", "\"setting\":\t\"base\""}, /* that run is there already */
        {"\"seed\":\t2", "\"seed\":\t4"},
        {"\"seed\":\t2", "\"seed\":\t-2"},
        {"2026-01-31T23:59:59Z", "2026-01-31T23:59:59.000000Z"},
        {"2026-01-31T23:59:59Z", "\\u001b[2J"},
        {"a device", "a\\ndevice"},
        {"\"epoch\":\t2", "\"epoch\":\t3"},
        {"\"epoch\":\t2", "\"epoch\":\tnull"},
        {"\"validation_accuracy\":\t0.95", "\"validation_accuracy\":\t1.1"},
        {"\"validation_accuracy\":\t0.95", "\"validation_accuracy\":\t-0.1"},
        {"\"loss\":\t0.25", "\"loss\":\t1e999"},
        {"\"seconds\":\t0.6666666666666666", "\"seconds\":\t0.1"},
        {"\"test_accuracy\"", "\"accuracy\""},
        {"{", "[{"},
        {"}", "} x"},
    };
    compare_results *results = example();
    char *text = text_of(results);
    for (size_t i = 0; i < sizeof CHANGES / sizeof CHANGES[0]; ++i) {
        assert_refused(text, CHANGES[i][0], CHANGES[i][1]);
    }
    for (size_t size = 0; size < strlen(text); size += 37) {
        compare_results *cut = NULL;
        test_file_write(path, text, size);
        assert_int_equal(results_load(path, &cut), CLI_MISTAKE);
        assert_null(cut);
    }
    assert_int_equal(remove(path), 0);
    compare_results *none = NULL;
    assert_int_equal(results_load(path, &none), CLI_MISTAKE);
    assert_int_equal(results_load(folder.path, &none), CLI_MISTAKE);
    assert_null(none);
    free(text);
    results_destroy(results);
}

/* Earlier runs count for a description that asks for them too, with the same data. */
static void test_adopt(void **state)
{
    (void)state;
    compare_results *saved = example();
    compare_results *now = example_create("97");
    now->checksum ^= 1;
    assert_int_equal(results_adopt(now, saved, path), CLI_MISTAKE);
    now->checksum ^= 1;
    now->description.seeds[1] = 4;
    assert_int_equal(results_adopt(now, saved, path), CLI_MISTAKE);
    now->description.seeds[1] = 2;
    now->description.validation = 999;
    assert_int_equal(results_adopt(now, saved, path), CLI_MISTAKE);
    now->description.validation = 1000;
    assert_int_equal(now->run_count, 0);
    assert_int_equal(saved->run_count, 3);
    assert_int_equal(results_adopt(now, saved, path), CLI_SUCCESS);
    assert_int_equal(now->run_count, 3);
    assert_int_equal(saved->run_count, 0);
    results_destroy(saved);
    results_destroy(now);
}

/* A description of the same settings in another order, with one more between them. */
static void grow(compare_results *results)
{
    description *description = &results->description;
    description->settings[2] = description->settings[EXAMPLE_BASE];
    description->settings[0] = description->settings[EXAMPLE_ROWS];
    (void)snprintf(description->settings[1].name, COMPARE_NAME_SIZE, "new");
    description->settings[1].options.lr = 0.5;
    description->setting_count = 3;
}

/* Runs follow the names of their settings. */
static void test_adopt_grown(void **state)
{
    (void)state;
    compare_results *saved = example();
    compare_results *now = example_create("97");
    grow(now);
    now->description.settings[2].options.lr *= 2;
    assert_int_equal(results_adopt(now, saved, path), CLI_MISTAKE);
    assert_int_equal(now->run_count, 0);
    now->description.settings[2].options.lr /= 2;
    assert_int_equal(results_adopt(now, saved, path), CLI_SUCCESS);
    assert_int_equal(now->run_count, 3);
    assert_ptr_equal(results_find(now, 2, 1), &now->runs[0]);
    assert_ptr_equal(results_find(now, 0, 1), &now->runs[1]);
    assert_ptr_equal(results_find(now, 2, 2), &now->runs[2]);
    assert_null(results_find(now, 1, 1));
    assert_true(now->runs[1].test.accuracy == 96.2 / 100.0);
    results_destroy(saved);
    results_destroy(now);
}

/* A setting that never got a run, because it could not be trained, may be mended or left out. */
static void test_adopt_without_runs(void **state)
{
    (void)state;
    compare_results *saved = example();
    compare_results *now = example_create("97");
    grow(saved);
    saved->description.settings[1].options.epochs = 1;
    saved->runs[0].setting = saved->runs[2].setting = 2;
    saved->runs[1].setting = 0;
    assert_int_equal(results_adopt(now, saved, path), CLI_SUCCESS);
    assert_int_equal(now->run_count, 3);
    assert_int_equal(now->runs[0].setting, EXAMPLE_BASE);
    assert_int_equal(now->runs[1].setting, EXAMPLE_ROWS);
    results_destroy(saved);
    results_destroy(now);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_round_trip, set_up, tear_down),
        cmocka_unit_test(test_find),
        cmocka_unit_test_setup_teardown(test_write_is_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_damage, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_adopt, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_adopt_grown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_adopt_without_runs, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
