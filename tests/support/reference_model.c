/* SPDX-License-Identifier: Apache-2.0 */
#include "support/reference_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <ard/sampler.h>

#include "support/memory.h"
#include "support/reference.h"
#include "support/unit.h"

static double rate_after_warmup(const ard_schedule *schedule, uint64_t step)
{
    const double pi = 3.14159265358979323846;
    switch (schedule->kind) {
    case ARD_SCHEDULE_STEP:
        return schedule->rate * pow(schedule->factor, (double)(step / schedule->every));
    case ARD_SCHEDULE_COSINE: {
        const double done = fmin(1.0, (double)step / (double)schedule->every);
        const double share = 0.5 * (1.0 + cos(pi * done));
        return schedule->final_rate + (schedule->rate - schedule->final_rate) * share;
    }
    case ARD_SCHEDULE_CONSTANT:
    default:
        return schedule->rate;
    }
}

double reference_rate(const ard_schedule *schedule, uint64_t step)
{
    const double full = rate_after_warmup(schedule, step);
    return step < schedule->warmup ? full * ((double)(step + 1) / (double)schedule->warmup) : full;
}

void reference_sgd(const ard_sgd_options *options, uint64_t step, size_t count, double *weights,
                   double *velocity, const double *gradient)
{
    const double rate = reference_rate(&options->schedule, step);
    for (size_t i = 0; i < count; ++i) {
        velocity[i] =
            options->momentum * velocity[i] + gradient[i] + options->weight_decay * weights[i];
        weights[i] -= rate * velocity[i];
    }
}

reference_net reference_net_create(size_t layers, const size_t *widths)
{
    reference_net net = {.layers = layers};
    net.widths[0] = widths[0];
    for (size_t l = 0; l < layers; ++l) {
        net.widths[l + 1] = widths[l + 1];
        net.weights[l] = test_alloc(widths[l] * widths[l + 1], sizeof *net.weights[l]);
        net.bias[l] = test_alloc(widths[l + 1], sizeof *net.bias[l]);
    }
    return net;
}

void reference_net_destroy(reference_net *net)
{
    for (size_t l = 0; l < net->layers; ++l) {
        free(net->weights[l]);
        free(net->bias[l]);
    }
    *net = (reference_net){0};
}

void reference_net_add(reference_net *sum, double share, const reference_net *part)
{
    for (size_t l = 0; l < sum->layers; ++l) {
        for (size_t i = 0; i < sum->widths[l] * sum->widths[l + 1]; ++i) {
            sum->weights[l][i] += share * part->weights[l][i];
        }
        for (size_t i = 0; i < sum->widths[l + 1]; ++i) {
            sum->bias[l][i] += share * part->bias[l][i];
        }
    }
}

void reference_net_read(reference_net *net, ard_mlp *mlp)
{
    for (size_t l = 0; l < net->layers; ++l) {
        const size_t out = net->widths[l + 1];
        const size_t count = net->widths[l] * out;
        float *weights = test_alloc(count, sizeof *weights);
        float *bias = test_alloc(out, sizeof *bias);
        assert_success(ard_mlp_read_layer(mlp, l, weights, bias));
        for (size_t i = 0; i < count; ++i) {
            net->weights[l][i] = weights[i];
        }
        for (size_t i = 0; i < out; ++i) {
            net->bias[l][i] = bias[i];
        }
        free(weights);
        free(bias);
    }
}

reference_dropout reference_no_dropout(void)
{
    reference_dropout dropout = {0};
    for (size_t l = 0; l < ARD_MLP_MAX_LAYERS; ++l) {
        dropout.patterns[l] = ard_layer_pattern_all();
        dropout.scales[l] = 1.0f;
        dropout.weight_scales[l] = 1.0f;
    }
    return dropout;
}

/* Index patterns of the steps asked for last borrow this. */
static uint32_t indices[ARD_MLP_MAX_LAYERS][REFERENCE_MAX_INDEX_WIDTH];

static ard_pattern sampled_index(const ard_mlp_options *options, size_t layer, uint64_t step,
                                 uint32_t group)
{
    ard_index_distribution distribution;
    assert_true(options->widths[layer + 1] <= REFERENCE_MAX_INDEX_WIDTH);
    assert_success(ard_index_distribution_from_rate(options->dropout[layer].rate,
                                                    options->widths[layer + 1], &distribution));
    return ard_sample_index(&distribution, options->seed, (uint32_t)layer, step, group,
                            indices[layer]);
}

static ard_layer_pattern sampled_pattern(const ard_mlp_options *options, size_t layer,
                                         uint64_t step, uint32_t group)
{
    const ard_dropout *dropout = &options->dropout[layer];
    const uint32_t id = (uint32_t)layer;
    ard_layer_pattern pattern = ard_layer_pattern_all();
    if (dropout->kind == ARD_DROPOUT_ROW) {
        pattern.units = ard_sample_row(&dropout->distribution, options->seed, id, step, group);
    } else if (dropout->kind == ARD_DROPOUT_SUBSET) {
        pattern.units = ard_sample_subset(&dropout->subset, options->seed, id, step, group);
    } else if (dropout->kind == ARD_DROPOUT_INDEX) {
        pattern.units = sampled_index(options, layer, step, group);
    } else if (dropout->kind == ARD_DROPOUT_TILE) {
        pattern.tiles = ard_sample_tile(&dropout->distribution, dropout->tile_edge,
                                        dropout->tile_numbering, options->seed, id, step, group);
    }
    return pattern;
}

/* What makes up for what is dropped: by the pattern, or by the rate. */
static double scale_of(const ard_dropout *dropout, double by_period)
{
    const bool masked =
        dropout->kind == ARD_DROPOUT_BERNOULLI || dropout->kind == ARD_DROPOUT_DROPCONNECT;
    return dropout->scale == ARD_SCALE_PERIOD && !masked ? by_period : 1.0 / (1.0 - dropout->rate);
}

static void drop_layer(const ard_dropout *dropout, size_t width, size_t l,
                       reference_dropout *result)
{
    const ard_pattern *units = &result->patterns[l].units;
    switch (dropout->kind) {
    case ARD_DROPOUT_ROW:
    case ARD_DROPOUT_SUBSET:
        result->scales[l] =
            (float)scale_of(dropout, (double)units->period / ard_pattern_residue_count(units));
        break;
    case ARD_DROPOUT_INDEX:
        result->scales[l] = (float)scale_of(dropout, (double)width / units->count);
        break;
    case ARD_DROPOUT_BERNOULLI:
        result->scales[l] = (float)scale_of(dropout, 1.0);
        result->masked[l] = true;
        break;
    case ARD_DROPOUT_TILE:
        result->weight_scales[l] =
            (float)scale_of(dropout, (double)result->patterns[l].tiles.period);
        break;
    case ARD_DROPOUT_DROPCONNECT:
        result->weight_scales[l] = (float)scale_of(dropout, 1.0);
        result->connected[l] = true;
        break;
    case ARD_DROPOUT_NONE:
        break;
    }
}

/* By the patterns, or where they are NULL by those that are sampled for the group. */
static reference_dropout make_dropout(const ard_mlp_options *options, uint64_t step, uint32_t group,
                                      const ard_layer_pattern *patterns)
{
    reference_dropout result = reference_no_dropout();
    for (size_t l = 0; l + 1 < options->layers && options->dropout != NULL; ++l) {
        result.patterns[l] =
            patterns != NULL ? patterns[l] : sampled_pattern(options, l, step, group);
        result.masks[l] = (ard_bernoulli){.rate = options->dropout[l].rate,
                                          .seed = options->seed,
                                          .step = step,
                                          .layer = (uint32_t)l};
        drop_layer(&options->dropout[l], options->widths[l + 1], l, &result);
    }
    return result;
}

reference_dropout reference_given_dropout(const ard_mlp_options *options, uint64_t step,
                                          const ard_layer_pattern *patterns)
{
    return make_dropout(options, step, 0, patterns);
}

reference_dropout reference_sampled_dropout(const ard_mlp_options *options, uint64_t step,
                                            uint32_t group)
{
    return make_dropout(options, step, group, NULL);
}

/* Layer l of the network as the linear layers see it. */
static ard_linear layer_of(const reference_net *net, const reference_dropout *dropout, size_t batch,
                           size_t l)
{
    ard_linear linear = ard_linear_init(batch, net->widths[l], net->widths[l + 1]);
    if (l > 0) {
        linear.in_pattern = dropout->patterns[l - 1].units;
    }
    if (l + 1 < net->layers) {
        linear.out_pattern = dropout->patterns[l].units;
        linear.tile = dropout->patterns[l].tiles;
        linear.activation = ARD_ACTIVATION_RELU;
        linear.scale = dropout->scales[l];
        linear.weight_scale = dropout->weight_scales[l];
        linear.bernoulli = dropout->masked[l] ? &dropout->masks[l] : NULL;
        linear.drop_connect = dropout->connected[l] ? &dropout->masks[l] : NULL;
    }
    return linear;
}

/* Lowers *margin to the smallest absolute value before the activation. */
static void lower_margin(const ard_linear *linear, const double *src, const double *weights,
                         const double *bias, double *margin)
{
    ard_linear plain = *linear;
    plain.activation = ARD_ACTIVATION_IDENTITY;
    plain.scale = 1.0f;
    plain.bernoulli = NULL;
    const size_t count = plain.batch * reference_kept(&plain.out_pattern, plain.out, NULL);
    double *values = test_alloc(count, sizeof *values);
    reference_forward(&plain, src, weights, bias, values, NULL);
    for (size_t i = 0; i < count; ++i) {
        *margin = fmin(*margin, fabs(values[i]));
    }
    free(values);
}

/* The gradients of one layer from diff_dst, which is freed; returns diff_src. */
static double *backward_layer(const ard_linear *linear, const double *src, const double *dst,
                              double *diff_dst, const double *weights, double *diff_weights,
                              double *diff_bias)
{
    const size_t in = reference_kept(&linear->in_pattern, linear->in, NULL);
    const size_t out = reference_kept(&linear->out_pattern, linear->out, NULL);
    double *diff_pre = test_alloc(linear->batch * out, sizeof *diff_pre);
    double *compact_bias = test_alloc(out, sizeof *compact_bias);
    double *compact_weights = test_alloc(in * out, sizeof *compact_weights);
    double *diff_src = test_alloc(linear->batch * in, sizeof *diff_src);
    reference_backward_activation(linear, dst, diff_dst, diff_pre, compact_bias, NULL);
    reference_backward_weights(linear, diff_pre, src, compact_weights, NULL);
    reference_backward_data(linear, diff_pre, weights, diff_src, NULL);
    reference_expand(linear->out, linear->in, &linear->out_pattern, &linear->in_pattern,
                     compact_weights, diff_weights);
    reference_expand(1, linear->out, NULL, &linear->out_pattern, compact_bias, diff_bias);
    free(diff_pre);
    free(compact_bias);
    free(compact_weights);
    free(diff_dst);
    return diff_src;
}

double reference_net_loss(const reference_net *net, const reference_dropout *dropout, size_t batch,
                          const double *src, const int32_t *labels,
                          const reference_outputs *outputs)
{
    const reference_outputs wanted = outputs != NULL ? *outputs : (reference_outputs){0};
    const size_t classes = net->widths[net->layers];
    double *dst[ARD_MLP_MAX_LAYERS] = {0};
    if (wanted.margin != NULL) {
        *wanted.margin = INFINITY;
    }
    for (size_t l = 0; l < net->layers; ++l) {
        const ard_linear linear = layer_of(net, dropout, batch, l);
        const double *from = l > 0 ? dst[l - 1] : src;
        dst[l] = test_alloc(batch * linear.out, sizeof *dst[l]);
        reference_forward(&linear, from, net->weights[l], net->bias[l], dst[l], NULL);
        if (wanted.margin != NULL && l + 1 < net->layers) {
            lower_margin(&linear, from, net->weights[l], net->bias[l], wanted.margin);
        }
    }
    const double *logits = dst[net->layers - 1];
    double totals[2] = {0.0, 0.0};
    double *diff = test_alloc(batch * classes, sizeof *diff);
    reference_loss(batch, classes, logits, labels, diff, totals);
    if (wanted.hits != NULL) {
        *wanted.hits = totals[1];
    }
    if (wanted.logits != NULL) {
        memcpy(wanted.logits, logits, batch * classes * sizeof *logits);
    }
    for (size_t l = net->layers; l-- > 0 && wanted.gradient != NULL;) {
        const ard_linear linear = layer_of(net, dropout, batch, l);
        diff = backward_layer(&linear, l > 0 ? dst[l - 1] : src, dst[l], diff, net->weights[l],
                              wanted.gradient->weights[l], wanted.gradient->bias[l]);
    }
    free(diff);
    for (size_t l = 0; l < net->layers; ++l) {
        free(dst[l]);
    }
    return totals[0] / (double)batch;
}

void reference_net_update(const ard_sgd_options *options, uint64_t step, reference_net *net,
                          reference_net *velocity, const reference_net *gradient)
{
    for (size_t l = 0; l < net->layers; ++l) {
        reference_sgd(options, step, net->widths[l] * net->widths[l + 1], net->weights[l],
                      velocity->weights[l], gradient->weights[l]);
        reference_sgd(options, step, net->widths[l + 1], net->bias[l], velocity->bias[l],
                      gradient->bias[l]);
    }
}
