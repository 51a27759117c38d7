/* SPDX-License-Identifier: Apache-2.0 */
#include "data/dataset.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "data/checksum.h"

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

static uint64_t hash_dataset(uint64_t hash, const dataset *set)
{
    hash = checksum_size(hash, set->samples);
    hash = checksum_size(hash, set->rows);
    hash = checksum_size(hash, set->cols);
    hash = checksum_bytes(hash, set->pixels, set->samples * set->rows * set->cols);
    return checksum_bytes(hash, set->classes, set->samples);
}

uint64_t dataset_pair_checksum(const dataset_pair *pair)
{
    return hash_dataset(hash_dataset(CHECKSUM_BEGIN, &pair->train), &pair->test);
}
