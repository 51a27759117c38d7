/* SPDX-License-Identifier: Apache-2.0 */
#include "layers/embedding.h"

#include <stdlib.h>
#include <string.h>

#include "device/context_internal.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

enum { MOST_TOKENS = 701 };

/* Where the gradient of a whole matrix begins: not with zeros. */
static const float START = 0.75f;

typedef struct problem {
    size_t tokens;
    uint32_t vocabulary;
    size_t width;
    uint64_t seed;
} problem;

static uint32_t *make_tokens(const problem *p)
{
    uint64_t random = p->seed;
    uint32_t *tokens = test_alloc(p->tokens, sizeof *tokens);
    for (size_t t = 0; t < p->tokens; ++t) {
        tokens[t] = (uint32_t)(test_random(&random) % p->vocabulary);
    }
    return tokens;
}

/* The gaps of what is read: none every other time, because a canary that was read beyond the width
 * and written into a gap leaves it as it was. */
static size_t source_gap(const problem *p)
{
    return p->seed % 2 * 5;
}

/* One piece of what is on the device. */
static uint32_t *read_numbers(ard_context *context, const ard__occurrences *o, size_t at,
                              size_t count)
{
    uint32_t *numbers = test_alloc(count, sizeof *numbers);
    assert_int_equal(clEnqueueReadBuffer(ard_context_queue(context), o->buffer, CL_TRUE,
                                         at * sizeof *numbers, count * sizeof *numbers, numbers, 0,
                                         NULL, NULL),
                     CL_SUCCESS);
    return numbers;
}

/* The words are those that occur, each once, and all tokens are where they belong. */
static void check_occurrences(ard_context *context, const ard__occurrences *o, size_t tokens,
                              const uint32_t *values)
{
    assert_int_equal(o->tokens, tokens);
    uint32_t *slots = read_numbers(context, o, o->slots_at, tokens);
    uint32_t *starts = read_numbers(context, o, o->starts_at, o->words + 1);
    uint32_t *order = read_numbers(context, o, o->order_at, tokens);
    uint32_t *words = read_numbers(context, o, o->words_at, o->words);
    assert_memory_equal(words, o->word, o->words * sizeof *words);
    for (size_t t = 0; t < tokens; ++t) {
        assert_true(slots[t] < o->words && words[slots[t]] == values[t]);
    }
    assert_int_equal(starts[0], 0);
    assert_int_equal(starts[o->words], tokens);
    for (size_t u = 0; u < o->words; ++u) {
        assert_true(u == 0 || words[u] > words[u - 1]);
        assert_true(starts[u] < starts[u + 1]);
        for (size_t k = starts[u]; k < starts[u + 1]; ++k) {
            assert_true(order[k] < tokens && slots[order[k]] == u);
            assert_true(k == starts[u] || order[k] > order[k - 1]);
        }
    }
    free(slots);
    free(starts);
    free(order);
    free(words);
}

static void check_forward(ard_context *context, const ard__occurrences *o, const problem *p,
                          const uint32_t *tokens)
{
    const comparison about = {"dst", "forward", p->tokens, p->width, p->seed};
    float *values = test_random_floats(o->words * p->width, p->seed);
    float *expected = test_alloc(p->tokens * p->width, sizeof *expected);
    for (size_t t = 0; t < p->tokens; ++t) {
        size_t u = 0;
        while (o->word[u] != tokens[t]) {
            ++u;
        }
        memcpy(expected + t * p->width, values + u * p->width, p->width * sizeof *expected);
    }
    guarded weights = guarded_create_with(context, o->words, p->width, 3, source_gap(p), values);
    guarded dst = guarded_create(context, p->tokens, p->width, 7, 2);
    assert_success(ard__embedding_forward(context, o, p->width, &weights.matrix, &dst.matrix));
    float *got = guarded_read(&dst, "dst");
    assert_same_bits(&about, got, expected);
    guarded_assert_unchanged(&weights, "weights");
    guarded_destroy(&weights);
    guarded_destroy(&dst);
    free(values);
    free(expected);
    free(got);
}

/* sums [width] += the rows of diff of a word's tokens, one after the other. */
static void add_tokens(const problem *p, const uint32_t *tokens, const float *diff, uint32_t word,
                       float *sums)
{
    for (size_t t = 0; t < p->tokens; ++t) {
        for (size_t j = 0; j < p->width && tokens[t] == word; ++j) {
            sums[j] += diff[t * p->width + j];
        }
    }
}

static void check_backward(ard_context *context, const ard__occurrences *o, const problem *p,
                           const uint32_t *tokens)
{
    const comparison about = {"diff_weights", "backward", o->words, p->width, p->seed};
    float *values = test_random_floats(p->tokens * p->width, p->seed + 1);
    float *sums = test_alloc(o->words * p->width, sizeof *sums);
    for (size_t u = 0; u < o->words; ++u) {
        add_tokens(p, tokens, values, o->word[u], sums + u * p->width);
    }
    guarded diff = guarded_create_with(context, p->tokens, p->width, 1, source_gap(p), values);
    guarded compact = guarded_create(context, o->words, p->width, 6, 3);
    assert_success(
        ard__embedding_backward(context, o, p->width, &diff.matrix, false, &compact.matrix));
    float *got = guarded_read(&compact, "diff_weights");
    assert_same_bits(&about, got, sums);
    guarded_assert_unchanged(&diff, "diff");
    guarded_destroy(&diff);
    guarded_destroy(&compact);
    free(values);
    free(sums);
    free(got);
}

/* Rows of words that do not occur stay what they were. */
static void check_backward_whole(ard_context *context, const ard__occurrences *o, const problem *p,
                                 const uint32_t *tokens)
{
    const comparison about = {"diff_weights", "whole", p->vocabulary, p->width, p->seed};
    const size_t count = p->vocabulary * p->width;
    float *values = test_random_floats(p->tokens * p->width, p->seed + 2);
    float *expected = test_alloc(count, sizeof *expected);
    for (size_t u = 0; u < o->words; ++u) {
        add_tokens(p, tokens, values, o->word[u], expected + o->word[u] * p->width);
    }
    float *start = test_alloc(count, sizeof *start);
    for (size_t i = 0; i < count; ++i) {
        start[i] = START;
        expected[i] = START + expected[i];
    }
    guarded diff = guarded_create_with(context, p->tokens, p->width, 0, source_gap(p), values);
    guarded whole = guarded_create_with(context, p->vocabulary, p->width, 2, 9, start);
    assert_success(
        ard__embedding_backward(context, o, p->width, &diff.matrix, true, &whole.matrix));
    float *got = guarded_read(&whole, "diff_weights");
    assert_same_bits(&about, got, expected);
    guarded_destroy(&diff);
    guarded_destroy(&whole);
    free(values);
    free(expected);
    free(start);
    free(got);
}

static void check_problem(ard_context *context, ard__occurrences *o, const problem *p)
{
    enum { WHOLE_VOCABULARY = 2000 };
    uint32_t *tokens = make_tokens(p);
    uint32_t *copy = test_alloc(p->tokens, sizeof *copy);
    memcpy(copy, tokens, p->tokens * sizeof *copy);
    assert_success(ard__occurrences_set(context, o, p->tokens, copy));
    memset(copy, 0xFF, p->tokens * sizeof *copy); /* the call took what it needs */
    check_occurrences(context, o, p->tokens, tokens);
    check_forward(context, o, p, tokens);
    check_backward(context, o, p, tokens);
    if (p->vocabulary <= WHOLE_VOCABULARY) {
        check_backward_whole(context, o, p, tokens);
    }
    free(tokens);
    free(copy);
}

/* Every size with sets of every other size before it, in one object. */
static void check_sizes(ard_context *context)
{
    static const size_t sizes[] = {1, 2, 7, 97, 256, MOST_TOKENS, 31};
    static const uint32_t vocabularies[] = {1, 2, 13, 1009, 70001, UINT32_MAX};
    static const size_t widths[] = {1, 2, 13, 15, 16, 17, 32, 97, 200};
    ard__occurrences *o = NULL;
    assert_success(ard__occurrences_create(context, MOST_TOKENS, &o));
    uint64_t seed = 1;
    for (size_t v = 0; v < sizeof vocabularies / sizeof vocabularies[0]; ++v) {
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; ++s) {
            for (size_t w = seed % 3; w < sizeof widths / sizeof widths[0]; w += 3) {
                const problem p = {sizes[s], vocabularies[v], widths[w], seed};
                check_problem(context, o, &p);
            }
            ++seed;
        }
    }
    ard__occurrences_destroy(o);
}

static void test_sizes(void **state)
{
    check_sizes(*state);
}

/* As on a device without vectors: programs are built for what the context says. */
static void test_without_vectors(void **state)
{
    (void)state;
    ard_context *context = test_context_create();
    context->vector_width = 1;
    check_sizes(context);
    ard_context_destroy(context);
}

/* Each word once, in decreasing order: nothing is summed, everything is moved. */
static void test_all_different(void **state)
{
    ard_context *context = *state;
    enum { TOKENS = 331, WIDTH = 17 };
    uint32_t tokens[TOKENS];
    for (uint32_t t = 0; t < TOKENS; ++t) {
        tokens[t] = 3 * (TOKENS - 1 - t);
    }
    const problem p = {TOKENS, 3 * TOKENS, WIDTH, 5};
    ard__occurrences *o = NULL;
    assert_success(ard__occurrences_create(context, TOKENS, &o));
    assert_success(ard__occurrences_set(context, o, TOKENS, tokens));
    assert_int_equal(o->words, TOKENS);
    check_occurrences(context, o, TOKENS, tokens);
    check_forward(context, o, &p, tokens);
    check_backward(context, o, &p, tokens);
    check_backward_whole(context, o, &p, tokens);
    ard__occurrences_destroy(o);
}

enum { ROW_WIDTH = 33, ROW_VOCABULARY = 59 };

/* A batch whose weights and gradients are made before anything runs, so that nothing waits. */
typedef struct batch {
    problem problem;
    uint32_t *tokens;
    guarded weights; /* with rows for the whole vocabulary, of which as many as words are used */
    guarded dst;
    guarded sums;
} batch;

static batch make_batch(ard_context *context, size_t tokens, uint64_t seed, const float *table)
{
    batch b = {.problem = {tokens, ROW_VOCABULARY, ROW_WIDTH, seed}};
    b.tokens = make_tokens(&b.problem);
    b.weights = guarded_create_with(context, ROW_VOCABULARY, ROW_WIDTH, 3, 1, table);
    b.dst = guarded_create(context, tokens, ROW_WIDTH, 1, 2);
    b.sums = guarded_create_with(context, ROW_VOCABULARY, ROW_WIDTH, 2, 0, table);
    return b;
}

/* The gradient of the batch is its output. */
static void check_batch(const batch *b, const float *table)
{
    const comparison about = {"sums", "in a row", ROW_VOCABULARY, ROW_WIDTH, b->problem.seed};
    float *dst = guarded_read(&b->dst, "dst");
    float *sums = guarded_read(&b->sums, "sums");
    float *expected = test_alloc((size_t)ROW_VOCABULARY * ROW_WIDTH, sizeof *expected);
    const float *row = table; /* of the next word that occurs */
    for (uint32_t word = 0; word < ROW_VOCABULARY; ++word) {
        bool occurs = false;
        for (size_t t = 0; t < b->problem.tokens; ++t) {
            if (b->tokens[t] == word) {
                assert_memory_equal(dst + t * ROW_WIDTH, row, ROW_WIDTH * sizeof *row);
                occurs = true;
            }
        }
        row += occurs ? ROW_WIDTH : 0;
        add_tokens(&b->problem, b->tokens, dst, word, expected + word * ROW_WIDTH);
    }
    for (size_t i = 0; i < (size_t)ROW_VOCABULARY * ROW_WIDTH; ++i) {
        expected[i] = table[i] + expected[i];
    }
    assert_same_bits(&about, sums, expected);
    free(dst);
    free(sums);
    free(expected);
}

/* Several batches are enqueued before the first is waited for; each works on its own words. */
static void test_batches_in_a_row(void **state)
{
    ard_context *context = *state;
    enum { BATCHES = 3 };
    static const size_t sizes[BATCHES] = {211, 1, 97};
    float *table = test_random_floats((size_t)ROW_VOCABULARY * ROW_WIDTH, 4);
    batch batches[BATCHES];
    ard__occurrences *o = NULL;
    assert_success(ard__occurrences_create(context, 211, &o));
    for (size_t i = 0; i < BATCHES; ++i) {
        batches[i] = make_batch(context, sizes[i], 20 + i, table);
    }
    for (size_t i = 0; i < BATCHES; ++i) {
        batch *b = &batches[i];
        assert_success(ard__occurrences_set(context, o, sizes[i], b->tokens));
        assert_success(
            ard__embedding_forward(context, o, ROW_WIDTH, &b->weights.matrix, &b->dst.matrix));
        assert_success(
            ard__embedding_backward(context, o, ROW_WIDTH, &b->dst.matrix, true, &b->sums.matrix));
    }
    for (size_t i = 0; i < BATCHES; ++i) {
        batch *b = &batches[i];
        check_batch(b, table);
        guarded_destroy(&b->weights);
        guarded_destroy(&b->dst);
        guarded_destroy(&b->sums);
        free(b->tokens);
    }
    ard__occurrences_destroy(o);
    free(table);
}

static void test_errors(void **state)
{
    ard__occurrences *o = (ard__occurrences *)1;
    assert_invalid(ard__occurrences_create(*state, 0, &o));
    assert_null(o);
    assert_invalid(ard__occurrences_create(*state, SIZE_MAX, &o));
    assert_null(o);
    ard__occurrences_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),         cmocka_unit_test(test_without_vectors),
        cmocka_unit_test(test_all_different), cmocka_unit_test(test_batches_in_a_row),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
