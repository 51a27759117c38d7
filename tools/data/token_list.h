/* SPDX-License-Identifier: Apache-2.0 */
/* A growing array of tokens. */
#ifndef ARD_TOKEN_LIST_H
#define ARD_TOKEN_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/dataset.h"

/* No text has more: its tokens are counted in 32 bits. */
#define TOKEN_LIST_MOST ((size_t)UINT32_MAX)

/* Zero-initialised: empty. */
typedef struct token_list {
    uint32_t *tokens; /* [capacity]; owned */
    size_t count;
    size_t capacity;
} token_list;

void token_list_destroy(token_list *list);

/* Appends a token unless there are `most` already. `path` is for the reason. */
bool token_list_add(token_list *list, uint32_t token, size_t most, const char *path,
                    data_error *error);

#endif
