/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles: what is recorded of which calls. */
#include <ard/profile.h>

#include <stdlib.h>
#include <string.h>

#include "device/context_internal.h"
#include "device/profile_layer.h"
#include "models/toy.h"
#include "support/memory.h"
#include "support/unit.h"

static void test_queue_without_profiling(void **state)
{
    ard_context *context = *state;
    assert_fails(ard_profile_start(context), ARD_STATUS_UNSUPPORTED);
    assert_non_null(strstr(ard_detail(), "CL_QUEUE_PROFILING_ENABLE"));
    ard_profile_entry entry;
    size_t count = 7;
    assert_invalid(ard_profile_stop(context, &entry, 1, &count));
    assert_int_equal(count, 7);

    /* Of an application's queue, the option changes nothing. */
    const ard_context_options options = {.profiling = true};
    cl_command_queue queue = profile_queue(0);
    ard_context *other = NULL;
    assert_success(ard_context_create_from_queue(queue, &options, &other));
    assert_fails(ard_profile_start(other), ARD_STATUS_UNSUPPORTED);
    ard_context_destroy(other);
    clReleaseCommandQueue(queue);
}

/* Times that a driver makes up are refused. */
static void test_timer(void **state)
{
    (void)state;
    const ard_context_options options = {.profiling = true};
    ard_context *context = NULL;
    size_t resolution = 0;
    assert_success(ard_context_create(NULL, &options, &context));
    assert_int_equal(clGetDeviceInfo(context->device, CL_DEVICE_PROFILING_TIMER_RESOLUTION,
                                     sizeof resolution, &resolution, NULL),
                     CL_SUCCESS);
    if (resolution > 0) {
        assert_success(ard_profile_start(context));
    } else {
        assert_fails(ard_profile_start(context), ARD_STATUS_UNSUPPORTED);
        assert_non_null(strstr(ard_detail(), "timer"));
    }
    ard_context_destroy(context);
}

static void test_arguments(void **state)
{
    (void)state;
    ard_profile_entry entry;
    size_t count = 7;
    ard_context *context = profile_context("packed");
    assert_invalid(ard_profile_start(NULL));
    assert_invalid(ard_profile_stop(NULL, &entry, 1, &count));
    assert_invalid(ard_profile_stop(context, &entry, 1, &count));
    assert_non_null(strstr(ard_detail(), "not profiled"));
    assert_success(ard_profile_start(context));
    assert_invalid(ard_profile_start(context));
    assert_non_null(strstr(ard_detail(), "already"));
    assert_invalid(ard_profile_stop(context, &entry, 1, NULL));
    assert_invalid(ard_profile_stop(context, NULL, 1, &count));
    assert_int_equal(count, 7);
    assert_success(ard_profile_stop(context, NULL, 0, &count)); /* of nothing */
    assert_int_equal(count, 0);
    ard_context_destroy(context);
}

/* One forward pass with bias and ReLU: the packed engine applies them itself. */
static void test_forward(void **state)
{
    (void)state;
    const double flops = 2.0 * LAYER_BATCH * LAYER_IN * LAYER_OUT;
    const double bytes =
        4.0 * (LAYER_BATCH * LAYER_IN + LAYER_IN * LAYER_OUT + LAYER_BATCH * LAYER_OUT);
    for (size_t i = 0; i < 2; ++i) {
        ard_context *context = profile_context(profile_engines[i]);
        layer layer = layer_create(context);
        assert_success(ard_profile_start(context));
        layer_forward_dense(&layer);
        layer_forward_dense(&layer);
        const profile got = profile_stop(context);
        assert_int_equal(got.count, 2);
        if (i == 0) {
            assert_string_equal(got.entries[0].name, "ard_pack");
            assert_entry(&got, "ard_pack", 2, true, 0.0, 2 * 4.0 * 2 * LAYER_BATCH * LAYER_IN);
            assert_entry(&got, "ard_multiply", 2, true, 2 * flops, 2 * bytes);
        } else {
            assert_string_equal(got.entries[0].name, "clblast");
            assert_entry(&got, "clblast", 2, true, 2 * flops, 2 * bytes);
            assert_entry(&got, "ard_forward_activation", 2, false, 0.0,
                         2 * 4.0 * 2 * LAYER_BATCH * LAYER_OUT);
        }
        layer_destroy(&layer);
        ard_context_destroy(context);
    }
}

/* Of two groups of tiles, the products of both count, however they are launched. */
static void test_tiles(void **state)
{
    (void)state;
    const ard_tile_pattern tile = {
        .edge = LAYER_TILE, .period = 2, .offset = 1, .numbering = ARD_TILE_DIAGONAL};
    ard_tile_layout layout;
    assert_success(ard_tile_get_layout(&tile, LAYER_OUT, LAYER_IN, NULL, NULL, &layout));
    assert_int_equal(layout.groups, 2);
    for (size_t i = 0; i < 2; ++i) {
        ard_context *context = profile_context(profile_engines[i]);
        layer layer = layer_create(context);
        assert_success(ard_profile_start(context));
        layer_forward(&layer, &tile);
        const profile got = profile_stop(context);
        const ard_profile_entry *product = profile_find(&got, i == 0 ? "ard_multiply" : "clblast");
        assert_non_null(product);
        assert_true(product->launches >= 1 && product->launches <= layout.groups);
        /* At least the kept weights, at most with all padding. */
        assert_true(product->flops >= 2.0 * LAYER_BATCH * LAYER_OUT * LAYER_IN / 4);
        assert_true(product->flops <=
                    2.0 * (double)(LAYER_BATCH * layout.groups * layout.rows * layout.cols));
        assert_non_null(profile_find(&got, "write")); /* the lists of units */
        layer_destroy(&layer);
        ard_context_destroy(context);
    }
}

static void test_only_between_start_and_stop(void **state)
{
    (void)state;
    ard_context *context = profile_context("packed");
    layer layer = layer_create(context);
    layer_forward_dense(&layer);
    assert_success(ard_profile_start(context));
    profile got = profile_stop(context);
    assert_int_equal(got.count, 0);
    layer_forward_dense(&layer);
    assert_success(ard_profile_start(context));
    layer_forward_dense(&layer);
    got = profile_stop(context);
    assert_int_equal(got.count, 2);
    assert_int_equal(got.entries[0].launches, 1);
    layer_destroy(&layer);
    ard_context_destroy(context);
}

/* With too little room nothing is written and nothing is lost. */
static void test_room(void **state)
{
    (void)state;
    ard_context *context = profile_context("packed");
    layer layer = layer_create(context);
    ard_profile_entry entry = {.name = "untouched"};
    size_t count = 7;
    assert_success(ard_profile_start(context));
    layer_forward_dense(&layer);
    assert_invalid(ard_profile_stop(context, &entry, 1, &count));
    assert_non_null(strstr(ard_detail(), "2 entries"));
    assert_string_equal(entry.name, "untouched");
    assert_int_equal(count, 7);
    layer_forward_dense(&layer);
    const profile got = profile_stop(context);
    assert_int_equal(got.count, 2);
    assert_int_equal(got.entries[0].launches, 2);
    layer_destroy(&layer);
    ard_context_destroy(context);
}

static void test_copies(void **state)
{
    (void)state;
    ard_context *context = profile_context("packed");
    layer layer = layer_create(context);
    float values[LAYER_BATCH * LAYER_OUT] = {0};
    cl_mem buffer = NULL;
    void *data = NULL;
    assert_success(ard__buffer_create(context, 64, &buffer));
    assert_success(ard_profile_start(context));
    assert_success(ard__buffer_fill(context, buffer, 5, 64));
    assert_success(ard_matrix_write(context, LAYER_BATCH, LAYER_OUT, values, &layer.dst.matrix));
    assert_success(ard_matrix_read(context, LAYER_BATCH, LAYER_OUT, &layer.dst.matrix, values));
    assert_success(ard__upload_begin(context, 48, &data));
    memset(data, 0, 48);
    assert_success(ard__upload_send(context, 48, buffer, 16));
    const profile got = profile_stop(context);
    assert_int_equal(got.count, 3);
    assert_entry(&got, "fill", 1, false, 0.0, 64);
    assert_entry(&got, "write", 2, false, 0.0, 4.0 * LAYER_BATCH * LAYER_OUT + 48);
    assert_entry(&got, "read", 1, false, 0.0, 4.0 * LAYER_BATCH * LAYER_OUT);
    clReleaseMemObject(buffer);
    layer_destroy(&layer);
    ard_context_destroy(context);
}

/* Training steps: the products' operations are those that the network says, on both engines and, if
 * there is one, on an out-of-order queue. */
static void check_steps(ard_context *context)
{
    enum { STEPS = 5, SAMPLES = 40, CLASSES = 4 };
    static const size_t widths[] = {LAYER_IN, 24, 18, CLASSES};
    const ard_dropout dropout[2] = {toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE),
                                    toy_dropout(ARD_DROPOUT_SUBSET, ARD_SCALE_RATE)};
    const ard_mlp_options options = toy_options(3, widths, dropout, LAYER_BATCH);
    toy_data data = toy_create(context, SAMPLES, LAYER_IN, CLASSES, 0.5f, 3);
    ard_mlp *mlp = toy_network(context, &options);
    double expected = 0.0;
    for (uint64_t step = 0; step < STEPS; ++step) {
        ard_layer_pattern patterns[ARD_MLP_MAX_LAYERS];
        double flops = 0.0;
        assert_success(ard_mlp_patterns(mlp, step, patterns));
        assert_success(ard_mlp_step_flops(mlp, LAYER_BATCH, patterns, &flops));
        expected += flops;
    }
    assert_success(ard_profile_start(context));
    toy_train(mlp, &data, STEPS, LAYER_BATCH);
    const profile got = profile_stop(context);
    double flops = 0.0;
    for (size_t i = 0; i < got.count; ++i) {
        const ard_profile_entry *entry = &got.entries[i];
        assert_true(entry->launches > 0 && entry->bytes > 0.0);
        assert_true(entry->is_multiplication || entry->flops == 0.0);
        flops += entry->flops;
    }
    assert_true(flops == expected);
    const ard_profile_entry *update = profile_find(&got, "ard_update");
    assert_non_null(update);
    assert_true(update->launches <= STEPS * 6); /* weights and bias of three layers */
    assert_non_null(profile_find(&got, "ard_softmax_cross_entropy"));
    ard_mlp_destroy(mlp);
    toy_destroy(&data);
}

static void test_steps(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; ++i) {
        ard_context *context = profile_context(profile_engines[i]);
        check_steps(context);
        ard_context_destroy(context);
    }
    cl_command_queue queue =
        profile_queue(CL_QUEUE_PROFILING_ENABLE | CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE);
    for (size_t i = 0; queue != NULL && i < 2; ++i) {
        ard_context *context = NULL;
        assert_int_equal(setenv("ARD_ENGINE", profile_engines[i], 1), 0);
        assert_success(ard_context_create_from_queue(queue, NULL, &context));
        assert_int_equal(unsetenv("ARD_ENGINE"), 0);
        check_steps(context);
        ard_context_destroy(context);
    }
    if (queue != NULL) {
        clReleaseCommandQueue(queue);
    }
}

int main(void)
{
    unsetenv("ARD_ENGINE");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queue_without_profiling),
        cmocka_unit_test(test_timer),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_forward),
        cmocka_unit_test(test_tiles),
        cmocka_unit_test(test_only_between_start_and_stop),
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_steps),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
