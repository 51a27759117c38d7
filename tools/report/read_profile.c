/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "report/read_result.h"

static bool read_kernel(report_reader *reader, const cJSON *object, report_kernel *kernel)
{
    return check_word(reader, object, "name", &kernel->name) &&
           check_measure(reader, object, "ms", 0, REPORT_MOST_TIME, &kernel->ms) &&
           check_number(reader, object, "launches", 0, REPORT_MOST_NUMBER, &kernel->launches) &&
           check_number(reader, object, "share", 0, 1, &kernel->share) &&
           check_number(reader, object, "gflop_s", 0, REPORT_MOST_NUMBER, &kernel->gflop_s) &&
           check_number(reader, object, "gb_s", 0, REPORT_MOST_NUMBER, &kernel->gb_s);
}

static bool read_kernels(report_reader *reader, const cJSON *side, report_profile *profile)
{
    const cJSON *array = NULL;
    const cJSON *item = NULL;
    if (!check_objects(reader, side, "kernels", REPORT_MOST_KERNELS, &array)) {
        return false;
    }
    cJSON_ArrayForEach(item, array)
    {
        report_kernel *kernels = report_append(profile->kernels, profile->count, sizeof *kernels);
        if (kernels == NULL) {
            return check_no_memory(reader);
        }
        profile->kernels = kernels;
        if (!read_kernel(reader, item, &kernels[profile->count++])) {
            return false;
        }
    }
    return true;
}

static bool read_side(report_reader *reader, const cJSON *profile, const char *key,
                      report_profile *side)
{
    const cJSON *object = cJSON_GetObjectItemCaseSensitive(profile, key);
    const size_t length = strlen(reader->place);
    if (!cJSON_IsObject(object)) {
        return check_wrong(reader, "profile", "an object with the objects dense and ard");
    }
    (void)snprintf(reader->place + length, sizeof reader->place - length, "profile.%s.", key);
    const bool good = check_number(reader, object, "host_ms", -REPORT_MOST_TIME, REPORT_MOST_TIME,
                                   &side->host_ms) &&
                      read_kernels(reader, object, side);
    if (good) {
        reader->place[length] = '\0';
    }
    return good;
}

bool read_result_profiles(report_reader *reader, const cJSON *object, report_result *result)
{
    const cJSON *profile = cJSON_GetObjectItemCaseSensitive(object, "profile");
    return profile == NULL || cJSON_IsNull(profile) ||
           (read_side(reader, profile, "dense", &result->dense_profile) &&
            read_side(reader, profile, "ard", &result->ard_profile));
}
