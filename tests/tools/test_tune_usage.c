/* SPDX-License-Identifier: Apache-2.0 */
/* ard-tune without measurements: help, mistakes in the command line, dry runs. */
#include <stdio.h>
#include <string.h>

#include <ard/version.h>

#include "tools/tune_process.h"

static test_folder folder;

static int set_up(void **state)
{
    (void)state;
    folder = test_folder_create();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_folder_destroy(&folder);
    return 0;
}

static void prints_help(void **state)
{
    (void)state;
    static const char *const options[] = {
        "--device",  "--output", "--minutes", "--candidates", "--engine", "--batch",    "--widths",
        "--dry-run", "--resume", "--seed",    "--format",     "--quiet",  "Exit status"};
    bench_output output = tune_shell("exec ard-tune --help");
    bench_assert_status(&output, 0);
    assert_string_equal(output.err, "");
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        assert_non_null(strstr(output.out, options[i]));
    }
    bench_free(&output);
    output = tune_shell("exec ard-tune --version");
    bench_assert_status(&output, 0);
    assert_non_null(strstr(output.out, ard_version()));
    bench_free(&output);
}

static void refuses_mistakes(void **state)
{
    (void)state;
    tune_assert_mistake("--bogus", "unknown option '--bogus'");
    tune_assert_mistake("something", "'something'");
    tune_assert_mistake("--engine openblas", "'openblas' is not both, packed or clblast");
    tune_assert_mistake("--format csv", "'csv' is not text or json");
    tune_assert_mistake("--minutes 0", "--minutes: '0'");
    tune_assert_mistake("--minutes nan", "--minutes: 'nan'");
    tune_assert_mistake("--minutes=-1", "--minutes: '-1'");
    tune_assert_mistake("--candidates 0", "--candidates: '0'");
    tune_assert_mistake("--batch 0", "--batch: '0'");
    tune_assert_mistake("--batch 16,", "--batch: '16,'");
    tune_assert_mistake("--widths 9999999", "--widths: '9999999'");
    tune_assert_mistake("--seed x", "--seed: 'x'");
    tune_assert_mistake("--output", "--output needs a value");
    tune_assert_mistake("--device no-such-device", "0:0");
    tune_assert_mistake("--device all", "'all' is not one device");
    tune_assert_mistake("--dry-run --resume", "--resume and --dry-run");
    tune_assert_mistake("--dry-run --batch 1,2,3,4,5,6,7,8,9,10 --widths 10,20,30,40,50,60,70",
                        "more than 256 products");
}

static void refuses_to_resume_nothing(void **state)
{
    (void)state;
    char arguments[1024];
    (void)snprintf(arguments, sizeof arguments, "--resume --batch 3 --widths 5 --output %s/t.json",
                   folder.path);
    tune_assert_mistake(arguments, "t.json.journal to go on with");
    assert_int_equal(test_folder_count(folder.path, NULL), 0);
}

static void refuses_folders(void **state)
{
    (void)state;
    char arguments[1024];
    (void)snprintf(arguments, sizeof arguments, "--output %s", folder.path);
    tune_assert_mistake(arguments, "is a folder; name a file in it");
    (void)snprintf(arguments, sizeof arguments, "--output %s/new/", folder.path);
    tune_assert_mistake(arguments, "is a folder; name a file in it");
    assert_int_equal(test_folder_count(folder.path, NULL), 0);
}

static void fails_without_devices(void **state)
{
    (void)state;
    bench_output output = tune_shell("OCL_ICD_VENDORS=/nonexistent exec ard-tune --dry-run");
    bench_assert_status(&output, 1);
    assert_string_equal(output.out, "");
    assert_int_equal(bench_lines(output.err), 1);
    bench_free(&output);
}

/* Before it measures anything. */
static void fails_where_it_cannot_write(void **state)
{
    (void)state;
    bench_output output = tune_shell("touch %s/file; exec ard-tune --batch 3 --widths 5 "
                                     "--minutes 1000 --output %s/file/t.json",
                                     folder.path, folder.path);
    bench_assert_status(&output, 1);
    assert_string_equal(output.out, "");
    assert_int_equal(bench_lines(output.err), 1);
    assert_non_null(strstr(output.err, "/file/t.json.journal"));
    bench_free(&output);
}

static void dry_runs_write_nothing(void **state)
{
    (void)state;
    bench_output output =
        tune_shell("XDG_CACHE_HOME=%s ARD_CACHE=never exec ard-tune --dry-run", folder.path);
    bench_assert_status(&output, 0);
    assert_string_equal(output.err, "");
    assert_non_null(strstr(output.out, "\nforward     128   2048    784"));
    assert_non_null(strstr(output.out, "\npacked   block sizes"));
    assert_non_null(strstr(output.out, "\nclblast  Padtranspose"));
    assert_non_null(strstr(output.out, folder.path));
    assert_int_equal(test_folder_count(folder.path, NULL), 0);
    bench_free(&output);
}

static void dry_runs_as_json(void **state)
{
    (void)state;
    static const char *const keys[] = {"schema",  "version",    "device", "output", "seed",
                                       "minutes", "candidates", "shapes", NULL};
    static const char *const shape_keys[] = {"product",      "m", "n", "k", "a_transposed",
                                             "b_transposed", NULL};
    cJSON *document = tune_json("--dry-run --engine clblast --batch 3 --widths 17 --output x");
    bench_assert_keys(document, keys);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(document, "candidates")), 7);
    const cJSON *shapes = cJSON_GetObjectItem(document, "shapes");
    assert_int_equal(cJSON_GetArraySize(shapes), 9);
    const cJSON *shape = NULL;
    cJSON_ArrayForEach(shape, shapes)
    {
        bench_assert_keys(shape, shape_keys);
        assert_true(tune_number(shape, "m") >= 3 && tune_number(shape, "m") <= 17);
    }
    cJSON_Delete(document);
    bench_output output = tune_shell("exec ard-tune --dry-run --quiet");
    bench_assert_status(&output, 0);
    assert_string_equal(output.out, "");
    assert_string_equal(output.err, "");
    bench_free(&output);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_help),
        cmocka_unit_test(refuses_mistakes),
        cmocka_unit_test(fails_without_devices),
        cmocka_unit_test(dry_runs_as_json),
        cmocka_unit_test_setup_teardown(refuses_to_resume_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_folders, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fails_where_it_cannot_write, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dry_runs_write_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
