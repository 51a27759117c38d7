/* SPDX-License-Identifier: Apache-2.0 */
#include "layers/embedding.h"

#include <assert.h>
#include <stdlib.h>

#include "core/integers.h"
#include "device/context_internal.h"
#include "device/launch.h"
#include "device/matrix_check.h"

/* uint32 on the device for so many tokens of so many words. */
static size_t count_numbers(size_t tokens, size_t words)
{
    return 2 * tokens + 2 * words + 1;
}

static ard_status allocate(ard_context *context, ard__occurrences *made)
{
    const size_t most = made->max_tokens;
    made->word = malloc(most * sizeof *made->word);
    made->sorted = malloc(most * sizeof *made->sorted);
    made->other = malloc(most * sizeof *made->other);
    if (made->word == NULL || made->sorted == NULL || made->other == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for the words of %zu tokens",
                         most);
    }
    return ard__buffer_create(context, count_numbers(most, most) * sizeof(cl_uint), &made->buffer);
}

ard_status ard__occurrences_create(ard_context *context, size_t max_tokens, ard__occurrences **made)
{
    *made = NULL;
    ARD_TRY(ard__check_size("max_tokens", max_tokens));
    ard__occurrences *created = calloc(1, sizeof *created);
    if (created == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for the words of a batch");
    }
    created->max_tokens = max_tokens;
    const ard_status status = allocate(context, created);
    if (status != ARD_STATUS_SUCCESS) {
        ard__occurrences_destroy(created);
        return status;
    }
    *made = created;
    return ARD_STATUS_SUCCESS;
}

void ard__occurrences_destroy(ard__occurrences *occurrences)
{
    if (occurrences == NULL) {
        return;
    }
    if (occurrences->buffer != NULL) {
        clReleaseMemObject(occurrences->buffer);
    }
    free(occurrences->word);
    free(occurrences->sorted);
    free(occurrences->other);
    free(occurrences);
}

static size_t digit_of(uint64_t entry, unsigned shift)
{
    return (size_t)(entry >> shift) & 255;
}

/* Moves the entries from `from` to `to`, in the order of the 8 bits from `shift` on and, where they
 * are equal, in the order that they had. Returns false, with nothing moved, where all are equal. */
static bool sort_by_digit(size_t count, unsigned shift, const uint64_t *from, uint64_t *to)
{
    size_t places[256] = {0};
    for (size_t i = 0; i < count; ++i) {
        ++places[digit_of(from[i], shift)];
    }
    if (places[digit_of(from[0], shift)] == count) {
        return false;
    }
    size_t next = 0;
    for (size_t digit = 0; digit < 256; ++digit) {
        const size_t here = places[digit];
        places[digit] = next;
        next += here;
    }
    for (size_t i = 0; i < count; ++i) {
        to[places[digit_of(from[i], shift)]++] = from[i];
    }
    return true;
}

/* Sorts the tokens by their words; those of a word keep their order. (qsort may allocate.) */
static void sort_tokens(ard__occurrences *occurrences, size_t tokens, const uint32_t *values)
{
    for (size_t t = 0; t < tokens; ++t) {
        occurrences->sorted[t] = (uint64_t)values[t] << 32 | t;
    }
    for (unsigned shift = 32; shift < 64; shift += 8) {
        if (sort_by_digit(tokens, shift, occurrences->sorted, occurrences->other)) {
            uint64_t *sorted = occurrences->other;
            occurrences->other = occurrences->sorted;
            occurrences->sorted = sorted;
        }
    }
}

static uint32_t word_of(uint64_t entry)
{
    return (uint32_t)(entry >> 32);
}

/* The different words of the sorted tokens, and their number. */
static size_t list_words(const uint64_t *sorted, size_t tokens, uint32_t *word)
{
    size_t words = 0;
    for (size_t k = 0; k < tokens; ++k) {
        if (k == 0 || word_of(sorted[k]) != word_of(sorted[k - 1])) {
            word[words++] = word_of(sorted[k]);
        }
    }
    return words;
}

/* Everything that the device gets. */
static void write_numbers(const ard__occurrences *o, size_t tokens, cl_uint *numbers)
{
    size_t u = 0;
    for (size_t k = 0; k < tokens; ++k) {
        const cl_uint token = (cl_uint)(o->sorted[k] & UINT32_MAX);
        if (k == 0 || word_of(o->sorted[k]) != word_of(o->sorted[k - 1])) {
            numbers[o->starts_at + u] = (cl_uint)k;
            numbers[o->words_at + u] = word_of(o->sorted[k]);
            ++u;
        }
        numbers[o->slots_at + token] = (cl_uint)(u - 1);
        numbers[o->order_at + k] = token;
    }
    numbers[o->starts_at + u] = (cl_uint)tokens;
}

ard_status ard__occurrences_set(ard_context *context, ard__occurrences *occurrences, size_t tokens,
                                const uint32_t *values)
{
    assert(tokens >= 1 && tokens <= occurrences->max_tokens);
    occurrences->tokens = 0;
    occurrences->words = 0;
    sort_tokens(occurrences, tokens, values);
    const size_t words = list_words(occurrences->sorted, tokens, occurrences->word);
    occurrences->slots_at = 0;
    occurrences->starts_at = tokens;
    occurrences->order_at = occurrences->starts_at + words + 1;
    occurrences->words_at = occurrences->order_at + tokens;
    const size_t bytes = count_numbers(tokens, words) * sizeof(cl_uint);
    void *numbers = NULL;
    ARD_TRY(ard__upload_begin(context, bytes, &numbers));
    write_numbers(occurrences, tokens, numbers);
    ARD_TRY(ard__upload_send(context, bytes, occurrences->buffer, 0));
    occurrences->tokens = tokens;
    occurrences->words = words;
    return ARD_STATUS_SUCCESS;
}

/* Work-items for a matrix: vector_width columns each. */
static size_t count_items(const ard_context *context, size_t rows, size_t width)
{
    return rows * ard__divide_up(width, context->vector_width);
}

ard_status ard__embedding_forward(ard_context *context, const ard__occurrences *occurrences,
                                  size_t width, const ard_matrix *weights, const ard_matrix *dst)
{
    const size_t tokens = occurrences->tokens;
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_EMBEDDING_FORWARD, &launch));
    ard__launch_uint(&launch, (cl_uint)tokens);
    ard__launch_uint(&launch, (cl_uint)width);
    ard__launch_buffer(&launch, occurrences->buffer);
    ard__launch_ulong(&launch, occurrences->slots_at);
    ard__launch_matrix(&launch, weights);
    ard__launch_matrix(&launch, dst);
    ard__launch_touches(&launch, occurrences->words, width, 1);
    ard__launch_touches(&launch, tokens, width, 1);
    return ard__launch_1d(&launch, count_items(context, tokens, width));
}

ard_status ard__embedding_backward(ard_context *context, const ard__occurrences *occurrences,
                                   size_t width, const ard_matrix *diff, bool whole,
                                   const ard_matrix *diff_weights)
{
    const size_t words = occurrences->words;
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_EMBEDDING_BACKWARD, &launch));
    ard__launch_uint(&launch, (cl_uint)words);
    ard__launch_uint(&launch, (cl_uint)width);
    ard__launch_uint(&launch, whole);
    ard__launch_buffer(&launch, occurrences->buffer);
    ard__launch_ulong(&launch, occurrences->starts_at);
    ard__launch_ulong(&launch, occurrences->order_at);
    ard__launch_ulong(&launch, occurrences->words_at);
    ard__launch_matrix(&launch, diff);
    ard__launch_matrix(&launch, diff_weights);
    ard__launch_touches(&launch, occurrences->tokens, width, 1);
    ard__launch_touches(&launch, words, width, whole ? 2 : 1);
    return ard__launch_1d(&launch, count_items(context, words, width));
}
