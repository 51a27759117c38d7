/* SPDX-License-Identifier: Apache-2.0 */
#include "patterns/least_squares.h"

#include "core/status_internal.h"

#include <math.h>
#include <stdlib.h>

/* A column is determined by those before it when no more than this share of it is left. */
#define RANK_TOLERANCE 1e-9

static double norm(const double *values, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++) {
        sum += values[i] * values[i];
    }
    return sqrt(sum);
}

/* values -= 2 v (v . values) / (v . v) */
static void reflect(const double *v, double v_norm, double *values, size_t count)
{
    double dot = 0.0;
    for (size_t i = 0; i < count; i++) {
        dot += v[i] * values[i];
    }
    const double factor = 2.0 * dot / (v_norm * v_norm);
    for (size_t i = 0; i < count; i++) {
        values[i] -= factor * v[i];
    }
}

/* Makes the matrix upper triangular, but for columns that earlier ones determine, which are left
 * out. Returns how many are `kept`. */
static size_t decompose(size_t rows, size_t columns, double *matrix, double *values,
                        const double *norms, size_t *kept)
{
    size_t rank = 0;
    for (size_t column = 0; column < columns; column++) {
        double *v = matrix + column * rows + rank;
        const size_t count = rows - rank;
        const double left = norm(v, count);
        if (!(left > RANK_TOLERANCE * norms[column])) {
            continue;
        }
        /* Of the two reflections onto the axis the one that does not cancel. */
        const double diagonal = v[0] > 0.0 ? -left : left;
        v[0] -= diagonal;
        const double v_norm = norm(v, count);
        for (size_t later = column + 1; later < columns; later++) {
            reflect(v, v_norm, matrix + later * rows + rank, count);
        }
        reflect(v, v_norm, values + rank, count);
        v[0] = diagonal;
        kept[rank++] = column;
    }
    return rank;
}

ard_status ard__least_squares(size_t rows, size_t columns, double *matrix, double *values,
                              double *x, bool *determined)
{
    double *norms = calloc(columns, sizeof *norms);
    size_t *kept = calloc(columns, sizeof *kept);
    if (norms == NULL || kept == NULL) {
        free(norms);
        free(kept);
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no memory for %zu unknowns", columns);
    }
    for (size_t column = 0; column < columns; column++) {
        norms[column] = norm(matrix + column * rows, rows);
        x[column] = 0.0;
        determined[column] = false;
    }
    for (size_t row = decompose(rows, columns, matrix, values, norms, kept); row-- > 0;) {
        double rest = values[row];
        for (size_t later = kept[row] + 1; later < columns; later++) {
            rest -= matrix[later * rows + row] * x[later];
        }
        x[kept[row]] = rest / matrix[kept[row] * rows + row];
        determined[kept[row]] = true;
    }
    free(norms);
    free(kept);
    return ARD_STATUS_SUCCESS;
}
