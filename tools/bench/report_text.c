/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include <inttypes.h>
#include <math.h>

void report_text_device(FILE *output, const ard_device_info *device)
{
    char text[DEVICE_TEXT];
    devices_describe(device, text);
    fprintf(output, "%s\n", text);
}

void report_text_columns(FILE *output, bool verified)
{
    fprintf(output, "%8s  %-31s%-31s%6s  %10s  %s%s\n", "speed-up", "dense ms (min to max)",
            "compact ms (min to max)", "limit", "efficiency", verified ? "max error  " : "",
            "case");
}

/* "81.2 (80.0 to 84.3)", padded. */
static void print_times(FILE *output, const timing_summary *times)
{
    char text[128];
    snprintf(text, sizeof text, "%.4g (%.4g to %.4g)", times->median, times->min, times->max);
    fprintf(output, "%-29s  ", text); /* apart however long they are */
}

void report_text_result(FILE *output, const bench_case *kase, const bench_result *result)
{
    char text[CASE_TEXT];
    case_describe(kase, text);
    fprintf(output, "%7.2fx  ", result->speedup);
    print_times(output, &result->dense);
    print_times(output, &result->compact);
    fprintf(output, "%6.2f  %10.2f  ", result->flop_limit, result->efficiency);
    if (!isnan(result->error.largest)) {
        fprintf(output, "%9.1e  ", result->error.largest);
    }
    fputs(text, output);
    if (case_baseline_count(kase) > 1) {
        fprintf(output, ", against %s", case_baseline_words(result->baseline));
    }
    if (result->baseline == BASELINE_CBLAS) {
        fprintf(output, " (%s)", kase->cblas->path);
    } else if (kase->cost.path != NULL) {
        fprintf(output, ", predicted %.2fx", result->predicted);
    }
    fputc('\n', output);
}

/* "1,2", padded to at least `width`. */
static void print_periods(FILE *output, const bench_case *kase, const uint32_t *periods, int width)
{
    int length = 0;
    for (size_t side = 0; side < kase->sides; side++) {
        length += fprintf(output, "%s%" PRIu32, side > 0 ? "," : "", periods[side]);
    }
    fprintf(output, "%*s", length < width ? width - length : 0, "");
}

static void print_term(FILE *output, double value)
{
    fprintf(output, " %c %.4g", value < 0 ? '-' : '+', fabs(value));
}

/* The model, but for the deviations. */
static void print_fit(FILE *output, const ard_cost_model *model)
{
    fprintf(output, "fit: %.4g", model->constant);
    for (size_t layer = 0; layer < model->layers; layer++) {
        print_term(output, model->inverse[layer]);
        fprintf(output, "/i%zu", layer + 1);
    }
    for (size_t layer = 0; layer + 1 < model->layers; layer++) {
        print_term(output, model->product[layer]);
        fprintf(output, "/(i%zu i%zu)", layer + 1, layer + 2);
    }
    fprintf(output, " ms, and what a period adds; off by at most %.1f%%\n", 100 * model->misfit);
}

static void print_losing(FILE *output, const bench_case *kase, const period_times *times)
{
    size_t losing = 0;
    for (size_t i = 0; i < times->count; i++) {
        if (per_period_loses(times, i)) {
            fputs(losing++ == 0 ? "slower than conventional dropout at periods " : " ", output);
            print_periods(output, kase, times->periods[i], 0);
        }
    }
    fprintf(output, "%s\n", losing == 0 ? "faster than conventional dropout at all periods" : "");
}

void report_text_periods(FILE *output, const bench_case *kase, const bench_result *results,
                         const period_times *times)
{
    enum { LEAST_WIDTH = 10 };
    const int digits = 3 * (int)kase->sides;
    const int width = digits > LEAST_WIDTH ? digits : LEAST_WIDTH;
    char text[CASE_TEXT];
    case_describe(kase, text);
    fprintf(output, "%s\n", text);
    for (size_t i = 0; i < case_baseline_count(kase); i++) {
        const timing_summary *dense = &results[i].dense;
        fprintf(output, "%s: %.4g ms (%.4g to %.4g)\n", case_baseline_words(results[i].baseline),
                dense->median, dense->min, dense->max);
    }
    fprintf(output, "%-*s%8s  %-31sfitted ms\n", width, "periods", "speed-up",
            "compact ms (min to max)");
    for (size_t i = 0; i < times->count; i++) {
        print_periods(output, kase, times->periods[i], width);
        fprintf(output, "%7.2fx  ", times->model.conventional / times->times[i].median);
        print_times(output, &times->times[i]);
        fprintf(output, "%9.4g\n", times->fitted[i]);
    }
    print_fit(output, &times->model);
    print_losing(output, kase, times);
}

void report_text_memory(FILE *output, const bench_result *result)
{
    const double dense = (double)result->dense_bytes;
    const double compact = (double)result->compact_bytes;
    fprintf(output,
            "device memory at the most: compacted %.1f MB, %s %.1f MB: %.3f times as much\n",
            compact / 1e6, case_baseline_words(result->baseline), dense / 1e6, compact / dense);
}
