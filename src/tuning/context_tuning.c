/* SPDX-License-Identifier: Apache-2.0 */
#include "tuning/context_tuning.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device/context_internal.h"
#include "device/log_internal.h"
#include "device/program.h"
#include "engines/clblast_engine.h"
#include "engines/gemm.h"
#include "engines/packed_engine.h"
#include "tuning/tuning_internal.h"

static ard_status read_forced_engine(ard_context *context)
{
    const char *wanted = getenv("ARD_ENGINE");
    if (wanted == NULL || wanted[0] == '\0') {
        return ARD_STATUS_SUCCESS;
    }
    context->forced_engine = ard__gemm_engine(wanted);
    ARD__CHECK(context->forced_engine != NULL,
               "ARD_ENGINE is \"%s\", expected clblast, packed or reference", wanted);
    return ARD_STATUS_SUCCESS;
}

/* Takes a tuning that is one, if the device can. */
static ard_status use(ard_context *context, const ard_tuning *tuning, bool keep_clblast)
{
    context->tuning = *tuning;
    if (ard__gemm_may_run(context, ARD_ENGINE_PACKED)) {
        ARD_TRY(ard__packed_check(context));
    }
    return ard__gemm_may_run(context, ARD_ENGINE_CLBLAST)
               ? ard__clblast_configure(context, keep_clblast)
               : ARD_STATUS_SUCCESS;
}

/* Whoever brings a tuning hears at once that its kernels do not build. */
static ard_status use_and_build(ard_context *context, const ard_context_options *options)
{
    cl_program program = NULL;
    ARD_TRY(ard__tuning_check(options->tuning));
    ARD_TRY(use(context, options->tuning, options->keep_clblast_parameters));
    ard__log_tuning(context, "given", context->tuning.name);
    return ard__gemm_may_run(context, ARD_ENGINE_PACKED)
               ? ard__program_get(context, ARD__PROGRAM_PACKED, &program)
               : ARD_STATUS_SUCCESS;
}

static ard_status use_given(ard_context *context, const ard_context_options *options)
{
    const ard_status status = use_and_build(context, options);
    return status == ARD_STATUS_SUCCESS
               ? status
               : ard__fail(status, "ard_context_options.tuning: %s", ard_detail());
}

/* The file to read, NULL for none. One in the cache need not exist. */
static const char *find_file(const ard_context *context, char *cached, size_t capacity)
{
    const char *named = getenv("ARD_TUNING");
    if (named != NULL && strcmp(named, "none") == 0) {
        return NULL;
    }
    if (named != NULL && named[0] != '\0') {
        return named;
    }
    if (ard_tuning_path(&context->info, cached, capacity) != ARD_STATUS_SUCCESS ||
        (access(cached, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))) {
        return NULL;
    }
    return cached;
}

/* Remembers as one line that the file is not used, and the thread's detail why. */
static void refuse(ard_context *context, const char *path)
{
    const char *detail = ard_detail();
    const bool named = strstr(detail, path) != NULL;
    char *text = context->tuning_refused;
    snprintf(text, sizeof context->tuning_refused, "%.1000s%s%.1000s; run ard-tune",
             named ? "" : path, named ? "" : ": ", detail);
    for (; *text != '\0'; ++text) {
        *text = (unsigned char)*text < ' ' ? '?' : *text;
    }
}

/* False where there is no file or it is refused. */
static bool use_file(ard_context *context, const ard_context_options *options)
{
    char cached[4096];
    ard_tuning tuning;
    const char *path = find_file(context, cached, sizeof cached);
    if (path == NULL) {
        return false;
    }
    if (ard_tuning_read(path, &context->info, &tuning) == ARD_STATUS_SUCCESS &&
        use(context, &tuning, options->keep_clblast_parameters) == ARD_STATUS_SUCCESS) {
        ard__log_tuning(context, "file", path);
        return true;
    }
    refuse(context, path);
    ard__log_tuning(context, "refused", context->tuning_refused);
    return false;
}

static ard_status use_any(ard_context *context, const ard_context_options *options)
{
    ard_tuning shipped;
    if (options->tuning != NULL) {
        return use_given(context, options);
    }
    if (use_file(context, options)) {
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(ard_tuning_shipped(&context->info, &shipped));
    ard__log_tuning(context, "shipped", shipped.name);
    return use(context, &shipped, options->keep_clblast_parameters);
}

ard_status ard__context_tune(ard_context *context, const ard_context_options *options, char *text,
                             size_t capacity)
{
    ARD_TRY(read_forced_engine(context));
    ARD_TRY(use_any(context, options));
    char clblast[64] = "";
    if (ard__gemm_may_run(context, ARD_ENGINE_CLBLAST)) {
        char parameters[16];
        ard__clblast_describe(context, parameters, sizeof parameters);
        snprintf(clblast, sizeof clblast, "; clblast %.20s, parameters %s", ard__clblast_version(),
                 parameters);
    }
    snprintf(text, capacity, "engine %s; tuning %s (%08x)%s", ard_context_engine(context),
             context->tuning.name, ard__tuning_checksum(&context->tuning), clblast);
    return ARD_STATUS_SUCCESS;
}
