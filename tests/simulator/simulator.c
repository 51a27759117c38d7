/* SPDX-License-Identifier: Apache-2.0 */
/* Every kernel family at odd tiny sizes against the reference, for a simulator that watches each
 * access to memory, such as Oclgrind: tools/run-tests runs it there. Both forms of the kernels run,
 * scalar and with vectors of 16, whatever the device would get. */
#include <ard/batch.h>
#include <ard/compact.h>

#include <stdlib.h>

#include "device/context_internal.h"
#include "engines/engine_context.h"
#include "layers/linear_problem.h"
#include "models/lstm_run.h"
#include "optimizer/lazy_problem.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

enum { IN = 37, OUT = 21, KINDS = 6, BATCH = 5 };

/* Before the first kernel is built. */
static int set_up(void **state, size_t vector_width)
{
    if (test_context_setup(state) != 0) {
        return -1;
    }
    ard_context *context = *state;
    context->vector_width = vector_width;
    return 0;
}

static int set_up_scalar(void **state)
{
    return set_up(state, 1);
}

static int set_up_vectors(void **state)
{
    return set_up(state, 16);
}

/* No pattern, rows, subsets, indices, tiles, tiles beside rows. */
static ard_linear linear_of(size_t kind, size_t batch, const uint32_t *indices)
{
    ard_linear linear = ard_linear_init(batch, IN, OUT);
    linear.activation = kind % 2 == 0 ? ARD_ACTIVATION_RELU : ARD_ACTIVATION_IDENTITY;
    linear.scale = 1.5f;
    if (kind == 1 || kind == 5) {
        assert_success(ard_pattern_row(3, 2, &linear.in_pattern));
        assert_success(ard_pattern_row(2, 0, &linear.out_pattern));
    } else if (kind == 2) {
        assert_success(ard_pattern_subset(8, 0xB1, &linear.in_pattern));
        assert_success(ard_pattern_subset(5, 0x13, &linear.out_pattern));
    } else if (kind == 3) {
        assert_success(ard_pattern_index(indices, 7, &linear.in_pattern));
        assert_success(ard_pattern_index(indices, 5, &linear.out_pattern));
    }
    if (kind >= 4) {
        linear.tile =
            (ard_tile_pattern){.edge = 5, .period = 2, .offset = 1, .numbering = ARD_TILE_DIAGONAL};
    }
    return linear;
}

static void test_linear(void **state)
{
    static const uint32_t indices[7] = {0, 1, 4, 9, 20, 30, 36};
    for (size_t i = 0; i < (size_t)2 * KINDS; ++i) {
        linear_problem problem = {.linear = linear_of(i / 2, BATCH, indices),
                                  .bias = i % 3 != 0,
                                  .in_place = i % 2 == 1,
                                  .seed = 100 + i};
        problem.linear.compact = i % 2 == 1;
        check_linear(*state, &problem);
    }
}

/* The packed products with vectors of 16 and of 8, and those by the definition. */
static void test_engines(void **state)
{
    static const size_t settings[] = {0, 1, 5};
    (void)state;
    for (size_t i = 0; i < 3; ++i) {
        ard_context *context = engine_context_create(settings[i]);
        for (size_t kind = 0; kind < KINDS; kind += 4) {
            const linear_problem problem = {
                .linear = linear_of(kind, 13, NULL), .bias = true, .seed = 150 + i};
            check_linear(context, &problem);
        }
        ard_context_destroy(context);
    }
}

/* Conventional masks of outputs and of weights, with rows wide enough for whole vectors of them. */
static void test_masks(void **state)
{
    const ard_bernoulli mask = {.rate = 0.4, .seed = 3, .layer = 2, .step = 7};
    for (size_t i = 0; i < 4; ++i) {
        linear_problem problem = {
            .linear = ard_linear_init(3, 7, i < 2 ? 71 : 19), .bias = i % 2 == 0, .seed = 200 + i};
        problem.linear.scale = 1.25f;
        if (i % 2 == 0) {
            problem.linear.bernoulli = &mask;
        } else {
            problem.linear.drop_connect = &mask;
        }
        check_linear(*state, &problem);
    }
}

/* A matrix to its kept part, and back. */
static void test_compaction(void **state)
{
    ard_pattern rows;
    ard_pattern cols;
    assert_success(ard_pattern_row(3, 1, &rows));
    assert_success(ard_pattern_subset(7, 0x25, &cols));
    float *values = test_random_floats((size_t)BATCH * IN, 9);
    guarded whole = guarded_create_with(*state, BATCH, IN, 3, 2, values);
    guarded back = guarded_create(*state, BATCH, IN, 1, 3);
    size_t kept_rows = 0;
    size_t kept_cols = 0;
    assert_success(ard_pattern_kept_count(&rows, BATCH, &kept_rows));
    assert_success(ard_pattern_kept_count(&cols, IN, &kept_cols));
    guarded part = guarded_create(*state, kept_rows, kept_cols, 5, 1);
    assert_success(ard_compact(*state, BATCH, IN, &rows, &cols, &whole.matrix, &part.matrix, NULL));
    assert_success(ard_expand(*state, BATCH, IN, &rows, &cols, &part.matrix, &back.matrix, NULL));
    float *got = guarded_read(&back, "expanded");
    for (size_t at = 0; at < (size_t)BATCH * IN; ++at) {
        const bool kept = ard_pattern_keeps(&rows, at / IN) && ard_pattern_keeps(&cols, at % IN);
        assert_true(got[at] == (kept ? values[at] : 0.0f));
    }
    free(got);
    free(values);
    guarded_destroy(&whole);
    guarded_destroy(&back);
    guarded_destroy(&part);
}

/* A batch of four samples, one of which is none. */
static void test_batch(void **state)
{
    enum { SAMPLES = 7, TAKEN = 4 };
    static const uint32_t order[] = {9, 6, 0, SAMPLES, 3, 2};
    static const int32_t labels[SAMPLES] = {5, 4, 3, 2, 1, 0, 9};
    ard_context *context = *state;
    float *values = test_random_floats((size_t)SAMPLES * IN, 11);
    guarded src = guarded_create_with(context, SAMPLES, IN, 2, 3, values);
    guarded dst = guarded_create(context, TAKEN, IN, 1, 1);
    const ard_labels src_labels = test_labels(context, SAMPLES, labels, 3);
    const ard_labels dst_labels = test_labels(context, TAKEN, labels, 2);
    cl_mem order_buffer = test_buffer(context, sizeof order, order);
    assert_success(ard_batch_gather(context, TAKEN, IN, SAMPLES, &src.matrix, &src_labels,
                                    order_buffer, 1, &dst.matrix, &dst_labels, NULL));
    float *got = guarded_read(&dst, "batch");
    for (size_t at = 0; at < (size_t)TAKEN * IN; ++at) {
        const uint32_t sample = order[1 + at / IN];
        assert_true(got[at] == (sample < SAMPLES ? values[sample * IN + at % IN] : 0.0f));
    }
    free(got);
    free(values);
    clReleaseMemObject(order_buffer);
    clReleaseMemObject(src_labels.buffer);
    clReleaseMemObject(dst_labels.buffer);
    guarded_destroy(&src);
    guarded_destroy(&dst);
}

/* Updates and catch-up: by a table of classes, by ages of elements, of tiles, and of weights
 * alone. */
static void test_updates(void **state)
{
    lazy_problem problems[] = {
        {.name = "classes", .rows = {7, 12, DRAW_ROW, 4}, .cols = {33, 16, DRAW_SUBSET, 16}},
        {.name = "elements",
         .rows = {17, 0, DRAW_ROW, 13},
         .cols = {19, 0, DRAW_INDEX, 1},
         .element_ages = true},
        {.name = "whole", .rows = {5, 1, DRAW_ALL, 1}, .cols = {37, 1, DRAW_ALL, 1}},
        {.name = "several",
         .rows = {5, 6, DRAW_ROW, 3},
         .cols = {35, 1, DRAW_ALL, 1},
         .updates = 2},
        {.name = "weights", .rows = {5, 6, DRAW_ROW, 3}, .cols = {35, 1, DRAW_ALL, 1}},
        {.name = "tiles",
         .rows = {11, 1, DRAW_ALL, 1},
         .cols = {35, 1, DRAW_ALL, 1},
         .tiles = {16, ARD_TILE_DIAGONAL, 6, DRAW_ROW, 3, false}},
    };
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; ++i) {
        problems[i].options = lazy_options();
        problems[i].steps = 6;
        problems[i].clip = i % 2 == 0 ? 0.3 : 0.0;
        problems[i].seed = 300 + i;
        if (i == 4) {
            problems[i].options.momentum = 0.0;
            problems[i].options.weight_decay = 0.0;
        }
        check_lazy(*state, &problems[i]);
    }
}

/* Embedding, cell with each way to pass the hidden state on, loss, products that share a matrix. */
static void test_language_model(void **state)
{
    for (int kind = ARD_DROPOUT_NONE; kind <= ARD_DROPOUT_INDEX; ++kind) {
        const ard_dropout_kind dropout = (ard_dropout_kind)kind;
        ard_lstm_options options = lstm_toy_options(1, 35, 19, 2, 3);
        options.embedding = 17;
        options.between = lstm_toy_dropout(dropout, ARD_SCALE_RATE);
        options.recurrent = lstm_toy_dropout(dropout, ARD_SCALE_RATE);
        options.clip = 0.5;
        lstm_run run = lstm_run_begin(*state, &options, "simulated");
        for (size_t step = 0; step < 2; ++step) {
            lstm_run_step(&run, NULL, 2, 3);
        }
        lstm_run_compare(&run);
        lstm_run_end(&run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_linear),     cmocka_unit_test(test_masks),
        cmocka_unit_test(test_compaction), cmocka_unit_test(test_batch),
        cmocka_unit_test(test_updates),    cmocka_unit_test(test_language_model),
    };
    const struct CMUnitTest engines[] = {cmocka_unit_test(test_engines)};
    int failed = cmocka_run_group_tests_name("engines", engines, NULL, NULL);
    if (setenv("ARD_ENGINE", "packed", 1) != 0) {
        return 1;
    }
    failed +=
        cmocka_run_group_tests_name("scalar kernels", tests, set_up_scalar, test_context_teardown);
    failed += cmocka_run_group_tests_name("kernels with vectors", tests, set_up_vectors,
                                          test_context_teardown);
    return failed;
}
