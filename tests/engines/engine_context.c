/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/engine_context.h"

#include <string.h>

#include <ard/tuning.h>

#include "support/device.h"
#include "support/unit.h"

const char *const engine_setting_names[ENGINE_SETTINGS] = {
    "packed, vectors of 16", "packed, vectors of 8", "packed, vectors of 4", "clblast",
    "clblast, strided"};

static const struct {
    const char *engine;
    uint32_t vector_width;
    uint32_t rows;
    bool strided_batched;
} settings[ENGINE_SETTINGS] = {{"packed", 16, 12, false},
                               {"packed", 8, 6, false},
                               {"packed", 4, 6, false},
                               {"clblast", 4, 6, false},
                               {"clblast", 4, 6, true}};

ard_context *engine_context_create(size_t setting)
{
    const ard_engine engine =
        strcmp(settings[setting].engine, "packed") == 0 ? ARD_ENGINE_PACKED : ARD_ENGINE_CLBLAST;
    ard_device_info device;
    ard_tuning tuning;
    ard_context *context = NULL;
    assert_success(ard_device_find(NULL, &device));
    assert_success(ard_tuning_shipped(&device, &tuning));
    tuning.engine = engine;
    tuning.choice_count = 0;
    tuning.strided_batched = settings[setting].strided_batched;
    tuning.packed = (ard_packed_parameters){.vector_width = settings[setting].vector_width,
                                            .vectors = 2,
                                            .rows = settings[setting].rows,
                                            .depth = 256};
    const ard_context_options options = {.tuning = &tuning};
    assert_success(ard_context_create(NULL, &options, &context));
    assert_string_equal(ard_context_engine(context), settings[setting].engine);
    return context;
}
