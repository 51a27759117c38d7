/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/engine_context.h"

#include <stdlib.h>

#include "device/context_internal.h"
#include "engines/packed_engine.h"
#include "support/device.h"
#include "support/unit.h"

const char *const engine_setting_names[ENGINE_SETTINGS] = {
    "packed, vectors of 16", "packed, vectors of 8", "packed, vectors of 4", "clblast",
    "clblast, strided"};

static const struct {
    const char *engine;
    uint32_t vector_width;
    bool strided_batched;
} settings[ENGINE_SETTINGS] = {{"packed", 16, false},
                               {"packed", 8, false},
                               {"packed", 4, false},
                               {"clblast", 4, false},
                               {"clblast", 4, true}};

ard_context *engine_context_create(size_t setting)
{
    assert_int_equal(setenv("ARD_ENGINE", settings[setting].engine, 1), 0);
    ard_context *context = test_context_create();
    assert_int_equal(unsetenv("ARD_ENGINE"), 0);
    assert_string_equal(ard_context_engine(context), settings[setting].engine);
    context->packed = ard__packed_parameters_for(settings[setting].vector_width);
    context->strided_batched = settings[setting].strided_batched;
    return context;
}
