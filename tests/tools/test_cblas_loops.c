/* SPDX-License-Identifier: Apache-2.0 */
/* The loops of the CBLAS baseline, in one thread and in several: activations with dropout, and the
 * pool that shares them. */
#include "support/statistics.h"
#include "support/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/cblas_loops.h"

enum { BATCH = 37, WIDTH = 1031, ELEMENTS = BATCH * WIDTH };

/* Of each statistic: chance exceeds it so often. */
static const double SIGNIFICANCE = 1e-4;

typedef struct shared {
    cblas_pool *one;
    cblas_pool *three;
    float bias[WIDTH];
    float before[ELEMENTS], values[ELEMENTS], again[ELEMENTS];
} shared;

static int setup(void **state)
{
    shared *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->one = cblas_pool_create(1);
    s->three = cblas_pool_create(3);
    assert_non_null(s->one);
    assert_non_null(s->three);
    assert_success(ard_sample_uniform(3, 1, 1.0F, WIDTH, s->bias));
    assert_success(ard_sample_uniform(3, 2, 1.0F, ELEMENTS, s->before));
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    shared *s = *state;
    cblas_pool_destroy(s->one);
    cblas_pool_destroy(s->three);
    free(s);
    return 0;
}

static void activate(const shared *s, cblas_pool *pool, const ard_bernoulli *mask, float *values)
{
    memcpy(values, s->before, sizeof s->before);
    cblas_activate(pool, BATCH, WIDTH, s->bias, mask, values);
}

/* What is kept, of what the ReLU lets through; what is not kept must be zero, and the rest scaled.
 */
static uint64_t count_kept(const shared *s, double rate, uint64_t *through)
{
    const float scale = (float)(1 / (1 - rate));
    uint64_t kept = 0;
    *through = 0;
    for (size_t i = 0; i < ELEMENTS; i++) {
        const float value = s->before[i] + s->bias[i % WIDTH];
        if (s->values[i] != 0) {
            assert_true(value > 0 && s->values[i] == value * scale);
            kept++;
        }
        *through += value > 0 ? 1 : 0;
    }
    return kept;
}

static void keeps_the_share(void **state)
{
    shared *s = *state;
    const double rates[] = {0, 0.125, 0.5, 0.7, 0.99};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        const ard_bernoulli mask = {.rate = rates[i], .seed = 11, .step = i, .layer = 2};
        uint64_t through = 0;
        uint64_t low = 0;
        uint64_t high = 0;
        activate(s, s->three, &mask, s->values);
        const uint64_t kept = count_kept(s, rates[i], &through);
        statistics_binomial_bounds(through, 1 - rates[i], SIGNIFICANCE, &low, &high);
        if (rates[i] == 0 ? kept != through : kept < low || kept > high) {
            fail_msg("rate %g keeps %u of %u, not %u to %u", rates[i], (unsigned)kept,
                     (unsigned)through, (unsigned)low, (unsigned)high);
        }
    }
}

/* Masks of neighbouring rows, steps and layers agree as often as chance has it. */
static void masks_are_independent(void **state)
{
    shared *s = *state;
    const ard_bernoulli mask = {.rate = 0.5, .seed = 11, .step = 4, .layer = 0};
    const ard_bernoulli others[] = {{.rate = 0.5, .seed = 11, .step = 5, .layer = 0},
                                    {.rate = 0.5, .seed = 11, .step = 4, .layer = 1},
                                    {.rate = 0.5, .seed = 12, .step = 4, .layer = 0}};
    for (size_t i = 0; i < ELEMENTS; i++) {
        s->before[i] = 3; /* all go through */
    }
    activate(s, s->one, &mask, s->values);
    uint64_t low = 0;
    uint64_t high = 0;
    statistics_binomial_bounds(ELEMENTS - WIDTH, 0.5, SIGNIFICANCE, &low, &high);
    for (size_t i = 0; i <= sizeof others / sizeof others[0]; i++) {
        const size_t shift = i == 0 ? WIDTH : 0; /* the first time, against the next row */
        uint64_t agree = 0;
        activate(s, s->one, i == 0 ? &mask : &others[i - 1], s->again);
        for (size_t at = 0; at < ELEMENTS - WIDTH; at++) {
            agree += (s->values[at] > 0) == (s->again[at + shift] > 0) ? 1 : 0;
        }
        if (agree < low || agree > high) {
            fail_msg("mask %zu agrees in %u of %d", i, (unsigned)agree, ELEMENTS - WIDTH);
        }
    }
    assert_success(ard_sample_uniform(3, 2, 1.0F, ELEMENTS, s->before));
}

static void threads_change_nothing(void **state)
{
    shared *s = *state;
    const ard_bernoulli mask = {.rate = 0.3, .seed = 1, .step = 8, .layer = 1};
    activate(s, s->one, &mask, s->values);
    activate(s, s->three, &mask, s->again);
    assert_memory_equal(s->values, s->again, sizeof s->values);
}

static void goes_back_through_what_was_kept(void **state)
{
    shared *s = *state;
    const ard_bernoulli mask = {.rate = 0.75, .seed = 1, .step = 8, .layer = 1};
    activate(s, s->three, &mask, s->values);
    memcpy(s->again, s->before, sizeof s->again);
    cblas_activate_backward(s->three, BATCH, WIDTH, mask.rate, s->values, s->again);
    for (size_t i = 0; i < ELEMENTS; i++) {
        assert_true(s->again[i] == (s->values[i] > 0 ? 4 * s->before[i] : 0));
    }
}

static void count_items(void *state, size_t first, size_t end)
{
    unsigned *counts = state;
    for (size_t i = first; i < end; i++) {
        counts[i]++;
    }
}

static void pool_does_everything_once(void **state)
{
    (void)state;
    enum { MOST = 1000 };
    for (size_t threads = 1; threads <= 5; threads++) {
        cblas_pool *pool = cblas_pool_create(threads);
        assert_non_null(pool);
        for (size_t count = 0; count <= MOST; count = 3 * count + 1) {
            for (size_t grain = 1; grain <= MOST; grain *= 10) {
                unsigned counts[MOST + 1] = {0};
                cblas_pool_run(pool, count, grain, count_items, counts);
                for (size_t i = 0; i <= MOST; i++) {
                    assert_int_equal(counts[i], i < count ? 1 : 0);
                }
            }
        }
        cblas_pool_destroy(pool);
    }
    cblas_pool_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_share),
        cmocka_unit_test(masks_are_independent),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(goes_back_through_what_was_kept),
        cmocka_unit_test(pool_does_everything_once),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
