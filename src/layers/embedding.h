/* SPDX-License-Identifier: Apache-2.0 */
/* The embedding of a batch of tokens: rows of a weight matrix, of which only those are touched
 * whose words occur.
 *
 *     dst[t] = weights[word of t],    diff_weights[w] = sum over the tokens t of w of diff[t]
 *
 * Which words occur and where is found on the host, so that no kernel needs atomics and every sum
 * has one order. */
#ifndef ARD_EMBEDDING_H
#define ARD_EMBEDDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/context.h>
#include <ard/matrix.h>

/* The words of a batch of tokens. On the device there are uint32 at these places of `buffer`:
 *     slots   [tokens]      which of the words a token is: `word[slots[t]]` is token t
 *     starts  [words + 1]   where each word's tokens begin in `order`; the last is `tokens`
 *     order   [tokens]      the tokens of the first word in increasing order, of the second, ...
 *     words   [words]       the words, as `word` on the host */
typedef struct ard__occurrences {
    size_t tokens;
    size_t words;   /* different ones */
    uint32_t *word; /* [words] increasing */
    cl_mem buffer;
    size_t slots_at;
    size_t starts_at;
    size_t order_at;
    size_t words_at;
    size_t max_tokens;
    uint64_t *sorted; /* [max_tokens] a token's word << 32 | its number */
    uint64_t *other;  /* [max_tokens] for sorting */
} ard__occurrences;

/* An empty one with room for batches of up to `max_tokens`. INVALID_ARGUMENT, *_OUT_OF_MEMORY,
 * OPENCL. */
ard_status ard__occurrences_create(ard_context *context, size_t max_tokens,
                                   ard__occurrences **made);

/* NULL is fine. */
void ard__occurrences_destroy(ard__occurrences *occurrences);

/* Takes the words of `tokens` <= max_tokens tokens, host array `values`, which is copied. Does not
 * block: what was enqueued before still works on the last ones. Once the upload ring has grown to
 * it, nothing is allocated. OPENCL, OUT_OF_MEMORY: there are no tokens then. */
ard_status ard__occurrences_set(ard_context *context, ard__occurrences *occurrences, size_t tokens,
                                const uint32_t *values);

/* dst [tokens x width] of weights [words x width], whose row u is that of word[u]. */
ard_status ard__embedding_forward(ard_context *context, const ard__occurrences *occurrences,
                                  size_t width, const ard_matrix *weights, const ard_matrix *dst);

/* The sums over each word's tokens, in increasing order of the tokens, of diff [tokens x width]:
 * into diff_weights [words x width], or with `whole` added to row word[u] of a diff_weights that
 * has a row for every word of the vocabulary. */
ard_status ard__embedding_backward(ard_context *context, const ard__occurrences *occurrences,
                                   size_t width, const ard_matrix *diff, bool whole,
                                   const ard_matrix *diff_weights);

#endif
