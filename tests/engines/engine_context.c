/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/engine_context.h"

#include <stdlib.h>
#include <string.h>

#include <ard/tuning.h>

#include "support/device.h"
#include "support/unit.h"

const char *const engine_setting_names[ENGINE_SETTINGS] = {
    "packed, vectors of 16", "packed, vectors of 8",
    "packed, vectors of 4",  "clblast",
    "clblast, strided",      "reference"};

static const struct {
    const char *engine;
    uint32_t vector_width;
    uint32_t rows;
    bool strided_batched;
} settings[ENGINE_SETTINGS] = {{"packed", 16, 12, false}, {"packed", 8, 6, false},
                               {"packed", 4, 6, false},   {"clblast", 4, 6, false},
                               {"clblast", 4, 6, true},   {"reference", 4, 6, false}};

ard_context *engine_context_create(size_t setting)
{
    const char *name = settings[setting].engine;
    ard_device_info device;
    ard_tuning tuning;
    ard_context *context = NULL;
    assert_success(ard_device_find(NULL, &device));
    assert_success(ard_tuning_shipped(&device, &tuning));
    tuning.engine = strcmp(name, "packed") == 0 ? ARD_ENGINE_PACKED : ARD_ENGINE_CLBLAST;
    tuning.choice_count = 0;
    tuning.strided_batched = settings[setting].strided_batched;
    tuning.packed = (ard_packed_parameters){.vector_width = settings[setting].vector_width,
                                            .vectors = 2,
                                            .rows = settings[setting].rows,
                                            .depth = 256};
    const ard_context_options options = {.tuning = &tuning};
    if (strcmp(name, "reference") == 0) { /* no tuning names it */
        assert_int_equal(setenv("ARD_ENGINE", name, 1), 0);
    }
    assert_success(ard_context_create(NULL, &options, &context));
    assert_int_equal(unsetenv("ARD_ENGINE"), 0);
    assert_string_equal(ard_context_engine(context), name);
    return context;
}
