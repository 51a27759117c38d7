/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of a language model. */
#include "step_lstm.h"

#include <stdlib.h>

#include "input_random.h"

/* Zaremba et al.'s clipping (arXiv 1409.2329), and a rate at which the same window, over and over
 * again, goes well. */
#define CLIP 5.0
#define LEARNING_RATE 0.1

bench_outcome lstm_input_create(size_t batch, size_t steps, size_t vocabulary, uint64_t seed,
                                lstm_input *input)
{
    const size_t count = (steps + 1) * batch;
    *input = (lstm_input){.batch = batch, .steps = steps};
    input->words = calloc(count, sizeof *input->words);
    if (input->words == NULL) {
        return BENCH_NO_MEMORY;
    }
    input->targets = input->words + batch;
    for (size_t i = 0; i < count; i++) {
        const ard_draw draw = {
            .seed = seed, .step = i, .layer = INPUT_STREAM, .purpose = ARD_PURPOSE_DATA_ORDER};
        input->words[i] = ard_draw_below(&draw, (uint32_t)vocabulary);
    }
    return BENCH_DONE;
}

void lstm_input_free(lstm_input *input)
{
    free(input->words);
    *input = (lstm_input){0};
}

/* What a model of `kind` drops in one place, where a case's side has a dropout. */
static ard_status find_dropout(const bench_case *kase, ard_dropout_kind kind,
                               const ard_dropout *side, ard_dropout *dropout)
{
    *dropout = (ard_dropout){0};
    if (side->rate == 0) {
        return ARD_STATUS_SUCCESS; /* nothing is dropped, so no mask is made either */
    }
    if (kind == kase->pattern) {
        *dropout = *side;
        return ARD_STATUS_SUCCESS;
    }
    return ard_dropout_init(kind, side->rate, 0, kase->scale, dropout);
}

ard_status step_create_lstm(ard_context *context, const bench_case *kase, ard_dropout_kind kind,
                            ard_lstm **lstm)
{
    ard_lstm_options options = ard_lstm_defaults();
    options.layers = case_lstm_layers(kase);
    options.vocabulary = kase->widths[kase->layers];
    options.embedding = kase->widths[0];
    options.hidden = kase->widths[1];
    options.batch = kase->batch;
    options.steps = kase->steps;
    options.fresh = kase->fresh;
    options.tied = kase->tied;
    options.clip = CLIP;
    options.seed = kase->seed;
    options.sgd.schedule.rate = LEARNING_RATE;
    ard_status status = find_dropout(kase, kind, &kase->dropout[0], &options.between);
    if (status == ARD_STATUS_SUCCESS) {
        status = find_dropout(kase, kind, &kase->dropout[kase->layers], &options.recurrent);
    }
    return status == ARD_STATUS_SUCCESS ? ard_lstm_create(context, &options, lstm) : status;
}

static bench_outcome create_input(ard_context *context, const bench_case *kase, void **made)
{
    lstm_input *input = calloc(1, sizeof *input);
    (void)context; /* a step takes its words from the host */
    *made = input;
    return input == NULL ? BENCH_NO_MEMORY
                         : lstm_input_create(kase->batch, kase->steps, kase->widths[kase->layers],
                                             kase->seed, input);
}

static void destroy_input(void *input)
{
    if (input != NULL) {
        lstm_input_free(input);
        free(input);
    }
}

static ard_status create(ard_context *context, const bench_case *kase, ard_dropout_kind kind,
                         void **network)
{
    ard_lstm *lstm = NULL;
    const ard_status status = step_create_lstm(context, kase, kind, &lstm);
    *network = lstm;
    return status;
}

static void destroy(void *network)
{
    ard_lstm_destroy(network);
}

static ard_status step(void *network, void *data, const ard_layer_pattern *patterns)
{
    const lstm_input *input = data;
    return patterns != NULL
               ? ard_lstm_step_with_patterns(network, patterns, input->batch, input->steps,
                                             input->words, input->targets, NULL)
               : ard_lstm_step(network, input->batch, input->steps, input->words, input->targets,
                               NULL);
}

static ard_status flops(void *network, void *data, const ard_layer_pattern *patterns, double *flops)
{
    const lstm_input *input = data;
    return ard_lstm_step_flops(network, input->batch, input->steps, patterns, flops);
}

const step_model step_lstm = {
    .create_input = create_input,
    .destroy_input = destroy_input,
    .create = create,
    .destroy = destroy,
    .step = step,
    .flops = flops,
    .verify = step_verify_lstm,
};
