/* SPDX-License-Identifier: Apache-2.0 */
/* Drawn digits: a data set that needs no file.
 *
 * Each picture is a digit of a few curved strokes, with every point moved a little, the whole
 * turned, sheared, stretched and shifted, drawn with a pen of random width, under noise. It is a
 * pure function of (seed, half, sample), by Philox and arithmetic that is exactly rounded
 * everywhere, so every host makes the same bytes. */
#ifndef ARD_DIGITS_H
#define ARD_DIGITS_H

#include "data/dataset.h"

enum {
    DIGITS_SIDE = 28,
    DIGITS_TRAIN = 10000,
    DIGITS_TEST = 2000,
};

/* `samples` pictures of DIGITS_SIDE x DIGITS_SIDE, sample i of class i % 10. `half` is 0 for
 * training, 1 for test; the two never share a draw. */
bool digits_make(uint64_t seed, uint32_t half, size_t samples, dataset *set, data_error *error);

/* The built-in data set: DIGITS_TRAIN and DIGITS_TEST samples of a fixed seed. */
bool digits_builtin(dataset_pair *pair, data_error *error);

#endif
