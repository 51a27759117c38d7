/* SPDX-License-Identifier: Apache-2.0 */
/* What a text that was read says, and why one was not. */
#ifndef ARD_TEST_TEXT_CHECK_H
#define ARD_TEST_TEXT_CHECK_H

#include "data/corpus.h"

/* The words of `tokens`, with a space between two, are `expected`. */
void text_assert_words(const vocabulary *words, const uint32_t *tokens, size_t count,
                       const char *expected);

/* The reason is one line and holds `expected`. */
void text_assert_reason(const data_error *error, const char *expected);

#endif
