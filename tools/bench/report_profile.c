/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles as a table and as a part of a JSON result. */
#include "report.h"

#include <math.h>

#include "profiling.h"

/* `amount` in billions a second; NaN where there is none of it. */
static double billions_a_second(double amount, double milliseconds)
{
    return amount > 0 && milliseconds > 0 ? amount / milliseconds / 1e6 : NAN;
}

static double share_of(const profile_kernel *part, const profile_kernel *whole)
{
    return whole->milliseconds > 0 ? part->milliseconds / whole->milliseconds : NAN;
}

/* A number right-aligned in `width`, or a dash. */
static void print_rate(FILE *output, int width, double value)
{
    if (isfinite(value)) {
        fprintf(output, "%*.2f", width, value);
    } else {
        fprintf(output, "%*s", width, "-");
    }
}

static void print_kernel(FILE *output, const profile_kernel *kernel, const profile_kernel *all)
{
    fprintf(output, "  %-27s%10.4g%12.4f", kernel->name, kernel->launches, kernel->milliseconds);
    print_rate(output, 9, 100 * share_of(kernel, all));
    print_rate(output, 10, billions_a_second(kernel->flops, kernel->milliseconds));
    print_rate(output, 10, billions_a_second(kernel->bytes, kernel->milliseconds));
    fputc('\n', output);
}

void report_text_profile(FILE *output, const char *what, const profile_side *side)
{
    const profile_kernel all = profiling_total(side, false);
    const profile_kernel products = profiling_total(side, true);
    fprintf(output, "profile of a step, %s: %.4g ms by the clock\n", what, side->wall);
    fprintf(output, "  %-27s%10s%12s%9s%10s%10s\n", "kernel", "launches", "ms", "share %",
            "GFLOP/s", "GB/s");
    for (size_t i = 0; i < side->count; i++) {
        print_kernel(output, &side->kernels[i], &all);
    }
    print_kernel(output, &all, &all);
    fprintf(output,
            "  multiplication: %.1f %% of the device's time; moved: %.4g MB; host, outside of the "
            "device: %.4g ms\n",
            100 * share_of(&products, &all), all.bytes / 1e6, side->wall - all.milliseconds);
}

static bool add_kernel(cJSON *array, const profile_kernel *kernel, const profile_kernel *all)
{
    cJSON *object = cJSON_CreateObject();
    if (object == NULL || !cJSON_AddItemToArray(array, object)) {
        cJSON_Delete(object);
        return false;
    }
    return cJSON_AddStringToObject(object, "name", kernel->name) != NULL &&
           cJSON_AddBoolToObject(object, "multiplication", kernel->is_multiplication) != NULL &&
           json_add_measure(object, "launches", kernel->launches) &&
           json_add_measure(object, "ms", kernel->milliseconds) &&
           json_add_measure(object, "share", share_of(kernel, all)) &&
           json_add_measure(object, "flops", kernel->flops) &&
           json_add_measure(object, "bytes", kernel->bytes) &&
           json_add_measure(object, "gflop_s",
                            billions_a_second(kernel->flops, kernel->milliseconds)) &&
           json_add_measure(object, "gb_s", billions_a_second(kernel->bytes, kernel->milliseconds));
}

static bool add_side(cJSON *profile, const char *key, const profile_side *side)
{
    const profile_kernel all = profiling_total(side, false);
    const profile_kernel products = profiling_total(side, true);
    cJSON *object = cJSON_AddObjectToObject(profile, key);
    bool good = object != NULL && json_add_measure(object, "wall_ms", side->wall) &&
                json_add_measure(object, "device_ms", all.milliseconds) &&
                json_add_measure(object, "host_ms", side->wall - all.milliseconds) &&
                json_add_measure(object, "launches", all.launches) &&
                json_add_measure(object, "flops", all.flops) &&
                json_add_measure(object, "bytes", all.bytes) &&
                json_add_measure(object, "multiplication_share", share_of(&products, &all));
    cJSON *kernels = good ? cJSON_AddArrayToObject(object, "kernels") : NULL;
    good = kernels != NULL;
    for (size_t i = 0; i < side->count && good; i++) {
        good = add_kernel(kernels, &side->kernels[i], &all);
    }
    return good;
}

bool report_json_profile(cJSON *result, const profile_side *dense, const profile_side *compact)
{
    cJSON *profile = cJSON_AddObjectToObject(result, "profile");
    return profile != NULL && add_side(profile, "dense", dense) &&
           add_side(profile, "ard", compact);
}
