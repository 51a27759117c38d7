/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints of any model, damaged in every way: they are refused, never trusted, and failed saves
 * leave nothing behind. */
#ifndef ARD_TEST_DAMAGE_H
#define ARD_TEST_DAMAGE_H

#include <stddef.h>

#include <ard/context.h>

#include "files/checkpoint_file.h"
#include "support/folder.h"

/* The container's header: magic, version, checksum and length. */
enum { DAMAGE_VERSION_AT = 8, DAMAGE_LENGTH_AT = 16, DAMAGE_HEADER = 24 };

/* A kind of model. */
typedef struct damage_model {
    ard_status (*save)(void *model, const char *path); /* with some extra bytes */
    ard_status (*load)(ard_context *context, const char *path, void **model);
    void (*destroy)(void *model);
    void (*use)(void *model, void *data); /* a step, where the data fit; it may fail */
} damage_model;

/* A good checkpoint, as bytes. */
typedef struct damage {
    const damage_model *kind;
    ard_context *context;
    void *data; /* of `use` */
    test_place place;
    unsigned char *bytes;
    size_t size;
} damage;

/* Saves the model and destroys it. */
damage damage_begin(ard_context *context, const damage_model *kind, void *model, void *data);
void damage_end(damage *d);

void damage_check_truncation(const damage *d);
void damage_check_flipped_bytes(const damage *d);

/* Files of other kinds and versions, folders, and none. */
void damage_check_foreign_files(const damage *d);

/* A length of 2^64 - 1 in the header must not be believed. */
void damage_check_absurd_length(const damage *d);

/* Damage under a right checksum: numbers and lengths beyond all bounds, and payloads that end
 * early; everywhere in the first part of a payload, here and there in the rest. */
void damage_check_wrong_values(const damage *d, size_t first_part);
void damage_check_short_payloads(const damage *d, size_t first_part);

/* The payload with `size` bytes at `at` replaced, under a right checksum, must be refused. */
void damage_refuse_replaced(const damage *d, size_t at, const void *bytes, size_t size);

/* A save that fails leaves the earlier file as it was and nothing beside it. */
void damage_check_failed_saves(const damage *d);

#endif
