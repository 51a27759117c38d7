/* SPDX-License-Identifier: Apache-2.0 */
/* Reads sentences of the built-in grammar by their spelling, by rules of its own. */
#ifndef ARD_TEST_GRAMMAR_READER_H
#define ARD_TEST_GRAMMAR_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether words [count], the last of which is the first <eos>, are a sentence in which verbs and
 * determiners agree. */
bool grammar_reader_accepts(const uint32_t *words, size_t count);

#endif
