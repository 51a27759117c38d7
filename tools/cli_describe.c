/* SPDX-License-Identifier: Apache-2.0 */
/* What an option accepts, in words, and the nearest known word. */
#include "cli_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Appends printf-style; what does not fit is cut. */
CLI_PRINTF static void append(char text[CLI_EXPECTED_CAPACITY], const char *format, ...)
{
    const size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text + used, CLI_EXPECTED_CAPACITY - used, format, arguments);
    va_end(arguments);
}

static void describe_names(const cli_option *option, char expected[CLI_EXPECTED_CAPACITY])
{
    for (size_t i = 0; option->names[i] != NULL; i++) {
        const bool last = option->names[i + 1] == NULL;
        append(expected, "%s%s", i == 0 ? "" : last ? " or " : ", ", option->names[i]);
    }
}

static void describe_range(const cli_option *option, char expected[CLI_EXPECTED_CAPACITY])
{
    const cli__range range = cli__range_of(option);
    const bool above = (option->flags & CLI_ABOVE_MINIMUM) != 0;
    const bool below = (option->flags & CLI_BELOW_MAXIMUM) != 0;
    if (range.has_minimum && range.has_maximum && !above && !below) {
        append(expected, " from %.15g to %.15g", range.minimum, range.maximum);
        return;
    }
    if (range.has_minimum) {
        append(expected, above ? " above %.15g" : " of at least %.15g", range.minimum);
    }
    if (range.has_maximum) {
        append(expected, range.has_minimum ? " and" : "");
        append(expected, below ? " below %.15g" : " at most %.15g", range.maximum);
    }
}

/* Whether the text, or an element of a list, is a whole number that no integer type holds or this
 * one does not. */
static bool overflows(const cli_option *option, const char *text)
{
    const size_t digits = strspn(text, "0123456789,");
    uint64_t value = 0;
    return digits == strlen(text) && digits >= 10 &&
           (!cli_read_u64(text, &value) || value > cli__type_maximum(option->type));
}

void cli__describe(const cli_option *option, const char *text, char expected[CLI_EXPECTED_CAPACITY])
{
    expected[0] = '\0';
    const bool list = option->type == CLI_SIZE_LIST || option->type == CLI_DOUBLE_LIST;
    switch (option->type) {
    case CLI_ENUM:
        describe_names(option, expected);
        return;
    case CLI_DOUBLE:
    case CLI_DOUBLE_LIST:
        append(expected, list ? "1 to %d numbers separated by commas, each" : "a number",
               CLI_MAX_LIST);
        describe_range(option, expected);
        return;
    default:
        append(expected,
               list ? "1 to %d whole numbers separated by commas, each" : "a whole number",
               CLI_MAX_LIST);
        describe_range(option, expected);
        if (!cli__range_of(option).has_maximum && overflows(option, text)) {
            append(expected, ", at most %" PRIu64, cli__type_maximum(option->type));
        }
        return;
    }
}

/* Levenshtein's distance: how many letters to insert, delete or replace. Long words count as far.
 */
static size_t edit_distance(const char *a, const char *b)
{
    enum { LONGEST = 63 };
    size_t row[LONGEST + 1];
    const size_t length_a = strlen(a);
    const size_t length_b = strlen(b);
    if (length_a > LONGEST || length_b > LONGEST) {
        return SIZE_MAX;
    }
    for (size_t j = 0; j <= length_b; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= length_a; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= length_b; j++) {
            const size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            const size_t moved = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = replaced < moved ? replaced : moved;
        }
    }
    return row[length_b];
}

const char *cli_nearest(const char *text, const char *const *words)
{
    const size_t length = strlen(text);
    const char *nearest = NULL;
    size_t least = length <= 3 ? 2 : length / 3 + 1;
    for (size_t i = 0; length > 1 && words[i] != NULL; i++) {
        /* The beginning of a word is near to it, however much is missing. */
        const bool begins = length >= 3 && strncmp(text, words[i], length) == 0;
        const size_t distance = begins ? 1 : edit_distance(text, words[i]);
        if (distance < least) {
            least = distance;
            nearest = words[i];
        }
    }
    return nearest;
}
