/* SPDX-License-Identifier: Apache-2.0 */
/* ard-bench's measurements of the language model's steps, on sizes that take moments, and the
 * options that belong to it. Nothing here looks at speed. */
#include "tools/bench_report.h"

#include <stdio.h>
#include <string.h>

#define STEP                                                                                       \
    "step --model lstm --layers 2 --hidden 13 --embed 11 --vocab 29 --steps 5 --batch 3 "          \
    "--repeat 2 "
#define EVEN                                                                                       \
    "step --model lstm --layers 2 --hidden 16 --vocab 40 --steps 4 --batch 3 --repeat 1 "          \
    "--pattern index --rate 0.5 "

#define KEYS                                                                                       \
    "device", "case", "model", "pattern", "baseline", "engine", "batch", "layers", "rates",        \
        "dense_ms", "dense_ms_min", "dense_ms_max", "ard_ms", "ard_ms_min", "ard_ms_max",          \
        "speedup", "flop_limit", "efficiency", "max_error", "hidden", "embed", "vocab", "steps",   \
        "placement", "fresh", "tied"

static const char *const result_keys[] = {KEYS, NULL};
static const char *const tile_keys[] = {KEYS, "tile", "numbering", NULL};
static const char *const memory_keys[] = {KEYS, "memory", "profile", NULL};

static void measures_the_model(void **state)
{
    (void)state;
    cJSON *document = bench_measure(STEP "--verify", result_keys, 1);
    const cJSON *result = bench_result(document, 0);
    bench_assert_text(result, "case", "step");
    bench_assert_text(result, "model", "lstm");
    bench_assert_text(result, "pattern", "row");
    bench_assert_text(result, "baseline", "bernoulli");
    bench_assert_text(result, "placement", "between");
    static const struct {
        const char *key;
        double value;
    } numbers[] = {{"batch", 3}, {"hidden", 13}, {"embed", 11}, {"vocab", 29}, {"steps", 5}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        bench_assert_close(bench_number(result, numbers[i].key), numbers[i].value, 0);
    }
    assert_true(cJSON_IsFalse(cJSON_GetObjectItem(result, "fresh")));
    assert_true(cJSON_IsFalse(cJSON_GetObjectItem(result, "tied")));
    static const int widths[] = {11, 13, 13, 29};
    const cJSON *layers = cJSON_GetObjectItem(result, "layers");
    assert_int_equal(cJSON_GetArraySize(layers), 4);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(cJSON_GetArrayItem(layers, i)->valueint, widths[i]);
    }
    const cJSON *rates = cJSON_GetObjectItem(result, "rates");
    assert_int_equal(cJSON_GetArraySize(rates), 1);
    bench_assert_close(cJSON_GetArrayItem(rates, 0)->valuedouble, 0.5, 0);
    cJSON_Delete(document);
}

/* Against double precision each placement with two patterns, and each pattern with two placements;
 * the library's own tests have all pairs. */
static void verifies_what_it_measures(void **state)
{
    (void)state;
    static const char *const placements[] = {
        "--placement between", "--placement recurrent", "--placement both --rate 0.3,0.6",
        "--placement recurrent --fresh", "--placement both --fresh --rate 0.3"};
    static const char *const patterns[] = {"row", "subset", "index", "row --scale period",
                                           "row --max-period 7"};
    for (size_t i = 0; i < 10; i++) {
        char arguments[512];
        snprintf(arguments, sizeof arguments, "%s --verify %s --pattern %s", STEP,
                 placements[i % 5], patterns[(i + i / 5) % 5]);
        cJSON *document = bench_measure(arguments, result_keys, 1);
        const cJSON *result = bench_result(document, 0);
        assert_true(bench_number(result, "flop_limit") > 1);
        assert_true(bench_number(result, "flop_limit") < 3);
        assert_true(bench_number(result, "max_error") >= 0);
        assert_true(bench_number(result, "max_error") < 1e-2);
        cJSON_Delete(document);
    }
}

static void verifies_tiles(void **state)
{
    (void)state;
    static const char *const variants[] = {"", "--placement recurrent", "--placement both",
                                           "--scale period --numbering linear"};
    for (size_t i = 0; i < 4; i++) {
        char arguments[512];
        snprintf(arguments, sizeof arguments, "%s --verify --pattern tile --tile 4 %s", STEP,
                 variants[i]);
        cJSON *document = bench_measure(arguments, tile_keys, 2);
        bench_assert_text(bench_result(document, 0), "baseline", "bernoulli");
        bench_assert_text(bench_result(document, 1), "baseline", "dropconnect");
        for (int j = 0; j < 2; j++) {
            const cJSON *result = bench_result(document, j);
            assert_true(bench_number(result, "max_error") >= 0);
            assert_true(bench_number(result, "max_error") < 1e-2);
        }
        cJSON_Delete(document);
    }
}

static void verifies_tied_models(void **state)
{
    (void)state;
    static const char *const variants[] = {
        "", "--pattern subset --placement both", "--pattern index --placement both --fresh",
        "--pattern tile --tile 4 --placement recurrent", "--layers 1 --rate 0.7"};
    for (size_t i = 0; i < 5; i++) {
        char arguments[512];
        snprintf(arguments, sizeof arguments, "%s --verify --tied --embed 13 %s", STEP,
                 variants[i]);
        const bool tiles = i == 3;
        cJSON *document = bench_measure(arguments, tiles ? tile_keys : result_keys, tiles ? 2 : 1);
        const cJSON *result = bench_result(document, 0);
        assert_true(cJSON_IsTrue(cJSON_GetObjectItem(result, "tied")));
        assert_true(bench_number(result, "max_error") < 1e-2);
        cJSON_Delete(document);
    }
}

/* Half of even widths is kept exactly, so the limits are those of ard/lstm.h. */
static void limits_by_what_is_kept(void **state)
{
    (void)state;
    static const struct {
        const char *arguments;
        double limit;
    } cases[] = {
        {EVEN "--placement between", (256.0 + 40) / (128 + 0.5 * (128 + 40))},
        {EVEN "--placement recurrent", (256.0 + 40) / (128 + 40 + 0.5 * 128)},
        {EVEN "--placement both", 2},
        {EVEN "--placement both --rate 0.5,0", (256.0 + 40) / (128 + 0.5 * (128 + 40))},
        {EVEN "--placement both --rate 0", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cJSON *document = bench_measure(cases[i].arguments, result_keys, 1);
        bench_assert_close(bench_number(bench_result(document, 0), "flop_limit"), cases[i].limit,
                           1e-5);
        cJSON_Delete(document);
    }
}

/* Rates of the two places, and only of those that drop. */
static void reports_rates(void **state)
{
    (void)state;
    cJSON *document = bench_measure(STEP "--placement both --rate 0.25,0.4", result_keys, 1);
    const cJSON *rates = cJSON_GetObjectItem(bench_result(document, 0), "rates");
    assert_int_equal(cJSON_GetArraySize(rates), 2);
    bench_assert_close(cJSON_GetArrayItem(rates, 0)->valuedouble, 0.25, 0);
    bench_assert_close(cJSON_GetArrayItem(rates, 1)->valuedouble, 0.4, 0);
    cJSON_Delete(document);
    document = bench_measure(STEP "--placement recurrent --rate 0.4", result_keys, 1);
    rates = cJSON_GetObjectItem(bench_result(document, 0), "rates");
    assert_int_equal(cJSON_GetArraySize(rates), 1);
    bench_assert_close(cJSON_GetArrayItem(rates, 0)->valuedouble, 0.4, 0);
    cJSON_Delete(document);
}

static void profiles_and_counts_memory(void **state)
{
    (void)state;
    cJSON *document = bench_measure(STEP "--profile --memory", memory_keys, 1);
    const cJSON *result = bench_result(document, 0);
    const cJSON *memory = cJSON_GetObjectItem(result, "memory");
    assert_true(bench_number(memory, "dense_bytes") > 0);
    assert_true(bench_number(memory, "ard_bytes") > 0);
    const cJSON *profile = cJSON_GetObjectItem(result, "profile");
    assert_true(bench_number(cJSON_GetObjectItem(profile, "ard"), "launches") > 0);
    cJSON_Delete(document);
}

static void prints_text(void **state)
{
    (void)state;
    bench_output output = bench_run(STEP "--placement both --fresh --rate 0.5,0.3 --device 0:0");
    bench_assert_status(&output, 0);
    bench_assert_quiet(output.err, 1);
    assert_int_equal(bench_lines(output.out), 3);
    assert_non_null(strstr(output.out,
                           "step lstm 2x13, embed 11, vocab 29, batch 3 x 5 steps, rate 0.5,0.3, "
                           "row, both, fresh\n"));
    bench_free(&output);
    output = bench_run(STEP "--hidden 17 --embed 17 --tied --device 0:0");
    bench_assert_status(&output, 0);
    assert_non_null(strstr(output.out, "step lstm 2x17, embed 17, vocab 29, batch 3 x 5 steps, "
                                       "rate 0.5, row, between, tied\n"));
    bench_free(&output);
}

static void prints_csv(void **state)
{
    (void)state;
    bench_output output = bench_run(STEP "--placement both --device 0:0 --format csv");
    bench_assert_status(&output, 0);
    const size_t length = strlen(BENCH_COLUMNS) - 1;
    assert_int_equal(strncmp(output.out, BENCH_COLUMNS, length), 0);
    const char *more = ",steps,placement,fresh,tied\n0:0,step,lstm,row,bernoulli,packed,3,"
                       "11 13 13 29,0.5 0.5,";
    assert_int_equal(strncmp(output.out + length, more, strlen(more)), 0);
    assert_int_equal(bench_lines(output.out), 2);
    const char *end = ",,5,both,false,false\n";
    assert_string_equal(output.out + strlen(output.out) - strlen(end), end);
    bench_free(&output);
}

/* Too much for any memory: the line that says how to repeat it is all there. */
static void says_how_to_repeat(void **state)
{
    (void)state;
    bench_output output = bench_shell(
        "ASAN_OPTIONS=allocator_may_return_null=1; export ASAN_OPTIONS; "
        "exec ard-bench step --model lstm --hidden 16777216 --vocab 16777216 --placement both "
        "--rate 0.5,0.25 --fresh --steps 3 --tied --device 0:0");
    bench_assert_status(&output, 1);
    assert_non_null(strstr(
        output.err,
        "repeat with: ard-bench step --model lstm --layers 2 --hidden 16777216 --embed 16777216 "
        "--vocab 16777216 --steps 3 --batch 20 --placement both --fresh --tied --rate 0.5,0.25 "
        "--pattern row --scale rate --device 0:0 --repeat 5 --seed 1\n"));
    bench_free(&output);
}

static void refuses_options_of_another_model(void **state)
{
    (void)state;
    static const char *const of_mlp[] = {"in 5",   "out 5",   "groups 2",         "per-period",
                                         "cost x", "cblas x", "entropy-share 0.5"};
    static const char *const of_lstm[] = {"layers 2", "embed 5",           "vocab 9", "steps 3",
                                          "fresh",    "placement between", "tied"};
    for (size_t i = 0; i < 7; i++) {
        char arguments[128];
        char expected[128];
        snprintf(arguments, sizeof arguments, "step --model lstm --%s", of_mlp[i]);
        snprintf(expected, sizeof expected, "--%.*s needs --model mlp\n",
                 (int)strcspn(of_mlp[i], " "), of_mlp[i]);
        bench_assert_mistake(arguments, expected);
        snprintf(arguments, sizeof arguments, "step --%s", of_lstm[i]);
        snprintf(expected, sizeof expected, "--%.*s needs --model lstm\n",
                 (int)strcspn(of_lstm[i], " "), of_lstm[i]);
        bench_assert_mistake(arguments, expected);
    }
    bench_assert_mistake("gemm --m 8 --n 8 --k 8 --layers 2", "unknown option '--layers'");
}

static void refuses_bad_sizes(void **state)
{
    (void)state;
#define LSTM "step --model lstm "
    bench_assert_mistake(LSTM "--hidden 16,16",
                         "--hidden gives 2 widths; with --model lstm all --layers have one\n");
    bench_assert_mistake(LSTM "--hidden 0", "--hidden: '0'");
    bench_assert_mistake(LSTM "--layers 0", "--layers: '0'");
    bench_assert_mistake(LSTM "--layers 17", "--layers: '17'");
    bench_assert_mistake(LSTM "--embed 0", "--embed: '0'");
    bench_assert_mistake(LSTM "--vocab 0", "--vocab: '0'");
    bench_assert_mistake(LSTM "--steps 0", "--steps: '0'");
    bench_assert_mistake(LSTM "--batch 0", "--batch: '0'");
    bench_assert_mistake(LSTM "--placement within", "'within' is not between, recurrent or both");
    bench_assert_mistake(LSTM "--rate 0.5,0.3",
                         "--rate gives 2 rates; with --model lstm give one, or with --placement "
                         "both two\n");
    bench_assert_mistake(LSTM "--placement both --rate 0.5,0.3,0.2", "--rate gives 3 rates");
    bench_assert_mistake(LSTM "--hidden 2", "period 3 is larger than the width 2");
    bench_assert_mistake(LSTM "--embed 2", "period 3 is larger than the width 2");
    bench_assert_mistake(LSTM "--rate 0.9 --max-period 4", "0.75");
}

static void refuses_what_does_not_go_together(void **state)
{
    (void)state;
    bench_assert_mistake(LSTM "--tied --embed 64",
                         "--tied needs --embed 650, the width of the layers, not 64\n");
    bench_assert_mistake(LSTM "--tied --pattern tile",
                         "--tied needs --pattern row, subset or index, or --placement recurrent\n");
    bench_assert_mistake(LSTM "--fresh", "--fresh needs --placement recurrent or both\n");
    bench_assert_mistake(LSTM "--fresh --placement both --pattern tile",
                         "--fresh needs --pattern row, subset or index\n");
    bench_assert_mistake(LSTM "--fresh --placement both --steps 256",
                         "--fresh allows at most 255 --steps, not 256\n");
    bench_assert_mistake(LSTM "--profile --format csv", "--profile needs --format text or json");
    bench_assert_mistake(LSTM "--memory --format csv", "--memory needs --format text or json");
    bench_assert_mistake(LSTM "--hidden 8 --vocab 16 --pattern tile --rate 0.7",
                         "tiles of edge 32 in [8 x 32] weights allow");
#undef LSTM
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_the_model),
        cmocka_unit_test(verifies_what_it_measures),
        cmocka_unit_test(verifies_tiles),
        cmocka_unit_test(verifies_tied_models),
        cmocka_unit_test(limits_by_what_is_kept),
        cmocka_unit_test(reports_rates),
        cmocka_unit_test(profiles_and_counts_memory),
        cmocka_unit_test(prints_text),
        cmocka_unit_test(prints_csv),
        cmocka_unit_test(says_how_to_repeat),
        cmocka_unit_test(refuses_options_of_another_model),
        cmocka_unit_test(refuses_bad_sizes),
        cmocka_unit_test(refuses_what_does_not_go_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
