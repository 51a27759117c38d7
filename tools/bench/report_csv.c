/* SPDX-License-Identifier: Apache-2.0 */
/* Comma-separated values: the columns are the keys of the JSON results; lists are separated by
 * blanks; what is not known is empty. */
#include "report.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static void print_text(FILE *output, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, output);
        return;
    }
    fputc('"', output);
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            fputc('"', output);
        }
        fputc(*text, output);
    }
    fputc('"', output);
}

void report_csv_devices(FILE *output, const device_list *list)
{
    fputs("id,name,platform,driver,type,compute_units\n", output);
    for (size_t i = 0; i < list->count; i++) {
        const ard_device_info *device = &list->devices[i];
        const char *const texts[] = {device->id, device->name, device->platform, device->driver,
                                     ard_device_type_name(device->type)};
        for (size_t j = 0; j < sizeof texts / sizeof texts[0]; j++) {
            print_text(output, texts[j]);
            fputc(',', output);
        }
        fprintf(output, "%" PRIu32 "\n", device->compute_units);
    }
}

void report_csv_columns(FILE *output, const bench_case *kase, bool windows, bool groups)
{
    fprintf(
        output,
        "device,case,model,pattern,baseline,engine,batch,layers,rates,dense_ms,dense_ms_min,"
        "dense_ms_max,ard_ms,ard_ms_min,ard_ms_max,speedup,flop_limit,efficiency,max_error%s%s%s\n",
        windows ? ",steps,placement,fresh,tied" : "", groups ? ",groups" : "",
        kase->cblas != NULL ? ",library" : "");
}

/* The widths, and the rates, separated by blanks. */
static void print_lists(FILE *output, const bench_case *kase)
{
    for (size_t i = 0; i <= kase->layers; i++) {
        fprintf(output, "%s%zu", i > 0 ? " " : "", kase->widths[i]);
    }
    for (size_t i = 0; i < case_rate_count(kase); i++) {
        fputc(i > 0 ? ' ' : ',', output);
        fprintf(output, CASE_RATE_FORMAT, case_rate(kase, i));
    }
}

void report_csv_period_columns(FILE *output)
{
    fputs("device,case,model,pattern,baseline,engine,batch,layers,rates,periods,dense_ms,ard_ms,"
          "ard_ms_min,ard_ms_max,speedup,fitted_ms\n",
          output);
}

void report_csv_periods(FILE *output, const ard_device_info *device, const bench_case *kase,
                        const bench_result *results, const period_times *times)
{
    const double dense = times->model.conventional;
    for (size_t i = 0; i < times->count; i++) {
        const timing_summary *compact = &times->times[i];
        fprintf(output, "%s,%s,%s,%s,%s,%s,%zu,", device->id, case_name(kase), case_model(kase),
                case_pattern_name(kase), case_baseline_name(results[0].baseline), results[0].engine,
                kase->batch);
        print_lists(output, kase);
        for (size_t side = 0; side < kase->sides; side++) {
            fprintf(output, "%c%" PRIu32, side > 0 ? ' ' : ',', times->periods[i][side]);
        }
        fprintf(output, ",%.6g,%.6g,%.6g,%.6g,%.6g,%.6g\n", dense, compact->median, compact->min,
                compact->max, dense / compact->median, times->fitted[i]);
    }
}

/* What only an LSTM has. */
static void print_window(FILE *output, const bench_case *kase)
{
    if (kase->model == MODEL_LSTM) {
        fprintf(output, ",%zu,%s,%s,%s", kase->steps, case_placement_name(kase),
                kase->fresh ? "true" : "false", kase->tied ? "true" : "false");
    } else {
        fputs(",,,,", output);
    }
}

void report_csv_result(FILE *output, const ard_device_info *device, const bench_case *kase,
                       const bench_result *result, bool windows, bool groups)
{
    fprintf(output, "%s,%s,%s,%s,%s,%s,%zu,", device->id, case_name(kase), case_model(kase),
            case_pattern_name(kase), case_baseline_name(result->baseline), result->engine,
            kase->batch);
    print_lists(output, kase);
    const double numbers[] = {
        result->dense.median, result->dense.min,     result->dense.max, result->compact.median,
        result->compact.min,  result->compact.max,   result->speedup,   result->flop_limit,
        result->efficiency,   result->error.largest,
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (isfinite(numbers[i])) {
            fprintf(output, ",%.6g", numbers[i]);
        } else {
            fputc(',', output);
        }
    }
    if (windows) {
        print_window(output, kase);
    }
    if (kase->groups > 0) {
        fprintf(output, ",%" PRIu32, kase->groups);
    } else if (groups) {
        fputc(',', output);
    }
    if (kase->cblas != NULL) {
        fputc(',', output);
        print_text(output, result->baseline == BASELINE_CBLAS ? kase->cblas->path : "");
    }
    fputc('\n', output);
}
