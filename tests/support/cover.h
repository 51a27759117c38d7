/* SPDX-License-Identifier: Apache-2.0 */
/* Which combinations of sizes and row patterns a test runs.
 *
 * Values are the (size, period, offset) with the eight test sizes, periods 1..9 and every offset.
 * The full product of two of them is 89,401 cases, and eight times as many with a batch size; a
 * pairwise cover takes each value of each dimension with every size and with every pattern of the
 * other ones. */
#ifndef ARD_TEST_COVER_H
#define ARD_TEST_COVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/pattern.h>

enum { COVER_SIZES = 8, COVER_MAX_PERIOD = 9, COVER_PATTERNS = 45, COVER_VALUES = 299 };

/* 1, 7, 31, 32, 33, 61, 127, 784 */
extern const size_t cover_sizes[COVER_SIZES];

/* One width with its row pattern. */
typedef struct cover_value {
    size_t size_index;
    size_t pattern_index; /* periods in order, offsets within them */
    size_t size;
    ard_pattern pattern;
} cover_value;

/* All valid values: period <= size. */
typedef struct cover_table {
    cover_value values[COVER_VALUES];
} cover_table;

cover_table cover_make_table(void);

typedef struct cover_case {
    size_t batch;
    cover_value in;
    cover_value out;
    uint64_t seed; /* for everything else that varies */
} cover_case;

typedef enum cover_extent {
    COVER_PAIRWISE = 0,
    COVER_PRODUCT = 1, /* of both dimensions' values, the batch sizes in turn */
    COVER_ALL = 2,     /* the same with every batch size */
} cover_extent;

/* Calls `run` for each case, always the same ones, and returns their number. */
size_t cover_run(cover_extent extent, void (*run)(const cover_case *, void *), void *context);

/* A subset pattern for `width` units: any period up to 64 and the width, any residues. */
ard_pattern cover_random_subset(uint64_t *random, size_t width);

/* An index pattern for `width` units, of a few of them, of many or of all. It borrows `indices`
 * [width]. */
ard_pattern cover_random_index(uint64_t *random, size_t width, uint32_t *indices);

/* What the environment variable ARD_TEST_FULL asks for: 1 the product, 2 all, else pairs. */
cover_extent cover_wanted(void);

#endif
