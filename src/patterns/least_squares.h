/* SPDX-License-Identifier: Apache-2.0 */
/* Linear least squares. */
#ifndef ARD_LEAST_SQUARES_H
#define ARD_LEAST_SQUARES_H

#include <ard/status.h>

#include <stdbool.h>
#include <stddef.h>

/* The x [columns] with the least |A x - values|, by Householder QR. `matrix` holds A column by
 * column, [columns x rows]; it and values [rows] are overwritten. A column that the ones before it
 * determine gets 0, and false in determined [columns]. OUT_OF_MEMORY. */
ard_status ard__least_squares(size_t rows, size_t columns, double *matrix, double *values,
                              double *x, bool *determined);

#endif
