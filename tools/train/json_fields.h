/* SPDX-License-Identifier: Apache-2.0 */
/* Members of JSON objects, written and read.
 *
 * What adds answers whether it went in; cJSON fails only without memory. What gets answers whether
 * the member is there and of the right kind, and leaves the value untouched otherwise. */
#ifndef ARD_TRAIN_JSON_FIELDS_H
#define ARD_TRAIN_JSON_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "cli.h"

/* The largest whole number up to which a JSON number holds each. */
#define FIELDS_MOST_WHOLE 9007199254740992.0

/* NULL adds null. */
bool fields_add_text(cJSON *object, const char *name, const char *text);
bool fields_add_bool(cJSON *object, const char *name, bool value);

/* In up to fifteen digits, as cJSON does where it finds them close enough. */
bool fields_add_number(cJSON *object, const char *name, double value);

/* In the fewest digits, from six on, that bring back the same number; null for what is not finite.
 */
bool fields_add_exact(cJSON *object, const char *name, double value);

/* With all its digits, beyond FIELDS_MOST_WHOLE too. */
bool fields_add_whole(cJSON *object, const char *name, uint64_t value);

/* As sixteen hexadecimal digits. */
bool fields_add_checksum(cJSON *object, const char *name, uint64_t value);

/* Each number exactly. */
bool fields_add_sizes(cJSON *object, const char *name, const cli_size_list *list);
bool fields_add_doubles(cJSON *object, const char *name, const cli_double_list *list);

/* Adds such an array to an array. */
bool fields_append_doubles(cJSON *array, const cli_double_list *list);

/* Adds an item, which may be NULL after a failure, to an array, or frees it. */
bool fields_append(cJSON *array, cJSON *item);

/* NULL where there is none. Borrowed. */
const char *fields_get_text(const cJSON *object, const char *name);

/* A finite number from `least` to `most`. */
bool fields_get_number(const cJSON *object, const char *name, double least, double most,
                       double *value);

/* A whole number of at least `least`, at most FIELDS_MOST_WHOLE. */
bool fields_get_whole(const cJSON *object, const char *name, uint64_t least, uint64_t *value);

/* What fields_add_checksum() adds. */
bool fields_get_checksum(const cJSON *object, const char *name, uint64_t *value);

#endif
