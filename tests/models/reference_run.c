/* SPDX-License-Identifier: Apache-2.0 */
#include "models/reference_run.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

const size_t reference_run_widths[4] = {INPUTS, 33, 31, CLASSES};

/* Of the largest weight, after all steps: rounding differences grow along the run. */
static const double RUN_TOLERANCE = 1e-5;

/* c of c * k * eps * values for a loss or a logit of one network. */
static const double TOLERANCE = 64.0;

reference_run reference_run_begin(ard_context *context, const ard_mlp_options *options)
{
    reference_run r = {.context = context,
                       .mlp = toy_network(context, options),
                       .data = toy_create(context, SAMPLES, INPUTS, CLASSES, 0.4f, options->seed),
                       .net = reference_net_create(3, reference_run_widths),
                       .velocity = reference_net_create(3, reference_run_widths),
                       .gradient = reference_net_create(3, reference_run_widths),
                       .part = reference_net_create(3, reference_run_widths)};
    r.src = test_to_double((size_t)SAMPLES * INPUTS, r.data.values);
    reference_net_read(&r.net, r.mlp);
    return r;
}

void reference_run_end(reference_run *r)
{
    ard_mlp_destroy(r->mlp);
    toy_destroy(&r->data);
    reference_net_destroy(&r->net);
    reference_net_destroy(&r->velocity);
    reference_net_destroy(&r->gradient);
    reference_net_destroy(&r->part);
    free(r->src);
}

static void assert_near(const char *what, double actual, double expected, double bound)
{
    if (!(fabs(actual - expected) <= bound)) {
        fail_msg("%s: got %.9g, expected %.9g within %.3g", what, actual, expected, bound);
    }
}

/* Samples whose two best classes are too close to call in float32; behind tiles that keep nothing
 * all logits can be as good as the same. */
static double count_ties(size_t batch, const double *logits)
{
    double ties = 0.0;
    for (size_t row = 0; row < batch; ++row) {
        double best = -INFINITY;
        double second = -INFINITY;
        for (size_t i = 0; i < CLASSES; ++i) {
            const double logit = logits[row * CLASSES + i];
            second = fmax(second, fmin(best, logit));
            best = fmax(best, logit);
        }
        ties += best - second <= RUN_TOLERANCE * (1.0 + fabs(best)) ? 1.0 : 0.0;
    }
    return ties;
}

/* The mean loss over the groups of a batch, and the gradient of that. */
static double loss_of_groups(reference_run *r, const ard_mlp_options *options, uint64_t t,
                             size_t first, size_t batch, double *hits, double *logits)
{
    const size_t groups = options->groups > 0 ? options->groups : 1;
    double loss = 0.0;
    reference_net_add(&r->gradient, -1.0, &r->gradient);
    for (size_t k = 0; k < groups; ++k) {
        const size_t begin = batch * k / groups;
        const size_t rows = batch * (k + 1) / groups - begin;
        const double share = (double)rows / (double)batch;
        double part_hits = 0.0;
        const reference_outputs outputs = {
            .gradient = &r->part, .hits = &part_hits, .logits = logits + begin * CLASSES};
        if (rows == 0) {
            continue;
        }
        const reference_dropout dropout = reference_sampled_dropout(options, t, (uint32_t)k);
        loss +=
            share * reference_net_loss(&r->net, &dropout, rows, r->src + (first + begin) * INPUTS,
                                       r->data.labels + first + begin, &outputs);
        *hits += part_hits;
        reference_net_add(&r->gradient, share, &r->part);
    }
    return loss;
}

/* One step of both on `batch` samples from `first` on. */
void reference_run_step(reference_run *r, const ard_mlp_options *options, uint64_t t, size_t first,
                        size_t batch)
{
    double hits = 0.0;
    double logits[MAX_BATCH * CLASSES];
    const double loss = loss_of_groups(r, options, t, first, batch, &hits, logits);
    reference_net_update(&options->sgd, t, &r->net, &r->velocity, &r->gradient);
    const ard_matrix src = toy_src(&r->data, first);
    const ard_labels labels = toy_labels(&r->data, first);
    ard_mlp_result result;
    assert_success(ard_mlp_step(r->mlp, batch, &src, &labels, NULL));
    assert_success(ard_mlp_take_training_result(r->mlp, &result));
    assert_int_equal(result.samples, batch);
    assert_near("training loss", result.loss, loss, 1e-4 * (1.0 + loss));
    assert_near("training hits", (double)result.correct, hits, count_ties(batch, logits));
}

void reference_run_values(const char *name, const char *what, size_t rows, size_t cols,
                          const double *now, const double *expected)
{
    float *actual = test_alloc(rows * cols, sizeof *actual);
    for (size_t i = 0; i < rows * cols; ++i) {
        actual[i] = (float)now[i];
    }
    const comparison about = {what, name, rows, cols, 0};
    assert_within(&about, actual, expected,
                  RUN_TOLERANCE * fmax(largest_of(rows * cols, expected), 0.1));
    free(actual);
}

void reference_run_compare(const reference_run *r, const char *name)
{
    reference_net now = reference_net_create(3, reference_run_widths);
    reference_net_read(&now, r->mlp);
    for (size_t l = 0; l < 3; ++l) {
        reference_run_values(name, "weights", reference_run_widths[l + 1], reference_run_widths[l],
                             now.weights[l], r->net.weights[l]);
        reference_run_values(name, "bias", 1, reference_run_widths[l + 1], now.bias[l],
                             r->net.bias[l]);
    }
    reference_net_destroy(&now);
}

void reference_run_evaluate(reference_run *r, size_t samples)
{
    const reference_dropout none = reference_no_dropout();
    double hits = 0.0;
    reference_net now = reference_net_create(3, reference_run_widths);
    reference_net_read(&now, r->mlp);
    const reference_outputs outputs = {.hits = &hits};
    const double loss = reference_net_loss(&now, &none, samples, r->src, r->data.labels, &outputs);
    ard_mlp_result result;
    assert_success(ard_mlp_evaluate(r->mlp, samples, &r->data.src, &r->data.src_labels, &result));
    assert_int_equal(result.samples, samples);
    assert_near("evaluated loss", result.loss, loss,
                TOLERANCE * FLT_EPSILON * (double)samples * (1.0 + loss));
    assert_near("evaluated hits", (double)result.correct, hits, 0.0);
    reference_net_destroy(&now);
}

static void check_logits(reference_run *r, size_t batch)
{
    const reference_dropout none = reference_no_dropout();
    reference_net now = reference_net_create(3, reference_run_widths);
    reference_net_read(&now, r->mlp);
    double *expected = test_alloc(batch * CLASSES, sizeof *expected);
    const reference_outputs outputs = {.logits = expected};
    reference_net_loss(&now, &none, batch, r->src, r->data.labels, &outputs);
    guarded logits = guarded_create(r->context, batch, CLASSES, 3, 2);
    cl_event event = NULL;
    assert_success(ard_mlp_forward(r->mlp, batch, &r->data.src, &logits.matrix, &event));
    assert_non_null(event);
    clReleaseEvent(event);
    float *actual = guarded_read(&logits, "logits");
    const comparison about = {"logits", "the trained network", batch, CLASSES, 0};
    assert_within(&about, actual, expected,
                  TOLERANCE * 33 * FLT_EPSILON * largest_of(batch * CLASSES, expected));
    guarded_destroy(&logits);
    reference_net_destroy(&now);
    free(expected);
    free(actual);
}
void reference_run_check(ard_context *context, const ard_mlp_options *options, const char *name)
{
    reference_run r = reference_run_begin(context, options);
    size_t first = 0;
    for (uint64_t t = 0; t < STEPS; ++t) {
        const size_t left = SAMPLES - first;
        const size_t most = t % 5 == 3 ? 7 : t % 7 == 5 ? 2 : MAX_BATCH;
        const size_t batch = left < most ? left : most;
        reference_run_step(&r, options, t, first, batch);
        first = (first + batch) % SAMPLES;
    }
    reference_run_compare(&r, name);
    reference_run_evaluate(&r, SAMPLES); /* not a multiple of the batch */
    reference_run_evaluate(&r, MAX_BATCH);
    reference_run_evaluate(&r, 1);
    check_logits(&r, MAX_BATCH);
    check_logits(&r, 3);
    reference_run_end(&r);
}
ard_sgd_options reference_run_optimizer(size_t variant)
{
    ard_sgd_options sgd = ard_sgd_defaults();
    sgd.schedule = (ard_schedule){.kind = (ard_schedule_kind)(variant % 3),
                                  .rate = 0.05,
                                  .factor = 0.5,
                                  .final_rate = 0.001,
                                  .every = variant % 3 == ARD_SCHEDULE_STEP ? 9 : 20,
                                  .warmup = variant % 5};
    sgd.weight_decay = variant % 2 == 0 ? 0.01 : 0.0;
    return sgd;
}
