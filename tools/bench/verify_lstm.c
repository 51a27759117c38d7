/* SPDX-License-Identifier: Apache-2.0 */
/* A few training steps of a language model with patterns against the double-precision reference.
 *
 * Several steps, because the second begins with the hidden state of the first. Error of a
 * parameter: see reference_lstm_error(); of the loss: relative to the loss. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "progress.h"
#include "reference_lstm.h"
#include "step_lstm.h"

enum { VERIFY_STEPS = 3, VERIFY_BATCH = 4, VERIFY_WINDOW = 2 };

/* Dense operations that the reference may spend on one step; what is above takes fewer sequences of
 * fewer time steps, though not less than the above. */
#define VERIFY_FLOPS 3e9

typedef struct verification {
    const bench_case *kase;
    lstm_input input; /* of the sizes that are verified */
    ard_lstm *lstm;
    reference_lstm *reference;
    reference_lstm_dropout *dropout; /* [sides] */
    float *values;                   /* room for any parameter */
    progress bar;
    char note[CASE_TEXT];
    uint64_t steps; /* time steps done, forward and backward */
    double largest; /* error so far */
} verification;

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Sequences and time steps that the reference can take. */
static void choose_window(const bench_case *kase, size_t *batch, size_t *steps)
{
    const double tokens = (double)kase->batch * (double)kase->steps;
    const double most = fmin(VERIFY_FLOPS / (case_flops(kase, NULL) / tokens), tokens);
    *batch = smaller(kase->batch, VERIFY_BATCH);
    *steps = (size_t)fmax(most / (double)*batch, VERIFY_WINDOW);
    *steps = smaller(kase->steps, *steps);
    *batch = (size_t)fmax(most / (double)*steps, (double)*batch);
    *batch = smaller(kase->batch, *batch);
}

/* Calls `what` for all parameters of the model. */
static bench_outcome for_parameters(verification *v,
                                    void (*what)(verification *, ard_lstm_parameter, size_t))
{
    bench_outcome outcome = BENCH_DONE;
    for (int i = ARD_LSTM_EMBEDDING; i <= ARD_LSTM_SOFTMAX_BIAS; i++) {
        const ard_lstm_parameter parameter = (ard_lstm_parameter)i;
        const bool of_layer = parameter == ARD_LSTM_INPUT || parameter == ARD_LSTM_RECURRENT ||
                              parameter == ARD_LSTM_BIAS;
        const size_t layers = of_layer ? case_lstm_layers(v->kase) : 1;
        for (size_t layer = 0; layer < layers && outcome == BENCH_DONE; layer++) {
            if (reference_lstm_count(v->reference, parameter, layer) == 0) {
                continue;
            }
            outcome = measure_outcome(ard_lstm_read(v->lstm, parameter, layer, v->values));
            if (outcome == BENCH_DONE) {
                what(v, parameter, layer);
            }
        }
    }
    return outcome;
}

static void note_error(verification *v, double error)
{
    if (!(error <= v->largest)) {
        v->largest = isnan(error) ? HUGE_VAL : error;
    }
}

static void copy(verification *v, ard_lstm_parameter parameter, size_t layer)
{
    reference_lstm_set(v->reference, parameter, layer, v->values);
}

static void compare(verification *v, ard_lstm_parameter parameter, size_t layer)
{
    note_error(v, reference_lstm_error(v->reference, parameter, layer, v->values));
}

/* Values of the largest parameter. */
static size_t largest_count(const bench_case *kase)
{
    size_t most = kase->widths[kase->layers] * kase->widths[0];
    for (size_t side = 0; side < case_dropouts(kase); side++) {
        const size_t count = case_side_rows(kase, side) * case_side_cols(kase, side);
        most = count > most ? count : most;
    }
    return most;
}

static bench_outcome create(verification *v, ard_context *context)
{
    const bench_case *kase = v->kase;
    size_t batch = 0;
    size_t steps = 0;
    choose_window(kase, &batch, &steps);
    const reference_lstm_sizes sizes = {
        .layers = case_lstm_layers(kase),
        .vocabulary = kase->widths[kase->layers],
        .embedding = kase->widths[0],
        .hidden = kase->widths[1],
        .batch = batch,
        .steps = steps,
        .tied = kase->tied,
        .tiles = kase->pattern == ARD_DROPOUT_TILE,
    };
    v->values = calloc(largest_count(kase), sizeof *v->values);
    v->dropout = calloc(kase->sides, sizeof *v->dropout);
    v->reference = reference_lstm_create(&sizes);
    if (v->values == NULL || v->dropout == NULL || v->reference == NULL) {
        return BENCH_NO_MEMORY;
    }
    bench_outcome outcome =
        lstm_input_create(batch, steps, sizes.vocabulary, kase->seed, &v->input);
    if (outcome == BENCH_DONE) {
        outcome = measure_outcome(step_create_lstm(context, kase, kase->pattern, &v->lstm));
    }
    return outcome == BENCH_DONE ? for_parameters(v, copy) : outcome;
}

static void destroy(verification *v)
{
    free(v->values);
    free(v->dropout);
    reference_lstm_destroy(v->reference);
    ard_lstm_destroy(v->lstm);
    lstm_input_free(&v->input);
}

/* What the reference drops, and by how much the rest is scaled. */
static void find_dropout(const verification *v, const ard_layer_pattern *patterns)
{
    const bench_case *kase = v->kase;
    for (size_t side = 0; side < kase->sides; side++) {
        const double rate = kase->dropout[case_dropout_of(kase, side)].rate;
        double made_up = 1;
        if (rate > 0) {
            made_up = kase->scale == ARD_SCALE_PERIOD
                          ? 1 / case_kept_share(kase, side, &patterns[side])
                          : 1 / (1 - rate);
        }
        const bool tiles = kase->pattern == ARD_DROPOUT_TILE;
        v->dropout[side] = (reference_lstm_dropout){.pattern = patterns[side],
                                                    .scale = tiles ? 1 : made_up,
                                                    .weight_scale = tiles ? made_up : 1};
    }
}

/* Notes a time step of the reference. */
static bench_outcome end_time_step(verification *v)
{
    progress_update(&v->bar, ++v->steps, v->note);
    return measure_outcome(ARD_STATUS_SUCCESS);
}

/* The reference's step, and its mean loss. */
static bench_outcome run_reference(verification *v, const ard_layer_pattern *patterns, double *loss)
{
    const lstm_input *input = &v->input;
    bench_outcome outcome = BENCH_DONE;
    *loss = 0;
    find_dropout(v, patterns);
    reference_lstm_begin(v->reference, v->dropout, v->kase->fresh ? v->kase->steps : 0);
    for (size_t t = 0; t < input->steps && outcome == BENCH_DONE; t++) {
        *loss += reference_lstm_forward(v->reference, t, input->words + t * input->batch,
                                        input->targets + t * input->batch);
        outcome = end_time_step(v);
    }
    for (size_t t = input->steps; t-- > 0 && outcome == BENCH_DONE;) {
        reference_lstm_backward(v->reference, t, input->words + t * input->batch);
        outcome = end_time_step(v);
    }
    *loss /= (double)(input->batch * input->steps);
    return outcome;
}

static bench_outcome verify_step(verification *v, const ard_layer_pattern *patterns)
{
    const ard_lstm_options *options = ard_lstm_get_options(v->lstm);
    ard_lstm_result result = {0};
    double loss = 0;
    bench_outcome outcome = run_reference(v, patterns, &loss);
    if (outcome == BENCH_DONE) {
        outcome = measure_outcome(ard_lstm_step_with_patterns(v->lstm, patterns, v->input.batch,
                                                              v->input.steps, v->input.words,
                                                              v->input.targets, NULL));
    }
    if (outcome == BENCH_DONE) {
        outcome = measure_outcome(ard_lstm_take_training_result(v->lstm, &result));
    }
    if (outcome == BENCH_DONE) {
        reference_lstm_update(v->reference, options->sgd.schedule.rate, options->clip);
        note_error(v, fabs(result.loss - loss) / fmax(loss, 1e-3));
        outcome = for_parameters(v, compare);
    }
    return outcome;
}

/* Eight times what roundings that do not conspire add up to in this model. */
static double error_bound(const verification *v)
{
    const bench_case *kase = v->kase;
    size_t terms = v->input.batch * v->input.steps;
    for (size_t i = 0; i <= kase->layers; i++) {
        terms = kase->widths[i] > terms ? kase->widths[i] : terms;
    }
    return 8 * FLT_EPSILON * (sqrt((double)terms) * (double)kase->layers + 1000);
}

bench_outcome step_verify_lstm(ard_context *context, const draw_set *set, const char *label,
                               bench_error *error)
{
    verification v = {.kase = set->kase};
    case_describe(set->kase, v.note);
    bench_outcome outcome = create(&v, context);
    progress_start(&v.bar, label, "time steps", 2 * VERIFY_STEPS * v.input.steps);
    for (size_t i = 0; i < VERIFY_STEPS && outcome == BENCH_DONE; i++) {
        const size_t draw = i * (set->count - 1) / (VERIFY_STEPS - 1);
        outcome = verify_step(&v, draws_patterns(set, draw, 0));
    }
    progress_finish(&v.bar);
    *error = (bench_error){.largest = v.largest, .bound = error_bound(&v)};
    destroy(&v);
    return outcome;
}
