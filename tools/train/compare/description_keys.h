/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of a description that are options of `ard-train mlp`, checked by the same tables. */
#ifndef ARD_COMPARE_DESCRIPTION_KEYS_H
#define ARD_COMPARE_DESCRIPTION_KEYS_H

#include <cjson/cJSON.h>

#include "train/options.h"

enum { KEY_SIZE = 32, KEY_TEXT_SIZE = 1024 };

/* The key of an option: "max_period" for RECORDED_MAX_PERIOD. */
void key_of(recorded_option option, char key[KEY_SIZE]);

/* Stores a member of an object into the options, which borrow text, and marks it as given. `origin`
 * heads messages; `others` are the keys besides, ended by NULL, that might have been meant by one
 * that is unknown. CLI_SUCCESS or CLI_MISTAKE. */
int key_store(const cJSON *member, const char *origin, const char *const *others,
              train_options *options);

/* A mistake: `member` is not `expected`. Returns CLI_MISTAKE. */
int key_mistake(const cJSON *member, const char *origin, const char *expected);

/* Refuses an object in which a key is there twice. */
int key_check_twice(const cJSON *object, const char *origin);

/* Adds the option with its value, as key_store() reads it back. False without memory. */
bool key_add(cJSON *object, const train_options *options, recorded_option option);

#endif
