/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

/* The tuning that the device has without being asked for an engine. */
static ard_status find_tuning(const char *id, ard_tuning *tuning)
{
    ard_context *context = NULL;
    const ard_status status = ard_context_create(id, NULL, &context);
    if (status == ARD_STATUS_SUCCESS) {
        *tuning = *ard_context_tuning(context);
    }
    ard_context_destroy(context);
    return status;
}

ard_status engine_context(const char *id, bench_engine engine, bool profiling,
                          ard_context **context)
{
    ard_context_options options = {.profiling = profiling};
    ard_tuning tuning;
    *context = NULL;
    if (engine != ENGINE_TUNED) {
        const ard_status status = find_tuning(id, &tuning);
        if (status != ARD_STATUS_SUCCESS) {
            return status;
        }
        tuning.engine = engine == ENGINE_PACKED ? ARD_ENGINE_PACKED : ARD_ENGINE_CLBLAST;
        tuning.choice_count = 0;
        options.tuning = &tuning;
    }
    return ard_context_create(id, &options, context);
}
