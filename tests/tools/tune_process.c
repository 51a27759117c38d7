/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/tune_process.h"

#include <stdio.h>
#include <string.h>

bench_output tune_shell(const char *format, ...)
{
    char command[3072];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    assert_in_range(length, 1, (int)sizeof command - 1);
    return bench_shell(command);
}

void tune_assert_mistake(const char *arguments, const char *expected)
{
    bench_output output = tune_shell("exec ard-tune %s", arguments);
    if (output.status != 2 || output.out[0] != '\0' || bench_lines(output.err) != 1 ||
        strncmp(output.err, "ard-tune: ", 10) != 0 || strstr(output.err, expected) == NULL) {
        fail_msg("ard-tune %s: status %d, output \"%s\", error \"%s\", which should hold \"%s\"",
                 arguments, output.status, output.out, output.err, expected);
    }
    bench_free(&output);
}

cJSON *tune_json(const char *arguments)
{
    bench_output output = tune_shell("exec ard-tune --format json %s", arguments);
    bench_assert_status(&output, 0);
    assert_string_equal(output.err, "");
    cJSON *document = cJSON_Parse(output.out);
    assert_non_null(document);
    bench_free(&output);
    return document;
}

double tune_number(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    if (!cJSON_IsNumber(item)) {
        fail_msg("key \"%s\" is no number", key);
    }
    return item->valuedouble;
}
