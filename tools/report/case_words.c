/* SPDX-License-Identifier: Apache-2.0 */
#include "report/case_words.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void
add(char text[CASE_WORDS], const char *format, ...)
{
    const size_t length = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text + length, CASE_WORDS - length, format, arguments);
    va_end(arguments);
}

static bool is_lstm(const report_result *result)
{
    return strcmp(result->model, "lstm") == 0;
}

static bool is_gemm(const report_result *result)
{
    return strcmp(result->kind, "gemm") == 0;
}

void case_device(const report_data *data, size_t device, char text[CASE_WORDS])
{
    const report_device *own = &data->devices[device];
    bool same_name = false;
    bool same_id = false;
    for (size_t i = 0; i < data->device_count; i++) {
        const bool same = i != device && strcmp(data->devices[i].name, own->name) == 0;
        same_name = same_name || same;
        same_id = same_id || (same && strcmp(data->devices[i].id, own->id) == 0);
    }
    text[0] = '\0';
    add(text, "%.100s", own->name);
    if (same_name && own->id[0] != '\0') {
        add(text, " (%.12s)", own->id);
    }
    if (same_id) {
        add(text, ", entry %zu", device + 1);
    }
}

static void add_widths(const report_numbers *layers, char text[CASE_WORDS])
{
    for (size_t i = 0; i < layers->count; i++) {
        add(text, "%s%.6g", i > 0 ? "-" : "", layers->values[i]);
    }
}

static void add_number(char text[CASE_WORDS], const char *before, double value, const char *after)
{
    if (isfinite(value)) {
        add(text, "%s%.6g%s", before, value, after);
    }
}

/* What a language model has besides its widths. */
static void add_window(const report_result *result, char text[CASE_WORDS])
{
    add_number(text, ", ", result->steps, " steps");
    if (result->placement[0] != '\0') {
        add(text, ", dropped: %.20s%s%s", result->placement, result->fresh ? ", fresh" : "",
            result->tied ? ", tied" : "");
    }
}

void case_network(const report_result *result, char text[CASE_WORDS])
{
    text[0] = '\0';
    add(text, "%s", is_gemm(result) ? "product " : is_lstm(result) ? "LSTM " : "");
    add_widths(&result->layers, text);
    add_number(text, ", batch ", result->batch, "");
    add_window(result, text);
}

void case_family(const report_result *result, char text[CASE_WORDS])
{
    const size_t layers = result->layers.count;
    text[0] = '\0';
    if (is_gemm(result)) {
        add(text, "products");
    } else if (is_lstm(result)) {
        add(text, "LSTM of %zu layers", layers > 2 ? layers - 2 : layers);
    } else {
        add(text, "%.6g-(%zu hidden layers)-%.6g", result->layers.values[0],
            layers > 2 ? layers - 2 : 0, result->layers.values[layers - 1]);
    }
    add_number(text, ", batch ", result->batch, "");
    add_window(result, text);
}

void case_pattern(const report_result *result, char text[CASE_WORDS])
{
    text[0] = '\0';
    add(text, "%.40s", result->pattern);
    add_number(text, " ", result->tile, "");
    add(text, "%s%.20s", result->numbering[0] != '\0' ? " " : "", result->numbering);
    add_number(text, ", period ", result->period, "");
    add_number(text, ", offset ", result->offset, "");
    add_number(text, ", periods to ", result->max_period, "");
    add_number(text, ", ", result->groups, " groups");
    add_number(text, ", entropy share ", result->entropy_share, "");
}

void case_rates(const report_result *result, char text[CASE_WORDS])
{
    bool equal = true;
    text[0] = '\0';
    for (size_t i = 1; i < result->rates.count; i++) {
        equal = equal && result->rates.values[i] == result->rates.values[0];
    }
    for (size_t i = 0; i < (equal ? 1 : result->rates.count); i++) {
        add(text, "%s%.4g", i > 0 ? ", " : "", result->rates.values[i]);
    }
}

double case_mean_rate(const report_result *result)
{
    double sum = 0;
    for (size_t i = 0; i < result->rates.count; i++) {
        sum += result->rates.values[i];
    }
    /* Rounded, so that equal rates that are no binary fractions stay what they are. */
    return round(sum / (double)result->rates.count * 1e9) / 1e9;
}

double case_width(const report_result *result)
{
    const bool all = is_gemm(result) || result->layers.count < 3;
    const size_t first = all ? 0 : 1;
    const size_t end = all ? result->layers.count : result->layers.count - 1;
    double sum = 0;
    for (size_t i = first; i < end; i++) {
        sum += log(result->layers.values[i]);
    }
    return round(exp(sum / (double)(end - first)) * 10) / 10;
}

bool case_engines_differ(const report_data *data)
{
    for (size_t i = 1; i < data->result_count; i++) {
        if (strcmp(data->results[i].engine, data->results[0].engine) != 0) {
            return true;
        }
    }
    return false;
}
