/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

void report_text_periods(FILE *stream, const ard_distribution *distribution)
{
    fprintf(stream, "\nperiod  probability\n");
    for (uint32_t i = 0; i < distribution->max_period; i++) {
        fprintf(stream, "%6" PRIu32 "  %.12f\n", i + 1, distribution->probabilities[i]);
    }
}

void report_text(FILE *stream, const ard_distribution *distribution, const char *method)
{
    const double kept = ard_distribution_kept_share(distribution);
    fprintf(stream, "rate           %.15g\n", distribution->rate);
    fprintf(stream, "achieved rate  %.12f\n", distribution->achieved_rate);
    fprintf(stream, "method         %s, %" PRIu32 " steps\n", method, distribution->steps);
    fprintf(stream, "entropy        %.6f nats\n", distribution->entropy);
    fprintf(stream, "kept share     %.6f of a layer's units, the mean of 1/period\n", kept);
    fprintf(stream, "kept FLOPs     %.6f of dense between two such layers\n", kept * kept);
    report_text_periods(stream, distribution);
}

/* With the fewest digits, 15 to 17, that read back as the same double. */
void report_json_number(FILE *stream, double value)
{
    char text[32] = "null";
    for (int digits = 15; digits <= 17 && isfinite(value); digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    fputs(text, stream);
}

void report_json_periods(FILE *stream, const ard_distribution *distribution)
{
    fputs(", \"probabilities\": [", stream);
    for (uint32_t i = 0; i < distribution->max_period; i++) {
        fputs(i == 0 ? "" : ", ", stream);
        report_json_number(stream, distribution->probabilities[i]);
    }
    fputc(']', stream);
}

void report_json(FILE *stream, const ard_distribution *distribution, const char *method)
{
    fputs("{\"rate\": ", stream);
    report_json_number(stream, distribution->rate);
    fputs(", \"achieved_rate\": ", stream);
    report_json_number(stream, distribution->achieved_rate);
    fputs(", \"entropy\": ", stream);
    report_json_number(stream, distribution->entropy);
    fprintf(stream, ", \"method\": \"%s\", \"max_period\": %" PRIu32 ", \"steps\": %" PRIu32,
            method, distribution->max_period, distribution->steps);
    report_json_periods(stream, distribution);
    fputs("}\n", stream);
}
