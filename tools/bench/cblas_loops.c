/* SPDX-License-Identifier: Apache-2.0 */
#include "cblas_loops.h"

#include <math.h>

/* Elements that are worth a thread: it takes longer to wake one up than to do fewer. */
enum { LEAST_ELEMENTS = 1 << 14 };

/* Generators side by side: what one vector instruction can advance, and more. */
enum { LANES = 32 };

/* Arguments of any of the loops. */
typedef struct loop {
    size_t batch, width;
    const float *bias;
    const ard_bernoulli *mask;
    const int32_t *labels;
    const float *from;
    float *values;
    double *losses;
    float scale;
} loop;

/* Rows of `width` elements that are worth a thread. */
static size_t row_grain(size_t width)
{
    return width < LEAST_ELEMENTS ? LEAST_ELEMENTS / width : 1;
}

static float kept_scale(double rate)
{
    return (float)(1 / (1 - rate));
}

/* The next word of SplitMix64 (Steele et al., OOPSLA 2014). */
static uint64_t split_mix(uint64_t *state)
{
    uint64_t word = *state += UINT64_C(0x9e3779b97f4a7c15);
    word = (word ^ word >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    word = (word ^ word >> 27) * UINT64_C(0x94d049bb133111eb);
    return word ^ word >> 31;
}

/* Generators for a row of a mask. A state of xorshift must not be zero. */
static void seed_lanes(const ard_bernoulli *mask, size_t row, uint32_t lanes[LANES])
{
    uint64_t state = mask->seed;
    const uint64_t parts[] = {mask->step, mask->layer, row};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        state = split_mix(&state) ^ parts[i];
    }
    for (size_t i = 0; i < LANES; i++) {
        lanes[i] = (uint32_t)(split_mix(&state) >> 32) | 1;
    }
}

/* xorshift32 (Marsaglia, 2003) in all lanes. */
static inline void advance(uint32_t lanes[LANES])
{
    for (size_t i = 0; i < LANES; i++) {
        uint32_t word = lanes[i];
        word ^= word << 13;
        word ^= word >> 17;
        word ^= word << 5;
        lanes[i] = word;
    }
}

/* Selections and a product, no branch: compilers make vectors of that. */
static inline float relu_kept(float value, uint32_t word, uint32_t threshold, float scale)
{
    return (value > 0.0F ? value : 0.0F) * (word >= threshold ? scale : 0.0F);
}

static void drop_row(const loop *loop, size_t row, uint32_t threshold)
{
    const float *restrict bias = loop->bias;
    float *restrict values = loop->values + row * loop->width;
    const float scale = loop->scale;
    uint32_t lanes[LANES];
    size_t at = 0;
    seed_lanes(loop->mask, row, lanes);
    for (; at + LANES <= loop->width; at += LANES) {
        advance(lanes);
        for (size_t i = 0; i < LANES; i++) {
            values[at + i] = relu_kept(values[at + i] + bias[at + i], lanes[i], threshold, scale);
        }
    }
    advance(lanes);
    for (size_t i = 0; at + i < loop->width; i++) {
        values[at + i] = relu_kept(values[at + i] + bias[at + i], lanes[i], threshold, scale);
    }
}

static void keep_row(const loop *loop, size_t row)
{
    const float *restrict bias = loop->bias;
    float *restrict values = loop->values + row * loop->width;
    for (size_t i = 0; i < loop->width; i++) {
        const float value = values[i] + bias[i];
        values[i] = value > 0.0F ? value : 0.0F;
    }
}

static void activate(void *state, size_t first, size_t end)
{
    const loop *loop = state;
    const double rate = loop->mask->rate;
    const double threshold = floor(rate * 4294967296.0 + 0.5);
    for (size_t row = first; row < end; row++) {
        if (rate > 0) {
            drop_row(loop, row, (uint32_t)fmin(threshold, UINT32_MAX));
        } else {
            keep_row(loop, row);
        }
    }
}

void cblas_activate(cblas_pool *pool, size_t batch, size_t width, const float *bias,
                    const ard_bernoulli *mask, float *values)
{
    loop loop = {.width = width,
                 .bias = bias,
                 .mask = mask,
                 .values = values,
                 .scale = kept_scale(mask->rate)};
    cblas_pool_run(pool, batch, row_grain(width), activate, &loop);
}

static void activate_backward(void *state, size_t first, size_t end)
{
    const loop *loop = state;
    const float *restrict from = loop->from;
    float *restrict values = loop->values;
    const float scale = loop->scale;
    for (size_t i = first; i < end; i++) {
        values[i] *= from[i] > 0.0F ? scale : 0.0F;
    }
}

void cblas_activate_backward(cblas_pool *pool, size_t batch, size_t width, double rate,
                             const float *values, float *deltas)
{
    loop loop = {.from = values, .values = deltas, .scale = kept_scale(rate)};
    cblas_pool_run(pool, batch * width, LEAST_ELEMENTS, activate_backward, &loop);
}

static void softmax(void *state, size_t first, size_t end)
{
    const loop *loop = state;
    for (size_t row = first; row < end; row++) {
        float *values = loop->values + row * loop->width;
        const size_t label = (size_t)loop->labels[row];
        float largest = -HUGE_VALF;
        for (size_t i = 0; i < loop->width; i++) {
            values[i] += loop->bias[i];
            largest = values[i] > largest ? values[i] : largest;
        }
        const double logit = values[label];
        float sum = 0;
        for (size_t i = 0; i < loop->width; i++) {
            values[i] = expf(values[i] - largest);
            sum += values[i];
        }
        loop->losses[row] = log(sum) + largest - logit;
        const float factor = loop->scale / sum;
        for (size_t i = 0; i < loop->width; i++) {
            values[i] *= factor;
        }
        values[label] -= loop->scale;
    }
}

void cblas_softmax(cblas_pool *pool, size_t batch, size_t classes, const float *bias,
                   const int32_t *labels, float *logits, double *losses)
{
    loop loop = {.width = classes,
                 .bias = bias,
                 .labels = labels,
                 .values = logits,
                 .losses = losses,
                 .scale = 1.0F / (float)batch};
    cblas_pool_run(pool, batch, row_grain(classes), softmax, &loop);
}

static void add_rows(void *state, size_t first, size_t end)
{
    const loop *loop = state;
    float *restrict values = loop->values;
    const float momentum = loop->scale;
    for (size_t i = first; i < end; i++) {
        values[i] *= momentum;
    }
    for (size_t row = 0; row < loop->batch; row++) {
        const float *restrict from = loop->from + row * loop->width;
        for (size_t i = first; i < end; i++) {
            values[i] += from[i];
        }
    }
}

void cblas_add_rows(cblas_pool *pool, size_t batch, size_t width, double momentum,
                    const float *deltas, float *velocity)
{
    loop loop = {.batch = batch,
                 .width = width,
                 .from = deltas,
                 .values = velocity,
                 .scale = (float)momentum};
    cblas_pool_run(pool, width, row_grain(batch), add_rows, &loop);
}

static void descend(void *state, size_t first, size_t end)
{
    const loop *loop = state;
    const float *restrict from = loop->from;
    float *restrict values = loop->values;
    const float rate = loop->scale;
    for (size_t i = first; i < end; i++) {
        values[i] -= rate * from[i];
    }
}

void cblas_descend(cblas_pool *pool, size_t count, double rate, const float *velocity,
                   float *values)
{
    loop loop = {.from = velocity, .values = values, .scale = (float)rate};
    cblas_pool_run(pool, count, LEAST_ELEMENTS, descend, &loop);
}
