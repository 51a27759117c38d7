/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include "json_text.h"

/* Version of the document's form. */
enum { SCHEMA = 1 };

static const char *engine_name(ard_engine engine)
{
    return engine == ARD_ENGINE_PACKED ? "packed" : "clblast";
}

/* A new object under `key`; NULL without memory. */
static cJSON *document_of(const tune_result *result)
{
    cJSON *document = cJSON_CreateObject();
    if (document != NULL && cJSON_AddNumberToObject(document, "schema", SCHEMA) != NULL &&
        cJSON_AddStringToObject(document, "version", ard_version()) != NULL &&
        json_fill_device(cJSON_AddObjectToObject(document, "device"), &result->device) &&
        cJSON_AddStringToObject(document, "output", result->path) != NULL &&
        cJSON_AddNumberToObject(document, "seed", (double)result->options->seed) != NULL &&
        json_add_measure(document, "minutes", result->options->minutes)) {
        return document;
    }
    cJSON_Delete(document);
    return NULL;
}

static bool fill_shape(cJSON *object, const tune_shape *shape)
{
    return cJSON_AddStringToObject(object, "product", shape_name(shape)) != NULL &&
           cJSON_AddNumberToObject(object, "m", (double)shape->m) != NULL &&
           cJSON_AddNumberToObject(object, "n", (double)shape->n) != NULL &&
           cJSON_AddNumberToObject(object, "k", (double)shape->k) != NULL &&
           cJSON_AddBoolToObject(object, "a_transposed", shape->a_transposed) != NULL &&
           cJSON_AddBoolToObject(object, "b_transposed", shape->b_transposed) != NULL;
}

/* GFLOP/s of a shape; null where they were not measured. */
static bool add_speed(cJSON *object, const char *key, bool measured, const tune_shape *shape,
                      double milliseconds)
{
    return measured ? json_add_measure(object, key, report_speed(shape, milliseconds))
                    : cJSON_AddNullToObject(object, key) != NULL;
}

static bool fill_speeds(cJSON *object, const tune_result *result, size_t index)
{
    const tune_shape *shape = &result->shapes.list[index];
    const bool packed = result->packed.tuned;
    const bool clblast = result->clblast.tuned;
    return add_speed(object, "packed_shipped", packed, shape,
                     result->packed.shipped.milliseconds[index]) &&
           add_speed(object, "packed_found", packed, shape,
                     result->packed.found.milliseconds[index]) &&
           add_speed(object, "clblast_own", clblast, shape, result->own.milliseconds[index]) &&
           add_speed(object, "clblast_shipped", clblast, shape,
                     result->clblast.shipped.milliseconds[index]) &&
           add_speed(object, "clblast_found", clblast, shape,
                     result->clblast.found.milliseconds[index]) &&
           (result->engines_chosen
                ? cJSON_AddStringToObject(object, "engine", engine_name(result->engines[index]))
                : cJSON_AddNullToObject(object, "engine")) != NULL;
}

static bool add_shapes(cJSON *document, const tune_result *result, bool speeds)
{
    cJSON *array = cJSON_AddArrayToObject(document, "shapes");
    bool good = array != NULL;
    for (size_t i = 0; i < result->shapes.count && good; i++) {
        cJSON *object = cJSON_CreateObject();
        good = json_append(array, object) && fill_shape(object, &result->shapes.list[i]) &&
               (!speeds || fill_speeds(object, result, i));
    }
    return good;
}

/* What is common to both engines. */
static cJSON *add_engine(cJSON *document, const char *key, const engine_result *engine)
{
    cJSON *object = cJSON_AddObjectToObject(document, key);
    const judge_counts *counts = &engine->counts;
    return cJSON_AddNumberToObject(object, "measured", (double)counts->measured) != NULL &&
                   cJSON_AddNumberToObject(object, "wrong", (double)counts->wrong) != NULL &&
                   cJSON_AddNumberToObject(object, "failed", (double)counts->failed) != NULL &&
                   cJSON_AddNumberToObject(object, "crashed", (double)counts->crashed) != NULL &&
                   json_add_measure(object, "gain", engine->gain)
               ? object
               : NULL;
}

static bool add_packed_parameters(cJSON *object, const char *key,
                                  const ard_packed_parameters *packed)
{
    cJSON *parameters = cJSON_AddObjectToObject(object, key);
    return cJSON_AddNumberToObject(parameters, "vector_width", packed->vector_width) != NULL &&
           cJSON_AddNumberToObject(parameters, "vectors", packed->vectors) != NULL &&
           cJSON_AddNumberToObject(parameters, "rows", packed->rows) != NULL &&
           cJSON_AddNumberToObject(parameters, "depth", packed->depth) != NULL;
}

static bool add_clblast_parameters(cJSON *object, const char *key, const ard_tuning *tuning)
{
    cJSON *kernels = cJSON_AddObjectToObject(object, key);
    bool good = kernels != NULL;
    for (size_t i = 0; i < tuning->clblast_count && good; i++) {
        const ard_clblast_kernel *kernel = &tuning->clblast[i];
        cJSON *parameters = cJSON_AddObjectToObject(kernels, kernel->name);
        for (size_t p = 0; p < kernel->count && good; p++) {
            good = cJSON_AddNumberToObject(parameters, kernel->parameters[p],
                                           (double)kernel->values[p]) != NULL;
        }
    }
    return good;
}

static bool add_packed(cJSON *document, const tune_result *result)
{
    if (!result->packed.tuned) {
        return cJSON_AddNullToObject(document, "packed") != NULL;
    }
    cJSON *object = add_engine(document, "packed", &result->packed);
    return add_packed_parameters(object, "shipped", &result->shipped.packed) &&
           add_packed_parameters(object, "found", &result->tuning.packed);
}

static bool add_clblast(cJSON *document, const tune_result *result)
{
    if (!result->clblast.tuned) {
        return cJSON_AddNullToObject(document, "clblast") != NULL;
    }
    cJSON *object = add_engine(document, "clblast", &result->clblast);
    const double own = result->own_gain * result->clblast.gain;
    return json_add_measure(object, "gain_over_own", own) &&
           add_clblast_parameters(object, "shipped", &result->shipped) &&
           add_clblast_parameters(object, "found", &result->tuning) &&
           cJSON_AddBoolToObject(object, "strided_batched", result->tuning.strided_batched) !=
               NULL &&
           json_add_measure(object, "strided_batched_ratio", result->batched.ratio);
}

static bool print_and_delete(FILE *output, cJSON *document, bool good)
{
    good = good && json_print(output, document);
    cJSON_Delete(document);
    return good;
}

bool report_json_result(FILE *output, const tune_result *result)
{
    cJSON *document = document_of(result);
    const ard_tuning *tuning = &result->tuning;
    const bool good =
        document != NULL && json_add_measure(document, "seconds", result->seconds) &&
        cJSON_AddNumberToObject(document, "resumed_candidates", (double)result->read) != NULL &&
        add_packed(document, result) && add_clblast(document, result) &&
        cJSON_AddStringToObject(document, "engine", engine_name(tuning->engine)) != NULL &&
        cJSON_AddNumberToObject(document, "choices", (double)tuning->choice_count) != NULL &&
        add_shapes(document, result, true);
    return print_and_delete(output, document, good);
}

static bool add_space(cJSON *array, const tune_space *space, const tune_limits *limits)
{
    bool exact = false;
    const double size = space_size(space, limits, &exact);
    cJSON *object = cJSON_CreateObject();
    return json_append(array, object) &&
           cJSON_AddStringToObject(object, "engine", engine_name(space->engine)) != NULL &&
           cJSON_AddStringToObject(object, "parameters", space->name) != NULL &&
           json_add_measure(object, "candidates", size) &&
           cJSON_AddBoolToObject(object, "exact", exact) != NULL;
}

bool report_json_plan(FILE *output, const tune_result *result, const tune_limits *limits)
{
    cJSON *document = document_of(result);
    cJSON *array = cJSON_AddArrayToObject(document, "candidates");
    bool good = array != NULL;
    if (report_tunes(result->options, ARD_ENGINE_PACKED)) {
        good = good && add_space(array, &packed_space, limits);
    }
    for (size_t i = 0;
         i < CLBLAST_SPACES && report_tunes(result->options, ARD_ENGINE_CLBLAST) && good; i++) {
        good = add_space(array, &clblast_spaces[i], limits);
    }
    return print_and_delete(output, document, good && add_shapes(document, result, false));
}
