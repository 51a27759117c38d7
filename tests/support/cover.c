/* SPDX-License-Identifier: Apache-2.0 */
#include "support/cover.h"

#include <stdlib.h>
#include <string.h>

#include "support/memory.h"
#include "support/unit.h"

const size_t cover_sizes[COVER_SIZES] = {1, 7, 31, 32, 33, 61, 127, 784};

static const uint64_t COVER_SEED = UINT64_C(0xA2D0);

/* More candidates make a smaller cover and a slower search. */
enum { CANDIDATES = 24 };

cover_extent cover_wanted(void)
{
    const char *full = getenv("ARD_TEST_FULL");
    if (full == NULL) {
        return COVER_PAIRWISE;
    }
    return strcmp(full, "1") == 0   ? COVER_PRODUCT
           : strcmp(full, "2") == 0 ? COVER_ALL
                                    : COVER_PAIRWISE;
}

cover_table cover_make_table(void)
{
    cover_table table;
    size_t count = 0;
    for (size_t size = 0; size < COVER_SIZES; ++size) {
        size_t pattern_index = 0;
        for (uint32_t period = 1; period <= COVER_MAX_PERIOD; ++period) {
            for (uint32_t offset = 0; offset < period; ++offset, ++pattern_index) {
                if (period <= cover_sizes[size]) {
                    cover_value *value = &table.values[count++];
                    *value = (cover_value){size, pattern_index, cover_sizes[size], {0}};
                    assert_success(ard_pattern_row(period, offset, &value->pattern));
                }
            }
        }
    }
    assert_int_equal(count, COVER_VALUES);
    return table;
}

/* Which pairs have been met. */
typedef struct pairs {
    bool batch_in[COVER_SIZES][COVER_VALUES];
    bool batch_out[COVER_SIZES][COVER_VALUES];
    bool in_out_size[COVER_VALUES][COVER_SIZES];
    bool in_size_out[COVER_SIZES][COVER_VALUES];
    bool patterns[COVER_PATTERNS][COVER_PATTERNS];
} pairs;

typedef struct choice {
    size_t batch;
    size_t in;
    size_t out;
} choice;

/* How many new pairs the choice meets. */
static int count_new(const pairs *met, const cover_table *table, const choice *c)
{
    const cover_value *in = &table->values[c->in];
    const cover_value *out = &table->values[c->out];
    return !met->batch_in[c->batch][c->in] + !met->batch_out[c->batch][c->out] +
           !met->in_out_size[c->in][out->size_index] + !met->in_size_out[in->size_index][c->out] +
           !met->patterns[in->pattern_index][out->pattern_index];
}

static void mark(pairs *met, const cover_table *table, const choice *c)
{
    const cover_value *in = &table->values[c->in];
    const cover_value *out = &table->values[c->out];
    met->batch_in[c->batch][c->in] = true;
    met->batch_out[c->batch][c->out] = true;
    met->in_out_size[c->in][out->size_index] = true;
    met->in_size_out[in->size_index][c->out] = true;
    met->patterns[in->pattern_index][out->pattern_index] = true;
}

/* The choice with in- or out-value `index` (`of_in` says which) and batch size `batch`, the rest
 * the best of some random candidates. */
static choice choose(const pairs *met, const cover_table *table, uint64_t *random, size_t batch,
                     size_t index, bool of_in)
{
    choice best = {0, 0, 0};
    int best_new = -1;
    for (int i = 0; i < CANDIDATES; ++i) {
        const size_t other = test_random_below(random, COVER_VALUES);
        const choice candidate = {batch, of_in ? index : other, of_in ? other : index};
        const int fresh = count_new(met, table, &candidate);
        if (fresh > best_new) {
            best = candidate;
            best_new = fresh;
        }
    }
    return best;
}

static void run_choice(const cover_table *table, const choice *c,
                       void (*run)(const cover_case *, void *), void *context)
{
    const cover_case problem = {
        .batch = cover_sizes[c->batch],
        .in = table->values[c->in],
        .out = table->values[c->out],
        .seed = test_mix((c->batch * COVER_VALUES + c->in) * COVER_VALUES + c->out, COVER_SEED)};
    run(&problem, context);
}

static size_t run_product(const cover_table *table, bool every_batch,
                          void (*run)(const cover_case *, void *), void *context)
{
    size_t count = 0;
    for (size_t in = 0; in < COVER_VALUES; ++in) {
        for (size_t out = 0; out < COVER_VALUES; ++out) {
            for (size_t batch = 0; batch < COVER_SIZES; ++batch) {
                if (every_batch || batch == (in + out) % COVER_SIZES) {
                    const choice c = {batch, in, out};
                    run_choice(table, &c, run, context);
                    ++count;
                }
            }
        }
    }
    return count;
}

/* Runs and marks the choice if it meets a new pair. */
static size_t take(pairs *met, const cover_table *table, const choice *c,
                   void (*run)(const cover_case *, void *), void *context)
{
    if (count_new(met, table, c) == 0) {
        return 0;
    }
    mark(met, table, c);
    run_choice(table, c, run, context);
    return 1;
}

/* Whatever pairs the two sweeps of run_pairwise left open. */
static size_t run_rest(pairs *met, const cover_table *table, uint64_t *random,
                       void (*run)(const cover_case *, void *), void *context)
{
    size_t count = 0;
    for (size_t in = 0; in < COVER_VALUES; ++in) {
        for (size_t out = 0; out < COVER_VALUES; ++out) {
            const cover_value *a = &table->values[in];
            const cover_value *b = &table->values[out];
            if (!met->in_out_size[in][b->size_index] || !met->in_size_out[a->size_index][out] ||
                !met->patterns[a->pattern_index][b->pattern_index]) {
                const choice c = {test_random_below(random, COVER_SIZES), in, out};
                count += take(met, table, &c, run, context);
            }
        }
    }
    return count;
}

static size_t run_pairwise(const cover_table *table, void (*run)(const cover_case *, void *),
                           void *context)
{
    pairs *met = test_alloc(1, sizeof *met);
    uint64_t random = COVER_SEED;
    size_t count = 0;
    for (size_t batch = 0; batch < COVER_SIZES; ++batch) {
        for (size_t i = 0; i < COVER_VALUES; ++i) {
            if (!met->batch_in[batch][i]) {
                const choice c = choose(met, table, &random, batch, i, true);
                count += take(met, table, &c, run, context);
            }
            if (!met->batch_out[batch][i]) {
                const choice c = choose(met, table, &random, batch, i, false);
                count += take(met, table, &c, run, context);
            }
        }
    }
    count += run_rest(met, table, &random, run, context);
    free(met);
    return count;
}

size_t cover_run(cover_extent extent, void (*run)(const cover_case *, void *), void *context)
{
    const cover_table table = cover_make_table();
    return extent == COVER_PAIRWISE ? run_pairwise(&table, run, context)
                                    : run_product(&table, extent == COVER_ALL, run, context);
}

ard_pattern cover_random_subset(uint64_t *random, size_t width)
{
    const size_t most = width < ARD_MAX_PERIOD ? width : ARD_MAX_PERIOD;
    const uint32_t period = (uint32_t)(1 + test_random_below(random, most));
    const uint64_t mask = period == 64 ? UINT64_MAX : (UINT64_C(1) << period) - 1;
    const uint64_t drawn = test_random(random) & mask;
    ard_pattern pattern = ard_pattern_all();
    assert_success(ard_pattern_subset(period, drawn != 0 ? drawn : 1, &pattern));
    return pattern;
}

ard_pattern cover_random_index(uint64_t *random, size_t width, uint32_t *indices)
{
    const size_t share = 1 + test_random_below(random, 8); /* of 8 */
    uint32_t count = 0;
    for (size_t unit = 0; unit < width; ++unit) {
        if (test_random_below(random, 8) < share) {
            indices[count++] = (uint32_t)unit;
        }
    }
    if (count == 0) {
        indices[count++] = (uint32_t)test_random_below(random, width);
    }
    ard_pattern pattern = ard_pattern_all();
    assert_success(ard_pattern_index(indices, count, &pattern));
    return pattern;
}
