/* SPDX-License-Identifier: Apache-2.0 */
/* ard-bench's measurements, on sizes that take moments: what is printed in every format, in a pipe,
 * on a terminal, and after ctrl-C. Nothing here looks at speed. */
#include "tools/bench_report.h"

#include <stdio.h>
#include <string.h>

#define GEMM "gemm --m 9 --n 61 --k 33 --seed 7 --repeat 2 --verify"
#define STEP "step --in 19 --hidden 31,24 --out 5 --batch 7 --rate 0.5,0.3 --repeat 2 --verify"

static const char *const result_keys[] = {
    "device",     "case",    "model",      "pattern",      "baseline",     "engine", "batch",
    "layers",     "rates",   "dense_ms",   "dense_ms_min", "dense_ms_max", "ard_ms", "ard_ms_min",
    "ard_ms_max", "speedup", "flop_limit", "efficiency",   "max_error",    NULL};

/* Runs and parses; the document's only result goes to `*result`. */
static cJSON *measure(const char *arguments, const cJSON **result)
{
    cJSON *document = bench_measure(arguments, result_keys, 1);
    *result = bench_result(document, 0);
    return document;
}

static void measures_gemm(void **state)
{
    (void)state;
    const cJSON *result = NULL;
    cJSON *document = measure(GEMM " --rate 0.5 --pattern row", &result);
    bench_assert_text(result, "case", "gemm");
    bench_assert_text(result, "model", "none");
    bench_assert_text(result, "pattern", "row");
    bench_assert_text(result, "baseline", "none");
    bench_assert_close(bench_number(result, "batch"), 9, 0);
    const cJSON *layers = cJSON_GetObjectItem(result, "layers");
    assert_int_equal(cJSON_GetArraySize(layers), 2);
    assert_int_equal(cJSON_GetArrayItem(layers, 0)->valueint, 33);
    assert_int_equal(cJSON_GetArrayItem(layers, 1)->valueint, 61);
    assert_true(bench_number(result, "max_error") >= 0 && bench_number(result, "max_error") < 1e-5);
    cJSON_Delete(document);
}

static void measures_fixed_patterns(void **state)
{
    (void)state;
    const cJSON *result = NULL;
    cJSON *document = measure(GEMM " --pattern row --period 4 --offset 2", &result);
    /* Of 33 inputs 8 are kept, of 61 outputs 15. */
    bench_assert_close(bench_number(result, "flop_limit"), 33.0 * 61.0 / (8.0 * 15.0), 1e-5);
    bench_assert_close(cJSON_GetArrayItem(cJSON_GetObjectItem(result, "rates"), 1)->valuedouble,
                       0.75, 0);
    cJSON_Delete(document);

    document = measure(GEMM " --pattern subset --period 5 --offset 4 --rate 0.6", &result);
    /* Residues 4 and 0 of 5: of 33 inputs 6 + 7, of 61 outputs 12 + 13. */
    bench_assert_close(bench_number(result, "flop_limit"), 33.0 * 61.0 / (13.0 * 25.0), 1e-5);
    bench_assert_text(result, "pattern", "subset");
    cJSON_Delete(document);
}

/* Index patterns keep k of n exactly: of 33 inputs 16.5 on the average, of 61 outputs 30.5. */
static void measures_index_patterns(void **state)
{
    (void)state;
    const cJSON *result = NULL;
    cJSON *document = measure(GEMM " --pattern index --rate 0.5", &result);
    bench_assert_text(result, "pattern", "index");
    bench_assert_text(result, "baseline", "none");
    bench_assert_close(bench_number(result, "flop_limit"), 33.0 * 61.0 / (16.5 * 30.5), 1e-5);
    assert_true(bench_number(result, "max_error") >= 0 && bench_number(result, "max_error") < 1e-5);
    cJSON_Delete(document);

    document = measure(STEP " --pattern index --rate 0,0.25", &result);
    /* Of the second layer's 24 units 18 are kept, of the first one's 31 all. */
    const double dense = 2 * 19 * 31 + 3 * 31 * 24 + 3 * 24 * 5;
    bench_assert_close(bench_number(result, "flop_limit"),
                       dense / (2 * 19 * 31 + 3 * 31 * 18 + 3 * 18 * 5), 1e-5);
    cJSON_Delete(document);

    document = measure(STEP " --pattern index --rate 0", &result);
    bench_assert_close(bench_number(result, "flop_limit"), 1, 0);
    cJSON_Delete(document);
}

static void measures_steps(void **state)
{
    (void)state;
    const char *const variants[] = {
        "--pattern row",    "--pattern row --scale period --max-period 9",
        "--pattern subset", "--pattern subset --scale period",
        "--pattern index",  "--pattern index --scale period"};
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
        const cJSON *result = NULL;
        char arguments[512];
        snprintf(arguments, sizeof arguments, "%s %s", STEP, variants[i]);
        cJSON *document = measure(arguments, &result);
        bench_assert_text(result, "case", "step");
        bench_assert_text(result, "model", "mlp");
        bench_assert_text(result, "baseline", "bernoulli");
        assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(result, "layers")), 4);
        const cJSON *rates = cJSON_GetObjectItem(result, "rates");
        assert_int_equal(cJSON_GetArraySize(rates), 2);
        bench_assert_close(cJSON_GetArrayItem(rates, 1)->valuedouble, 0.3, 0);
        assert_true(bench_number(result, "flop_limit") > 1.2 &&
                    bench_number(result, "flop_limit") < 4);
        assert_true(bench_number(result, "max_error") >= 0 &&
                    bench_number(result, "max_error") < 1e-3);
        cJSON_Delete(document);
    }
}

/* Five layers at 0.7 have too many joint periods to enumerate; one rate serves them all. */
static void measures_stratified_draws(void **state)
{
    (void)state;
    const cJSON *result = NULL;
    cJSON *document = measure(
        "step --in 8 --hidden 24,24,24,24,24 --out 3 --batch 4 --rate 0.7 --repeat 1", &result);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(result, "rates")), 5);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(result, "max_error")));
    /* Limit of the four inner layers alone: 1 / 0.3^2; of the outer ones 1 / 0.3. */
    assert_true(bench_number(result, "flop_limit") > 5 && bench_number(result, "flop_limit") < 11);
    cJSON_Delete(document);
}

static void prints_text(void **state)
{
    (void)state;
    bench_output output = bench_run(STEP " --device 0:0");
    bench_assert_status(&output, 0);
    bench_assert_quiet(output.err, 1);
    assert_int_equal(bench_lines(output.out), 3);
    assert_int_equal(strncmp(output.out, "0:0 ", 4), 0);
    assert_non_null(strstr(output.out, "speed-up"));
    assert_non_null(strstr(output.out, "step mlp 19-31-24-5, batch 7, rate 0.5,0.3, row"));
    assert_null(strchr(output.out, '\r'));
    bench_free(&output);
}

static void prints_csv(void **state)
{
    (void)state;
    bench_output output = bench_run(STEP " --device all --format csv");
    bench_assert_status(&output, 0);
    assert_int_equal(strncmp(output.out, BENCH_COLUMNS, strlen(BENCH_COLUMNS)), 0);
    const char *line = strchr(output.out, '\n') + 1;
    const char *begin = "0:0,step,mlp,row,bernoulli,packed,7,19 31 24 5,0.5 0.3,";
    assert_int_equal(strncmp(line, begin, strlen(begin)), 0);
    int commas = 0;
    for (; *line != '\n'; line++) {
        commas += *line == ',' ? 1 : 0;
    }
    assert_int_equal(commas, 18);
    bench_free(&output);
}

/* The line that repeats a case of index patterns is one that runs. */
static void repeats_index_patterns(void **state)
{
    (void)state;
    bench_output output =
        bench_run("gemm --m 1 --n 3 --k 3 --rate 0.5 --pattern index --repeat 3 --device 0:0");
    bench_assert_status(&output, 0);
    char *command = strstr(output.err, "repeat with: ");
    if (command != NULL) {
        command += strlen("repeat with: ");
        assert_string_equal(command, "ard-bench gemm --m 1 --n 3 --k 3 --rate 0.5 --pattern index "
                                     "--device 0:0 --repeat 3 --seed 1\n");
    }
    bench_free(&output);
    output = bench_run(STEP " --pattern index --format csv --device 0:0");
    bench_assert_status(&output, 0);
    assert_non_null(strstr(output.out, "\n0:0,step,mlp,index,bernoulli,packed,7,19 31 24 5,"));
    bench_free(&output);
    output = bench_run(STEP " --pattern index --device 0:0");
    bench_assert_status(&output, 0);
    assert_non_null(strstr(output.out, "step mlp 19-31-24-5, batch 7, rate 0.5,0.3, index\n"));
    bench_free(&output);
}

/* A case as slow as this one for its few operations is worth a line that repeats it. */
static void says_how_to_repeat(void **state)
{
    (void)state;
    bench_output output = bench_run("gemm --m 1 --n 3 --k 3 --rate 0.5 --repeat 3 --device 0:0");
    bench_assert_status(&output, 0);
    char *command = strstr(output.err, "repeat with: ");
    if (command != NULL) {
        command += strlen("repeat with: ");
        assert_string_equal(command, "ard-bench gemm --m 1 --n 3 --k 3 --rate 0.5 --pattern row "
                                     "--device 0:0 --repeat 3 --seed 1\n");
        bench_output again = bench_shell(command);
        bench_assert_status(&again, 0);
        bench_free(&again);
    }
    bench_free(&output);
}

/* More than the device can hold is refused before anything is made; the report is still whole. */
static void fails_without_memory(void **state)
{
    (void)state;
    bench_output output =
        bench_run("gemm --m 1 --n 16777216 --k 16777216 --device 0:0 --format json");
    bench_assert_status(&output, 1);
    cJSON *document = cJSON_Parse(output.out);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(document, "results")), 0);
    assert_non_null(
        strstr(output.err, "failed: needs at least 2.25e+06 GB of the device's memory"));
    assert_non_null(strstr(output.err, "repeat with: ard-bench gemm"));
    cJSON_Delete(document);
    bench_free(&output);
}

static void stops_when_interrupted(void **state)
{
    (void)state;
    bench_output output =
        bench_interrupt("step --hidden 64 --repeat 1000000 --device 0:0 --format json");
    bench_assert_status(&output, 130);
    cJSON *document = cJSON_Parse(output.out);
    bench_assert_keys(document, bench_document_keys);
    assert_string_equal(output.err, "ard-bench: interrupted\n");
    cJSON_Delete(document);
    bench_free(&output);

    output = bench_interrupt("--full --repeat 1000 --device 0:0");
    bench_assert_status(&output, 130);
    assert_true(bench_lines(output.out) >= 3);
    bench_free(&output);
}

/* Runs for some seconds, on a terminal that script(1) makes. */
static void shows_progress_on_a_terminal(void **state)
{
    (void)state;
    bench_output known = bench_shell("command -v script");
    if (known.status != 0) {
        bench_free(&known);
        skip();
    }
    bench_free(&known);
    bench_output output =
        bench_shell("TERM=xterm exec script -qec "
                    "'ard-bench step --hidden 256 --batch 64 --repeat 300 --device 0:0' /dev/null");
    bench_assert_status(&output, 0);
    assert_non_null(strstr(output.out, "\r0:0 step ["));
    assert_non_null(strstr(output.out, "step mlp 784-256-10, batch 64, rate 0.5, row"));
    bench_free(&output);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_gemm),
        cmocka_unit_test(measures_fixed_patterns),
        cmocka_unit_test(measures_index_patterns),
        cmocka_unit_test(measures_steps),
        cmocka_unit_test(measures_stratified_draws),
        cmocka_unit_test(prints_text),
        cmocka_unit_test(prints_csv),
        cmocka_unit_test(says_how_to_repeat),
        cmocka_unit_test(repeats_index_patterns),
        cmocka_unit_test(fails_without_memory),
        cmocka_unit_test(stops_when_interrupted),
        cmocka_unit_test(shows_progress_on_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
