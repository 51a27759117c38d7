/* SPDX-License-Identifier: Apache-2.0 */
#include "device/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "device/context_internal.h"
#include "device/kernel_sources.h"
#include "device/log_internal.h"
#include "device/program_cache.h"
#include "engines/packed_engine.h"
#include "files/file.h"

static const struct {
    const char *common; /* a source that goes before, or NULL */
    const char *source;
    const char *options;
} program_table[ARD__PROGRAM_COUNT] = {
#define PROGRAM_ROW(id, common, source, options) {common, source, options},
    ARD__PROGRAM_MAP(PROGRAM_ROW)
#undef PROGRAM_ROW
};

/* For developing: kernels are read from this folder instead of the library, and the context's
 * environment says so. */
static const char override_variable[] = "ARD_CL_DIR";

static ard_status load_override(const char *folder, const char *name, char **text)
{
    char path[4096];
    const int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof path) {
        return ard__fail(ARD_STATUS_IO, "%s: the path of %s is too long", override_variable, name);
    }
    void *data = NULL;
    size_t size = 0;
    ARD_TRY(ard__file_read(path, (size_t)1 << 20, &data, &size));
    *text = data; /* ard__file_read ends it with a NUL */
    return ARD_STATUS_SUCCESS;
}

/* A copy of the source called `name`, the caller's to free. */
static ard_status load_source(const char *name, char **text)
{
    const char *folder = getenv(override_variable);
    if (folder != NULL && folder[0] != '\0') {
        return load_override(folder, name, text);
    }
    for (size_t i = 0; i < ard__kernel_source_count; ++i) {
        const ard__kernel_source *source = &ard__kernel_sources[i];
        if (strcmp(source->name, name) == 0) {
            *text = malloc(source->length + 1);
            if (*text == NULL) {
                return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for the source of %s",
                                 name);
            }
            memcpy(*text, source->text, source->length + 1);
            return ARD_STATUS_SUCCESS;
        }
    }
    return ard__fail(ARD_STATUS_BUILD, "the library holds no kernel source called %s", name);
}

static ard_status fail_build(ard_context *context, cl_program program,
                             const ard__program_source *source)
{
    char log[6000] = "";
    size_t needed = 0;
    if (clGetProgramBuildInfo(program, context->device, CL_PROGRAM_BUILD_LOG, 0, NULL, &needed) ==
            CL_SUCCESS &&
        needed > 0) {
        char *whole = calloc(needed + 1, 1);
        if (whole != NULL && clGetProgramBuildInfo(program, context->device, CL_PROGRAM_BUILD_LOG,
                                                   needed, whole, NULL) == CL_SUCCESS) {
            strncpy(log, whole, sizeof log - 1);
        }
        free(whole);
    }
    return ard__fail(ARD_STATUS_BUILD, "%s does not build on %s with %s: %s", source->name,
                     context->info.name, source->options, log);
}

/* Builds the two sources (the first may be empty) as one program. */
static ard_status build_program(ard_context *context, const ard__program_source *source,
                                cl_program *program)
{
    const char *texts[2] = {source->common, source->text};
    cl_int code = CL_SUCCESS;
    cl_program created = clCreateProgramWithSource(context->opencl, 2, texts, NULL, &code);
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clCreateProgramWithSource");
    }
    code = clBuildProgram(created, 1, &context->device, source->options, NULL, NULL);
    if (code != CL_SUCCESS) {
        const ard_status status =
            code == CL_BUILD_PROGRAM_FAILURE || code == CL_COMPILER_NOT_AVAILABLE
                ? fail_build(context, created, source)
                : ard__fail_opencl(code, "clBuildProgram");
        clReleaseProgram(created);
        return status;
    }
    *program = created;
    return ARD_STATUS_SUCCESS;
}

/* `*cache` says what libard's cache of programs had. */
static ard_status obtain_program(ard_context *context, const ard__program_source *source,
                                 cl_program *program, const char **cache)
{
    if (!ard__program_cache_wanted(context)) {
        *cache = "off";
        return build_program(context, source, program);
    }
    if (ard__program_cache_load(context, source, program)) {
        *cache = "hit";
        return ARD_STATUS_SUCCESS;
    }
    *cache = "miss";
    ARD_TRY(build_program(context, source, program));
    ard__program_cache_store(context, source, *program);
    return ARD_STATUS_SUCCESS;
}

static ard_status obtain_logged(ard_context *context, const ard__program_source *source,
                                cl_program *program)
{
    const char *cache = "";
    struct timespec start;
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    ARD_TRY(obtain_program(context, source, program, &cache));
    clock_gettime(CLOCK_MONOTONIC, &end);
    ard__log_build(context, source->name, source->options, cache,
                   (double)(end.tv_sec - start.tv_sec) * 1e3 +
                       (double)(end.tv_nsec - start.tv_nsec) * 1e-6);
    return ARD_STATUS_SUCCESS;
}

ard_status ard__program_get(ard_context *context, ard__program_id id, cl_program *program)
{
    if (context->programs[id] != NULL) {
        *program = context->programs[id];
        return ARD_STATUS_SUCCESS;
    }
    ard_status status = ARD_STATUS_SUCCESS;
    char *common = NULL;
    char *text = NULL;
    cl_program obtained = NULL;
    if (program_table[id].common != NULL) {
        status = load_source(program_table[id].common, &common);
    }
    if (status == ARD_STATUS_SUCCESS) {
        status = load_source(program_table[id].source, &text);
    }
    if (status == ARD_STATUS_SUCCESS) {
        char options[256];
        char packed[128] = "";
        if (id == ARD__PROGRAM_PACKED) {
            ard__packed_options(&context->tuning.packed, packed, sizeof packed);
        } else if (id == ARD__PROGRAM_PANELS) {
            ard__panels_options(&context->tuning.packed, packed, sizeof packed);
        }
        /* Gradients of a network that has learned its batch fall below the normal numbers, where a
         * CPU multiplies at half the speed or less and no bit of a weight changes. */
        snprintf(options, sizeof options, "-cl-std=CL1.2 -cl-denorms-are-zero -DARD_VEC=%zu %s%s",
                 context->vector_width, program_table[id].options, packed);
        const ard__program_source source = {.name = program_table[id].source,
                                            .common = common != NULL ? common : "",
                                            .text = text,
                                            .options = options};
        status = obtain_logged(context, &source, &obtained);
    }
    if (status == ARD_STATUS_SUCCESS) {
        context->programs[id] = obtained;
        *program = obtained;
    }
    free(common);
    free(text);
    return status;
}
