/* SPDX-License-Identifier: Apache-2.0 */
/* Momentum SGD on the kept part of a parameter [rows x cols], with the steps that a weight was
 * skipped made up for.
 *
 *     catch-up   [w; v] <- M [w; v],   M = the product of the skipped steps' 2 x 2 matrices
 *     update     v <- momentum v + g + decay w,   w <- w - rate v
 * AGES (default 0) says where M comes from:
 *     0   nothing was skipped
 *     1   table[row class * col_classes + column class]
 *     2   table[now - ages[element]], ages holding the number of steps that the element has had
 *     3   as 1, but the table is spread (ard_spread_table)
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

/* Of a spread table: the first number for a row class and entry `at` of the column list; the other
 * three follow in steps of the list's `count` entries. */
static inline __global const float *spread_of(__global const float4 *table, const uint row_class,
                                              const uint count, const size_t at)
{
    return (__global const float *)table + (size_t)row_class * 4 * count + at;
}

/* (w, v) of the element at `at`, brought up to date. */
inline float2 caught_up(const size_t i, const size_t j, const size_t at,
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
#elif AGES == 3
    const uint count = col_classes_at; /* the classes come behind the columns */
    __global const float *spread = spread_of(table, row_list[row_classes_at + i], count, j);
    const float4 m =
        (float4)(spread[0], spread[count], spread[2 * (size_t)count], spread[3 * (size_t)count]);
#else
    const float4 m = table[now - ages[at]];
#endif
    return (float2)(m.x * weight + m.y * velocity, m.z * weight + m.w * velocity);
#endif
}

/* Puts the numbers of a table in the order of the columns: for every row class (dimension 1) four
 * rows, one a number, of one entry a column (dimension 0). */
__kernel void ard_spread_table(const uint count, const uint row_classes,
                               __global const uint *restrict col_list, const uint col_classes,
                               __global const float4 *restrict table,
                               __global float *restrict spread)
{
    const uint j = (uint)get_global_id(0);
    const uint class = (uint)get_global_id(1);
    if (j >= count || class >= row_classes) {
        return;
    }
    const float4 m = table[class * col_classes + col_list[(size_t)count + j]];
    __global float *to = spread + (size_t) class * 4 * count + j;
    to[0] = m.x;
    to[count] = m.y;
    to[2 * (size_t)count] = m.z;
    to[3 * (size_t)count] = m.w;
}

/* dst = the kept weights, up to date. Changes nothing else. */
__kernel void ard_gather(const uint rows, const uint cols, const uint full_cols,
                         __global const uint *restrict row_list, const uint row_classes_at,
                         __global const uint *restrict col_list, const uint col_classes_at,
                         const uint col_classes, __global const float4 *restrict table,
                         __global const uint *restrict ages, const uint now,
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
                                   col_classes, table, ages, now, w, v);
    dst[dst_offset + k * dst_ld + j] = velocity ? value.y : value.x;
}

/* Catch-up and update of the kept elements with their compact gradient. */
__kernel void ard_update(const uint rows, const uint cols, const uint full_cols,
                         __global const uint *restrict row_list, const uint row_classes_at,
                         __global const uint *restrict col_list, const uint col_classes_at,
                         const uint col_classes, __global const float4 *restrict table,
                         __global uint *restrict ages, const uint now, __global float *restrict w,
                         __global float *restrict v, __global const float *restrict diff,
                         const ulong diff_offset, const ulong diff_ld, const float rate,
                         const float momentum, const float decay)
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
                                   col_classes, table, ages, now, w, v);
    const float velocity =
        momentum * value.y + diff[diff_offset + k * diff_ld + j] + decay * value.x;
    v[at] = velocity;
    w[at] = value.x - rate * velocity;
#if AGES == 2
    ages[at] = now + 1;
#endif
}

#if ARD_VEC == 16 && AGES != 2
/* The same two for CPU devices, whose compilers do not find the vectors by themselves: one
 * work-item 16 columns. With AGES 1 they must be side by side and of one class to be taken
 * together. */

static inline float16 pick(__global const float *from, const uint16 at)
{
    return (float16)(from[at.s0], from[at.s1], from[at.s2], from[at.s3], from[at.s4], from[at.s5],
                     from[at.s6], from[at.s7], from[at.s8], from[at.s9], from[at.sa], from[at.sb],
                     from[at.sc], from[at.sd], from[at.se], from[at.sf]);
}

static inline void place(__global float *to, const uint16 at, const float16 value)
{
    to[at.s0] = value.s0;
    to[at.s1] = value.s1;
    to[at.s2] = value.s2;
    to[at.s3] = value.s3;
    to[at.s4] = value.s4;
    to[at.s5] = value.s5;
    to[at.s6] = value.s6;
    to[at.s7] = value.s7;
    to[at.s8] = value.s8;
    to[at.s9] = value.s9;
    to[at.sa] = value.sa;
    to[at.sb] = value.sb;
    to[at.sc] = value.sc;
    to[at.sd] = value.sd;
    to[at.se] = value.se;
    to[at.sf] = value.sf;
}

/* Entries of the column list from l on: whether the 16 are columns, and whether side by side. Only
 * the end of a list is padding, and where tiles are 16 wide or more, columns of two of them at most
 * are side by side if the last is the 15th behind the first. */
typedef struct columns {
    bool whole;
    bool run;
    uint16 at;
} columns;

static inline columns load_columns(__global const uint *col_list, const size_t l,
                                   const uint col_classes_at)
{
    columns found;
    found.at = vload16(0, col_list + l);
    found.whole = found.at.sf != NONE;
    found.run = found.at.sf == found.at.s0 + 15;
#if AGES == 1
    found.whole = found.whole && found.run &&
                  col_list[col_classes_at + l] == col_list[col_classes_at + l + 15];
#endif
    return found;
}

/* (w, v) of 16 columns in a row whose elements begin at w and v, brought up to date. */
static inline void catch_up_16(const size_t k, const size_t l, const columns *cols,
                               __global const uint *row_list, const uint row_classes_at,
                               __global const uint *col_list, const uint col_classes_at,
                               const uint col_classes, __global const float4 *table,
                               __global const float *w, __global const float *v, float16 *weights,
                               float16 *velocities)
{
    const float16 weight = cols->run ? vload16(0, w + cols->at.s0) : pick(w, cols->at);
    const float16 velocity = cols->run ? vload16(0, v + cols->at.s0) : pick(v, cols->at);
#if AGES == 0
    *weights = weight;
    *velocities = velocity;
#elif AGES == 1
    const float4 m =
        table[row_list[row_classes_at + k] * col_classes + col_list[col_classes_at + l]];
    *weights = m.x * weight + m.y * velocity;
    *velocities = m.z * weight + m.w * velocity;
#else
    __global const float *m = spread_of(table, row_list[row_classes_at + k], col_classes_at, l);
    *weights = vload16(0, m) * weight + vload16(0, m + col_classes_at) * velocity;
    *velocities = vload16(0, m + 2 * (size_t)col_classes_at) * weight +
                  vload16(0, m + 3 * (size_t)col_classes_at) * velocity;
#endif
}

__kernel void ard_gather_16(const uint rows, const uint cols, const uint full_cols,
                            __global const uint *restrict row_list, const uint row_classes_at,
                            __global const uint *restrict col_list, const uint col_classes_at,
                            const uint col_classes, __global const float4 *restrict table,
                            __global const uint *restrict ages, const uint now,
                            __global const float *restrict w, __global const float *restrict v,
                            const uint velocity, __global float *restrict dst,
                            const ulong dst_offset, const ulong dst_ld)
{
    const uint first = (uint)get_global_id(0) * 16;
    const uint i = (uint)get_global_id(1);
    const uint block = (uint)get_global_id(2);
    if (i >= rows || first >= cols) {
        return;
    }
    const size_t k = (size_t)block * rows + i;
    const size_t l = (size_t)block * cols + first;
    const uint row = row_list[k];
    const size_t start = (size_t)row * full_cols;
    __global float *to = dst + dst_offset + k * dst_ld + first;
    columns found = {false, false, 0};
    if (first + 16 <= cols && row != NONE) {
        found = load_columns(col_list, l, col_classes_at);
    }
    if (found.whole) {
        float16 weights;
        float16 velocities;
        catch_up_16(k, l, &found, row_list, row_classes_at, col_list, col_classes_at, col_classes,
                    table, w + start, v + start, &weights, &velocities);
        vstore16(velocity ? velocities : weights, 0, to);
        return;
    }
    for (uint j = 0; j < 16 && first + j < cols; ++j) {
        const uint col = col_list[l + j];
        if (row == NONE || col == NONE) {
            to[j] = 0.0f;
            continue;
        }
        const float2 value = caught_up(k, l + j, start + col, row_list, row_classes_at, col_list,
                                       col_classes_at, col_classes, table, ages, now, w, v);
        to[j] = velocity ? value.y : value.x;
    }
}

__kernel void ard_update_16(const uint rows, const uint cols, const uint full_cols,
                            __global const uint *restrict row_list, const uint row_classes_at,
                            __global const uint *restrict col_list, const uint col_classes_at,
                            const uint col_classes, __global const float4 *restrict table,
                            __global uint *restrict ages, const uint now,
                            __global float *restrict w, __global float *restrict v,
                            __global const float *restrict diff, const ulong diff_offset,
                            const ulong diff_ld, const float rate, const float momentum,
                            const float decay)
{
    const uint first = (uint)get_global_id(0) * 16;
    const uint i = (uint)get_global_id(1);
    const uint block = (uint)get_global_id(2);
    if (i >= rows || first >= cols) {
        return;
    }
    const size_t k = (size_t)block * rows + i;
    const size_t l = (size_t)block * cols + first;
    const uint row = row_list[k];
    const size_t start = (size_t)row * full_cols;
    __global const float *from = diff + diff_offset + k * diff_ld + first;
    if (row == NONE) {
        return;
    }
    columns found = {false, false, 0};
    if (first + 16 <= cols) {
        found = load_columns(col_list, l, col_classes_at);
    }
    if (found.whole) {
        float16 weights;
        float16 velocities;
        catch_up_16(k, l, &found, row_list, row_classes_at, col_list, col_classes_at, col_classes,
                    table, w + start, v + start, &weights, &velocities);
        velocities = momentum * velocities + vload16(0, from) + decay * weights;
        weights -= rate * velocities;
        if (found.run) {
            vstore16(velocities, 0, v + start + found.at.s0);
            vstore16(weights, 0, w + start + found.at.s0);
        } else {
            place(v + start, found.at, velocities);
            place(w + start, found.at, weights);
        }
        return;
    }
    for (uint j = 0; j < 16 && first + j < cols; ++j) {
        const uint col = col_list[l + j];
        if (col == NONE) {
            continue;
        }
        const size_t at = start + col;
        const float2 value = caught_up(k, l + j, at, row_list, row_classes_at, col_list,
                                       col_classes_at, col_classes, table, ages, now, w, v);
        const float velocity = momentum * value.y + from[j] + decay * value.x;
        v[at] = velocity;
        w[at] = value.x - rate * velocity;
    }
}
#endif

/* Brings every element up to date in place; the lists hold everything. */
__kernel void ard_sweep(const uint rows, const uint cols, __global const uint *restrict row_list,
                        const uint row_classes_at, __global const uint *restrict col_list,
                        const uint col_classes_at, const uint col_classes,
                        __global const float4 *restrict table, __global uint *restrict ages,
                        const uint now, __global float *restrict w, __global float *restrict v)
{
    const uint j = (uint)get_global_id(0);
    const uint i = (uint)get_global_id(1);
    if (i >= rows || j >= cols) {
        return;
    }
    const size_t at = (size_t)i * cols + j;
    const float2 value = caught_up(i, j, at, row_list, row_classes_at, col_list, col_classes_at,
                                   col_classes, table, ages, now, w, v);
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
                               const float decay)
{
    const size_t at = get_global_id(0);
    if (at < count) {
        const float weight = w[at];
        const float velocity = momentum * v[at] + diff[diff_offset + at] + decay * weight;
        v[at] = velocity;
        w[at] = weight - rate * velocity;
    }
}
