/* SPDX-License-Identifier: Apache-2.0 */
/* Whole training runs and evaluations against the double-precision reference. */
#include <ard/mlp.h>

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/toy.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/reference_model.h"
#include "support/unit.h"

enum { SAMPLES = 97, INPUTS = 13, CLASSES = 6, STEPS = 24, MAX_BATCH = 16 };

static const size_t widths[] = {INPUTS, 33, 31, CLASSES};

/* Of the largest weight, after all steps: rounding differences grow along the run. */
static const double RUN_TOLERANCE = 1e-5;

/* c of c * k * eps * values for a loss or a logit of one network. */
static const double TOLERANCE = 64.0;

typedef struct run {
    ard_context *context;
    ard_mlp *mlp;
    toy_data data;
    double *src;
    reference_net net;
    reference_net velocity;
    reference_net gradient;
    reference_net part; /* the gradient of a group of samples */
} run;

static run begin(ard_context *context, const ard_mlp_options *options)
{
    run r = {.context = context,
             .mlp = toy_network(context, options),
             .data = toy_create(context, SAMPLES, INPUTS, CLASSES, 0.4f, options->seed),
             .net = reference_net_create(3, widths),
             .velocity = reference_net_create(3, widths),
             .gradient = reference_net_create(3, widths),
             .part = reference_net_create(3, widths)};
    r.src = test_to_double((size_t)SAMPLES * INPUTS, r.data.values);
    reference_net_read(&r.net, r.mlp);
    return r;
}

static void end(run *r)
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
static double loss_of_groups(run *r, const ard_mlp_options *options, uint64_t t, size_t first,
                             size_t batch, double *hits, double *logits)
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
static void step_both(run *r, const ard_mlp_options *options, uint64_t t, size_t first,
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

static void compare_values(const char *name, const char *what, size_t rows, size_t cols,
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

static void compare_networks(const run *r, const char *name)
{
    reference_net now = reference_net_create(3, widths);
    reference_net_read(&now, r->mlp);
    for (size_t l = 0; l < 3; ++l) {
        compare_values(name, "weights", widths[l + 1], widths[l], now.weights[l],
                       r->net.weights[l]);
        compare_values(name, "bias", 1, widths[l + 1], now.bias[l], r->net.bias[l]);
    }
    reference_net_destroy(&now);
}

static void check_evaluation(run *r, size_t samples)
{
    const reference_dropout none = reference_no_dropout();
    double hits = 0.0;
    reference_net now = reference_net_create(3, widths);
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

static void check_logits(run *r, size_t batch)
{
    const reference_dropout none = reference_no_dropout();
    reference_net now = reference_net_create(3, widths);
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

/* Up from nothing, down again, and the layers not alike. */
static double changing_rate(uint64_t t, size_t layer)
{
    static const double rates[] = {0.0, 0.0, 0.1, 0.3, 0.5, 0.5, 0.05, 0.45};
    return rates[(t + 3 * layer) % 8];
}

/* Another rate in each step. */
static void change_dropout(run *r, uint64_t t, uint32_t max_period, ard_dropout dropout[2])
{
    for (size_t l = 0; l < 2; ++l) {
        const ard_dropout before = dropout[l];
        const uint32_t period =
            before.kind == ARD_DROPOUT_SUBSET ? before.subset.period : max_period;
        assert_success(
            ard_dropout_init(before.kind, changing_rate(t, l), period, before.scale, &dropout[l]));
        dropout[l].tile_edge = before.tile_edge;
        dropout[l].tile_numbering = before.tile_numbering;
    }
    assert_success(ard_mlp_set_dropout(r->mlp, dropout));
}

/* A run whose network has room for it; the last rate of 1/2 with periods up to 2 has but one. */
static void check_changing_run(ard_context *context, ard_dropout_kind first,
                               ard_dropout_kind second, uint32_t max_period, ard_scale_kind scale)
{
    char name[64];
    snprintf(name, sizeof name, "changing rates of kinds %d and %d", (int)first, (int)second);
    ard_dropout dropout[2];
    const ard_dropout_kind kinds[2] = {first, second};
    for (size_t l = 0; l < 2; ++l) {
        assert_success(ard_dropout_init(
            kinds[l], 0.5, kinds[l] == ARD_DROPOUT_SUBSET ? 0 : max_period, scale, &dropout[l]));
        dropout[l].tile_edge = kinds[l] == ARD_DROPOUT_TILE ? TOY_EDGE : 0;
    }
    ard_mlp_options options = toy_options(3, widths, dropout, MAX_BATCH);
    options.dropout_varies = true;
    run r = begin(context, &options);
    for (uint64_t t = 0; t < STEPS; ++t) {
        change_dropout(&r, t, max_period, dropout);
        step_both(&r, &options, t, (size_t)t * 3, t % 5 == 3 ? 7 : MAX_BATCH);
    }
    compare_networks(&r, name);
    check_evaluation(&r, MAX_BATCH);
    end(&r);
}

/* Batches of changing sizes, the last one of a pass smaller. */
static void check_run(ard_context *context, const ard_mlp_options *options, const char *name)
{
    run r = begin(context, options);
    size_t first = 0;
    for (uint64_t t = 0; t < STEPS; ++t) {
        const size_t left = SAMPLES - first;
        const size_t most = t % 5 == 3 ? 7 : t % 7 == 5 ? 2 : MAX_BATCH;
        const size_t batch = left < most ? left : most;
        step_both(&r, options, t, first, batch);
        first = (first + batch) % SAMPLES;
    }
    compare_networks(&r, name);
    check_evaluation(&r, SAMPLES); /* not a multiple of the batch */
    check_evaluation(&r, MAX_BATCH);
    check_evaluation(&r, 1);
    check_logits(&r, MAX_BATCH);
    check_logits(&r, 3);
    end(&r);
}

static ard_sgd_options optimizer_of(size_t variant)
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

static void test_every_pair_of_kinds(void **state)
{
    enum { KINDS = ARD_DROPOUT_INDEX + 1 };
    for (size_t variant = 0; variant < (size_t)KINDS * KINDS; ++variant) {
        const size_t first = variant / KINDS;
        const size_t second = variant % KINDS;
        if (second == ARD_DROPOUT_DROPCONNECT &&
            (first == ARD_DROPOUT_ROW || first == ARD_DROPOUT_SUBSET ||
             first == ARD_DROPOUT_INDEX)) {
            continue; /* refused */
        }
        char name[64];
        snprintf(name, sizeof name, "dropout kinds %zu and %zu", first, second);
        ard_dropout dropout[2] = {toy_dropout((ard_dropout_kind)first,
                                              variant % 3 == 0 ? ARD_SCALE_PERIOD : ARD_SCALE_RATE),
                                  toy_dropout((ard_dropout_kind)second, ARD_SCALE_RATE)};
        dropout[0].tile_numbering = (ard_tile_numbering)(second % 2);
        dropout[1].tile_numbering = (ard_tile_numbering)(first % 2);
        ard_mlp_options options = toy_options(3, widths, dropout, MAX_BATCH);
        options.seed = 50 + variant;
        options.sgd = optimizer_of(variant);
        check_run(*state, &options, name);
    }
}

/* Tiles of one weight, ragged ones and large ones, both numberings and scales. */
static void test_tiles(void **state)
{
    static const uint32_t edges[] = {1, 3, 16};
    for (size_t variant = 0; variant < 12; ++variant) {
        char name[64];
        const uint32_t edge = edges[variant / 4];
        const ard_tile_numbering numbering = (ard_tile_numbering)(variant % 2);
        const ard_scale_kind scale = variant / 2 % 2 == 0 ? ARD_SCALE_RATE : ARD_SCALE_PERIOD;
        snprintf(name, sizeof name, "edge %u, numbering %d, scale %d", edge, (int)numbering,
                 (int)scale);
        ard_dropout dropout[2] = {toy_dropout(ARD_DROPOUT_TILE, scale),
                                  toy_dropout(ARD_DROPOUT_TILE, scale)};
        for (size_t l = 0; l < 2; ++l) {
            dropout[l].tile_edge = edge;
            dropout[l].tile_numbering = numbering;
        }
        ard_mlp_options options = toy_options(3, widths, dropout, MAX_BATCH);
        options.seed = 150 + variant;
        options.sgd = optimizer_of(variant);
        check_run(*state, &options, name);
    }
}

/* Rows of periods up to 13, whose residue classes are too many for a table, before others and
 * before tiles. */
static void test_ages_of_elements(void **state)
{
    ard_dropout dropout[2];
    for (size_t i = 0; i < 2; ++i) {
        assert_success(ard_dropout_init(ARD_DROPOUT_ROW, 0.6, 13, ARD_SCALE_RATE, &dropout[i]));
    }
    ard_mlp_options options = toy_options(3, widths, dropout, MAX_BATCH);
    options.sgd = optimizer_of(2);
    check_run(*state, &options, "long periods");
    dropout[1] = toy_dropout(ARD_DROPOUT_TILE, ARD_SCALE_RATE);
    check_run(*state, &options, "tiles behind long periods");
}

/* Numbers of kept units that vary, that are one, and that are all, with both scales. */
static void test_indices(void **state)
{
    static const double rates[][2] = {{0.3, 0.71}, {32.0 / 33.0, 0.5}, {0.0, 30.0 / 31.0}};
    for (size_t variant = 0; variant < 6; ++variant) {
        char name[64];
        ard_dropout dropout[2];
        const double *rate = rates[variant / 2];
        const ard_scale_kind scale = variant % 2 == 0 ? ARD_SCALE_RATE : ARD_SCALE_PERIOD;
        snprintf(name, sizeof name, "indices at %.2f and %.2f, scale %d", rate[0], rate[1],
                 (int)scale);
        for (size_t l = 0; l < 2; ++l) {
            assert_success(ard_dropout_init(ARD_DROPOUT_INDEX, rate[l], 0, scale, &dropout[l]));
        }
        ard_mlp_options options = toy_options(3, widths, dropout, MAX_BATCH);
        options.seed = 250 + variant;
        options.sgd = optimizer_of(variant);
        check_run(*state, &options, name);
    }
}

/* Groups of samples with patterns of their own: batches that no number of groups divides, and
 * smaller ones than the number. */
static void test_groups(void **state)
{
    static const uint32_t groups[] = {1, 2, 3, 5};
    static const ard_dropout_kind kinds[][2] = {
        {ARD_DROPOUT_ROW, ARD_DROPOUT_ROW},    {ARD_DROPOUT_SUBSET, ARD_DROPOUT_SUBSET},
        {ARD_DROPOUT_TILE, ARD_DROPOUT_TILE},  {ARD_DROPOUT_ROW, ARD_DROPOUT_TILE},
        {ARD_DROPOUT_TILE, ARD_DROPOUT_NONE},  {ARD_DROPOUT_NONE, ARD_DROPOUT_SUBSET},
        {ARD_DROPOUT_SUBSET, ARD_DROPOUT_ROW}, {ARD_DROPOUT_INDEX, ARD_DROPOUT_INDEX}};
    enum { PAIRS = sizeof kinds / sizeof kinds[0] };
    for (size_t variant = 0; variant < (size_t)4 * PAIRS; ++variant) {
        char name[64];
        const ard_dropout_kind *pair = kinds[variant / 4];
        ard_dropout dropout[2] = {toy_dropout(pair[0], ARD_SCALE_RATE),
                                  toy_dropout(pair[1], ARD_SCALE_PERIOD)};
        dropout[1].tile_numbering = ARD_TILE_LINEAR;
        ard_mlp_options options = toy_options(3, widths, dropout, MAX_BATCH);
        options.groups = groups[variant % 4];
        options.seed = 250 + variant;
        options.sgd = optimizer_of(variant);
        options.sgd.momentum = variant % 3 == 1 ? 0.0 : 0.9;
        snprintf(name, sizeof name, "kinds %d and %d, %u groups", (int)pair[0], (int)pair[1],
                 options.groups);
        check_run(*state, &options, name);
    }
}

static void test_groups_with_ages_of_elements(void **state)
{
    ard_dropout dropout[2];
    for (size_t i = 0; i < 2; ++i) {
        assert_success(ard_dropout_init(ARD_DROPOUT_ROW, 0.6, 13, ARD_SCALE_RATE, &dropout[i]));
    }
    ard_mlp_options options = toy_options(3, widths, dropout, MAX_BATCH);
    options.sgd = optimizer_of(2);
    options.groups = 4;
    check_run(*state, &options, "long periods in groups");
    options.groups = ARD_MLP_MAX_GROUPS;
    check_run(*state, &options, "more groups than samples");
}

static void test_changing_rates(void **state)
{
    static const ard_dropout_kind kinds[][2] = {
        {ARD_DROPOUT_ROW, ARD_DROPOUT_ROW},       {ARD_DROPOUT_SUBSET, ARD_DROPOUT_SUBSET},
        {ARD_DROPOUT_TILE, ARD_DROPOUT_TILE},     {ARD_DROPOUT_BERNOULLI, ARD_DROPOUT_BERNOULLI},
        {ARD_DROPOUT_NONE, ARD_DROPOUT_ROW},      {ARD_DROPOUT_DROPCONNECT, ARD_DROPOUT_TILE},
        {ARD_DROPOUT_ROW, ARD_DROPOUT_BERNOULLI}, {ARD_DROPOUT_SUBSET, ARD_DROPOUT_ROW},
        {ARD_DROPOUT_INDEX, ARD_DROPOUT_INDEX}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        check_changing_run(*state, kinds[i][0], kinds[i][1], 2, ARD_SCALE_RATE);
        check_changing_run(*state, kinds[i][0], kinds[i][1], 4, ARD_SCALE_PERIOD);
    }
    /* Ages of elements instead of tables. */
    check_changing_run(*state, ARD_DROPOUT_ROW, ARD_DROPOUT_ROW, 13, ARD_SCALE_RATE);
}

static void test_one_layer(void **state)
{
    const size_t two[] = {INPUTS, CLASSES};
    const ard_mlp_options options = toy_options(1, two, NULL, MAX_BATCH);
    toy_data data = toy_create(*state, SAMPLES, INPUTS, CLASSES, 0.4f, 3);
    double *src = test_to_double((size_t)SAMPLES * INPUTS, data.values);
    ard_mlp *mlp = toy_network(*state, &options);
    reference_net net = reference_net_create(1, two);
    reference_net velocity = reference_net_create(1, two);
    reference_net gradient = reference_net_create(1, two);
    reference_net now = reference_net_create(1, two);
    reference_net_read(&net, mlp);
    const reference_dropout none = reference_no_dropout();
    const reference_outputs outputs = {.gradient = &gradient};
    for (uint64_t t = 0; t < 10; ++t) {
        assert_success(ard_mlp_step(mlp, MAX_BATCH, &data.src, &data.src_labels, NULL));
        reference_net_loss(&net, &none, MAX_BATCH, src, data.labels, &outputs);
        reference_net_update(&options.sgd, t, &net, &velocity, &gradient);
    }
    reference_net_read(&now, mlp);
    compare_values("one layer", "weights", CLASSES, INPUTS, now.weights[0], net.weights[0]);
    compare_values("one layer", "bias", 1, CLASSES, now.bias[0], net.bias[0]);
    reference_net_destroy(&net);
    reference_net_destroy(&velocity);
    reference_net_destroy(&gradient);
    reference_net_destroy(&now);
    ard_mlp_destroy(mlp);
    toy_destroy(&data);
    free(src);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_pair_of_kinds),
        cmocka_unit_test(test_tiles),
        cmocka_unit_test(test_ages_of_elements),
        cmocka_unit_test(test_indices),
        cmocka_unit_test(test_changing_rates),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_groups_with_ages_of_elements),
        cmocka_unit_test(test_one_layer),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
