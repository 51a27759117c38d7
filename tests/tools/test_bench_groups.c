/* SPDX-License-Identifier: Apache-2.0 */
/* ard-bench's measurements of steps whose batch is groups of samples with patterns of their own, on
 * sizes that take moments. Nothing here looks at speed. */
#include "tools/bench_report.h"

#include <stdio.h>
#include <string.h>

#define STEP "step --in 19 --hidden 31,24 --out 5 --batch 7 --rate 0.5,0.3 --repeat 2"

static const char *const result_keys[] = {
    "device",     "case",    "model",      "pattern",      "baseline",     "engine", "batch",
    "layers",     "rates",   "dense_ms",   "dense_ms_min", "dense_ms_max", "ard_ms", "ard_ms_min",
    "ard_ms_max", "speedup", "flop_limit", "efficiency",   "max_error",    "groups", NULL};

static const char *const tile_keys[] = {
    "device",     "case",    "model",      "pattern",      "baseline",     "engine", "batch",
    "layers",     "rates",   "dense_ms",   "dense_ms_min", "dense_ms_max", "ard_ms", "ard_ms_min",
    "ard_ms_max", "speedup", "flop_limit", "efficiency",   "max_error",    "tile",   "numbering",
    "groups",     NULL};

/* Groups that divide the batch and that do not, and more than it has samples. */
static void measures_steps(void **state)
{
    (void)state;
    static const int groups[] = {1, 3, 7, 9};
    static const char *const variants[] = {"row", "subset", "row --scale period", "tile --tile 4",
                                           "index"};
    for (size_t i = 0; i < 20; i++) {
        char arguments[512];
        snprintf(arguments, sizeof arguments, "%s --verify --groups %d --pattern %s", STEP,
                 groups[i % 4], variants[i / 4]);
        const bool tiles = i / 4 == 3;
        cJSON *document = bench_measure(arguments, tiles ? tile_keys : result_keys, tiles ? 2 : 1);
        const cJSON *result = bench_result(document, 0);
        bench_assert_close(bench_number(result, "groups"), groups[i % 4], 0);
        assert_true(bench_number(result, "flop_limit") > 1.2);
        assert_true(bench_number(result, "flop_limit") < 4);
        assert_true(bench_number(result, "max_error") >= 0);
        assert_true(bench_number(result, "max_error") < 1e-3);
        cJSON_Delete(document);
    }
}

/* Subsets of whole residue classes keep the same in every draw: the limit is that of one group. */
static void counts_groups_by_their_samples(void **state)
{
    (void)state;
    double limits[2];
    for (size_t i = 0; i < 2; i++) {
        char arguments[512];
        snprintf(arguments, sizeof arguments,
                 "step --in 19 --hidden 32,24 --out 5 --batch 7 --rate 0.5 --pattern subset "
                 "--max-period 8 --repeat 1 --groups %d",
                 i == 0 ? 1 : 3);
        cJSON *document = bench_measure(arguments, result_keys, 1);
        limits[i] = bench_number(bench_result(document, 0), "flop_limit");
        cJSON_Delete(document);
    }
    bench_assert_close(limits[0],
                       (2.0 * 19 * 32 + 3.0 * 32 * 24 + 3.0 * 24 * 5) /
                           (2.0 * 19 * 16 + 3.0 * 16 * 12 + 3.0 * 12 * 5),
                       1e-5);
    bench_assert_close(limits[1], limits[0], 1e-5);
}

static void prints_text(void **state)
{
    (void)state;
    bench_output output = bench_run(STEP " --groups 3 --memory --profile --device 0:0");
    bench_assert_status(&output, 0);
    bench_assert_quiet(output.err, 2);
    assert_non_null(
        strstr(output.out, "step mlp 19-31-24-5, batch 7, rate 0.5,0.3, row, groups 3\n"));
    assert_non_null(strstr(output.out, "ard_update_again"));
    bench_free(&output);
}

static void prints_csv(void **state)
{
    (void)state;
    bench_output output = bench_run(STEP " --groups 3 --device 0:0 --format csv");
    bench_assert_status(&output, 0);
    const size_t length = strlen(BENCH_COLUMNS) - 1;
    assert_int_equal(strncmp(output.out, BENCH_COLUMNS, length), 0);
    assert_int_equal(strncmp(output.out + length, ",groups\n", 8), 0);
    assert_int_equal(bench_lines(output.out), 2);
    assert_string_equal(output.out + strlen(output.out) - 3, ",3\n");
    bench_free(&output);
}

/* Too much for any memory: the line that says how to repeat it is all there. */
static void says_how_to_repeat(void **state)
{
    (void)state;
    bench_output output = bench_shell(
        "ASAN_OPTIONS=allocator_may_return_null=1; export ASAN_OPTIONS; "
        "exec ard-bench step --in 16777216 --hidden 16777216 --batch 8 --groups 4 --device 0:0");
    bench_assert_status(&output, 1);
    assert_non_null(strstr(
        output.err, "repeat with: ard-bench step --model mlp --in 16777216 --hidden 16777216 "
                    "--out 10 --batch 8 --rate 0.5 --pattern row --groups 4 --scale rate "
                    "--device 0:0 --repeat 5 --seed 1\n"));
    bench_free(&output);
}

static void refuses_what_has_no_groups(void **state)
{
    (void)state;
    bench_assert_mistake("step --groups 0", "--groups: '0'");
    bench_assert_mistake("step --groups 256", "--groups: '256'");
    bench_assert_mistake("step --groups two", "--groups: 'two'");
    bench_assert_mistake("gemm --m 8 --n 8 --k 8 --groups 2", "unknown option '--groups'");
    bench_assert_mistake("step --groups 2 --per-period",
                         "--per-period is of one pattern a batch; --groups must be 1");
    bench_assert_mistake("step --groups 2 --cost /nonexistent",
                         "--cost is of one pattern a batch; --groups must be 1");
    bench_assert_mistake("step --groups 2 --rate 0",
                         "--groups draws a pattern for each group; --rate 0 has none");
    bench_assert_mistake("step --groups 2 --hidden 16,16 --rate 0,0", "--rate 0 has none");
}

/* A layer at rate 0 beside one with patterns. */
static void leaves_layers_out(void **state)
{
    (void)state;
    cJSON *document = bench_measure(
        "step --in 19 --hidden 31,24 --out 5 --batch 7 --rate 0,0.5 --repeat 1 --groups 2 --verify",
        result_keys, 1);
    assert_true(bench_number(bench_result(document, 0), "max_error") < 1e-3);
    cJSON_Delete(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_steps),     cmocka_unit_test(counts_groups_by_their_samples),
        cmocka_unit_test(prints_text),        cmocka_unit_test(prints_csv),
        cmocka_unit_test(says_how_to_repeat), cmocka_unit_test(refuses_what_has_no_groups),
        cmocka_unit_test(leaves_layers_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
