/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report_data.h"

#include <stdlib.h>
#include <string.h>

/* Arrays grow at powers of two, so that their count tells their capacity. */
void *report_append(void *items, size_t count, size_t size)
{
    char *grown = items;
    if ((count & (count - 1)) == 0) {
        const size_t capacity = count == 0 ? 1 : 2 * count;
        grown = capacity > (size_t)-1 / 2 / size ? NULL : realloc(items, capacity * size);
    }
    if (grown != NULL) {
        memset(grown + count * size, 0, size);
    }
    return grown;
}

const char *report_keep_text(report_data *data, const char *text, size_t size)
{
    char **texts = report_append(data->texts, data->text_count, sizeof *texts);
    if (texts == NULL) {
        return NULL;
    }
    data->texts = texts;
    char *copy = strndup(text, size);
    if (copy != NULL) {
        texts[data->text_count++] = copy;
    }
    return copy;
}

static void free_result(report_result *result)
{
    free(result->dense_profile.kernels);
    free(result->ard_profile.kernels);
}

void report_data_free(report_data *data)
{
    for (size_t i = 0; i < data->result_count; i++) {
        free_result(&data->results[i]);
    }
    for (size_t i = 0; i < data->period_count; i++) {
        free(data->periods[i].joints);
    }
    for (size_t i = 0; i < data->run_count; i++) {
        free(data->runs[i].epochs);
    }
    for (size_t i = 0; i < data->file_count; i++) {
        cJSON_Delete(data->files[i].document);
    }
    for (size_t i = 0; i < data->text_count; i++) {
        free(data->texts[i]);
    }
    free(data->texts);
    free(data->files);
    free(data->devices);
    free(data->results);
    free(data->periods);
    free(data->runs);
    *data = (report_data){0};
}
