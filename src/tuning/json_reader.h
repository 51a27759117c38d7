/* SPDX-License-Identifier: Apache-2.0 */
/* Strict reading of JSON objects: every key that is expected, once, and no other. What is wrong
 * becomes one line that names the key: FORMAT with "FILE: packed.rows is not a whole number from 0
 * to 2147483647". */
#ifndef ARD_JSON_READER_H
#define ARD_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include <ard/status.h>

/* An object and where it is. */
typedef struct ard__json_object {
    const char *file;
    char place[64]; /* such as "packed." or "choices[3].", "" for the whole */
    const cJSON *item;
} ard__json_object;

/* The whole document. FORMAT unless the text, which ends with a NUL behind its last byte, is one
 * JSON object and nothing else. The caller deletes `*document`, NULL on failure. */
ard_status ard__json_parse(const char *file, const char *text, size_t size, cJSON **document,
                           ard__json_object *whole);

/* FORMAT unless the object has each of these keys once and no other. */
ard_status ard__json_check_keys(const ard__json_object *object, const char *const *keys,
                                size_t count);

/* The values of keys. Texts are NUL-terminated into `text`; numbers are whole and fit an int32_t;
 * a word's index in a list goes to `*index`. */
ard_status ard__json_text(const ard__json_object *object, const char *key, char *text,
                          size_t capacity);
ard_status ard__json_whole(const ard__json_object *object, const char *key, size_t *value);
ard_status ard__json_bool(const ard__json_object *object, const char *key, bool *value);
ard_status ard__json_word(const ard__json_object *object, const char *key, const char *const *words,
                          size_t count, size_t *index);
ard_status ard__json_object_of(const ard__json_object *object, const char *key,
                               ard__json_object *inner);

/* An array of `most` entries at the most, and entry `index` of it, which is to be an object. */
ard_status ard__json_array(const ard__json_object *object, const char *key, size_t most,
                           const cJSON **array, size_t *count);
ard_status ard__json_entry(const ard__json_object *object, const char *key, size_t index,
                           const cJSON *entry, ard__json_object *inner);

/* The whole number that is an entry of an object whose keys are free, such as parameters. */
ard_status ard__json_free_key(const ard__json_object *object, const cJSON *item, char *key,
                              size_t capacity, size_t *value);

#endif
