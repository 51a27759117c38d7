/* SPDX-License-Identifier: Apache-2.0 */
/* ard-tune's measurements, on sizes that take moments: the file it writes, candidates that compute
 * wrongly or do not build, and a run that is stopped and goes on. Nothing here looks at speed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ard/ard.h>

#include "support/device.h"
#include "tools/tune_process.h"

#define SMALL "--batch 3 --widths 17 "

static test_folder folder;
static char output_path[TEST_PATH_CAPACITY];
static char journal_path[TEST_PATH_CAPACITY];

static int set_up(void **state)
{
    (void)state;
    folder = test_folder_create();
    test_folder_join(folder.path, "new/tuning.json", output_path);
    test_folder_join(folder.path, "new/tuning.json.journal", journal_path);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_folder_destroy(&folder);
    return 0;
}

static cJSON *tune(const char *arguments)
{
    char whole[2048];
    (void)snprintf(whole, sizeof whole, SMALL "--output %s %s", output_path, arguments);
    return tune_json(whole);
}

static const cJSON *part(const cJSON *document, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(document, key);
    if (item == NULL) {
        fail_msg("key \"%s\" is missing", key);
    }
    return item;
}

/* Reads the file that was written, and makes a context that uses it. */
static void assert_usable(ard_tuning *tuning)
{
    ard_context *context = NULL;
    ard_device_info device;
    assert_success(ard_device_find(NULL, &device));
    assert_success(ard_tuning_read(output_path, &device, tuning));
    assert_int_equal(setenv("ARD_TUNING", output_path, 1), 0);
    const ard_status status = ard_context_create(NULL, NULL, &context);
    assert_int_equal(unsetenv("ARD_TUNING"), 0);
    assert_success(status);
    assert_string_equal(ard_context_tuning_refused(context), "");
    assert_string_equal(ard_context_tuning(context)->name, tuning->name);
    ard_context_destroy(context);
    assert_int_equal(access(journal_path, F_OK), -1);
}

static void assert_engine(const cJSON *engine, bool clblast)
{
    static const char *const keys[] = {"measured", "wrong",   "failed", "crashed",
                                       "gain",     "shipped", "found",  NULL};
    static const char *const clblast_keys[] = {"measured",
                                               "wrong",
                                               "failed",
                                               "crashed",
                                               "gain",
                                               "gain_over_own",
                                               "shipped",
                                               "found",
                                               "strided_batched",
                                               "strided_batched_ratio",
                                               NULL};
    bench_assert_keys(engine, clblast ? clblast_keys : keys);
    assert_true(tune_number(engine, "gain") >= 1);
}

static void assert_document(const cJSON *document, bool packed, bool clblast)
{
    static const char *const keys[] = {"schema", "version", "device",  "output",
                                       "seed",   "minutes", "seconds", "resumed_candidates",
                                       "packed", "clblast", "engine",  "choices",
                                       "shapes", NULL};
    static const char *const shape_keys[] = {"product",
                                             "m",
                                             "n",
                                             "k",
                                             "a_transposed",
                                             "b_transposed",
                                             "packed_shipped",
                                             "packed_found",
                                             "clblast_own",
                                             "clblast_shipped",
                                             "clblast_found",
                                             "engine",
                                             NULL};
    const cJSON *shape = NULL;
    bench_assert_keys(document, keys);
    assert_string_equal(part(document, "output")->valuestring, output_path);
    assert_int_equal(cJSON_GetArraySize(part(document, "shapes")), 9);
    cJSON_ArrayForEach(shape, part(document, "shapes"))
    {
        bench_assert_keys(shape, shape_keys);
        assert_int_equal(cJSON_IsNumber(part(shape, "packed_found")), packed);
        assert_int_equal(cJSON_IsNumber(part(shape, "clblast_own")), clblast);
        assert_int_equal(cJSON_IsString(part(shape, "engine")), packed && clblast);
    }
    if (packed) {
        assert_engine(part(document, "packed"), false);
    }
    if (clblast) {
        assert_engine(part(document, "clblast"), true);
    }
}

static void tunes_packed(void **state)
{
    (void)state;
    ard_tuning tuning;
    cJSON *document = tune("--engine packed --candidates 3");
    assert_document(document, true, false);
    assert_true(cJSON_IsNull(part(document, "clblast")));
    const cJSON *packed = part(document, "packed");
    assert_int_equal(tune_number(packed, "measured"), 3);
    assert_int_equal(tune_number(packed, "wrong") + tune_number(packed, "failed"), 0);
    assert_usable(&tuning);
    const cJSON *found = part(packed, "found");
    assert_int_equal(tuning.packed.rows, tune_number(found, "rows"));
    assert_int_equal(tuning.packed.depth, tune_number(found, "depth"));
    cJSON_Delete(document);
}

static void tunes_both(void **state)
{
    (void)state;
    ard_tuning tuning;
    cJSON *document = tune("--candidates 1");
    assert_document(document, true, true);
    assert_usable(&tuning);
    assert_int_equal(tuning.choice_count, tune_number(document, "choices"));
    const cJSON *shape = NULL;
    cJSON_ArrayForEach(shape, part(document, "shapes"))
    {
        const ard_engine engine = ard_tuning_engine(
            &tuning, (size_t)tune_number(shape, "m"), (size_t)tune_number(shape, "n"),
            (size_t)tune_number(shape, "k"), cJSON_IsTrue(part(shape, "a_transposed")),
            cJSON_IsTrue(part(shape, "b_transposed")));
        assert_string_equal(part(shape, "engine")->valuestring,
                            engine == ARD_ENGINE_PACKED ? "packed" : "clblast");
    }
    cJSON_Delete(document);
}

static void prints_text(void **state)
{
    (void)state;
    bench_output output = tune_shell("exec ard-tune " SMALL "--engine packed --candidates 1 "
                                     "--output %s",
                                     output_path);
    bench_assert_status(&output, 0);
    assert_string_equal(output.err, "");
    assert_non_null(strstr(output.out, "\nweights      17     17      3  "));
    assert_non_null(strstr(output.out, "\ngeometric mean "));
    assert_non_null(strstr(output.out, "packed: 1 candidates timed, 0 wrong"));
    assert_non_null(strstr(output.out, "written to "));
    bench_free(&output);
}

/* Kernels from a folder, of which those with 4 rows compute wrongly and those with one vector do
 * not build: values that no device is shipped. A search tries them among its first eight: it comes
 * to the number of rows after at most two widths with four numbers of vectors. */
static void never_chooses_wrong_candidates(void **state)
{
    (void)state;
    ard_tuning tuning;
    bench_output output = tune_shell(
        "cp -r '%s/cl' %s/kernels && cd %s/kernels && sed 's/t->alpha \\* sum/ALPHA * sum/' "
        "packed.cl "
        "> "
        "p && { printf '#if NV == 1\\n#error one\\n#elif MR == 4\\n#define ALPHA 0.0f\\n#else\\n"
        "#define ALPHA t->alpha\\n#endif\\n'; cat p; } > packed.cl",
        ARD_SOURCE_DIR, folder.path, folder.path);
    bench_assert_status(&output, 0);
    bench_free(&output);
    output = tune_shell("ARD_CL_DIR=%s/kernels exec ard-tune " SMALL
                        "--engine packed --candidates 10 --format json --output %s",
                        folder.path, output_path);
    bench_assert_status(&output, 0);
    cJSON *document = cJSON_Parse(output.out);
    const cJSON *packed = part(document, "packed");
    assert_true(tune_number(packed, "wrong") >= 1);
    assert_true(tune_number(packed, "failed") >= 1);
    assert_int_equal(tune_number(packed, "wrong") + tune_number(packed, "failed") +
                         tune_number(packed, "measured"),
                     10);
    assert_usable(&tuning);
    assert_int_not_equal(tuning.packed.rows, 4);
    assert_int_not_equal(tuning.packed.vectors, 1);
    cJSON_Delete(document);
    bench_free(&output);
}

/* Starts a long run and stops it when its journal holds two results. */
static void run_and_stop(void)
{
    bench_output output =
        tune_shell("ard-tune " SMALL "--engine packed --minutes 1000 --output %s & "
                   "until [ \"$(grep -c measured %s)\" -ge 2 ]; do sleep 0.1; done 2>/dev/null; "
                   "kill -TERM $!; wait $!",
                   output_path, journal_path);
    bench_assert_status(&output, 130);
    assert_string_equal(output.out, "");
    assert_int_equal(bench_lines(output.err), 1);
    assert_non_null(strstr(output.err, "go on with --resume"));
    assert_int_equal(access(output_path, F_OK), -1);
    assert_int_equal(access(journal_path, F_OK), 0);
    bench_free(&output);
}

static void goes_on_after_a_stop(void **state)
{
    (void)state;
    ard_tuning tuning;
    char other[1024];
    run_and_stop();
    (void)snprintf(other, sizeof other, SMALL "--engine packed --seed 2 --resume --output %s",
                   output_path);
    tune_assert_mistake(other, "another device, driver, version, seed");
    /* The first candidate now looks as if it had ended its run. */
    bench_output output = tune_shell("sed -i '3s/\"measured\".*/\"begun\"}/' %s", journal_path);
    bench_assert_status(&output, 0);
    bench_free(&output);
    cJSON *document = tune("--engine packed --candidates 3 --resume");
    const cJSON *packed = part(document, "packed");
    assert_true(tune_number(document, "resumed_candidates") >= 2);
    assert_int_equal(tune_number(packed, "crashed"), 1);
    assert_int_equal(tune_number(packed, "measured"), 2);
    assert_usable(&tuning);
    cJSON_Delete(document);
}

static void keeps_the_file_when_stopped(void **state)
{
    (void)state;
    size_t size = 0;
    bench_output output =
        tune_shell("mkdir %s/new && printf earlier > %s", folder.path, output_path);
    bench_assert_status(&output, 0);
    bench_free(&output);
    output = tune_shell("ard-tune " SMALL "--engine packed --minutes 1000 --output %s & "
                        "until grep -q measured %s; do sleep 0.1; done 2>/dev/null; "
                        "kill -TERM $!; wait $!",
                        output_path, journal_path);
    bench_assert_status(&output, 130);
    unsigned char *bytes = test_file_read(output_path, &size);
    assert_int_equal(size, 7);
    assert_memory_equal(bytes, "earlier", 7);
    free(bytes);
    bench_free(&output);
}

int main(void)
{
#define RUN_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        RUN_TEST(tunes_packed),         RUN_TEST(tunes_both),
        RUN_TEST(prints_text),          RUN_TEST(never_chooses_wrong_candidates),
        RUN_TEST(goes_on_after_a_stop), RUN_TEST(keeps_the_file_when_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
