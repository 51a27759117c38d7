/* SPDX-License-Identifier: Apache-2.0 */
/* A tuning as JSON, described in docs/tuning.md. Files of users carry a checksum, those that ship
 * say which devices they serve instead. */
#ifndef ARD_TUNING_JSON_H
#define ARD_TUNING_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include <ard/tuning.h>

#define ARD__TUNING_SCHEMA "ard-tuning-1"

enum { ARD__TUNING_TEXT = 256 }; /* bytes of the texts below, their ends included */

/* Which devices a tuning that ships is for. */
typedef struct ard__tuning_serves {
    char platform[ARD__TUNING_TEXT]; /* part of its name */
    ard_device_type type;
    size_t vector_width; /* native, of floats */
} ard__tuning_serves;

/* A file: a tuning, and what it was measured with. */
typedef struct ard__tuning_document {
    ard_tuning tuning;
    char date[ARD__TUNING_TEXT]; /* 2026-11-25T08:40:07Z */
    char device[ARD__TUNING_TEXT];
    char platform[ARD__TUNING_TEXT];
    char driver[ARD__TUNING_TEXT];
    char clblast_version[ARD__TUNING_TEXT];
    char libard_version[ARD__TUNING_TEXT];
} ard__tuning_document;

/* Reads the text of a file; a NUL follows its `size` bytes. One that ships has `serves` to fill,
 * for a user's it is NULL. FORMAT with a detail that begins with `file`. */
ard_status ard__tuning_parse(const char *file, const char *text, size_t size,
                             ard__tuning_document *document, ard__tuning_serves *serves);

/* The text of a user's file, to be freed with cJSON_free(). OUT_OF_MEMORY. */
ard_status ard__tuning_print(const ard__tuning_document *document, char **text);

/* The checksum of a text, the CRC-32 of all its bytes with zeros for its own digits, stands in it
 * as "crc32". Puts it there; false where there is no place for it. */
bool ard__tuning_seal(char *text, size_t size);

/* FORMAT unless the checksum is the text's. */
ard_status ard__tuning_check_seal(const char *file, const char *text, size_t size);

#endif
