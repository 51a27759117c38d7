/* SPDX-License-Identifier: Apache-2.0 */
/* ard-bench step --per-period and --cost: what the times of single periods say, and the way of a
 * document back into ard-bench and ard-search, on sizes that take moments. Nothing here looks at
 * speed. */
#include "tools/bench_report.h"
#include "tools/cost_document.h"

#include "support/folder.h"

#include <ard/cost.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIZES "--in 19 --hidden 31,24 --out 5 --batch 7 --device 0:0 "

static test_folder folder;
static char path[TEST_PATH_CAPACITY];

static int setup(void **state)
{
    (void)state;
    folder = test_folder_create();
    test_folder_join(folder.path, "times.json", path);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_folder_destroy(&folder);
    return 0;
}

static const cJSON *get(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    assert_non_null(item);
    return item;
}

/* Measures, keeps the document at `path` too, and returns it; *entry gets its times. */
static cJSON *measure(const char *arguments, const cJSON **entry)
{
    static const char *const keys[] = {"schema", "version",    "devices", "host",
                                       "date",   "per_period", NULL};
    char command[1024];
    snprintf(command, sizeof command, "step " SIZES "--per-period --format json %s", arguments);
    bench_output output = bench_run(command);
    bench_assert_status(&output, 0);
    assert_string_equal(output.err, "");
    test_file_write(path, output.out, strlen(output.out));
    cJSON *document = cJSON_Parse(output.out);
    bench_assert_keys(document, keys);
    assert_int_equal(cJSON_GetArraySize(get(document, "per_period")), 1);
    *entry = cJSON_GetArrayItem(get(document, "per_period"), 0);
    bench_free(&output);
    return document;
}

static void assert_times(const cJSON *object)
{
    assert_true(bench_number(object, "ms_min") > 0);
    assert_true(bench_number(object, "ms_min") <= bench_number(object, "ms"));
    assert_true(bench_number(object, "ms") <= bench_number(object, "ms_max"));
}

/* Whether the list of joint periods has those of an entry of the times. */
static bool has(const cJSON *list, const cJSON *periods)
{
    const cJSON *item = NULL;
    bool found = false;
    cJSON_ArrayForEach(item, list)
    {
        found = found || cJSON_Compare(item, periods, true);
    }
    return found;
}

/* All joint periods 1..`longest` of two layers are there, `fit` is what fitting them gives, and
 * what loses is what takes longer than the first baseline. */
static void assert_entry(const cJSON *entry, uint32_t longest)
{
    enum { MOST = 16 };
    static const char *const time_keys[] = {"periods", "ms", "ms_min", "ms_max", "fitted_ms", NULL};
    static const char *const fit_keys[] = {"constant",  "inverse", "product",
                                           "deviation", "misfit",  NULL};
    const double conventional = bench_number(cJSON_GetArrayItem(get(entry, "baselines"), 0), "ms");
    uint32_t periods[2 * MOST];
    double medians[MOST];
    size_t count = 0;
    int losing = 0;
    const cJSON *item = NULL;
    assert_int_equal(cJSON_GetArraySize(get(entry, "times")), longest * longest);
    cJSON_ArrayForEach(item, get(entry, "times"))
    {
        bench_assert_keys(item, time_keys);
        assert_times(item);
        const cJSON *pair = get(item, "periods");
        assert_int_equal(cJSON_GetArraySize(pair), 2);
        periods[2 * count] = (uint32_t)cJSON_GetArrayItem(pair, 0)->valueint;
        periods[2 * count + 1] = (uint32_t)cJSON_GetArrayItem(pair, 1)->valueint;
        assert_int_equal(periods[2 * count], count % longest + 1);
        assert_int_equal(periods[2 * count + 1], count / longest + 1);
        medians[count++] = bench_number(item, "ms");
        const bool loses = bench_number(item, "ms") > conventional;
        losing += loses ? 1 : 0;
        if (bench_number(item, "ms") != conventional) { /* equal in six digits says nothing */
            assert_int_equal(has(get(entry, "losing"), pair), loses);
        }
    }
    ard_cost_model model;
    assert_success(ard_cost_fit(2, count, periods, medians, conventional, &model));
    const cJSON *fit = get(entry, "fit");
    bench_assert_keys(fit, fit_keys);
    assert_int_equal(cJSON_GetArraySize(get(fit, "inverse")), 2);
    assert_int_equal(cJSON_GetArraySize(get(fit, "product")), 1);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetArrayItem(get(fit, "deviation"), 1)), longest);
    assert_true(fabs(bench_number(fit, "misfit") - model.misfit) <= 1e-3 * (1 + model.misfit));
    for (size_t i = 0; i < count; i++) {
        double fitted = 0;
        assert_success(ard_cost_predict(&model, periods + 2 * i, &fitted));
        item = cJSON_GetArrayItem(get(entry, "times"), (int)i);
        assert_true(fabs(bench_number(item, "fitted_ms") - fitted) <=
                    1e-4 * model.conventional + 1e-4 * fabs(fitted));
    }
}

static void times_rows(void **state)
{
    (void)state;
    static const char *const keys[] = {
        "device",     "case", "model",     "pattern", "engine", "batch", "layers",    "rates",
        "max_period", "unit", "baselines", "times",   "losing", "fit",   "max_error", NULL};
    const cJSON *entry = NULL;
    cJSON *document = measure("--rate 0.5,0.3 --repeat 3 --verify", &entry);
    bench_assert_keys(entry, keys);
    bench_assert_text(entry, "device", "0:0");
    bench_assert_text(entry, "case", "step");
    bench_assert_text(entry, "pattern", "row");
    bench_assert_text(entry, "unit", "ms");
    bench_assert_close(bench_number(entry, "batch"), 7, 0);
    bench_assert_close(bench_number(entry, "max_period"), 3, 0); /* of rate 0.5 */
    assert_true(bench_number(entry, "max_error") < 1e-3);
    assert_int_equal(cJSON_GetArraySize(get(entry, "layers")), 4);
    assert_int_equal(cJSON_GetArraySize(get(entry, "baselines")), 1);
    assert_times(cJSON_GetArrayItem(get(entry, "baselines"), 0));
    assert_entry(entry, 3);
    cJSON_Delete(document);
}

/* A result with distributions from the times at `path`; `arguments` as they were measured with. */
static const cJSON *use_times(const char *arguments, int count, cJSON **document)
{
    char command[2048];
    snprintf(command, sizeof command, "step " SIZES "--repeat 1 --format json --cost '%s' %s", path,
             arguments);
    bench_output output = bench_run(command);
    bench_assert_status(&output, 0);
    bench_assert_quiet(output.err, (size_t)count);
    *document = cJSON_Parse(output.out);
    bench_assert_keys(*document, bench_document_keys);
    assert_int_equal(cJSON_GetArraySize(get(*document, "results")), count);
    bench_free(&output);
    return bench_result(*document, 0);
}

static void goes_round(void **state)
{
    (void)state;
    const cJSON *entry = NULL;
    cJSON *document = NULL;
    cJSON *times = measure("--rate 0.5 --max-period 4 --repeat 1", &entry);
    assert_entry(entry, 4);
    const cJSON *result = use_times("--rate 0.5,0.6 --verify --entropy-share 0.5", 1, &document);
    assert_true(cJSON_HasObjectItem(result, "predicted_speedup"));
    bench_assert_close(bench_number(result, "entropy_share"), 0.5, 0);
    assert_true(bench_number(result, "max_error") < 1e-3);
    cJSON_Delete(document);
    /* ard-search expects the same of the same times. */
    result = use_times("--rate 0.5", 1, &document);
    char command[2048];
    snprintf(command, sizeof command,
             "exec ard-search --rate 0.5 --method cost --format json --cost '%s'", path);
    bench_output output = bench_shell(command);
    bench_assert_status(&output, 0);
    cJSON *found = cJSON_Parse(output.out);
    bench_assert_close(bench_number(found, "entropy_share"), 0.9, 0);
    bench_assert_close(bench_number(found, "conventional_ms"),
                       bench_number(cJSON_GetArrayItem(get(entry, "baselines"), 0), "ms"), 1e-9);
    assert_int_equal(cJSON_GetArraySize(get(found, "layers")), 2);
    if (!cJSON_IsNull(get(result, "predicted_speedup"))) { /* times can follow no model at all */
        bench_assert_close(bench_number(found, "expected_speedup"),
                           bench_number(result, "predicted_speedup"), 1e-5);
        assert_true(bench_number(found, "expected_ms") <=
                    bench_number(found, "exact_ms") * (1 + 1e-9));
    }
    cJSON_Delete(found);
    bench_free(&output);
    cJSON_Delete(document);
    cJSON_Delete(times);
}

static void times_tiles(void **state)
{
    (void)state;
    const char *const tiles = "--rate 0.4 --pattern tile --tile 4 --numbering linear";
    const cJSON *entry = NULL;
    cJSON *document = NULL;
    char arguments[256];
    snprintf(arguments, sizeof arguments, "--repeat 2 %s", tiles);
    cJSON *times = measure(arguments, &entry);
    bench_assert_text(entry, "pattern", "tile");
    bench_assert_text(entry, "numbering", "linear");
    bench_assert_close(bench_number(entry, "tile"), 4, 0);
    assert_int_equal(cJSON_GetArraySize(get(entry, "baselines")), 2);
    bench_assert_text(cJSON_GetArrayItem(get(entry, "baselines"), 1), "baseline", "dropconnect");
    assert_entry(entry, 2);
    const cJSON *result = use_times(tiles, 2, &document);
    const cJSON *second = bench_result(document, 1);
    bench_assert_text(second, "baseline", "dropconnect");
    if (!cJSON_IsNull(get(result, "predicted_speedup"))) {
        const cJSON *baselines = get(entry, "baselines");
        bench_assert_close(bench_number(second, "predicted_speedup") /
                               bench_number(result, "predicted_speedup"),
                           bench_number(cJSON_GetArrayItem(baselines, 1), "ms") /
                               bench_number(cJSON_GetArrayItem(baselines, 0), "ms"),
                           1e-4);
    }
    cJSON_Delete(document);
    cJSON_Delete(times);
}

static void prints_text_and_csv(void **state)
{
    (void)state;
    bench_output text = bench_run("step " SIZES "--rate 0.3 --repeat 1 --per-period");
    bench_assert_status(&text, 0);
    assert_string_equal(text.err, "");
    assert_non_null(strstr(text.out, "step mlp 19-31-24-5, batch 7, rate 0.3, row, periods 1 to 2\n"
                                     "conventional dropout: "));
    assert_non_null(strstr(text.out, "periods   speed-up  compact ms (min to max)"));
    assert_non_null(strstr(text.out, "\n2,1 "));
    assert_non_null(strstr(text.out, "\nfit: "));
    assert_non_null(strstr(text.out, "/(i1 i2) ms, and what a period adds; off by at most "));
    assert_non_null(strstr(text.out, "er than conventional dropout at "));
    assert_int_equal(bench_lines(text.out), 10);
    bench_free(&text);
    bench_output csv = bench_run("step " SIZES "--rate 0.3 --repeat 1 --per-period --format csv");
    bench_assert_status(&csv, 0);
    assert_int_equal(bench_lines(csv.out), 5);
    assert_int_equal(strncmp(csv.out,
                             "device,case,model,pattern,baseline,engine,batch,layers,rates,periods,"
                             "dense_ms,ard_ms,ard_ms_min,ard_ms_max,speedup,fitted_ms\n0:0,step,",
                             134),
                     0);
    assert_non_null(strstr(csv.out, ",19 31 24 5,0.3 0.3,2 1,"));
    bench_free(&csv);
}

static void refuses_contradictions(void **state)
{
    (void)state;
    bench_assert_mistake("step --per-period --cost x", "give one of them");
    bench_assert_mistake("step --entropy-share 0.5", "--entropy-share needs --cost");
    bench_assert_mistake("step --entropy-share 1.5 --cost x", "from 0 to 1");
    bench_assert_mistake("step --per-period --pattern subset",
                         "--per-period needs --pattern row or tile");
    bench_assert_mistake("step --cost x --pattern subset", "--cost needs --pattern row or tile");
    bench_assert_mistake("step --per-period --pattern index",
                         "--per-period needs --pattern row or tile");
    bench_assert_mistake("step --cost x --pattern index", "--cost needs --pattern row or tile");
    bench_assert_mistake("step --per-period --profile", "--profile is of all together");
    bench_assert_mistake("step --per-period --rate 0 --max-period 1",
                         "--per-period needs a --max-period of at least 2");
    bench_assert_mistake("step --per-period --rate 0.99", "rate 0.99 is outside");
    bench_assert_mistake("step --per-period --hidden 8 --max-period 9", "width 8");
    bench_assert_mistake("step --per-period --hidden 64,64 --pattern tile --max-period 4",
                         "which exceeds the 3 that diagonal tiles of edge 32");
    bench_assert_mistake("step --cost x --format csv", "--cost needs --format text or json");
    bench_assert_mistake("step --cost /nonexistent/x", "--cost: cannot read '/nonexistent/x'");
    bench_assert_mistake("gemm --m 8 --n 8 --k 8 --per-period", "unknown option '--per-period'");
    bench_assert_mistake("--per-period", "unknown option '--per-period'");
}

/* Runs "ard-bench step --cost" on a document with a part replaced. */
static void must_refuse_times(const char *from, const char *to, const char *arguments,
                              const char *expected)
{
    char text[COST_DOCUMENT_SIZE];
    char command[1024];
    cost_document(false, text);
    cost_document_replace(text, from, to);
    test_file_write(path, text, strlen(text));
    snprintf(command, sizeof command, "step " SIZES "--cost '%s' %s", path, arguments);
    bench_assert_mistake(command, expected);
}

static void refuses_foreign_times(void **state)
{
    (void)state;
    must_refuse_times("31, 24", "31, 25", "",
                      "are of 19-31-25-5, batch 7, row; this step is 19-31-24-5, batch 7, row\n");
    must_refuse_times("\"batch\": 7", "\"batch\": 8", "", "are of 19-31-24-5, batch 8, row;");
    must_refuse_times("\"version\"", "\"more\"", "--pattern tile --tile 4",
                      "row; this step is 19-31-24-5, batch 7, tile 4 diagonal\n");
    must_refuse_times("\"version\"", "\"more\"", "--rate 0.5,0.7",
                      "rate 0.7 draws periods up to 4, and the times");
    must_refuse_times("}]}\n", "}]\n", "", "it is not JSON");
}

/* The times of another device are used, and it is said. */
static void says_whose_times_these_are(void **state)
{
    (void)state;
    char text[COST_DOCUMENT_SIZE];
    char command[1024];
    cost_document(false, text);
    test_file_write(path, text, strlen(text));
    snprintf(command, sizeof command, "step " SIZES "--rate 0.5 --repeat 1 --cost '%s'", path);
    bench_output output = bench_run(command);
    bench_assert_status(&output, 0);
    assert_non_null(strstr(output.err, "those of another device, a device, and so is"));
    assert_non_null(strstr(output.out, ", entropy share 0.9, predicted 1.9"));
    bench_free(&output);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_rows),
        cmocka_unit_test(goes_round),
        cmocka_unit_test(times_tiles),
        cmocka_unit_test(prints_text_and_csv),
        cmocka_unit_test(refuses_contradictions),
        cmocka_unit_test(refuses_foreign_times),
        cmocka_unit_test(says_whose_times_these_are),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
