/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/text_check.h"

#include <string.h>

#include "support/unit.h"

void text_assert_words(const vocabulary *words, const uint32_t *tokens, size_t count,
                       const char *expected)
{
    static char joined[1 << 16];
    size_t used = 0;
    for (size_t i = 0; i < count; ++i) {
        size_t length = 0;
        const char *word = vocabulary_word(words, tokens[i], &length);
        assert_non_null(word);
        assert_true(used + length + 2 < sizeof joined);
        memcpy(joined + used, word, length);
        used += length;
        joined[used++] = ' ';
    }
    joined[used > 0 ? used - 1 : 0] = '\0';
    assert_string_equal(joined, expected);
}

void text_assert_reason(const data_error *error, const char *expected)
{
    if (strstr(error->text, expected) == NULL) {
        fail_msg("\"%s\" does not hold \"%s\"", error->text, expected);
    }
    assert_null(strchr(error->text, '\n'));
}
