/* SPDX-License-Identifier: Apache-2.0 */
/* ard-bench's measurements with tile patterns, which have two baselines, on sizes that take moments
 * and that tiles divide nowhere. Nothing here looks at speed. */
#include "tools/bench_report.h"

#include <ard/tile.h>
#include <stdio.h>
#include <string.h>

#define GEMM "gemm --m 9 --n 61 --k 33 --seed 7 --repeat 2 --verify --pattern tile"
#define STEP                                                                                       \
    "step --in 19 --hidden 31,24 --out 5 --batch 7 --rate 0.5,0.3 --repeat 2 --verify "            \
    "--pattern tile --tile 4"

static const char *const result_keys[] = {
    "device",    "case",       "model",      "pattern",  "baseline",     "engine",
    "batch",     "layers",     "rates",      "dense_ms", "dense_ms_min", "dense_ms_max",
    "ard_ms",    "ard_ms_min", "ard_ms_max", "speedup",  "flop_limit",   "efficiency",
    "max_error", "tile",       "numbering",  NULL};

/* Runs and checks what both results of a tile case have in common. */
static cJSON *measure(const char *arguments, const char *const baselines[2], double tile,
                      const char *numbering)
{
    static const char *const same[] = {"ard_ms",     "ard_ms_min", "ard_ms_max",
                                       "flop_limit", "max_error",  NULL};
    cJSON *document = bench_measure(arguments, result_keys, 2);
    const cJSON *first = bench_result(document, 0);
    for (int i = 0; i < 2; i++) {
        const cJSON *result = bench_result(document, i);
        bench_assert_text(result, "pattern", "tile");
        bench_assert_text(result, "baseline", baselines[i]);
        bench_assert_close(bench_number(result, "tile"), tile, 0);
        bench_assert_text(result, "numbering", numbering);
        for (int j = 0; same[j] != NULL; j++) {
            bench_assert_close(bench_number(result, same[j]), bench_number(first, same[j]), 0);
        }
    }
    return document;
}

static void measures_gemm(void **state)
{
    (void)state;
    static const char *const baselines[] = {"none", "dropconnect"};
    const struct {
        const char *arguments;
        double tile;
        const char *numbering;
    } cases[] = {
        {GEMM " --tile 8", 8, "diagonal"},
        {GEMM " --tile 7 --numbering linear --rate 0.7", 7, "linear"},
        {GEMM " --tile 1 --max-period 9", 1, "diagonal"},
        {GEMM " --tile 64 --rate 0", 64, "diagonal"},
        /* In two columns of tiles most rows of tiles keep nothing. */
        {GEMM " --tile 20 --period 4 --offset 3", 20, "diagonal"},
        /* The period divides the columns of tiles: some inputs are in no product. */
        {GEMM " --tile 9 --numbering linear --period 4 --offset 1", 9, "linear"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cJSON *document = measure(cases[i].arguments, baselines, cases[i].tile, cases[i].numbering);
        const cJSON *result = bench_result(document, 0);
        bench_assert_text(result, "case", "gemm");
        assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(result, "rates")), 1);
        assert_true(bench_number(result, "max_error") >= 0);
        assert_true(bench_number(result, "max_error") < 1e-5);
        cJSON_Delete(document);
    }
}

/* Of [61 x 33] weights. */
static double kept_by_definition(uint32_t edge, ard_tile_numbering numbering, uint32_t period,
                                 uint32_t offset)
{
    ard_tile_pattern tile;
    assert_int_equal(ard_tile_init(edge, numbering, period, offset, &tile), ARD_STATUS_SUCCESS);
    double kept = 0;
    for (size_t o = 0; o < 61; o++) {
        for (size_t i = 0; i < 33; i++) {
            kept += ard_tile_keeps(&tile, 33, o, i) ? 1 : 0;
        }
    }
    return kept;
}

/* Also of periods that no distribution has. */
static void counts_kept_weights(void **state)
{
    (void)state;
    static const char *const baselines[] = {"none", "dropconnect"};
    const struct {
        uint32_t edge, period, offset;
    } cases[] = {{8, 3, 2}, {16, 2, 1}, {1, 90, 80}};
    for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
        const uint32_t edge = cases[i / 2].edge;
        const uint32_t period = cases[i / 2].period;
        const uint32_t offset = cases[i / 2].offset;
        const ard_tile_numbering numbering = i % 2 == 0 ? ARD_TILE_DIAGONAL : ARD_TILE_LINEAR;
        const char *name = i % 2 == 0 ? "diagonal" : "linear";
        char arguments[256];
        snprintf(arguments, sizeof arguments, "%s --tile %u --numbering %s --period %u --offset %u",
                 GEMM, edge, name, period, offset);
        cJSON *document = measure(arguments, baselines, edge, name);
        const cJSON *result = bench_result(document, 1);
        bench_assert_close(bench_number(result, "flop_limit"),
                           61.0 * 33.0 / kept_by_definition(edge, numbering, period, offset), 1e-5);
        const cJSON *rates = cJSON_GetObjectItem(result, "rates");
        bench_assert_close(cJSON_GetArrayItem(rates, 0)->valuedouble, 1 - 1.0 / period, 1e-12);
        cJSON_Delete(document);
    }
}

static void measures_steps(void **state)
{
    (void)state;
    static const char *const baselines[] = {"bernoulli", "dropconnect"};
    const struct {
        const char *arguments;
        const char *numbering;
    } cases[] = {
        {STEP, "diagonal"},
        {STEP " --numbering linear", "linear"},
        {STEP " --scale period --max-period 6", "diagonal"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cJSON *document = measure(cases[i].arguments, baselines, 4, cases[i].numbering);
        const cJSON *result = bench_result(document, 1);
        bench_assert_text(result, "case", "step");
        bench_assert_text(result, "model", "mlp");
        const cJSON *rates = cJSON_GetObjectItem(result, "rates");
        assert_int_equal(cJSON_GetArraySize(rates), 2);
        bench_assert_close(cJSON_GetArrayItem(rates, 1)->valuedouble, 0.3, 0);
        /* Tiles leave all units: the limit is between 1 / (1 - 0.3) and 1 / (1 - 0.5), but for the
         * output layer, which keeps everything, and the chance of the offsets. */
        assert_true(bench_number(result, "flop_limit") > 1.2);
        assert_true(bench_number(result, "flop_limit") < 2);
        assert_true(bench_number(result, "max_error") >= 0);
        assert_true(bench_number(result, "max_error") < 1e-3);
        cJSON_Delete(document);
    }
}

static void prints_text(void **state)
{
    (void)state;
    bench_output output = bench_run(STEP " --device 0:0");
    bench_assert_status(&output, 0);
    bench_assert_quiet(output.err, 2);
    assert_int_equal(bench_lines(output.out), 4);
#define WHAT "step mlp 19-31-24-5, batch 7, rate 0.5,0.3, tile 4 diagonal, against "
    assert_non_null(strstr(output.out, WHAT "conventional dropout\n"));
    assert_non_null(strstr(output.out, WHAT "DropConnect\n"));
    bench_free(&output);

    output = bench_run(GEMM " --period 2 --numbering linear --device 0:0");
    bench_assert_status(&output, 0);
    assert_int_equal(bench_lines(output.out), 4);
#undef WHAT
#define WHAT "gemm 33-61, batch 9, rate 0.5, tile 32 linear period 2 offset 0, against "
    assert_non_null(strstr(output.out, WHAT "the dense products\n"));
    assert_non_null(strstr(output.out, WHAT "DropConnect\n"));
    bench_free(&output);
}

static void prints_csv(void **state)
{
    (void)state;
    bench_output output = bench_run(STEP " --device 0:0 --format csv");
    bench_assert_status(&output, 0);
    bench_assert_quiet(output.err, 2);
    assert_int_equal(bench_lines(output.out), 3);
    assert_int_equal(strncmp(output.out, BENCH_COLUMNS, strlen(BENCH_COLUMNS)), 0);
    const char *const begin[] = {
        "0:0,step,mlp,tile,bernoulli,packed,7,19 31 24 5,0.5 0.3,",
        "0:0,step,mlp,tile,dropconnect,packed,7,19 31 24 5,0.5 0.3,",
    };
    const char *line = output.out + strlen(BENCH_COLUMNS);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(strncmp(line, begin[i], strlen(begin[i])), 0);
        int commas = 0;
        for (; *line != '\n'; line++) {
            commas += *line == ',' ? 1 : 0;
        }
        assert_int_equal(commas, 18);
        line++;
    }
    bench_free(&output);
}

/* A case that no device has memory for says how to repeat it; doing so says the same. */
static void assert_repeats(const char *arguments, const char *expected)
{
    char first[512];
    char again[600];
    snprintf(first, sizeof first, "exec ard-bench %s", arguments);
    const char *command = first;
    for (int i = 0; i < 2; i++) {
        char shell[700];
        snprintf(shell, sizeof shell,
                 "ASAN_OPTIONS=allocator_may_return_null=1; "
                 "export ASAN_OPTIONS; %s",
                 command);
        bench_output output = bench_shell(shell);
        bench_assert_status(&output, 1);
        const char *repeat = strstr(output.err, "repeat with: ");
        assert_non_null(repeat);
        snprintf(again, sizeof again, "%s", repeat + strlen("repeat with: "));
        again[strcspn(again, "\n")] = '\0';
        assert_string_equal(again, expected);
        command = again;
        bench_free(&output);
    }
}

static void says_how_to_repeat(void **state)
{
    (void)state;
    assert_repeats("gemm --m 1 --n 16777216 --k 16777216 --pattern tile --device 0:0",
                   "ard-bench gemm --m 1 --n 16777216 --k 16777216 --rate 0.5 --pattern tile "
                   "--tile 32 --numbering diagonal --device 0:0 --repeat 5 --seed 1");
    assert_repeats(
        "gemm --m 1 --n 16777216 --k 16777216 --pattern tile --tile 64 --numbering linear "
        "--period 80 --offset 79 --device 0:0 --seed 3",
        "ard-bench gemm --m 1 --n 16777216 --k 16777216 --rate 0.9875 --pattern tile "
        "--tile 64 --numbering linear --period 80 --offset 79 --device 0:0 --repeat 5 "
        "--seed 3");
    assert_repeats("step --in 16777216 --hidden 16777216 --batch 1 --pattern tile --tile 16 "
                   "--max-period 5 --device 0:0 --repeat 2",
                   "ard-bench step --model mlp --in 16777216 --hidden 16777216 --out 10 --batch 1 "
                   "--rate 0.5 --pattern tile --tile 16 --numbering diagonal --max-period 5 "
                   "--scale rate --device 0:0 --repeat 2 --seed 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_gemm),  cmocka_unit_test(counts_kept_weights),
        cmocka_unit_test(measures_steps), cmocka_unit_test(prints_text),
        cmocka_unit_test(prints_csv),     cmocka_unit_test(says_how_to_repeat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
