/* SPDX-License-Identifier: Apache-2.0 */
#include "models/lstm_toy.h"

#include <stdlib.h>

#include "support/compare.h"
#include "support/memory.h"
#include "support/reference_lstm.h"
#include "support/unit.h"

/* Small enough for several tiles of small matrices in each direction. */
enum { TILE_EDGE = 3, SUBSET_PERIOD = 4 };

ard_lstm_options lstm_toy_options(size_t layers, size_t vocabulary, size_t hidden, size_t batch,
                                  size_t steps)
{
    ard_lstm_options options = ard_lstm_defaults();
    options.layers = layers;
    options.vocabulary = vocabulary;
    options.embedding = hidden;
    options.hidden = hidden;
    options.batch = batch;
    options.steps = steps;
    options.range = 0.5;
    options.seed = 2024;
    options.sgd.schedule.rate = 0.1;
    return options;
}

ard_dropout lstm_toy_dropout(ard_dropout_kind kind, ard_scale_kind scale)
{
    ard_dropout dropout;
    const uint32_t period = kind == ARD_DROPOUT_SUBSET ? SUBSET_PERIOD : 0;
    assert_success(ard_dropout_init(kind, 0.5, period, scale, &dropout));
    if (kind == ARD_DROPOUT_TILE) {
        dropout.tile_edge = TILE_EDGE;
    }
    return dropout;
}

ard_lstm *lstm_toy_model(ard_context *context, const ard_lstm_options *options)
{
    ard_lstm *lstm = NULL;
    assert_success(ard_lstm_create(context, options, &lstm));
    assert_non_null(lstm);
    return lstm;
}

uint32_t *lstm_toy_text(size_t count, size_t vocabulary, uint64_t seed)
{
    uint32_t *text = test_alloc(count, sizeof *text);
    uint64_t random = seed;
    for (size_t i = 0; i < count; ++i) {
        text[i] = (uint32_t)test_random_below(&random, vocabulary);
    }
    return text;
}

void lstm_toy_train(ard_lstm *lstm, size_t windows)
{
    const ard_lstm_options *options = ard_lstm_get_options(lstm);
    for (size_t i = 0; i < windows; ++i) {
        const size_t count = options->batch * options->steps;
        const uint64_t seed = test_mix(options->seed, ard_lstm_steps_done(lstm));
        uint32_t *tokens = lstm_toy_text(count, options->vocabulary, seed);
        uint32_t *targets = lstm_toy_text(count, options->vocabulary, test_mix(seed, 1));
        assert_success(ard_lstm_step(lstm, options->batch, options->steps, tokens, targets, NULL));
        free(tokens);
        free(targets);
    }
}

static void assert_same_state(ard_lstm *const models[2], size_t layer, const char *what)
{
    const ard_lstm_options *options = ard_lstm_get_options(models[1]);
    const size_t count = options->batch * options->hidden;
    float *values[4];
    for (size_t i = 0; i < 4; ++i) {
        values[i] = test_alloc(count, sizeof *values[i]);
    }
    assert_success(ard_lstm_read_state(models[0], layer, values[0], values[1]));
    assert_success(ard_lstm_read_state(models[1], layer, values[2], values[3]));
    const comparison about_h = {"h", what, options->batch, options->hidden, options->seed};
    const comparison about_c = {"c", what, options->batch, options->hidden, options->seed};
    assert_same_bits(&about_h, values[0], values[2]);
    assert_same_bits(&about_c, values[1], values[3]);
    for (size_t i = 0; i < 4; ++i) {
        free(values[i]);
    }
}

static void assert_same_weights(ard_lstm *const models[2], const reference_weights *weights,
                                const char *what, uint64_t seed)
{
    float *values[2];
    for (size_t i = 0; i < 2; ++i) {
        values[i] = test_alloc(weights->rows * weights->cols, sizeof *values[i]);
        assert_success(ard_lstm_read(models[i], weights->kind, weights->layer, values[i]));
    }
    const comparison about = {"weights", what, weights->rows, weights->cols, seed};
    assert_same_bits(&about, values[0], values[1]);
    free(values[0]);
    free(values[1]);
}

void lstm_toy_assert_same_bits(ard_lstm *actual, ard_lstm *expected, const char *what)
{
    const ard_lstm_options *options = ard_lstm_get_options(expected);
    ard_lstm *const models[2] = {actual, expected};
    reference_lstm shapes = reference_lstm_create(options);
    for (size_t i = 0; i < shapes.count; ++i) {
        assert_same_weights(models, &shapes.weights[i], what, options->seed);
    }
    for (size_t l = 0; l < options->layers; ++l) {
        assert_same_state(models, l, what);
    }
    reference_lstm_destroy(&shapes);
}
