/* SPDX-License-Identifier: Apache-2.0 */
#include "tuning/tuning_json.h"

#include <string.h>

#include "core/status_internal.h"
#include "tuning/json_reader.h"
#include "tuning/tuning_internal.h"

/* In the order of their values. */
static const char *const engine_names[] = {"clblast", "packed"};
static const char *const type_names[] = {"cpu", "gpu", "accelerator", "other"};

static ard_status check_schema(const ard__json_object *whole)
{
    const cJSON *schema = cJSON_GetObjectItemCaseSensitive(whole->item, "schema");
    const char *text = cJSON_GetStringValue(schema);
    if (text == NULL) {
        return ard__fail(ARD_STATUS_FORMAT, "%s is not a tuning of libard: it has no schema",
                         whole->file);
    }
    return strcmp(text, ARD__TUNING_SCHEMA) == 0
               ? ARD_STATUS_SUCCESS
               : ard__fail(ARD_STATUS_FORMAT, "%s is of another schema than \"%s\"", whole->file,
                           ARD__TUNING_SCHEMA);
}

/* Two digits of a date as a number from `least` to `most`. */
static bool is_between(const char *digits, int least, int most)
{
    const int value = 10 * (digits[0] - '0') + digits[1] - '0';
    return value >= least && value <= most;
}

static bool is_date(const char *text)
{
    static const char form[] = "0000-00-00T00:00:00Z";
    static const int month_days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (strlen(text) != sizeof form - 1) {
        return false;
    }
    for (size_t i = 0; i < sizeof form - 1; ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == '0' ? !digit : text[i] != form[i]) {
            return false;
        }
    }
    return is_between(text + 5, 1, 12) &&
           is_between(text + 8, 1, month_days[10 * (text[5] - '0') + text[6] - '0' - 1]) &&
           is_between(text + 11, 0, 23) && is_between(text + 14, 0, 59) &&
           is_between(text + 17, 0, 60);
}

static ard_status read_measured(const ard__json_object *whole, ard__tuning_document *document)
{
    const struct {
        const char *key;
        char *text;
    } texts[] = {{"date", document->date},
                 {"device", document->device},
                 {"platform", document->platform},
                 {"driver", document->driver},
                 {"clblast_version", document->clblast_version},
                 {"libard_version", document->libard_version}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        ARD_TRY(ard__json_text(whole, texts[i].key, texts[i].text, ARD__TUNING_TEXT));
    }
    return is_date(document->date)
               ? ARD_STATUS_SUCCESS
               : ard__fail(ARD_STATUS_FORMAT,
                           "%s: date is no moment of the form \"2026-11-25T08:40:07Z\"",
                           whole->file);
}

static ard_status read_packed(const ard__json_object *whole, ard_packed_parameters *packed)
{
    static const char *const keys[] = {"vector_width", "vectors", "rows", "depth"};
    uint32_t *const values[] = {&packed->vector_width, &packed->vectors, &packed->rows,
                                &packed->depth};
    ard__json_object object;
    ARD_TRY(ard__json_object_of(whole, "packed", &object));
    ARD_TRY(ard__json_check_keys(&object, keys, 4));
    for (size_t i = 0; i < 4; ++i) {
        size_t value = 0;
        ARD_TRY(ard__json_whole(&object, keys[i], &value));
        *values[i] = (uint32_t)value;
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status read_kernel(const ard__json_object *object, ard_clblast_kernel *kernel)
{
    static const char *const keys[] = {"name", "parameters"};
    ard__json_object parameters;
    ARD_TRY(ard__json_check_keys(object, keys, 2));
    ARD_TRY(ard__json_text(object, "name", kernel->name, sizeof kernel->name));
    ARD_TRY(ard__json_object_of(object, "parameters", &parameters));
    for (const cJSON *item = parameters.item->child; item != NULL; item = item->next) {
        if (kernel->count == ARD_TUNING_MAX_PARAMETERS) {
            return ard__fail(ARD_STATUS_FORMAT, "%s: %sparameters has more than %d entries",
                             object->file, object->place, ARD_TUNING_MAX_PARAMETERS);
        }
        ARD_TRY(ard__json_free_key(&parameters, item, kernel->parameters[kernel->count],
                                   sizeof kernel->parameters[0], &kernel->values[kernel->count]));
        ++kernel->count;
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status read_clblast(const ard__json_object *whole, ard_tuning *tuning)
{
    static const char *const keys[] = {"strided_batched", "kernels"};
    ard__json_object object;
    ard__json_object entry;
    const cJSON *array = NULL;
    ARD_TRY(ard__json_object_of(whole, "clblast", &object));
    ARD_TRY(ard__json_check_keys(&object, keys, 2));
    ARD_TRY(ard__json_bool(&object, "strided_batched", &tuning->strided_batched));
    ARD_TRY(ard__json_array(&object, "kernels", ARD_TUNING_MAX_KERNELS, &array,
                            &tuning->clblast_count));
    size_t index = 0;
    for (const cJSON *item = array->child; item != NULL; item = item->next, ++index) {
        ARD_TRY(ard__json_entry(&object, "kernels", index, item, &entry));
        ARD_TRY(read_kernel(&entry, &tuning->clblast[index]));
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status read_engine(const ard__json_object *object, ard_engine *engine)
{
    size_t index = 0;
    ARD_TRY(ard__json_word(object, "engine", engine_names, 2, &index));
    *engine = (ard_engine)index;
    return ARD_STATUS_SUCCESS;
}

static ard_status read_choice(const ard__json_object *object, ard_engine_choice *choice)
{
    static const char *const keys[] = {"m", "n", "k", "a_transposed", "b_transposed", "engine"};
    ARD_TRY(ard__json_check_keys(object, keys, 6));
    ARD_TRY(ard__json_whole(object, "m", &choice->m));
    ARD_TRY(ard__json_whole(object, "n", &choice->n));
    ARD_TRY(ard__json_whole(object, "k", &choice->k));
    ARD_TRY(ard__json_bool(object, "a_transposed", &choice->a_transposed));
    ARD_TRY(ard__json_bool(object, "b_transposed", &choice->b_transposed));
    return read_engine(object, &choice->engine);
}

static ard_status read_choices(const ard__json_object *whole, ard_tuning *tuning)
{
    ard__json_object entry;
    const cJSON *array = NULL;
    ARD_TRY(
        ard__json_array(whole, "choices", ARD_TUNING_MAX_CHOICES, &array, &tuning->choice_count));
    size_t index = 0;
    for (const cJSON *item = array->child; item != NULL; item = item->next, ++index) {
        ARD_TRY(ard__json_entry(whole, "choices", index, item, &entry));
        ARD_TRY(read_choice(&entry, &tuning->choices[index]));
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status read_serves(const ard__json_object *whole, ard__tuning_serves *serves)
{
    static const char *const keys[] = {"platform", "type", "vector_width"};
    ard__json_object object;
    size_t type = 0;
    ARD_TRY(ard__json_object_of(whole, "serves", &object));
    ARD_TRY(ard__json_check_keys(&object, keys, 3));
    ARD_TRY(ard__json_text(&object, "platform", serves->platform, sizeof serves->platform));
    ARD_TRY(ard__json_word(&object, "type", type_names, 4, &type));
    ARD_TRY(ard__json_whole(&object, "vector_width", &serves->vector_width));
    serves->type = (ard_device_type)type;
    return ARD_STATUS_SUCCESS;
}

static ard_status read_all(const ard__json_object *whole, ard__tuning_document *document,
                           ard__tuning_serves *serves)
{
    const char *const keys[] = {"schema",         serves != NULL ? "serves" : "crc32",
                                "name",           "date",
                                "device",         "platform",
                                "driver",         "clblast_version",
                                "libard_version", "engine",
                                "packed",         "clblast",
                                "choices"};
    ard_tuning *tuning = &document->tuning;
    ARD_TRY(ard__json_check_keys(whole, keys, sizeof keys / sizeof keys[0]));
    if (serves != NULL) {
        ARD_TRY(read_serves(whole, serves));
    }
    ARD_TRY(read_measured(whole, document));
    ARD_TRY(ard__json_text(whole, "name", tuning->name, sizeof tuning->name));
    ARD_TRY(read_engine(whole, &tuning->engine));
    ARD_TRY(read_packed(whole, &tuning->packed));
    ARD_TRY(read_clblast(whole, tuning));
    ARD_TRY(read_choices(whole, tuning));
    return ard__tuning_check(tuning) == ARD_STATUS_SUCCESS
               ? ARD_STATUS_SUCCESS
               : ard__fail(ARD_STATUS_FORMAT, "%s: %s", whole->file, ard_detail());
}

ard_status ard__tuning_parse(const char *file, const char *text, size_t size,
                             ard__tuning_document *document, ard__tuning_serves *serves)
{
    cJSON *parsed = NULL;
    ard__json_object whole;
    *document = (ard__tuning_document){.date = ""};
    ARD_TRY(ard__json_parse(file, text, size, &parsed, &whole));
    ard_status status = check_schema(&whole);
    if (status == ARD_STATUS_SUCCESS && serves == NULL) {
        status = ard__tuning_check_seal(file, text, size);
    }
    if (status == ARD_STATUS_SUCCESS) {
        status = read_all(&whole, document, serves);
    }
    cJSON_Delete(parsed);
    return status;
}
