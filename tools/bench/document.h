/* SPDX-License-Identifier: Apache-2.0 */
/* The document of results as a whole: where and when it was made, and whether another one can go
 * on. */
#ifndef ARD_BENCH_DOCUMENT_H
#define ARD_BENCH_DOCUMENT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include <ard/device.h>

enum { DOCUMENT_TEXT = 512 };

/* Adds the time, in UTC, and the host's processor. */
bool document_add_origin(cJSON *document);

/* Appends a device. */
bool document_add_device(cJSON *document, const ard_device_info *device);

/* The device of an id, or NULL. */
cJSON *document_device(const cJSON *document, const char *id);

/* Sets the environment of a device (NULL: unknown), unless it has one. */
bool document_set_environment(cJSON *document, const char *id, const char *environment);

/* Whether a document that was read is one that a run whose own document is `mine` can go on with:
 * of the same form, version and host. Otherwise `why` says what is wrong. */
bool document_is_one(const cJSON *document, const cJSON *mine, char why[DOCUMENT_TEXT]);

/* Writes the seeds of results that were read as their commands have them: a number of JSON that was
 * read has the digits of a double. False without memory. */
bool document_keep_seeds(cJSON *document);

/* How many results of a device have a command and, unless it is NULL, a key; `*wrong`: whether any
 * of them failed its verification. */
size_t document_count(const cJSON *document, const char *id, const char *command, const char *key,
                      bool *wrong);

/* Removes the results of a device that have a command. */
void document_forget(cJSON *document, const char *id, const char *command);

#endif
