/* SPDX-License-Identifier: Apache-2.0 */
/* Small pictures with a class label each, in host memory: what the tools train on.
 *
 * Whatever reads or makes one answers true, or false with a one-line reason and nothing to free. */
#ifndef ARD_DATASET_H
#define ARD_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DATASET_CLASSES = 10 };

/* Why a data set could not be had: one line, without the name of the program. */
typedef struct data_error {
    char text[1024];
} data_error;

#if defined(__GNUC__)
#define DATA_PRINTF __attribute__((format(printf, 2, 3)))
#else
#define DATA_PRINTF
#endif

/* Stores the formatted text and returns false, so that `return data_fail(...)` is one statement. */
bool data_fail(data_error *error, const char *format, ...) DATA_PRINTF;

/* Zero-initialised: empty. */
typedef struct dataset {
    size_t samples;
    size_t rows;            /* of pixels in a picture */
    size_t cols;            /* of pixels in a picture */
    unsigned char *pixels;  /* [samples x rows x cols], 0 is background; owned */
    unsigned char *classes; /* [samples], 0..DATASET_CLASSES-1; owned */
} dataset;

/* Frees what it owns and empties it. */
void dataset_destroy(dataset *set);

/* What one training run needs; both halves have pictures of the same size. */
typedef struct dataset_pair {
    dataset train;
    dataset test;
} dataset_pair;

void dataset_pair_destroy(dataset_pair *pair);

/* A 64-bit fingerprint (FNV-1a) of sizes, pixels and classes of both halves, the same on every
 * host: tells whether a resumed run has the data that it was started with. */
uint64_t dataset_pair_checksum(const dataset_pair *pair);

#endif
