/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

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
    fprintf(output, "%-31s", text);
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
    fputc('\n', output);
}
