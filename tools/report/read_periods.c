/* SPDX-License-Identifier: Apache-2.0 */
/* Times of joint periods, as ard-bench step --per-period prints them. */
#include "report/read_files.h"
#include "report/read_result.h"

static bool read_joint(report_reader *reader, const cJSON *object, report_joint *joint)
{
    return check_numbers(reader, object, "periods", 1, REPORT_MOST_NUMBER, &joint->periods) &&
           read_result_time(reader, object, "ms", &joint->time) &&
           check_number(reader, object, "fitted_ms", -REPORT_MOST_TIME, REPORT_MOST_TIME,
                        &joint->fitted);
}

/* The first baseline, which is what speed-ups are against. */
static bool read_baseline(report_reader *reader, const cJSON *object, report_result *head)
{
    const cJSON *array = NULL;
    if (!check_objects(reader, object, "baselines", REPORT_MOST_ENTRIES, &array)) {
        return false;
    }
    if (array->child == NULL) {
        return check_wrong(reader, "baselines", "an array of at least one object");
    }
    return check_word(reader, array->child, "baseline", &head->baseline) &&
           read_result_time(reader, array->child, "ms", &head->dense);
}

static bool read_joints(report_reader *reader, const cJSON *object, size_t number,
                        report_periods *periods)
{
    const cJSON *array = NULL;
    const cJSON *item = NULL;
    if (!check_objects(reader, object, "times", REPORT_MOST_ENTRIES, &array)) {
        return false;
    }
    check_enter(reader, "per_period", number, "times");
    cJSON_ArrayForEach(item, array)
    {
        report_joint *joints = report_append(periods->joints, periods->count, sizeof *joints);
        if (joints == NULL) {
            return check_no_memory(reader);
        }
        periods->joints = joints;
        if (!read_joint(reader, item, &joints[periods->count++])) {
            return false;
        }
    }
    return true;
}

bool read_periods(report_reader *reader, const cJSON *document)
{
    const cJSON *array = NULL;
    const cJSON *item = NULL;
    report_data *data = reader->data;
    size_t number = 0;
    if (!check_objects(reader, document, "per_period", REPORT_MOST_ENTRIES, &array)) {
        return false;
    }
    cJSON_ArrayForEach(item, array)
    {
        report_periods *grown = report_append(data->periods, data->period_count, sizeof *grown);
        if (grown == NULL) {
            return check_no_memory(reader);
        }
        data->periods = grown;
        report_periods *periods = &grown[data->period_count++];
        check_enter(reader, "per_period", number, "");
        if (!read_result_head(reader, item, &periods->head) ||
            !read_baseline(reader, item, &periods->head) ||
            !read_joints(reader, item, number, periods)) {
            return false;
        }
        number++;
    }
    reader->place[0] = '\0';
    return true;
}
