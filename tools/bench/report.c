/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include "document.h"

void report_begin(report *report, const bench_options *options, report_content content, bool groups,
                  FILE *output, const device_list *list)
{
    const bench_format format = options->format;
    const bench_case *kase = &options->kase;
    report->format = format;
    report->windows = options->command == COMMAND_SWEEP || kase->model == MODEL_LSTM;
    report->content = content;
    report->output = output;
    report->groups = groups || kase->groups > 0;
    if (format == FORMAT_JSON || options->output != NULL) {
        report->document = report_json_document(list, content);
        report->lost = report->document == NULL;
    }
    if (format == FORMAT_CSV) {
        content == REPORT_PERIODS
            ? report_csv_period_columns(output)
            : report_csv_columns(output, kase, report->windows, report->groups);
        fflush(output);
    }
}

/* Gives up a document that there is no memory for. */
static void keep_if(report *report, bool good)
{
    if (!good) {
        cJSON_Delete(report->document);
        report->document = NULL;
        report->lost = true;
    }
}

void report_device(report *report, const ard_device_info *device, bool verified,
                   const char *environment)
{
    if (report->document != NULL) {
        keep_if(report, document_set_environment(report->document, device->id, environment));
    }
    if (report->format == FORMAT_TEXT) {
        report_text_device(report->output, device);
        if (report->content == REPORT_RESULTS) {
            report_text_columns(report->output, verified);
        }
        fflush(report->output);
    }
}

void report_result(report *report, const ard_device_info *device, const bench_case *kase,
                   const bench_result *result)
{
    switch (report->format) {
    case FORMAT_TEXT:
        report_text_result(report->output, kase, result);
        break;
    case FORMAT_CSV:
        report_csv_result(report->output, device, kase, result, report->windows, report->groups);
        break;
    case FORMAT_JSON:
        break;
    }
    if (report->document != NULL) {
        keep_if(report, report_json_result(report->document, device, kase, result));
    }
    fflush(report->output);
}

void report_periods(report *report, const ard_device_info *device, const bench_case *kase,
                    const bench_result *results, const period_times *times)
{
    switch (report->format) {
    case FORMAT_TEXT:
        report_text_periods(report->output, kase, results, times);
        break;
    case FORMAT_CSV:
        report_csv_periods(report->output, device, kase, results, times);
        break;
    case FORMAT_JSON:
        break;
    }
    if (report->document != NULL) {
        keep_if(report, report_json_periods(report->document, device, kase, results, times));
    }
    fflush(report->output);
}

void report_profiles(const report *report, const bench_case *kase, const bench_result *results)
{
    if (report->format != FORMAT_TEXT || results[0].compact_profile == NULL) {
        return;
    }
    report_text_profile(report->output, "compacted", results[0].compact_profile);
    for (size_t i = 0; i < case_device_baselines(kase); i++) {
        report_text_profile(report->output, case_baseline_words(results[i].baseline),
                            results[i].dense_profile);
    }
    fflush(report->output);
}

void report_memory(const report *report, const bench_case *kase, const bench_result *results)
{
    for (size_t i = 0; report->format == FORMAT_TEXT && i < case_device_baselines(kase); i++) {
        if (results[i].dense_bytes > 0) {
            report_text_memory(report->output, &results[i]);
        }
    }
    fflush(report->output);
}

void report_sentence(const report *report, const char *sentence)
{
    fprintf(report->format == FORMAT_TEXT ? report->output : stderr, "%s\n", sentence);
}

void report_drop(report *report)
{
    cJSON_Delete(report->document);
    report->document = NULL;
}

bool report_end(report *report)
{
    bool good = !report->lost;
    if (report->format == FORMAT_JSON && good) {
        good = json_print(report->output, report->document);
    }
    cJSON_Delete(report->document);
    report->document = NULL;
    return good;
}

bool report_list(bench_format format, FILE *output, const device_list *list)
{
    if (format == FORMAT_JSON) {
        cJSON *document = report_json_document(list, REPORT_DEVICES);
        const bool good = document != NULL && json_print(output, document);
        cJSON_Delete(document);
        return good;
    }
    if (format == FORMAT_CSV) {
        report_csv_devices(output, list);
        return true;
    }
    for (size_t i = 0; i < list->count; i++) {
        report_text_device(output, &list->devices[i]);
    }
    return true;
}
