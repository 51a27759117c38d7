/* SPDX-License-Identifier: Apache-2.0 */
#include "data/corpus.h"

#include <stdlib.h>

#include "data/checksum.h"
#include "data/corpus_internal.h"

void corpus_destroy(corpus *text)
{
    vocabulary_destroy(&text->words);
    free(text->train);
    free(text->valid);
    free(text->test);
    *text = (corpus){0};
}

static uint64_t hash_part(uint64_t hash, const uint32_t *tokens, size_t count)
{
    return checksum_words(checksum_size(hash, count), tokens, count);
}

uint64_t corpus_checksum(const corpus *text)
{
    uint64_t hash = checksum_size(CHECKSUM_BEGIN, (size_t)vocabulary_checksum(&text->words));
    hash = hash_part(hash, text->train, text->train_count);
    hash = hash_part(hash, text->valid, text->valid_count);
    return hash_part(hash, text->test, text->test_count);
}

bool corpus_check_train_tokens(size_t train_tokens, data_error *error)
{
    return train_tokens == 0 || train_tokens >= CORPUS_LEAST_TOKENS ||
           data_fail(error, "--train-tokens is %zu; expected %d or more", train_tokens,
                     CORPUS_LEAST_TOKENS);
}
