/* SPDX-License-Identifier: Apache-2.0 */
/* ard-bench's baseline on the host's CPU, by a small library of the tests and, where there is one,
 * by the system's. Nothing here looks at speed. */
#include "tools/bench_report.h"

#include <stdio.h>
#include <string.h>

#include "tools/system_cblas.h"

#define GEMM "gemm --m 9 --n 61 --k 33 --seed 7 --repeat 2 --verify"
#define STEP "step --in 19 --hidden 31,24 --out 5 --batch 7 --repeat 2 --verify"

/* Runs and parses a case with so many results, the last of them the library's. */
static cJSON *measure(const char *arguments, const char *library, int count)
{
    char command[1024];
    snprintf(command, sizeof command, "%s --cblas '%s' --device 0:0 --format json", arguments,
             library);
    bench_output output = bench_run(command);
    bench_assert_status(&output, 0);
    cJSON *document = cJSON_Parse(output.out);
    bench_assert_keys(document, bench_document_keys);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(document, "results")), count);
    const char *path = NULL;
    for (int i = 0; i < count; i++) {
        const cJSON *result = bench_result(document, i);
        const cJSON *item = cJSON_GetObjectItem(result, "library");
        assert_int_equal(item != NULL, i + 1 == count);
        path = cJSON_GetStringValue(item);
        bench_assert_close(bench_number(result, "ard_ms"),
                           bench_number(bench_result(document, 0), "ard_ms"), 0);
        assert_true(bench_number(result, "dense_ms_min") > 0);
        assert_true(bench_number(result, "max_error") < 1e-3);
    }
    bench_assert_text(bench_result(document, count - 1), "baseline", "cblas");
    assert_non_null(path);
    assert_non_null(strstr(path, library));
    bench_free(&output);
    return document;
}

static void measures_products(const char *library)
{
    const char *const variants[] = {"", "--rate 0", "--period 4 --offset 2",
                                    "--pattern subset --rate 0.3"};
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
        char arguments[256];
        snprintf(arguments, sizeof arguments, "%s %s", GEMM, variants[i]);
        cJSON *document = measure(arguments, library, 2);
        bench_assert_text(bench_result(document, 0), "baseline", "none");
        assert_true(bench_number(bench_result(document, 1), "max_error") < 1e-5);
        cJSON_Delete(document);
    }
    cJSON *document = measure(GEMM " --pattern tile --tile 8", library, 3);
    bench_assert_text(bench_result(document, 1), "baseline", "dropconnect");
    cJSON_Delete(document);
}

static void measures_steps(const char *library)
{
    const char *const variants[] = {"--rate 0", "--rate 0.5,0", "--rate 0.5 --pattern subset",
                                    "--rate 0 --pattern subset --scale period"};
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
        char arguments[256];
        snprintf(arguments, sizeof arguments, "%s %s", STEP, variants[i]);
        cJSON *document = measure(arguments, library, 2);
        bench_assert_text(bench_result(document, 0), "baseline", "bernoulli");
        cJSON_Delete(document);
    }
    cJSON *document = measure(STEP " --pattern tile --tile 4 --rate 0.3,0.5", library, 3);
    bench_assert_text(bench_result(document, 1), "baseline", "dropconnect");
    cJSON_Delete(document);
}

static void measures_by_hand(void **state)
{
    (void)state;
    measures_products(PLAIN_CBLAS);
    measures_steps(PLAIN_CBLAS);
}

static void measures_by_the_system(void **state)
{
    (void)state;
    cblas_library library;
    const char *name = system_cblas(&library);
    if (name == NULL) {
        skip();
    }
    measures_products(name);
    measures_steps(name);
}

/* Without dropout nothing is saved, and nothing is to be compared with but other dense steps. */
static void measures_without_dropout(void **state)
{
    (void)state;
    static const char *const keys[] = {"device",     "case",       "model",        "pattern",
                                       "baseline",   "engine",     "batch",        "layers",
                                       "rates",      "dense_ms",   "dense_ms_min", "dense_ms_max",
                                       "ard_ms",     "ard_ms_min", "ard_ms_max",   "speedup",
                                       "flop_limit", "efficiency", "max_error",    NULL};
    const char *const arguments[] = {GEMM " --rate 0", STEP " --rate 0",
                                     STEP " --rate 0 --pattern subset"};
    for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++) {
        cJSON *document = bench_measure(arguments[i], keys, 1);
        bench_assert_close(bench_number(bench_result(document, 0), "flop_limit"), 1, 0);
        cJSON_Delete(document);
    }
}

static void prints_text(void **state)
{
    (void)state;
    bench_output output = bench_run(STEP " --device 0:0 --cblas '" PLAIN_CBLAS "'");
    bench_assert_status(&output, 0);
    assert_int_equal(bench_lines(output.out), 4);
    assert_non_null(strstr(output.out, ", against conventional dropout\n"));
    assert_non_null(strstr(output.out, ", against CBLAS (" PLAIN_CBLAS ")\n"));
    assert_non_null(strstr(output.err, "ard-bench: " PLAIN_CBLAS ": 3 threads\n"));
    bench_free(&output);
}

static void prints_csv(void **state)
{
    (void)state;
    bench_output output = bench_run(STEP " --device 0:0 --format csv --cblas '" PLAIN_CBLAS "'");
    bench_assert_status(&output, 0);
    assert_int_equal(bench_lines(output.out), 3);
    const size_t columns = strlen(BENCH_COLUMNS) - 1;
    assert_int_equal(strncmp(output.out, BENCH_COLUMNS, columns), 0);
    assert_int_equal(strncmp(output.out + columns, ",library\n", 9), 0);
    const char *line = output.out + columns + 9;
    assert_int_equal(strncmp(line, "0:0,step,mlp,row,bernoulli,", 27), 0);
    line = strchr(line, '\n') + 1;
    assert_int_equal(line[-2], ',');
    assert_int_equal(strncmp(line, "0:0,step,mlp,row,cblas,", 23), 0);
    assert_non_null(strstr(line, "," PLAIN_CBLAS "\n"));
    bench_free(&output);
}

/* A profile is of what runs on the device. */
static void profiles_the_device(void **state)
{
    (void)state;
    cJSON *document = measure(STEP " --profile", PLAIN_CBLAS, 2);
    assert_non_null(cJSON_GetObjectItem(bench_result(document, 0), "profile"));
    assert_null(cJSON_GetObjectItem(bench_result(document, 1), "profile"));
    cJSON_Delete(document);
    bench_output output = bench_run(STEP " --profile --device 0:0 --cblas '" PLAIN_CBLAS "'");
    bench_assert_status(&output, 0);
    assert_non_null(strstr(output.out, "profile of a step, conventional dropout"));
    assert_null(strstr(output.out, "profile of a step, CBLAS"));
    bench_free(&output);
}

static void says_how_to_repeat(void **state)
{
    (void)state;
    bench_output output = bench_shell(
        "ASAN_OPTIONS=allocator_may_return_null=1 exec ard-bench gemm --m 1 --n 16777216 "
        "--k 16777216 --device 0:0 --cblas '" PLAIN_CBLAS "'");
    bench_assert_status(&output, 1);
    assert_non_null(strstr(output.err, "repeat with: ard-bench gemm --m 1 --n 16777216 "
                                       "--k 16777216 --rate 0.5 --pattern row "
                                       "--cblas '" PLAIN_CBLAS "' --device 0:0"));
    bench_free(&output);
}

static void refuses_other_libraries(void **state)
{
    (void)state;
    bench_assert_mistake("step --cblas /nonexistent/lib.so", "--cblas: /nonexistent/lib.so: ");
    bench_assert_mistake("gemm --m 8 --n 8 --k 8 --cblas '" NONE_CBLAS "'",
                         "--cblas: " NONE_CBLAS
                         ": it has no cblas_sgemm; give a library with the CBLAS "
                         "interface such as libopenblas.so.0\n");
    bench_assert_mistake("step --cblas '" WRONG_CBLAS "'", "multiplies wrongly");
    bench_assert_mistake("step --cblas '" WIDE_CBLAS "'", "64-bit integers");
    bench_assert_mistake("step --per-period --cblas '" PLAIN_CBLAS "'", "--per-period");
    bench_assert_mistake("step --cblas=", "--cblas");
    bench_assert_mistake("--cblas '" PLAIN_CBLAS "'", "unknown option '--cblas'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_by_hand),
        cmocka_unit_test(measures_by_the_system),
        cmocka_unit_test(measures_without_dropout),
        cmocka_unit_test(prints_text),
        cmocka_unit_test(prints_csv),
        cmocka_unit_test(profiles_the_device),
        cmocka_unit_test(says_how_to_repeat),
        cmocka_unit_test(refuses_other_libraries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
