/* SPDX-License-Identifier: Apache-2.0 */
/* Momentum SGD on the kept part of a parameter [rows x cols], with the steps that a weight was
 * skipped made up for.
 *
 *     catch-up   [w; v] <- M [w; v],   M = the product of the skipped steps' 2 x 2 matrices
 *     update     v <- momentum v + g + decay w,   w <- w - rate v
 * g is the gradient times *factor, which limits its norm (sgd_clip.cl).
 * AGES (default 0) says where M comes from:
 *     0   nothing was skipped
 *     1   table[table_at + row class * col_classes + column class]
 *     2   table[now - ages[element]], ages holding the number of steps that the element has had
 * row_list and col_list are index lists (src/device/index_cache.h) with classes from row_classes_at
 * and col_classes_at on; NONE is padding. The compact matrix is one block [rows x cols], or under a
 * tile pattern several, one below the other; each takes its own stretch of both lists. table
 * entries are M row by row: (M00, M01, M10, M11). One work-item an element of the compact matrix:
 * dimension 0 columns, dimension 1 rows, dimension 2 blocks. w, v and ages are contiguous,
 * full_cols wide. */
#define NONE 0xFFFFFFFFu

#ifndef AGES
#define AGES 0
#endif

/* Functions with vectors among their arguments or for a result: panel.cl says why. */
#ifndef INLINE
#define INLINE static inline __attribute__((always_inline))
#endif

/* (w, v) of the element at `at`, brought up to date. */
INLINE float2 caught_up(const size_t i, const size_t j, const size_t at,
                        __global const uint *row_list, const uint row_classes_at,
                        __global const uint *col_list, const uint col_classes_at,
                        const uint col_classes, __global const float4 *table,
                        __global const uint *ages, const uint now, __global const float *w,
                        __global const float *v)
{
    const float weight = w[at];
    const float velocity = v[at];
#if AGES == 0
    return (float2)(weight, velocity);
#else
#if AGES == 1
    const float4 m =
        table[row_list[row_classes_at + i] * col_classes + col_list[col_classes_at + j]];
#else
    const float4 m = table[now - ages[at]];
#endif
    return (float2)(m.x * weight + m.y * velocity, m.z * weight + m.w * velocity);
#endif
}

/* dst = the kept weights, up to date. Changes nothing else. */
__kernel void ard_gather(const uint rows, const uint cols, const uint full_cols,
                         __global const uint *restrict row_list, const uint row_classes_at,
                         __global const uint *restrict col_list, const uint col_classes_at,
                         const uint col_classes, __global const float4 *restrict table,
                         const uint table_at, __global const uint *restrict ages, const uint now,
                         __global const float *restrict w, __global const float *restrict v,
                         const uint velocity, __global float *restrict dst, const ulong dst_offset,
                         const ulong dst_ld)
{
    const uint j = (uint)get_global_id(0);
    const uint i = (uint)get_global_id(1);
    const uint block = (uint)get_global_id(2);
    if (i >= rows || j >= cols) {
        return;
    }
    const uint k = block * rows + i;
    const uint l = block * cols + j;
    const uint row = row_list[k];
    const uint col = col_list[l];
    if (row == NONE || col == NONE) {
        dst[dst_offset + k * dst_ld + j] = 0.0f;
        return;
    }
    const size_t at = (size_t)row * full_cols + col;
    const float2 value = caught_up(k, l, at, row_list, row_classes_at, col_list, col_classes_at,
                                   col_classes, table + table_at, ages, now, w, v);
    dst[dst_offset + k * dst_ld + j] = velocity ? value.y : value.x;
}

/* Catch-up and update of the kept elements with their compact gradient. */
__kernel void ard_update(const uint rows, const uint cols, const uint full_cols,
                         __global const uint *restrict row_list, const uint row_classes_at,
                         __global const uint *restrict col_list, const uint col_classes_at,
                         const uint col_classes, __global const float4 *restrict table,
                         const uint table_at, __global uint *restrict ages, const uint now,
                         __global float *restrict w, __global float *restrict v,
                         __global const float *restrict diff, const ulong diff_offset,
                         const ulong diff_ld, const float rate, const float momentum,
                         const float decay, __global const float *restrict factor)
{
    const uint j = (uint)get_global_id(0);
    const uint i = (uint)get_global_id(1);
    const uint block = (uint)get_global_id(2);
    if (i >= rows || j >= cols) {
        return;
    }
    const uint k = block * rows + i;
    const uint l = block * cols + j;
    const uint row = row_list[k];
    const uint col = col_list[l];
    if (row == NONE || col == NONE) {
        return;
    }
    const size_t at = (size_t)row * full_cols + col;
    const float2 value = caught_up(k, l, at, row_list, row_classes_at, col_list, col_classes_at,
                                   col_classes, table + table_at, ages, now, w, v);
    const float gradient = *factor * diff[diff_offset + k * diff_ld + j];
    const float velocity = momentum * value.y + gradient + decay * value.x;
    v[at] = velocity;
    w[at] = value.x - rate * velocity;
#if AGES == 2
    ages[at] = now + 1;
#endif
}

/* A further update in the same step. The first one that takes up an element does the step for it,
 * the others add their gradients to its: v <- v + g, w <- w - rate g. So
 *     v <- U10 w + U11 v + g,   w <- U00 w + U01 v - rate g,
 * U the step behind the catch-up, or the identity for elements that had it.
 * AGES 0: all had it. 1: the table holds U in place of M. 2: those of age now + 1 had it. */
__kernel void ard_update_again(const uint rows, const uint cols, const uint full_cols,
                               __global const uint *restrict row_list, const uint row_classes_at,
                               __global const uint *restrict col_list, const uint col_classes_at,
                               const uint col_classes, __global const float4 *restrict table,
                               const uint table_at, __global uint *restrict ages, const uint now,
                               __global float *restrict w, __global float *restrict v,
                               __global const float *restrict diff, const ulong diff_offset,
                               const ulong diff_ld, const float rate, const float momentum,
                               const float decay, __global const float *restrict factor)
{
    const uint j = (uint)get_global_id(0);
    const uint i = (uint)get_global_id(1);
    const uint block = (uint)get_global_id(2);
    if (i >= rows || j >= cols) {
        return;
    }
    const uint k = block * rows + i;
    const uint l = block * cols + j;
    const uint row = row_list[k];
    const uint col = col_list[l];
    if (row == NONE || col == NONE) {
        return;
    }
    const size_t at = (size_t)row * full_cols + col;
    const float gradient = *factor * diff[diff_offset + k * diff_ld + j];
#if AGES == 2
    float2 value = (float2)(w[at], v[at]);
    if (ages[at] != now + 1) {
        value = caught_up(k, l, at, row_list, row_classes_at, col_list, col_classes_at, col_classes,
                          table + table_at, ages, now, w, v);
        value.y = momentum * value.y + decay * value.x;
        value.x -= rate * value.y;
        ages[at] = now + 1;
    }
#else
    const float2 value = caught_up(k, l, at, row_list, row_classes_at, col_list, col_classes_at,
                                   col_classes, table + table_at, ages, now, w, v);
#endif
    v[at] = value.y + gradient;
    w[at] = value.x - rate * gradient;
}

/* Brings every element up to date in place; the lists hold everything. */
__kernel void ard_sweep(const uint rows, const uint cols, __global const uint *restrict row_list,
                        const uint row_classes_at, __global const uint *restrict col_list,
                        const uint col_classes_at, const uint col_classes,
                        __global const float4 *restrict table, const uint table_at,
                        __global uint *restrict ages, const uint now, __global float *restrict w,
                        __global float *restrict v)
{
    const uint j = (uint)get_global_id(0);
    const uint i = (uint)get_global_id(1);
    if (i >= rows || j >= cols) {
        return;
    }
    const size_t at = (size_t)i * cols + j;
    const float2 value = caught_up(i, j, at, row_list, row_classes_at, col_list, col_classes_at,
                                   col_classes, table + table_at, ages, now, w, v);
    w[at] = value.x;
    v[at] = value.y;
#if AGES == 2
    ages[at] = now;
#endif
}

/* The update of a whole parameter that never skips: one work-item an element of `count` contiguous
 * ones. */
__kernel void ard_update_dense(const ulong count, __global float *restrict w,
                               __global float *restrict v, __global const float *restrict diff,
                               const ulong diff_offset, const float rate, const float momentum,
                               const float decay, __global const float *restrict factor)
{
    const size_t at = get_global_id(0);
    if (at < count) {
        const float weight = w[at];
        const float gradient = *factor * diff[diff_offset + at];
        const float velocity = momentum * v[at] + gradient + decay * weight;
        v[at] = velocity;
        w[at] = weight - rate * velocity;
    }
}
