/* SPDX-License-Identifier: Apache-2.0 */
#include "cost/cost_file.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

/* Form of the document that is understood, and the largest width, batch or edge in it. */
enum { SCHEMA = 1, MOST_SIZE = 1 << 24 };

/* Shortest and longest time of a step, far from what the fit could overflow with. */
static const double LEAST_MILLISECONDS = 1e-9;
static const double MOST_MILLISECONDS = 1e12;

/* What is being read, and what is wrong with it. */
typedef struct reader {
    const char *path;
    char *error; /* [COST_ERROR_TEXT] */
    cost_file *file;
} reader;

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static bool
wrong(const reader *reader, const char *format, ...)
{
    va_list arguments;
    const int length = snprintf(reader->error, COST_ERROR_TEXT,
                                "'%.400s' is not what 'ard-bench step --per-period --format json' "
                                "prints: ",
                                reader->path);
    va_start(arguments, format);
    (void)vsnprintf(reader->error + length, COST_ERROR_TEXT - (size_t)length, format, arguments);
    va_end(arguments);
    return false;
}

/* The whole file as a string, to be freed; NULL after an error. */
static char *read_text(const reader *reader)
{
    FILE *stream = fopen(reader->path, "rb");
    char *text = malloc(COST_MOST_BYTES + 1);
    size_t size = 0;
    bool good = false;
    errno = text == NULL ? ENOMEM : errno;
    if (stream != NULL && text != NULL) {
        errno = 0;
        size = fread(text, 1, COST_MOST_BYTES + 1, stream);
        good = !ferror(stream);
    }
    if (!good) {
        (void)snprintf(reader->error, COST_ERROR_TEXT, "cannot read '%.400s': %s", reader->path,
                       strerror(errno));
    } else if (size > COST_MOST_BYTES) {
        good = wrong(reader, "it is larger than %d bytes", COST_MOST_BYTES);
    } else {
        text[size] = '\0';
        good = strlen(text) == size || wrong(reader, "it is not JSON");
    }
    if (stream != NULL) {
        (void)fclose(stream);
    }
    if (!good) {
        free(text);
        return NULL;
    }
    return text;
}

static const char *get_string(const cJSON *object, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    return text != NULL ? text : "";
}

static bool is_string(const cJSON *object, const char *key, const char *expected)
{
    return strcmp(get_string(object, key), expected) == 0;
}

static bool to_whole(const cJSON *item, uint32_t least, uint32_t most, uint32_t *value)
{
    if (!cJSON_IsNumber(item) || !(item->valuedouble >= least && item->valuedouble <= most) ||
        item->valuedouble != floor(item->valuedouble)) {
        return false;
    }
    *value = (uint32_t)item->valuedouble;
    return true;
}

static bool get_whole(const reader *reader, const cJSON *object, const char *key, uint32_t least,
                      uint32_t most, uint32_t *value)
{
    return to_whole(cJSON_GetObjectItemCaseSensitive(object, key), least, most, value) ||
           wrong(reader, "\"%s\" should be a whole number from %" PRIu32 " to %" PRIu32, key, least,
                 most);
}

/* An array with a number of entries between the two. */
static bool get_array(const reader *reader, const cJSON *object, const char *key, int least,
                      int most, const cJSON **array)
{
    *array = cJSON_GetObjectItemCaseSensitive(object, key);
    const int size = cJSON_IsArray(*array) ? cJSON_GetArraySize(*array) : -1;
    return (size >= least && size <= most) ||
           wrong(reader, "\"%s\" should be an array of %d to %d entries", key, least, most);
}

/* The time of an entry of the array `name`. */
static bool get_milliseconds(const reader *reader, const cJSON *entry, const char *name,
                             size_t index, double *milliseconds)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(entry, "ms");
    if (!cJSON_IsNumber(item) || !(item->valuedouble >= LEAST_MILLISECONDS) ||
        !(item->valuedouble <= MOST_MILLISECONDS)) {
        return wrong(reader, "\"ms\" of entry %zu of \"%s\" should be a number from %g to %g",
                     index + 1, name, LEAST_MILLISECONDS, MOST_MILLISECONDS);
    }
    *milliseconds = item->valuedouble;
    return true;
}

static bool read_layers(const reader *reader, const cJSON *object)
{
    cost_network *network = &reader->file->network;
    const cJSON *array = NULL;
    const cJSON *item = NULL;
    size_t count = 0;
    if (!get_array(reader, object, "layers", 3, ARD_MLP_MAX_LAYERS + 1, &array)) {
        return false;
    }
    cJSON_ArrayForEach(item, array)
    {
        uint32_t width = 0;
        if (!to_whole(item, 1, MOST_SIZE, &width)) {
            return wrong(reader, "\"layers\" should be whole numbers from 1 to %d", MOST_SIZE);
        }
        network->widths[count++] = width;
    }
    network->layers = count - 1;
    return true;
}

static bool read_pattern(const reader *reader, const cJSON *object)
{
    cost_network *network = &reader->file->network;
    if (is_string(object, "pattern", "row")) {
        network->pattern = ARD_DROPOUT_ROW;
        return true;
    }
    if (!is_string(object, "pattern", "tile")) {
        return wrong(reader, "\"pattern\" should be \"row\" or \"tile\"");
    }
    network->pattern = ARD_DROPOUT_TILE;
    const bool linear = is_string(object, "numbering", "linear");
    if (!linear && !is_string(object, "numbering", "diagonal")) {
        return wrong(reader, "\"numbering\" should be \"diagonal\" or \"linear\"");
    }
    network->tile_numbering = linear ? ARD_TILE_LINEAR : ARD_TILE_DIAGONAL;
    return get_whole(reader, object, "tile", 1, MOST_SIZE, &network->tile_edge);
}

static bool read_network(const reader *reader, const cJSON *object)
{
    uint32_t batch = 0;
    if (!is_string(object, "case", "step") || !is_string(object, "model", "mlp")) {
        return wrong(reader, "\"case\" should be \"step\" and \"model\" \"mlp\"");
    }
    if (!read_layers(reader, object) || !read_pattern(reader, object) ||
        !get_whole(reader, object, "batch", 1, MOST_SIZE, &batch)) {
        return false;
    }
    reader->file->network.batch = batch;
    return true;
}

/* Finds the name of the entry's device among those of the document. Names are printed. */
static bool read_device(const reader *reader, const cJSON *document, const cJSON *object)
{
    const char *id = get_string(object, "device");
    const cJSON *item = NULL;
    const char *name = "";
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(document, "devices"))
    {
        if (id[0] != '\0' && is_string(item, "id", id)) {
            name = get_string(item, "name");
        }
    }
    bool printable = name[0] != '\0' && strlen(name) < sizeof reader->file->device;
    for (const char *c = name; *c != '\0'; c++) {
        printable = printable && (unsigned char)*c >= ' ' && *c != 0x7f;
    }
    if (!printable) {
        return wrong(reader, "\"devices\" has no usable name of its \"device\"");
    }
    (void)snprintf(reader->file->device, sizeof reader->file->device, "%s", name);
    return true;
}

static bool read_baselines(const reader *reader, const cJSON *object)
{
    static const char *const names[COST_MOST_BASELINES] = {"bernoulli", "dropconnect"};
    const int count = reader->file->network.pattern == ARD_DROPOUT_TILE ? 2 : 1;
    const cJSON *array = NULL;
    const cJSON *item = NULL;
    size_t index = 0;
    if (!get_array(reader, object, "baselines", count, count, &array)) {
        return false;
    }
    cJSON_ArrayForEach(item, array)
    {
        if (!is_string(item, "baseline", names[index])) {
            return wrong(reader, "entry %zu of \"baselines\" should be \"%s\"", index + 1,
                         names[index]);
        }
        if (!get_milliseconds(reader, item, "baselines", index,
                              &reader->file->milliseconds[index])) {
            return false;
        }
        index++;
    }
    return true;
}

/* The periods of one entry of the times, into periods [layers dropped from]. */
static bool read_periods(const reader *reader, const cJSON *entry, size_t index, uint32_t most,
                         uint32_t *periods)
{
    const cJSON *array = cJSON_GetObjectItemCaseSensitive(entry, "periods");
    const int count = (int)reader->file->network.layers - 1;
    bool good = cJSON_IsArray(array) && cJSON_GetArraySize(array) == count;
    for (int i = 0; i < count && good; i++) {
        good = to_whole(cJSON_GetArrayItem(array, i), 1, most, &periods[i]);
    }
    return good || wrong(reader,
                         "\"periods\" of entry %zu of \"times\" should be %d whole numbers from 1 "
                         "to \"max_period\", %" PRIu32,
                         index + 1, count, most);
}

/* Fits the model to the times in an array, which has some. */
static bool fit(const reader *reader, const cJSON *array, uint32_t most, uint32_t *periods,
                double *milliseconds)
{
    const size_t sides = reader->file->network.layers - 1;
    const cJSON *item = NULL;
    size_t count = 0;
    cJSON_ArrayForEach(item, array)
    {
        if (!read_periods(reader, item, count, most, periods + count * sides) ||
            !get_milliseconds(reader, item, "times", count, &milliseconds[count])) {
            return false;
        }
        count++;
    }
    return ard_cost_fit(sides, count, periods, milliseconds, reader->file->milliseconds[0],
                        &reader->file->model) == ARD_STATUS_SUCCESS ||
           wrong(reader, "%s", ard_detail());
}

static bool read_times(const reader *reader, const cJSON *object)
{
    const size_t sides = reader->file->network.layers - 1;
    const cJSON *array = NULL;
    uint32_t most = 0;
    if (!is_string(object, "unit", "ms")) {
        return wrong(reader, "\"unit\" should be \"ms\"");
    }
    if (!get_whole(reader, object, "max_period", 2, ARD_MAX_PERIOD, &most) ||
        !get_array(reader, object, "times", 1, COST_MOST_TIMES, &array)) {
        return false;
    }
    const size_t count = (size_t)cJSON_GetArraySize(array);
    uint32_t *periods = calloc(count * sides, sizeof *periods);
    double *milliseconds = calloc(count, sizeof *milliseconds);
    const bool good = periods != NULL && milliseconds != NULL
                          ? fit(reader, array, most, periods, milliseconds)
                          : wrong(reader, "the host has not enough memory for it");
    free(periods);
    free(milliseconds);
    return good;
}

static bool read_document(const reader *reader, const cJSON *document)
{
    uint32_t schema = 0;
    if (!cJSON_IsObject(document)) {
        return wrong(reader, "it is not JSON");
    }
    if (!to_whole(cJSON_GetObjectItemCaseSensitive(document, "schema"), SCHEMA, SCHEMA, &schema)) {
        return wrong(reader, "\"schema\" should be %d", SCHEMA);
    }
    const cJSON *entries = cJSON_GetObjectItemCaseSensitive(document, "per_period");
    if (!cJSON_IsArray(entries)) {
        return wrong(reader, "it has no \"per_period\"");
    }
    if (cJSON_GetArraySize(entries) != 1) {
        return wrong(reader,
                     "\"per_period\" should be the times of one device, not of %d; choose it with "
                     "--device",
                     cJSON_GetArraySize(entries));
    }
    const cJSON *entry = cJSON_GetArrayItem(entries, 0);
    return read_network(reader, entry) && read_device(reader, document, entry) &&
           read_baselines(reader, entry) && read_times(reader, entry);
}

static uint64_t checksum_of(const char *text)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);
    for (const char *c = text; *c != '\0'; c++) {
        sum = (sum ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
    }
    return sum;
}

bool cost_file_read(const char *path, cost_file *file, char error[COST_ERROR_TEXT])
{
    cost_file *made = calloc(1, sizeof *made);
    const reader reader = {.path = path, .error = error, .file = made};
    if (made == NULL) {
        (void)snprintf(error, COST_ERROR_TEXT, "the host has not enough memory");
        return false;
    }
    char *text = read_text(&reader);
    cJSON *document = text != NULL ? cJSON_ParseWithOpts(text, NULL, true) : NULL;
    const bool good = text != NULL && read_document(&reader, document);
    if (good) {
        made->checksum = checksum_of(text);
        *file = *made;
    }
    cJSON_Delete(document);
    free(text);
    free(made);
    return good;
}
