/* SPDX-License-Identifier: Apache-2.0 */
#include "data/dataset.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool data_fail(data_error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return false;
}

void dataset_destroy(dataset *set)
{
    free(set->pixels);
    free(set->classes);
    *set = (dataset){0};
}

void dataset_pair_destroy(dataset_pair *pair)
{
    dataset_destroy(&pair->train);
    dataset_destroy(&pair->test);
}

static uint64_t hash_bytes(uint64_t hash, const unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* Sizes go in byte by byte, lowest first, so that the byte order of the host does not matter. */
static uint64_t hash_size(uint64_t hash, size_t size)
{
    for (unsigned shift = 0; shift < 64; shift += 8) {
        const unsigned char byte = (unsigned char)(((uint64_t)size >> shift) & 0xffu);
        hash = hash_bytes(hash, &byte, 1);
    }
    return hash;
}

static uint64_t hash_dataset(uint64_t hash, const dataset *set)
{
    hash = hash_size(hash, set->samples);
    hash = hash_size(hash, set->rows);
    hash = hash_size(hash, set->cols);
    hash = hash_bytes(hash, set->pixels, set->samples * set->rows * set->cols);
    return hash_bytes(hash, set->classes, set->samples);
}

uint64_t dataset_pair_checksum(const dataset_pair *pair)
{
    return hash_dataset(hash_dataset(UINT64_C(0xcbf29ce484222325), &pair->train), &pair->test);
}
