/* SPDX-License-Identifier: Apache-2.0 */
/* The reference itself: against values worked out by hand, and its gradients against its own loss.
 */
#include "support/reference.h"

#include <math.h>
#include <stdlib.h>

#include "support/memory.h"
#include "support/reference_model.h"
#include "support/unit.h"

static const double STEP = 1e-6;
static const double TOLERANCE = 1e-8; /* central differences: STEP^2 and rounding / STEP */

static void assert_near(double actual, double expected, double bound)
{
    if (!(fabs(actual - expected) <= bound)) {
        fail_msg("got %.17g, expected %.17g within %g", actual, expected, bound);
    }
}

static void test_compaction(void **state)
{
    (void)state;
    const double src[12] = {0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23};
    const ard_pattern rows = {.period = 2, .residues = 1};
    const ard_pattern cols = {.period = 3, .residues = 6};
    const double kept[4] = {1, 2, 21, 22};
    const double whole[12] = {0, 1, 2, 0, 0, 0, 0, 0, 0, 21, 22, 0};
    double compact[4];
    double back[12];
    assert_int_equal(reference_kept(&rows, 3, NULL), 2);
    assert_int_equal(reference_kept(&cols, 4, NULL), 2);
    assert_int_equal(reference_kept(NULL, 4, NULL), 4);
    reference_compact(3, 4, &rows, &cols, src, compact);
    assert_memory_equal(compact, kept, sizeof kept);
    reference_expand(3, 4, &rows, &cols, compact, back);
    assert_memory_equal(back, whole, sizeof whole);
}

static void test_forward(void **state)
{
    (void)state;
    const double src[2] = {2, -3};               /* units 1 and 3 of 4 */
    const double weights[12] = {9, 1,  9, 1,     /* output 0 */
                                9, 9,  9, 9,     /* output 1, dropped */
                                9, -1, 9, 0.25}; /* output 2 */
    const double bias[3] = {0.5, 9, 4};
    ard_linear linear = ard_linear_init(1, 4, 3);
    linear.in_pattern = (ard_pattern){.period = 2, .residues = 2};
    linear.out_pattern = (ard_pattern){.period = 2, .residues = 1};
    linear.activation = ARD_ACTIVATION_RELU;
    linear.scale = 2.0f;
    double dst[2];
    double magnitude[2];
    reference_forward(&linear, src, weights, bias, dst, magnitude);
    assert_near(dst[0], 0.0, 0.0); /* 2 - 3 + 0.5 < 0 */
    assert_near(dst[1], 2.0 * (-2.0 - 0.75 + 4.0), 0.0);
    assert_near(magnitude[0], 2.0 * 5.5, 0.0);
    assert_near(magnitude[1], 2.0 * 6.75, 0.0);
}

static void test_loss(void **state)
{
    (void)state;
    const double logits[6] = {0, log(3.0), 0, 1, 1, 1};
    const int32_t labels[2] = {1, 2};
    double diff[6];
    double totals[2] = {1.0, 1.0};
    reference_loss(2, 3, logits, labels, diff, totals);
    assert_near(totals[0], 1.0 - log(0.6) + log(3.0), 1e-15);
    assert_near(totals[1], 2.0, 0.0); /* of three equals the first is the answer */
    const double expected[6] = {0.1, -0.2, 0.1, 1.0 / 6, 1.0 / 6, -1.0 / 3};
    for (size_t i = 0; i < 6; ++i) {
        assert_near(diff[i], expected[i], 1e-15);
    }
}

static void test_mask_rate(void **state)
{
    (void)state;
    static const double rates[] = {0.0, 0.25, 0.5, 0.9};
    enum { ROWS = 200, OUT = 101 };
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; ++i) {
        const ard_bernoulli bernoulli = {.rate = rates[i], .seed = 5, .step = 9, .layer = 2};
        double dropped = 0.0;
        for (size_t row = 0; row < ROWS; ++row) {
            for (size_t unit = 0; unit < OUT; ++unit) {
                dropped += reference_mask_keeps(&bernoulli, OUT, row, unit) ? 0.0 : 1.0;
            }
        }
        const double count = (double)ROWS * OUT;
        const double deviation = sqrt(rates[i] * (1.0 - rates[i]) / count);
        assert_near(dropped / count, rates[i], 5.0 * deviation);
    }
}

typedef struct problem {
    reference_net net;
    reference_dropout dropout;
    size_t batch;
    double *src;
    int32_t *labels;
} problem;

static double loss_of(const problem *p)
{
    return reference_net_loss(&p->net, &p->dropout, p->batch, p->src, p->labels, NULL);
}

static void check_values(const problem *p, double *values, const double *gradient, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        const double value = values[i];
        values[i] = value + STEP;
        const double above = loss_of(p);
        values[i] = value - STEP;
        const double below = loss_of(p);
        values[i] = value;
        assert_near(gradient[i], (above - below) / (2.0 * STEP), TOLERANCE);
    }
}

static void fill(double *values, size_t count, uint64_t *random)
{
    for (size_t i = 0; i < count; ++i) {
        values[i] = test_random_float(random);
    }
}

static problem make_problem(const reference_dropout *dropout, uint64_t seed)
{
    static const size_t widths[] = {5, 9, 8, 3};
    uint64_t random = seed;
    problem p = {.net = reference_net_create(3, widths), .dropout = *dropout, .batch = 4};
    p.src = test_alloc(p.batch * widths[0], sizeof *p.src);
    p.labels = test_alloc(p.batch, sizeof *p.labels);
    double margin = 0.0;
    const reference_outputs outputs = {.margin = &margin};
    while (margin < 1e-3) {
        fill(p.src, p.batch * widths[0], &random);
        for (size_t l = 0; l < 3; ++l) {
            fill(p.net.weights[l], widths[l] * widths[l + 1], &random);
            fill(p.net.bias[l], widths[l + 1], &random);
        }
        reference_net_loss(&p.net, &p.dropout, p.batch, p.src, p.labels, &outputs);
    }
    for (size_t i = 0; i < p.batch; ++i) {
        p.labels[i] = (int32_t)test_random_below(&random, 3);
    }
    return p;
}

static void check_gradient(problem *p)
{
    reference_net gradient = reference_net_create(3, p->net.widths);
    const reference_outputs outputs = {.gradient = &gradient};
    reference_net_loss(&p->net, &p->dropout, p->batch, p->src, p->labels, &outputs);
    for (size_t l = 0; l < 3; ++l) {
        const size_t out = p->net.widths[l + 1];
        check_values(p, p->net.weights[l], gradient.weights[l], p->net.widths[l] * out);
        check_values(p, p->net.bias[l], gradient.bias[l], out);
    }
    reference_net_destroy(&gradient);
    reference_net_destroy(&p->net);
    free(p->src);
    free(p->labels);
}

static void test_gradients(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 6; ++seed) {
        reference_dropout dropout = reference_no_dropout();
        if (seed > 0) {
            dropout.patterns[0].units =
                (ard_pattern){.period = 3, .residues = seed % 2 == 0 ? 5 : 2};
            dropout.scales[0] = 1.5f;
        }
        if (seed > 2) {
            dropout.patterns[1].units = (ard_pattern){.period = 8, .residues = 0x6a};
            dropout.scales[1] = 2.0f;
        }
        if (seed == 1) {
            dropout.masked[1] = true;
            dropout.masks[1] = (ard_bernoulli){.rate = 0.5, .seed = 3, .layer = 1};
        }
        problem p = make_problem(&dropout, seed);
        check_gradient(&p);
    }
}

/* Two steps of one weight by hand. */
static void test_sgd(void **state)
{
    (void)state;
    const ard_sgd_options options = {
        .schedule = {.kind = ARD_SCHEDULE_STEP, .rate = 0.5, .factor = 0.1, .every = 1},
        .momentum = 0.5,
        .weight_decay = 0.1};
    double w = 2.0;
    double v = 0.0;
    const double gradients[2] = {1.0, 0.0};
    reference_sgd(&options, 0, 1, &w, &v, &gradients[0]);
    assert_near(v, 1.2, 1e-15);
    assert_near(w, 1.4, 1e-15);
    reference_sgd(&options, 1, 1, &w, &v, &gradients[1]);
    assert_near(v, 0.74, 1e-15);
    assert_near(w, 1.363, 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_compaction), cmocka_unit_test(test_forward),
        cmocka_unit_test(test_loss),       cmocka_unit_test(test_mask_rate),
        cmocka_unit_test(test_gradients),  cmocka_unit_test(test_sgd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
