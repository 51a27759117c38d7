/* SPDX-License-Identifier: Apache-2.0 */
#include "tuning/tuning_json.h"

#include <string.h>

#include <cjson/cJSON.h>

#include "core/status_internal.h"
#include "tuning/tuning_internal.h"

/* Every function answers whether all went in; cJSON fails only without memory. */

static bool add_text(cJSON *object, const char *key, const char *text)
{
    return cJSON_AddStringToObject(object, key, text) != NULL;
}

static bool add_number(cJSON *object, const char *key, size_t number)
{
    return cJSON_AddNumberToObject(object, key, (double)number) != NULL;
}

static bool add_bool(cJSON *object, const char *key, bool value)
{
    return cJSON_AddBoolToObject(object, key, value) != NULL;
}

/* A new object at the end of an array, NULL without memory. */
static cJSON *append_object(cJSON *array)
{
    cJSON *object = cJSON_CreateObject();
    if (object == NULL || !cJSON_AddItemToArray(array, object)) {
        cJSON_Delete(object);
        return NULL;
    }
    return object;
}

static bool add_measured(cJSON *root, const ard__tuning_document *document)
{
    return add_text(root, "schema", ARD__TUNING_SCHEMA) && add_text(root, "crc32", "00000000") &&
           add_text(root, "name", document->tuning.name) &&
           add_text(root, "date", document->date) && add_text(root, "device", document->device) &&
           add_text(root, "platform", document->platform) &&
           add_text(root, "driver", document->driver) &&
           add_text(root, "clblast_version", document->clblast_version) &&
           add_text(root, "libard_version", document->libard_version);
}

static bool add_packed(cJSON *root, const ard_packed_parameters *packed)
{
    cJSON *object = cJSON_AddObjectToObject(root, "packed");
    return object != NULL && add_number(object, "vector_width", packed->vector_width) &&
           add_number(object, "vectors", packed->vectors) &&
           add_number(object, "rows", packed->rows) && add_number(object, "depth", packed->depth);
}

static bool append_kernel(cJSON *kernels, const ard_clblast_kernel *kernel)
{
    cJSON *object = append_object(kernels);
    cJSON *parameters = NULL;
    if (object != NULL && add_text(object, "name", kernel->name)) {
        parameters = cJSON_AddObjectToObject(object, "parameters");
    }
    bool good = parameters != NULL;
    for (size_t i = 0; i < kernel->count && good; ++i) {
        good = add_number(parameters, kernel->parameters[i], kernel->values[i]);
    }
    return good;
}

static bool add_clblast(cJSON *root, const ard_tuning *tuning)
{
    cJSON *object = cJSON_AddObjectToObject(root, "clblast");
    cJSON *kernels = NULL;
    if (object != NULL && add_bool(object, "strided_batched", tuning->strided_batched)) {
        kernels = cJSON_AddArrayToObject(object, "kernels");
    }
    bool good = kernels != NULL;
    for (size_t i = 0; i < tuning->clblast_count && good; ++i) {
        good = append_kernel(kernels, &tuning->clblast[i]);
    }
    return good;
}

static bool append_choice(cJSON *choices, const ard_engine_choice *choice)
{
    cJSON *object = append_object(choices);
    return object != NULL && add_number(object, "m", choice->m) &&
           add_number(object, "n", choice->n) && add_number(object, "k", choice->k) &&
           add_bool(object, "a_transposed", choice->a_transposed) &&
           add_bool(object, "b_transposed", choice->b_transposed) &&
           add_text(object, "engine", ard__engine_name(choice->engine));
}

static bool add_choices(cJSON *root, const ard_tuning *tuning)
{
    cJSON *choices = cJSON_AddArrayToObject(root, "choices");
    bool good = choices != NULL;
    for (size_t i = 0; i < tuning->choice_count && good; ++i) {
        good = append_choice(choices, &tuning->choices[i]);
    }
    return good;
}

ard_status ard__tuning_print(const ard__tuning_document *document, char **text)
{
    const ard_tuning *tuning = &document->tuning;
    cJSON *root = cJSON_CreateObject();
    char *printed = NULL;
    if (root != NULL && add_measured(root, document) &&
        add_text(root, "engine", ard__engine_name(tuning->engine)) &&
        add_packed(root, &tuning->packed) && add_clblast(root, tuning) &&
        add_choices(root, tuning)) {
        printed = cJSON_Print(root);
    }
    cJSON_Delete(root);
    if (printed == NULL || !ard__tuning_seal(printed, strlen(printed))) {
        cJSON_free(printed);
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for the text of a tuning");
    }
    *text = printed;
    return ARD_STATUS_SUCCESS;
}
