/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include <math.h>

bool report_tunes(const tune_options *options, ard_engine engine)
{
    const tune_engines alone = engine == ARD_ENGINE_PACKED ? TUNE_PACKED : TUNE_CLBLAST;
    return options->engines == TUNE_BOTH || options->engines == alone;
}

double report_speed(const tune_shape *shape, double milliseconds)
{
    return shape_flops(shape) / milliseconds / 1e6;
}

double report_mean_speed(const tune_shapes *shapes, const contest_times *times)
{
    double sum = 0;
    for (size_t i = 0; i < shapes->count; i++) {
        sum += log(report_speed(&shapes->list[i], times->milliseconds[i]));
    }
    return exp(sum / (double)shapes->count);
}

bool report_result(FILE *output, const tune_result *result)
{
    if (result->options->format == TUNE_JSON) {
        return report_json_result(output, result);
    }
    report_text_result(output, result);
    return true;
}

bool report_plan(FILE *output, const tune_result *result, const tune_limits *limits)
{
    if (result->options->format == TUNE_JSON) {
        return report_json_plan(output, result, limits);
    }
    report_text_plan(output, result, limits);
    return true;
}
