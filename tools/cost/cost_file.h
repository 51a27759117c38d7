/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the times that `ard-bench step --per-period --format json` prints. */
#ifndef ARD_COST_FILE_H
#define ARD_COST_FILE_H

#include <stdint.h>

#include <ard/cost.h>

#include "cost/cost_network.h"

/* The share of the largest entropy that the tools ask for where nobody says which. */
#define COST_DEFAULT_ENTROPY_SHARE 0.9

enum {
    COST_MOST_BASELINES = 2,
    COST_MOST_TIMES = 1024,   /* of joint periods */
    COST_MOST_BYTES = 1 << 20 /* of a file */
};

typedef struct cost_file {
    cost_network network;
    char device[256];                         /* its name, in printable characters */
    double milliseconds[COST_MOST_BASELINES]; /* of conventional dropout; of tiles, DropConnect */
    ard_cost_model model;                     /* fitted to the times in the file */
    uint64_t checksum;                        /* of the file's bytes: 64-bit FNV-1a */
} cost_file;

enum { COST_ERROR_TEXT = 1024 };

/* Reads a file of the times of one device. False, with one line on why in `error` and `file`
 * untouched, for one that cannot be read, is damaged, or is of something else. */
bool cost_file_read(const char *path, cost_file *file, char error[COST_ERROR_TEXT]);

#endif
