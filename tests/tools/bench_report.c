/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/bench_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const bench_document_keys[] = {"schema", "version", "devices", "host",
                                           "date",   "results", NULL};

void bench_assert_quiet(const char *err, size_t most)
{
    size_t repeats = 0;
    for (const char *at = err; (at = strstr(at, "repeat with: ard-bench")) != NULL; at++) {
        repeats++;
    }
    if (bench_lines(err) > most || repeats != bench_lines(err) || strchr(err, '\r') != NULL) {
        fail_msg("on the error stream: %s", err);
    }
}

double bench_number(const cJSON *result, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(result, key);
    assert_true(cJSON_IsNumber(item));
    return item->valuedouble;
}

void bench_assert_text(const cJSON *result, const char *key, const char *expected)
{
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(result, key)), expected);
}

void bench_assert_close(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want))) {
        fail_msg("%.9g is not %.9g", got, want);
    }
}

/* A key stands in a result if it should, and is gone then. */
static void take_key(cJSON *result, const char *key, bool expected)
{
    if (cJSON_HasObjectItem(result, key) != (cJSON_bool)expected) {
        fail_msg("key \"%s\" is %s", key, expected ? "missing" : "there");
    }
    cJSON_DeleteItemFromObject(result, key);
}

/* The keys that repeat a case, which depend on its options, beside `keys`. */
static void assert_keys(const cJSON *result, const char *const *keys)
{
    cJSON *rest = cJSON_Duplicate(result, true);
    const char *command = cJSON_GetStringValue(cJSON_GetObjectItem(result, "command"));
    assert_non_null(command);
    take_key(rest, "scale", strstr(command, "ard-bench step ") == command);
    take_key(rest, "max_period", strstr(command, " --max-period ") != NULL);
    take_key(rest, "period", strstr(command, " --period ") != NULL);
    take_key(rest, "offset", strstr(command, " --offset ") != NULL);
    take_key(rest, "verified", strstr(command, " --verify") != NULL);
    take_key(rest, "repeat", true);
    take_key(rest, "seed", true);
    take_key(rest, "command", true);
    bench_assert_keys(rest, keys);
    cJSON_Delete(rest);
}

/* What holds of every result. */
static void assert_consistent(const cJSON *result, const char *const *keys)
{
    assert_keys(result, keys);
    bench_assert_text(result, "device", "0:0");
    bench_assert_text(result, "engine", "packed");
    assert_true(bench_number(result, "dense_ms_min") > 0);
    assert_true(bench_number(result, "dense_ms_min") <= bench_number(result, "dense_ms"));
    assert_true(bench_number(result, "dense_ms") <= bench_number(result, "dense_ms_max"));
    assert_true(bench_number(result, "ard_ms_min") > 0);
    assert_true(bench_number(result, "ard_ms_min") <= bench_number(result, "ard_ms"));
    assert_true(bench_number(result, "ard_ms") <= bench_number(result, "ard_ms_max"));
    bench_assert_close(bench_number(result, "speedup"),
                       bench_number(result, "dense_ms") / bench_number(result, "ard_ms"), 1e-4);
    bench_assert_close(bench_number(result, "efficiency"),
                       bench_number(result, "speedup") / bench_number(result, "flop_limit"), 1e-4);
}

const cJSON *bench_result(const cJSON *document, int index)
{
    return cJSON_GetArrayItem(cJSON_GetObjectItem(document, "results"), index);
}

cJSON *bench_measure(const char *arguments, const char *const *result_keys, int count)
{
    char command[512];
    snprintf(command, sizeof command, "%s --device 0:0 --format json", arguments);
    bench_output output = bench_run(command);
    bench_assert_status(&output, 0);
    bench_assert_quiet(output.err, (size_t)count);
    cJSON *document = cJSON_Parse(output.out);
    bench_assert_keys(document, bench_document_keys);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(document, "results")), count);
    for (int i = 0; i < count; i++) {
        assert_consistent(bench_result(document, i), result_keys);
    }
    bench_free(&output);
    return document;
}
