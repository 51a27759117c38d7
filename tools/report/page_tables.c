/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of devices, results, profiles and joint periods. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/case_words.h"
#include "report/page.h"

static void dates_cell(text_buffer *buffer, const report_device *device)
{
    char dates[2 * 40 + 8];
    const bool one = strcmp(device->first_date, device->last_date) == 0;
    snprintf(dates, sizeof dates, "%.40s%s%.40s", device->first_date, one ? "" : " to ",
             one ? "" : device->last_date);
    page_cell(buffer, dates);
}

void page_devices(text_buffer *buffer, const report_data *data)
{
    page_begin_table(buffer, "Devices",
                     "Name|Id|Platform|Driver|Type|>Compute units|libard|Date|Environment");
    for (size_t i = 0; i < data->device_count; i++) {
        const report_device *device = &data->devices[i];
        char name[CASE_WORDS];
        case_device(data, i, name);
        page_head_cell(buffer, name);
        page_cell(buffer, device->id);
        page_cell(buffer, device->platform);
        page_cell(buffer, device->driver);
        page_cell(buffer, device->type);
        page_number(buffer, device->compute_units);
        page_cell(buffer, device->version);
        dates_cell(buffer, device);
        page_cell(buffer, device->environment);
        text_add(buffer, "</tr>\n");
    }
    page_end_table(buffer);
}

/* Columns that most documents have nothing for. */
typedef struct extra_columns {
    bool predicted, error;
} extra_columns;

static extra_columns find_extra_columns(const report_data *data)
{
    extra_columns extra = {false, false};
    for (size_t i = 0; i < data->result_count; i++) {
        extra.predicted = extra.predicted || isfinite(data->results[i].predicted);
        extra.error = extra.error || isfinite(data->results[i].max_error);
    }
    return extra;
}

static void result_row(text_buffer *buffer, const report_result *result, extra_columns extra)
{
    char words[CASE_WORDS];
    case_network(result, words);
    page_head_cell(buffer, words);
    page_cell(buffer, result->kind);
    case_rates(result, words);
    page_cell(buffer, words);
    case_pattern(result, words);
    page_cell(buffer, words);
    page_cell(buffer, result->engine);
    page_cell(buffer, result->baseline);
    page_time(buffer, &result->dense);
    page_time(buffer, &result->ard);
    page_number(buffer, result->speedup);
    page_number(buffer, result->flop_limit);
    page_number(buffer, result->efficiency);
    if (extra.predicted) {
        page_number(buffer, result->predicted);
    }
    if (extra.error) {
        page_number(buffer, result->max_error);
    }
    text_add(buffer, "</tr>\n");
}

static void begin_results(text_buffer *buffer, const report_data *data, size_t device,
                          extra_columns extra)
{
    char name[CASE_WORDS];
    char caption[CASE_WORDS + 32];
    char columns[200];
    case_device(data, device, name);
    snprintf(caption, sizeof caption, "Results on %s", name);
    snprintf(columns, sizeof columns,
             "Network|Case|Rate|Pattern|Engine|Baseline|>Dense ms|>Compacted ms|>Speed-up|"
             ">FLOP limit|>Efficiency%s%s",
             extra.predicted ? "|>Predicted" : "", extra.error ? "|>Error" : "");
    page_begin_table(buffer, caption, columns);
}

void page_results(text_buffer *buffer, const report_data *data)
{
    const extra_columns extra = find_extra_columns(data);
    for (size_t device = 0; device < data->device_count; device++) {
        bool begun = false;
        for (size_t i = 0; i < data->result_count; i++) {
            if (data->results[i].device != device) {
                continue;
            }
            if (!begun) {
                begin_results(buffer, data, device, extra);
                begun = true;
            }
            result_row(buffer, &data->results[i], extra);
        }
        if (begun) {
            page_end_table(buffer);
        }
    }
}

static void profile_rows(text_buffer *buffer, const char *side, const report_profile *profile)
{
    for (size_t i = 0; i < profile->count; i++) {
        const report_kernel *kernel = &profile->kernels[i];
        page_head_cell(buffer, kernel->name);
        page_cell(buffer, side);
        page_number(buffer, kernel->launches);
        page_number(buffer, kernel->ms);
        page_number(buffer, 100 * kernel->share);
        page_number(buffer, kernel->gflop_s);
        page_number(buffer, kernel->gb_s);
        text_add(buffer, "</tr>\n");
    }
    page_head_cell(buffer, "outside of the device");
    page_cell(buffer, side);
    text_add(buffer, "<td></td>");
    page_number(buffer, profile->host_ms);
    text_add(buffer, "<td></td><td></td><td></td></tr>\n");
}

static void profile_table(text_buffer *buffer, const report_data *data, const report_result *result,
                          bool folded)
{
    char network[CASE_WORDS];
    char rates[CASE_WORDS];
    char pattern[CASE_WORDS];
    char device[CASE_WORDS];
    char caption[4 * CASE_WORDS + 80];
    case_network(result, network);
    case_rates(result, rates);
    case_pattern(result, pattern);
    case_device(data, result->device, device);
    snprintf(caption, sizeof caption, "Kernels of a step: %s, rate %s, %s / %.40s, on %s", network,
             rates, pattern, result->baseline, device);
    page_begin_part(buffer, caption, folded, "Kernel|Side|>Launches|>ms|>Share %|>GFLOP/s|>GB/s");
    profile_rows(buffer, "dense", &result->dense_profile);
    profile_rows(buffer, "compacted", &result->ard_profile);
    page_end_part(buffer, folded);
}

void page_profiles(text_buffer *buffer, const report_data *data)
{
    size_t profiled = 0;
    size_t rows = 0;
    for (size_t i = 0; i < data->result_count; i++) {
        const report_result *result = &data->results[i];
        const size_t kernels = result->dense_profile.count + result->ard_profile.count;
        profiled += kernels > 0 ? 1 : 0;
        rows += kernels;
    }
    char title[80];
    snprintf(title, sizeof title, "Kernels of %zu profiled results", profiled);
    const bool folded = page_begin_fold(buffer, title, rows);
    for (size_t i = 0; i < data->result_count; i++) {
        const report_result *result = &data->results[i];
        if (result->dense_profile.count + result->ard_profile.count > 0) {
            profile_table(buffer, data, result, folded);
        }
    }
    page_end_fold(buffer, folded);
}

static void joint_row(text_buffer *buffer, const report_periods *periods, const report_joint *joint)
{
    char text[256] = "";
    for (size_t i = 0; i < joint->periods.count; i++) {
        const size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s%.6g", i > 0 ? ", " : "",
                 joint->periods.values[i]);
    }
    page_head_cell(buffer, text);
    page_time(buffer, &joint->time);
    page_number(buffer, joint->fitted);
    page_number(buffer,
                joint->time.median > 0 ? periods->head.dense.median / joint->time.median : NAN);
    text_add(buffer, "</tr>\n");
}

void page_periods(text_buffer *buffer, const report_data *data)
{
    for (size_t i = 0; i < data->period_count; i++) {
        const report_periods *periods = &data->periods[i];
        char network[CASE_WORDS];
        char pattern[CASE_WORDS];
        char device[CASE_WORDS];
        char caption[3 * CASE_WORDS + 120];
        case_network(&periods->head, network);
        case_pattern(&periods->head, pattern);
        case_device(data, periods->head.device, device);
        snprintf(caption, sizeof caption, "Times by periods: %s, %s, on %s; %.40s takes %.6g ms",
                 network, pattern, device, periods->head.baseline, periods->head.dense.median);
        page_begin_table(buffer, caption, "Periods|>ms|>Fitted ms|>Speed-up");
        for (size_t j = 0; j < periods->count; j++) {
            joint_row(buffer, periods, &periods->joints[j]);
        }
        page_end_table(buffer);
    }
}
