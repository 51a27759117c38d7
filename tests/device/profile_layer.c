/* SPDX-License-Identifier: Apache-2.0 */
#include "device/profile_layer.h"

#include <stdlib.h>
#include <string.h>

#include "support/memory.h"
#include "support/unit.h"

const char *const profile_engines[2] = {"packed", "clblast"};

profile profile_stop(ard_context *context)
{
    profile stopped;
    assert_success(
        ard_profile_stop(context, stopped.entries, ARD_PROFILE_MOST_ENTRIES, &stopped.count));
    return stopped;
}

const ard_profile_entry *profile_find(const profile *profile, const char *name)
{
    for (size_t i = 0; i < profile->count; ++i) {
        if (strcmp(profile->entries[i].name, name) == 0) {
            return &profile->entries[i];
        }
    }
    return NULL;
}

void assert_entry(const profile *profile, const char *name, uint64_t launches,
                  bool is_multiplication, double flops, double bytes)
{
    const ard_profile_entry *entry = profile_find(profile, name);
    if (entry == NULL) {
        fail_msg("there is no entry \"%s\"", name);
        return;
    }
    if (entry->launches != launches || entry->is_multiplication != is_multiplication ||
        entry->flops != flops || entry->bytes != bytes) {
        fail_msg("%s: %llu launches, multiplication %d, %.17g flops, %.17g bytes, expected %llu, "
                 "%d, %.17g, %.17g",
                 name, (unsigned long long)entry->launches, entry->is_multiplication, entry->flops,
                 entry->bytes, (unsigned long long)launches, is_multiplication, flops, bytes);
    }
    assert_true(entry->nanoseconds > 0);
}

ard_context *profile_context(const char *engine)
{
    test_need_timer();
    const ard_context_options options = {.profiling = true};
    ard_context *context = NULL;
    assert_int_equal(setenv("ARD_ENGINE", engine, 1), 0);
    assert_success(ard_context_create(NULL, &options, &context));
    assert_int_equal(unsetenv("ARD_ENGINE"), 0);
    return context;
}

cl_command_queue profile_queue(cl_command_queue_properties properties)
{
    ard_device_info device;
    cl_int code = CL_SUCCESS;
    assert_success(ard_device_find(NULL, &device));
    cl_context opencl = clCreateContext(NULL, 1, &device.handle, NULL, NULL, &code);
    assert_int_equal(code, CL_SUCCESS);
    cl_command_queue queue = clCreateCommandQueue(opencl, device.handle, properties, &code);
    clReleaseContext(opencl);
    if (code == CL_INVALID_QUEUE_PROPERTIES) {
        return NULL;
    }
    assert_int_equal(code, CL_SUCCESS);
    return queue;
}

static guarded random_matrix(ard_context *context, size_t rows, size_t cols)
{
    float *values = test_random_floats(rows * cols, rows + cols);
    const guarded matrix = guarded_create_with(context, rows, cols, 0, 0, values);
    free(values);
    return matrix;
}

layer layer_create(ard_context *context)
{
    return (layer){.context = context,
                   .src = random_matrix(context, LAYER_BATCH, LAYER_IN),
                   .weights = random_matrix(context, LAYER_OUT, LAYER_IN),
                   .bias = random_matrix(context, 1, LAYER_OUT),
                   .dst = guarded_create(context, LAYER_BATCH, LAYER_OUT, 0, 0)};
}

void layer_destroy(layer *layer)
{
    guarded_destroy(&layer->src);
    guarded_destroy(&layer->weights);
    guarded_destroy(&layer->bias);
    guarded_destroy(&layer->dst);
}

void layer_forward(const layer *layer, const ard_tile_pattern *tile)
{
    ard_linear linear = ard_linear_init(LAYER_BATCH, LAYER_IN, LAYER_OUT);
    linear.activation = ARD_ACTIVATION_RELU;
    linear.tile = *tile;
    assert_success(ard_linear_forward(layer->context, &linear, &layer->src.matrix,
                                      &layer->weights.matrix, &layer->bias.matrix,
                                      &layer->dst.matrix, NULL));
}

void layer_forward_dense(const layer *layer)
{
    const ard_tile_pattern all = ard_tile_all();
    layer_forward(layer, &all);
}
