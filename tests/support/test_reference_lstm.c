/* SPDX-License-Identifier: Apache-2.0 */
/* The reference of the language model itself: against values worked out by hand, and its gradients
 * against its own loss. */
#include "support/reference_lstm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/compare.h"
#include "support/memory.h"
#include "support/unit.h"

static const double STEP = 1e-5;
static const double TOLERANCE = 2e-9; /* central differences: STEP^2 and rounding / STEP */

static void assert_near(const char *what, double actual, double expected, double bound)
{
    if (!(fabs(actual - expected) <= bound)) {
        fail_msg("%s: got %.17g, expected %.17g within %g", what, actual, expected, bound);
    }
}

static void fill(size_t count, double *values, uint64_t *random)
{
    for (size_t i = 0; i < count; ++i) {
        values[i] = test_random_float(random);
    }
}

/* A model with random parameters and a random state. */
static reference_lstm make_model(const ard_lstm_options *options)
{
    reference_lstm lstm = reference_lstm_create(options);
    uint64_t random = options->seed;
    for (size_t i = 0; i < lstm.count; ++i) {
        fill(lstm.weights[i].rows * lstm.weights[i].cols, lstm.weights[i].values, &random);
    }
    for (size_t l = 0; l < options->layers; ++l) {
        fill(options->batch * options->hidden, lstm.h[l], &random);
        fill(options->batch * options->hidden, lstm.c[l], &random);
    }
    return lstm;
}

static uint32_t *make_text(size_t count, size_t vocabulary, uint64_t seed)
{
    uint32_t *text = test_alloc(count, sizeof *text);
    uint64_t random = seed;
    for (size_t i = 0; i < count; ++i) {
        text[i] = (uint32_t)test_random_below(&random, vocabulary);
    }
    return text;
}

/* Where dropout may be: bits of the kinds of factors of a problem. */
enum { INPUTS = 1, RECURRENT = 2, INPUT_WEIGHTS = 4, RECURRENT_WEIGHTS = 8 };

/* A third is zero. */
static double *make_factors(size_t count, uint64_t *random)
{
    double *factors = test_alloc(count, sizeof *factors);
    for (size_t i = 0; i < count; ++i) {
        const bool dropped = test_random_below(random, 3) == 0;
        factors[i] = dropped ? 0.0 : 1.5 + 0.5 * test_random_float(random);
    }
    return factors;
}

static reference_lstm_factors make_all_factors(const reference_lstm *lstm, unsigned kinds,
                                               size_t rows, uint64_t seed)
{
    reference_lstm_factors factors = {0};
    uint64_t random = seed;
    const size_t hidden = lstm->options.hidden;
    for (size_t site = 0; site <= lstm->options.layers; ++site) {
        const size_t width = reference_lstm_width(lstm, site);
        const size_t out = site < lstm->options.layers ? 4 * hidden : lstm->options.vocabulary;
        if (kinds & INPUTS) {
            factors.input[site] = make_factors(rows * width, &random);
        }
        if (kinds & INPUT_WEIGHTS) {
            factors.input_weights[site] = make_factors(width * out, &random);
        }
    }
    for (size_t l = 0; l < lstm->options.layers; ++l) {
        if (kinds & RECURRENT) {
            factors.recurrent[l] = make_factors(rows * hidden, &random);
        }
        if (kinds & RECURRENT_WEIGHTS) {
            factors.recurrent_weights[l] = make_factors(4 * hidden * hidden, &random);
        }
    }
    return factors;
}

typedef struct problem {
    ard_lstm_options options;
    size_t batch;
    size_t steps;
    unsigned kinds;
} problem;

/* What the gradients are of. */
static double objective(const reference_lstm *lstm, const reference_lstm_factors *factors,
                        const problem *p, const uint32_t *tokens, const uint32_t *targets)
{
    reference_lstm_window window =
        reference_lstm_forward(lstm, factors, p->batch, p->steps, tokens);
    const double loss = reference_lstm_loss(lstm, &window, targets, NULL);
    reference_lstm_window_destroy(&window);
    return loss / (double)p->batch;
}

static void check_weights(const reference_lstm *lstm, const reference_weights *weights,
                          const reference_lstm_factors *factors, const problem *p,
                          const uint32_t *tokens, const uint32_t *targets)
{
    for (size_t i = 0; i < weights->rows * weights->cols; ++i) {
        const double value = weights->values[i];
        weights->values[i] = value + STEP;
        const double above = objective(lstm, factors, p, tokens, targets);
        weights->values[i] = value - STEP;
        const double below = objective(lstm, factors, p, tokens, targets);
        weights->values[i] = value;
        char what[96];
        snprintf(what, sizeof what, "parameter %d of layer %zu at %zu, factors %u, seed %llu",
                 (int)weights->kind, weights->layer, i, p->kinds,
                 (unsigned long long)p->options.seed);
        assert_near(what, weights->gradient[i], (above - below) / (2.0 * STEP), TOLERANCE);
    }
}

static void check_gradients(const problem *p)
{
    reference_lstm lstm = make_model(&p->options);
    const size_t rows = p->batch * p->steps;
    uint32_t *tokens = make_text(rows, p->options.vocabulary, test_mix(p->options.seed, 1));
    uint32_t *targets = make_text(rows, p->options.vocabulary, test_mix(p->options.seed, 2));
    reference_lstm_factors factors =
        make_all_factors(&lstm, p->kinds, rows, test_mix(p->options.seed, 3));
    reference_lstm_window window =
        reference_lstm_forward(&lstm, &factors, p->batch, p->steps, tokens);
    reference_lstm_backward(&lstm, &window, targets);
    for (size_t i = 0; i < lstm.count; ++i) {
        check_weights(&lstm, &lstm.weights[i], &factors, p, tokens, targets);
    }
    reference_lstm_window_destroy(&window);
    reference_lstm_factors_destroy(&factors);
    reference_lstm_destroy(&lstm);
    free(tokens);
    free(targets);
}

static ard_lstm_options make_options(size_t layers, size_t vocabulary, size_t embedding,
                                     size_t hidden, size_t batch)
{
    return (ard_lstm_options){.layers = layers,
                              .vocabulary = vocabulary,
                              .embedding = embedding,
                              .hidden = hidden,
                              .batch = batch,
                              .steps = 7};
}

/* Every kind of factors alone and all together, in one to three layers. */
static void test_gradients(void **state)
{
    (void)state;
    static const unsigned kinds[] = {0,
                                     INPUTS,
                                     RECURRENT,
                                     INPUT_WEIGHTS,
                                     RECURRENT_WEIGHTS,
                                     INPUTS | RECURRENT | INPUT_WEIGHTS | RECURRENT_WEIGHTS};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        for (size_t layers = 1; layers <= 3; ++layers) {
            problem p = {.options = make_options(layers, 5, 3, 4, 3),
                         .batch = 3,
                         .steps = 1 + (i + 2 * layers) % 4,
                         .kinds = kinds[i]};
            p.options.seed = 10 * i + layers;
            check_gradients(&p);
            p.options.embedding = p.options.hidden;
            p.options.tied = true;
            check_gradients(&p);
        }
    }
}

/* One unit, one word, one sequence of a larger batch, one step and seven. */
static void test_gradients_of_odd_sizes(void **state)
{
    (void)state;
    const problem problems[] = {
        {.options = make_options(1, 1, 1, 1, 1), .batch = 1, .steps = 1},
        {.options = make_options(1, 2, 1, 1, 1), .batch = 1, .steps = 7, .kinds = RECURRENT},
        {.options = make_options(2, 7, 1, 5, 2), .batch = 1, .steps = 7, .kinds = INPUTS},
        {.options = make_options(3, 2, 5, 1, 5), .batch = 5, .steps = 7, .kinds = 15},
        {.options = make_options(1, 3, 7, 2, 4), .batch = 2, .steps = 5, .kinds = 15},
    };
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; ++i) {
        problem p = problems[i];
        p.options.seed = 100 + i;
        check_gradients(&p);
    }
}

static void set(const reference_lstm *lstm, ard_lstm_parameter kind, const double *values)
{
    const reference_weights *weights = reference_lstm_weights(lstm, kind, 0);
    memcpy(weights->values, values, weights->rows * weights->cols * sizeof *values);
}

/* One unit and two words: the gates come out as 1/2 and 3/4. */
static void test_known_values(void **state)
{
    (void)state;
    const double three = log(3.0); /* sigmoid 3/4; half of it: tanh 1/2 */
    const ard_lstm_options options = make_options(1, 2, 1, 1, 1);
    reference_lstm lstm = reference_lstm_create(&options);
    const double first_c = 0.75 * 0.5;
    const double first_h = 0.75 * tanh(first_c);
    const double second_c = 0.25 * first_c + 0.5 * 0.5; /* the forget gate sees h = first_h */
    const double second_h = 0.5 * tanh(second_c);
    set(&lstm, ARD_LSTM_EMBEDDING, (const double[]){0.0, 2.0});
    set(&lstm, ARD_LSTM_INPUT, (const double[]){three / 2.0, 0.0, 0.0, three / 2.0});
    set(&lstm, ARD_LSTM_RECURRENT, (const double[]){0.0, -three / first_h, 0.0, 0.0});
    set(&lstm, ARD_LSTM_BIAS, (const double[]){0.0, 0.0, three / 2.0, 0.0});
    set(&lstm, ARD_LSTM_SOFTMAX, (const double[]){three / second_h, 0.0});
    set(&lstm, ARD_LSTM_SOFTMAX_BIAS, (const double[]){0.0, -three});
    const uint32_t tokens[] = {1, 0};
    const uint32_t targets[] = {0, 1};
    reference_lstm_window window = reference_lstm_forward(&lstm, NULL, 1, 2, tokens);
    assert_near("first c", window.c[0][0], first_c, 1e-15);
    assert_near("first h", window.h[0][0], first_h, 1e-15);
    assert_near("second c", window.c[0][1], second_c, 1e-15);
    assert_near("second h", window.h[0][1], second_h, 1e-15);
    double hits = 0.0;
    const double first = log(1.0 + exp(-three - three * first_h / second_h));
    const double second = log(10.0); /* 9 : 1 for the other word */
    assert_near("loss", reference_lstm_loss(&lstm, &window, targets, &hits), first + second, 1e-14);
    assert_near("hits", hits, 1.0, 0.0);
    reference_lstm_keep_state(&lstm, &window);
    assert_near("state h", lstm.h[0][0], second_h, 1e-15);
    assert_near("state c", lstm.c[0][0], second_c, 1e-15);
    reference_lstm_window_destroy(&window);
    reference_lstm_destroy(&lstm);
}

/* What goes to the next step is dropped from the first on, and nothing else. */
static void test_recurrent_factors(void **state)
{
    (void)state;
    const ard_lstm_options options = make_options(1, 3, 2, 2, 1);
    reference_lstm lstm = make_model(&options);
    const double state_h = lstm.h[0][1];
    double values[4] = {0.0, 2.0, 1.0, 0.0};
    const reference_lstm_factors factors = {.recurrent = {values}};
    const uint32_t tokens[] = {1, 2};
    reference_lstm_window window = reference_lstm_forward(&lstm, &factors, 1, 2, tokens);
    assert_near("dropped of the state", window.past[0][0], 0.0, 0.0);
    assert_near("scaled of the state", window.past[0][1], 2.0 * state_h, 0.0);
    assert_near("kept of step 0", window.past[0][2], window.h[0][0], 0.0);
    assert_near("dropped of step 0", window.past[0][3], 0.0, 0.0);
    assert_near("above", window.input[1][1], window.h[0][1], 0.0);
    assert_near("cell", window.past_c[0][3], window.c[0][1], 0.0);
    reference_lstm_window_destroy(&window);
    reference_lstm_destroy(&lstm);
}

/* Two windows are one window cut in two, in the sequences that they have. */
static void test_state(void **state)
{
    (void)state;
    const ard_lstm_options options = make_options(2, 6, 3, 5, 3);
    reference_lstm lstm = make_model(&options);
    const double untouched = lstm.h[1][2 * 5];
    uint32_t *tokens = make_text(10, 6, 3);
    reference_lstm_window whole = reference_lstm_forward(&lstm, NULL, 2, 5, tokens);
    reference_lstm_window part = reference_lstm_forward(&lstm, NULL, 2, 3, tokens);
    reference_lstm_keep_state(&lstm, &part);
    reference_lstm_window_destroy(&part);
    part = reference_lstm_forward(&lstm, NULL, 2, 2, tokens + 6);
    assert_memory_equal(part.logits, whole.logits + 36, 24 * sizeof *part.logits);
    reference_lstm_keep_state(&lstm, &part);
    assert_memory_equal(lstm.h[1], whole.h[1] + 40, 10 * sizeof *lstm.h[1]);
    assert_near("third sequence", lstm.h[1][2 * 5], untouched, 0.0);
    reference_lstm_reset(&lstm);
    assert_near("after reset", largest_of(15, lstm.c[0]) + largest_of(15, lstm.h[1]), 0.0, 0.0);
    reference_lstm_window_destroy(&part);
    reference_lstm_window_destroy(&whole);
    reference_lstm_destroy(&lstm);
    free(tokens);
}

/* Eight tokens in three stretches: 3, 2 and 2 predictions. */
static void test_evaluation(void **state)
{
    (void)state;
    static const size_t begins[] = {0, 3, 5, 7};
    const ard_lstm_options options = make_options(2, 6, 3, 5, 3);
    reference_lstm lstm = make_model(&options);
    uint32_t *text = make_text(8, 6, 4);
    double hits = 0.0;
    const double loss = reference_lstm_evaluate(&lstm, 8, text, &hits);
    reference_lstm_reset(&lstm);
    double expected = 0.0;
    double expected_hits = 0.0;
    for (size_t b = 0; b < 3; ++b) {
        reference_lstm_window window =
            reference_lstm_forward(&lstm, NULL, 1, begins[b + 1] - begins[b], text + begins[b]);
        expected += reference_lstm_loss(&lstm, &window, text + begins[b] + 1, &expected_hits);
        reference_lstm_window_destroy(&window);
    }
    assert_near("loss", loss, expected / 7.0, 1e-15);
    assert_near("hits", hits, expected_hits, 0.0);
    reference_lstm_destroy(&lstm);
    free(text);
}

/* The gradient is (3, 4) and zeros, of norm 5. */
static void test_update(void **state)
{
    (void)state;
    static const double clips[] = {0.0, 2.5, 5.0, 6.0};
    static const double shares[] = {1.0, 0.5, 1.0, 1.0};
    for (size_t i = 0; i < 4; ++i) {
        ard_lstm_options options = make_options(1, 1, 1, 1, 1);
        options.clip = clips[i];
        options.sgd =
            (ard_sgd_options){.schedule = {.rate = 0.5}, .momentum = 0.5, .weight_decay = 0.1};
        reference_lstm lstm = reference_lstm_create(&options);
        const reference_weights *first = reference_lstm_weights(&lstm, ARD_LSTM_EMBEDDING, 0);
        const reference_weights *last = reference_lstm_weights(&lstm, ARD_LSTM_SOFTMAX_BIAS, 0);
        first->values[0] = 2.0;
        first->velocity[0] = 1.0;
        first->gradient[0] = 3.0;
        last->gradient[0] = 4.0;
        reference_lstm_update(&lstm);
        const double velocity = 0.5 + 3.0 * shares[i] + 0.2;
        assert_near("norm", lstm.norm, 5.0, 1e-15);
        assert_near("velocity", first->velocity[0], velocity, 1e-15);
        assert_near("weight", first->values[0], 2.0 - 0.5 * velocity, 1e-15);
        assert_near("bias", last->values[0], -2.0 * shares[i], 1e-15);
        assert_int_equal(lstm.step, 1);
        reference_lstm_destroy(&lstm);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gradients),    cmocka_unit_test(test_gradients_of_odd_sizes),
        cmocka_unit_test(test_known_values), cmocka_unit_test(test_recurrent_factors),
        cmocka_unit_test(test_state),        cmocka_unit_test(test_evaluation),
        cmocka_unit_test(test_update),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
