/* SPDX-License-Identifier: Apache-2.0 */
/* idx files, the format of MNIST: two zero bytes, the element type, the number of dimensions, each
 * dimension as a big-endian 32-bit number, then the elements. Plain or gzip. */
#ifndef ARD_IDX_H
#define ARD_IDX_H

#include "data/dataset.h"

enum { IDX_MAX_DIMENSIONS = 3, IDX_UBYTE = 0x08 };

typedef struct idx_array {
    size_t dimensions;
    size_t size[IDX_MAX_DIMENSIONS]; /* each >= 1 */
    size_t count;                    /* of elements: the product of the sizes */
    unsigned char *elements;         /* owned */
} idx_array;

/* Reads an idx file of unsigned bytes with `dimensions` (1..IDX_MAX_DIMENSIONS) dimensions. Refuses
 * another magic, type or number of dimensions, a zero dimension, sizes that the file cannot hold
 * (before anything is allocated for them), missing bytes and trailing ones. */
bool idx_read(const char *path, size_t dimensions, idx_array *array, data_error *error);

void idx_destroy(idx_array *array);

#endif
