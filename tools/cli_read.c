/* SPDX-License-Identifier: Apache-2.0 */
/* Strict reading of values into the targets of a table. */
#include "cli_internal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

bool cli_read_u64(const char *text, uint64_t *value)
{
    uint64_t read = 0;
    if (text[0] == '\0') {
        return false;
    }
    for (const char *c = text; *c != '\0'; c++) {
        const unsigned digit = (unsigned)(*c - '0');
        if (*c < '0' || *c > '9' || read > (UINT64_MAX - digit) / 10) {
            return false;
        }
        read = read * 10 + digit;
    }
    *value = read;
    return true;
}

/* strtod alone would take blanks, hexadecimal, "nan" and "infinity" too. */
bool cli_read_double(const char *text, double *value)
{
    if (text[0] == '\0' || strspn(text, "0123456789+-.eE") != strlen(text)) {
        return false;
    }
    char *end = NULL;
    const double read = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(read)) {
        return false;
    }
    *value = read;
    return true;
}

uint64_t cli__type_maximum(cli_type type)
{
    switch (type) {
    case CLI_INT:
        return INT_MAX;
    case CLI_U32:
        return UINT32_MAX;
    case CLI_SIZE:
    case CLI_SIZE_LIST:
        return SIZE_MAX;
    default:
        return UINT64_MAX;
    }
}

cli__range cli__range_of(const cli_option *option)
{
    const bool bounded = option->minimum != 0.0 || option->maximum != 0.0;
    const bool real = option->type == CLI_DOUBLE || option->type == CLI_DOUBLE_LIST;
    const bool is_signed = real || option->type == CLI_INT;
    cli__range range = {.minimum = real        ? -HUGE_VAL
                                   : is_signed ? INT_MIN
                                               : 0,
                        .maximum = real ? HUGE_VAL : (double)cli__type_maximum(option->type),
                        .has_minimum = !is_signed};
    if (bounded && option->minimum > range.minimum) {
        range.minimum = option->minimum;
        range.has_minimum = true;
    }
    if (bounded && option->maximum < range.maximum) {
        range.maximum = option->maximum;
        range.has_maximum = true;
    }
    return range;
}

static bool in_range(const cli_option *option, double value)
{
    const cli__range range = cli__range_of(option);
    const bool above_minimum =
        (option->flags & CLI_ABOVE_MINIMUM) != 0 ? value > range.minimum : value >= range.minimum;
    const bool below_maximum =
        (option->flags & CLI_BELOW_MAXIMUM) != 0 ? value < range.maximum : value <= range.maximum;
    return above_minimum && below_maximum;
}

static bool read_integer(const cli_option *option, const char *text, uint64_t *value)
{
    return cli_read_u64(text, value) && *value <= cli__type_maximum(option->type) &&
           in_range(option, (double)*value);
}

static bool read_int(const cli_option *option, const char *text, int *value)
{
    const bool negative = text[0] == '-';
    uint64_t magnitude = 0;
    if (!cli_read_u64(text + (negative ? 1 : 0), &magnitude) || magnitude > INT_MAX) {
        return false;
    }
    const int read = negative ? -(int)magnitude : (int)magnitude;
    if (!in_range(option, read)) {
        return false;
    }
    *value = read;
    return true;
}

static bool read_real(const cli_option *option, const char *text, double *value)
{
    if ((option->flags & CLI_ALLOW_NONFINITE) != 0) {
        const struct {
            const char *text;
            double value;
        } words[] = {{"nan", (double)NAN}, {"inf", HUGE_VAL}, {"-inf", -HUGE_VAL}};
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            if (strcmp(text, words[i].text) == 0) {
                *value = words[i].value;
                return true;
            }
        }
    }
    double read = 0.0;
    if (!cli_read_double(text, &read) || !in_range(option, read)) {
        return false;
    }
    *value = read;
    return true;
}

/* Reads one element of a list into place `index`. */
static bool read_element(const cli_option *option, const char *text, void *list, size_t index)
{
    if (option->type == CLI_DOUBLE_LIST) {
        return read_real(option, text, &((cli_double_list *)list)->values[index]);
    }
    uint64_t value = 0;
    if (!read_integer(option, text, &value)) {
        return false;
    }
    ((cli_size_list *)list)->values[index] = (size_t)value;
    return true;
}

/* Splits at commas; an empty element is a mistake as any other. */
static bool read_list(const cli_option *option, const char *text, void *list, size_t *count)
{
    const char *start = text;
    for (*count = 0; *count < CLI_MAX_LIST; start++) {
        char element[64];
        const size_t length = strcspn(start, ",");
        if (length >= sizeof element) {
            return false;
        }
        memcpy(element, start, length);
        element[length] = '\0';
        if (!read_element(option, element, list, *count)) {
            return false;
        }
        ++*count;
        start += length;
        if (*start == '\0') {
            return true;
        }
    }
    return false;
}

static bool store_list(const cli_option *option, const char *text)
{
    if (option->type == CLI_DOUBLE_LIST) {
        cli_double_list list = {0};
        if (!read_list(option, text, &list, &list.count)) {
            return false;
        }
        *(cli_double_list *)option->target = list;
        return true;
    }
    cli_size_list list = {0};
    if (!read_list(option, text, &list, &list.count)) {
        return false;
    }
    *(cli_size_list *)option->target = list;
    return true;
}

static bool store_enum(const cli_option *option, const char *text)
{
    for (int i = 0; option->names[i] != NULL; i++) {
        if (strcmp(option->names[i], text) == 0) {
            *(int *)option->target = i;
            return true;
        }
    }
    return false;
}

static bool store_integer(const cli_option *option, const char *text)
{
    uint64_t value = 0;
    if (!read_integer(option, text, &value)) {
        return false;
    }
    switch (option->type) {
    case CLI_U32:
        *(uint32_t *)option->target = (uint32_t)value;
        break;
    case CLI_SIZE:
        *(size_t *)option->target = (size_t)value;
        break;
    default:
        *(uint64_t *)option->target = value;
        break;
    }
    return true;
}

static bool store(const cli_option *option, const char *text)
{
    switch (option->type) {
    case CLI_FLAG:
        *(bool *)option->target = true;
        return true;
    case CLI_STRING:
        *(const char **)option->target = text;
        return true;
    case CLI_ENUM:
        return store_enum(option, text);
    case CLI_INT:
        return read_int(option, text, option->target);
    case CLI_DOUBLE:
        return read_real(option, text, option->target);
    case CLI_SIZE_LIST:
    case CLI_DOUBLE_LIST:
        return store_list(option, text);
    case CLI_U32:
    case CLI_U64:
    case CLI_SIZE:
        return store_integer(option, text);
    }
    return false;
}

bool cli_store(const cli_option *option, const char *text, char expected[CLI_EXPECTED_CAPACITY])
{
    if (store(option, text)) {
        return true;
    }
    cli__describe(option, text, expected);
    return false;
}
