/* SPDX-License-Identifier: Apache-2.0 */
#include "data/token_list.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 1024 };

void token_list_destroy(token_list *list)
{
    free(list->tokens);
    *list = (token_list){0};
}

static bool grow(token_list *list, const char *path, data_error *error)
{
    const size_t capacity = list->capacity == 0 ? FIRST_CAPACITY : 2 * list->capacity;
    uint32_t *tokens = capacity > SIZE_MAX / sizeof *tokens
                           ? NULL
                           : realloc(list->tokens, capacity * sizeof *tokens);
    if (tokens == NULL) {
        return data_fail(error, "%s: not enough memory for more than %zu tokens", path,
                         list->count);
    }
    list->tokens = tokens;
    list->capacity = capacity;
    return true;
}

bool token_list_add(token_list *list, uint32_t token, size_t most, const char *path,
                    data_error *error)
{
    if (list->count >= most) {
        return data_fail(error, "%s: more than %zu tokens", path, most);
    }
    if (list->count == list->capacity && !grow(list, path, error)) {
        return false;
    }
    list->tokens[list->count++] = token;
    return true;
}
