/* SPDX-License-Identifier: Apache-2.0 */
/* Gradient descent without momentum and decay on the kept part of a parameter [rows x cols]:
 *     w <- w - rate * *factor * g,
 * the factor that of sgd_clip.cl.
 * A weight that was skipped has not moved, so there is nothing to make up for: no velocity, no
 * ages, and a further update in a step is like the first one.
 *
 * The index lists, the compact gradient and its blocks are those of sgd.cl, the runs those of
 * sgd_runs.cl, but without classes. ARD_VEC (default 1) is the vector width of the device: with 16
 * a work-item of ard_descend_dense takes DENSE_ITEM elements. */
#define NONE 0xFFFFFFFFu
#define RUN_ROWS 4

#ifndef ARD_VEC
#define ARD_VEC 1
#endif

#if ARD_VEC == 16
#define DENSE_ITEM 4096
#else
#define DENSE_ITEM 1
#endif

/* The last vector ends where the stretch does; what it shares with the one before is kept as that
 * left it. */
static inline void descend(const float rate, const uint length, __global float *w,
                           __global const float *diff)
{
    uint j = 0;
    for (; j + 16 <= length; j += 16) {
        vstore16(vload16(0, w + j) - rate * vload16(0, diff + j), 0, w + j);
    }
    if (j < length && length >= 16) {
        const int16 lanes = (int16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        const uint last = length - 16;
        const float16 weights = vload16(0, w + last);
        const float16 moved = weights - rate * vload16(0, diff + last);
        vstore16(select(moved, weights, lanes < (int16)((int)(j - last))), 0, w + last);
        return;
    }
    for (; j < length; ++j) {
        w[j] -= rate * diff[j];
    }
}

/* The kept elements. One work-item an element of the compact matrix: dimension 0 columns, dimension
 * 1 rows, dimension 2 blocks. */
__kernel void ard_descend(const uint rows, const uint cols, const uint full_cols,
                          __global const uint *restrict row_list,
                          __global const uint *restrict col_list, __global float *restrict w,
                          __global const float *restrict diff, const ulong diff_offset,
                          const ulong diff_ld, const float rate,
                          __global const float *restrict factor)
{
    const uint j = (uint)get_global_id(0);
    const uint i = (uint)get_global_id(1);
    const uint block = (uint)get_global_id(2);
    if (i >= rows || j >= cols) {
        return;
    }
    const size_t k = (size_t)block * rows + i;
    const uint row = row_list[k];
    const uint col = col_list[(size_t)block * cols + j];
    if (row != NONE && col != NONE) {
        w[(size_t)row * full_cols + col] -= *factor * rate * diff[diff_offset + k * diff_ld + j];
    }
}

/* The same where the kept columns come in runs. One work-item RUN_ROWS rows of a block (dimension
 * 2). */
__kernel void ard_descend_runs(const uint rows, const uint full_cols,
                               __global const uint *restrict row_list,
                               __global const uint *restrict runs, const uint runs_at,
                               const uint run_count, __global float *restrict w,
                               __global const float *restrict diff, const ulong diff_offset,
                               const ulong diff_ld, const float rate,
                               __global const float *restrict factor)
{
    const uint block = (uint)get_global_id(2);
    const uint first = (uint)get_global_id(0) * RUN_ROWS;
    const uint end = min(first + RUN_ROWS, rows);
    __global const uint *list = runs + runs_at + (size_t)block * run_count * 4;
    for (uint i = first; i < end; ++i) {
        const size_t k = (size_t)block * rows + i;
        const uint row = row_list[k];
        const size_t start = (size_t)row * full_cols;
        for (uint r = 0; r < run_count && row != NONE; ++r) {
            const uint4 run = vload4(r, list);
            if (run.y != NONE) {
                descend(*factor * rate, run.z, w + start + run.y,
                        diff + diff_offset + k * diff_ld + run.x);
            }
        }
    }
}

/* A whole parameter and a gradient of `count` contiguous elements. One work-item DENSE_ITEM. */
__kernel void ard_descend_dense(const ulong count, __global float *restrict w,
                                __global const float *restrict diff, const ulong diff_offset,
                                const float rate, __global const float *restrict factor)
{
    const size_t first = get_global_id(0) * DENSE_ITEM;
    if (first < count) {
        const uint length = (uint)min((ulong)DENSE_ITEM, count - first);
        descend(*factor * rate, length, w + first, diff + diff_offset + first);
    }
}
