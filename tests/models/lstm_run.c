/* SPDX-License-Identifier: Apache-2.0 */
#include "models/lstm_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/lstm_factors.h"
#include "support/compare.h"
#include "support/memory.h"
#include "support/unit.h"

/* Of the largest value, after all steps: rounding differences grow along the run. */
static const double RUN_TOLERANCE = 1e-5;

enum { WINDOWS = 9 };

static const char *const parameter_names[] = {"embedding", "input weights", "recurrent weights",
                                              "bias",      "softmax",       "softmax bias"};

void lstm_run_read_parameters(ard_lstm *lstm, reference_lstm *reference)
{
    for (size_t i = 0; i < reference->count; ++i) {
        reference_weights *weights = &reference->weights[i];
        const size_t size = weights->rows * weights->cols;
        float *values = test_alloc(size, sizeof *values);
        assert_success(ard_lstm_read(lstm, weights->kind, weights->layer, values));
        for (size_t at = 0; at < size; ++at) {
            weights->values[at] = values[at];
        }
        free(values);
    }
}

static void read_state(ard_lstm *lstm, reference_lstm *reference)
{
    const size_t count = reference->options.batch * reference->options.hidden;
    for (size_t l = 0; l < reference->options.layers; ++l) {
        float *h = test_alloc(count, sizeof *h);
        float *c = test_alloc(count, sizeof *c);
        assert_success(ard_lstm_read_state(lstm, l, h, c));
        for (size_t at = 0; at < count; ++at) {
            reference->h[l][at] = h[at];
            reference->c[l][at] = c[at];
        }
        free(h);
        free(c);
    }
}

lstm_run lstm_run_begin(ard_context *context, const ard_lstm_options *options, const char *name)
{
    lstm_run run = {.name = name,
                    .lstm = lstm_toy_model(context, options),
                    .reference = reference_lstm_create(options),
                    .random = options->seed};
    lstm_run_read_parameters(run.lstm, &run.reference);
    read_state(run.lstm, &run.reference);
    return run;
}

void lstm_run_end(lstm_run *run)
{
    ard_lstm_destroy(run->lstm);
    reference_lstm_destroy(&run->reference);
}

static void assert_near(const lstm_run *run, const char *what, double actual, double expected,
                        double bound)
{
    if (!(fabs(actual - expected) <= bound)) {
        fail_msg("%s of %s, step %llu, seed %llu: got %.9g, expected %.9g within %.3g", what,
                 run->name, (unsigned long long)run->reference.step,
                 (unsigned long long)run->reference.options.seed, actual, expected, bound);
    }
}

static void compare_values(const lstm_run *run, const char *what, size_t rows, size_t cols,
                           const float *actual, const double *expected)
{
    char problem[128];
    snprintf(problem, sizeof problem, "%s, after %llu steps", run->name,
             (unsigned long long)run->reference.step);
    const comparison about = {what, problem, rows, cols, run->reference.options.seed};
    assert_within(&about, actual, expected,
                  RUN_TOLERANCE * fmax(largest_of(rows * cols, expected), 0.1));
}

void lstm_run_compare(const lstm_run *run)
{
    const reference_lstm *reference = &run->reference;
    const size_t batch = reference->options.batch;
    const size_t hidden = reference->options.hidden;
    for (size_t i = 0; i < reference->count; ++i) {
        const reference_weights *weights = &reference->weights[i];
        float *values = test_alloc(weights->rows * weights->cols, sizeof *values);
        char what[64];
        snprintf(what, sizeof what, "%s of layer %zu", parameter_names[weights->kind],
                 weights->layer);
        assert_success(ard_lstm_read(run->lstm, weights->kind, weights->layer, values));
        compare_values(run, what, weights->rows, weights->cols, values, weights->values);
        free(values);
    }
    for (size_t l = 0; l < reference->options.layers; ++l) {
        float *h = test_alloc(batch * hidden, sizeof *h);
        float *c = test_alloc(batch * hidden, sizeof *c);
        assert_success(ard_lstm_read_state(run->lstm, l, h, c));
        compare_values(run, "h", batch, hidden, h, reference->h[l]);
        compare_values(run, "c", batch, hidden, c, reference->c[l]);
        free(h);
        free(c);
    }
}

/* Rows whose two best words are too close to call in float32. */
static double count_ties(size_t rows, size_t words, const double *logits)
{
    double ties = 0.0;
    for (size_t row = 0; row < rows; ++row) {
        double best = -INFINITY;
        double second = -INFINITY;
        for (size_t i = 0; i < words; ++i) {
            const double logit = logits[row * words + i];
            second = fmax(second, fmin(best, logit));
            best = fmax(best, logit);
        }
        ties += best - second <= RUN_TOLERANCE * (1.0 + fabs(best)) ? 1.0 : 0.0;
    }
    return ties;
}

static void compare_result(lstm_run *run, const char *what, const ard_lstm_result *result,
                           double tokens, double loss, double hits, double ties)
{
    char name[64];
    snprintf(name, sizeof name, "tokens of the %s", what);
    assert_near(run, name, (double)result->tokens, tokens, 0.0);
    snprintf(name, sizeof name, "loss of the %s", what);
    assert_near(run, name, result->loss, loss, RUN_TOLERANCE * (1.0 + loss));
    snprintf(name, sizeof name, "hits of the %s", what);
    assert_near(run, name, (double)result->correct, hits, ties);
}

/* The reference's step; *ties of the hits. Returns the mean loss. */
static double step_reference(lstm_run *run, const ard_layer_pattern *patterns, size_t batch,
                             size_t steps, const uint32_t *tokens, const uint32_t *targets,
                             double *hits, double *ties)
{
    reference_lstm *reference = &run->reference;
    reference_lstm_factors factors =
        lstm_factors_of(reference, patterns, reference->step, batch, steps);
    reference_lstm_window window =
        reference_lstm_forward(reference, &factors, batch, steps, tokens);
    const double loss = reference_lstm_loss(reference, &window, targets, hits);
    *ties = count_ties(window.rows, reference->options.vocabulary, window.logits);
    reference_lstm_backward(reference, &window, targets);
    reference_lstm_keep_state(reference, &window);
    reference_lstm_update(reference);
    reference_lstm_window_destroy(&window);
    reference_lstm_factors_destroy(&factors);
    return loss / (double)(batch * steps);
}

void lstm_run_step(lstm_run *run, const ard_layer_pattern *patterns, size_t batch, size_t steps)
{
    const ard_lstm_options *options = &run->reference.options;
    const size_t rows = batch * steps;
    uint32_t *tokens = lstm_toy_text(rows, options->vocabulary, test_random(&run->random));
    uint32_t *targets = lstm_toy_text(rows, options->vocabulary, test_random(&run->random));
    ard_layer_pattern *sampled = test_alloc(ard_lstm_pattern_count(run->lstm), sizeof *sampled);
    assert_int_equal(ard_lstm_steps_done(run->lstm), run->reference.step);
    assert_success(ard_lstm_patterns(run->lstm, run->reference.step, sampled));
    double hits = 0.0;
    double ties = 0.0;
    const double loss = step_reference(run, patterns != NULL ? patterns : sampled, batch, steps,
                                       tokens, targets, &hits, &ties);
    if (patterns != NULL) {
        assert_success(
            ard_lstm_step_with_patterns(run->lstm, patterns, batch, steps, tokens, targets, NULL));
    } else {
        assert_success(ard_lstm_step(run->lstm, batch, steps, tokens, targets, NULL));
    }
    double norm = -1.0;
    ard_lstm_result result;
    assert_success(ard_lstm_take_training_result(run->lstm, &result));
    compare_result(run, "step", &result, (double)rows, loss, hits, ties);
    assert_success(ard_lstm_gradient_norm(run->lstm, &norm));
    const double expected = options->clip > 0.0 ? run->reference.norm : 0.0;
    assert_near(run, "norm", norm, expected, RUN_TOLERANCE * expected);
    lstm_run_compare(run);
    free(tokens);
    free(targets);
    free(sampled);
}

void lstm_run_evaluate(lstm_run *run, size_t count)
{
    uint32_t *text =
        lstm_toy_text(count, run->reference.options.vocabulary, test_random(&run->random));
    double hits = 0.0;
    const double loss = reference_lstm_evaluate(&run->reference, count, text, &hits);
    ard_lstm_result result;
    assert_success(ard_lstm_evaluate(run->lstm, count, text, &result));
    compare_result(run, "evaluation", &result, (double)(count - 1), loss, hits, 0.0);
    free(text);
}

void lstm_run_set_rate(lstm_run *run, double rate)
{
    assert_success(ard_lstm_set_rate(run->lstm, rate));
    run->reference.options.sgd.schedule.rate = rate;
    assert_true(ard_lstm_get_options(run->lstm)->sgd.schedule.rate == rate);
}

void lstm_run_reset(lstm_run *run)
{
    assert_success(ard_lstm_reset(run->lstm));
    reference_lstm_reset(&run->reference);
}

void lstm_run_check(ard_context *context, const ard_lstm_options *options, const char *name)
{
    lstm_run run = lstm_run_begin(context, options, name);
    for (size_t i = 0; i < WINDOWS; ++i) {
        const size_t batch = i % 4 == 1 ? (options->batch + 1) / 2 : options->batch;
        const size_t steps = i % 3 == 2 ? (options->steps + 1) / 2 : options->steps;
        lstm_run_step(&run, NULL, batch, steps);
        if (i == 3 && options->sgd.schedule.kind == ARD_SCHEDULE_CONSTANT) {
            lstm_run_set_rate(&run, 0.5 * options->sgd.schedule.rate);
        } else if (i == 5) {
            lstm_run_evaluate(&run, 2 * options->batch * options->steps + 2);
        } else if (i == 6) {
            lstm_run_reset(&run);
        }
    }
    lstm_run_evaluate(&run, 2);
    lstm_run_evaluate(&run, 3 * options->batch * options->steps + options->batch);
    lstm_run_compare(&run); /* an evaluation changes nothing */
    lstm_run_end(&run);
}
