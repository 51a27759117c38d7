/* SPDX-License-Identifier: Apache-2.0 */
#include "report/read_files.h"

#include <string.h>

#include "json_file.h"

static bool has(const cJSON *document, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(document, key) != NULL;
}

static bool is_schema(const cJSON *document, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(document, "schema"));
    return text != NULL && strcmp(text, name) == 0;
}

/* What ard-bench prints. */
static bool read_bench(report_reader *reader, const cJSON *document)
{
    const cJSON *schema = cJSON_GetObjectItemCaseSensitive(document, "schema");
    if (!cJSON_IsNumber(schema) || schema->valuedouble != 1) {
        return check_wrong(reader, "schema", "1");
    }
    return read_devices(reader, document) &&
           (!has(document, "results") || read_results(reader, document)) &&
           (!has(document, "per_period") || read_periods(reader, document));
}

static bool read_document(report_reader *reader, const cJSON *document)
{
    if (is_schema(document, "ard-train-1")) {
        return read_training(reader, document);
    }
    if (is_schema(document, "ard-train-compare-1")) {
        return read_comparison(reader, document);
    }
    if (cJSON_IsObject(document) && has(document, "schema") && has(document, "devices")) {
        return read_bench(reader, document);
    }
    reader->status = cli_mistake(
        reader->program,
        "%.400s: expected what 'ard-bench --format json', 'ard-train mlp --format json' or "
        "'ard-train lstm --format json' prints, or the results of 'ard-train compare'",
        reader->path);
    return false;
}

static int read_file(report_reader *reader)
{
    report_data *data = reader->data;
    cJSON *document = NULL;
    const int status = json_file_read(reader->program, reader->path, &document);
    if (status != CLI_SUCCESS) {
        return status;
    }
    report_file *files = report_append(data->files, data->file_count, sizeof *files);
    if (files == NULL) {
        cJSON_Delete(document);
        (void)check_no_memory(reader);
        return reader->status;
    }
    data->files = files;
    reader->file = data->file_count++;
    files[reader->file] = (report_file){.path = reader->path, .document = document};
    (void)read_document(reader, document);
    return reader->status;
}

int read_files(const cli_program *program, const char *const *paths, size_t count,
               report_data *data)
{
    int status = CLI_CONTINUE;
    for (size_t i = 0; i < count && status == CLI_CONTINUE; i++) {
        report_reader reader = {
            .program = program, .data = data, .path = paths[i], .status = CLI_CONTINUE};
        status = read_file(&reader);
    }
    return status;
}
