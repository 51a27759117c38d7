/* SPDX-License-Identifier: Apache-2.0 */
/* The kernels of sgd.cl for CPU devices, where the kept columns come in runs: stretches side by
 * side in memory, of one class. Whole vectors are taken at a time.
 *
 * AGES 0 or 1 and the lists are those of sgd.cl. `runs` holds, from runs_at on, `run_count` runs
 * for each block of the compact matrix, four numbers each (src/device/index_runs.h):
 *     (first column in the block, its place in the whole row, length, class);
 * the place of padding is NONE. One work-item RUN_ROWS rows of a block (dimension 2). */
#define NONE 0xFFFFFFFFu
#define RUN_ROWS 4

/* Functions with vectors among their arguments or for a result: panel.cl says why. */
#ifndef INLINE
#define INLINE static inline __attribute__((always_inline))
#endif

/* The catch-up matrix of a run. */
INLINE float4 catch_up_of(__global const float4 *table, const uint row_class,
                          const uint col_classes, const uint col_class)
{
#if AGES == 1
    return table[row_class * col_classes + col_class];
#else
    return (float4)(1.0f, 0.0f, 0.0f, 1.0f);
#endif
}

#if AGES == 1
#define WEIGHT_OF(m, weight, velocity) ((m).s0 * (weight) + (m).s1 * (velocity))
#define VELOCITY_OF(m, weight, velocity) ((m).s2 * (weight) + (m).s3 * (velocity))
#else
#define WEIGHT_OF(m, weight, velocity) (weight)
#define VELOCITY_OF(m, weight, velocity) (velocity)
#endif

INLINE void gather_16(const float4 m, const uint velocity, __global const float *w,
                      __global const float *v, __global float *to)
{
    const float16 weights = vload16(0, w);
    const float16 velocities = vload16(0, v);
    vstore16(velocity ? VELOCITY_OF(m, weights, velocities) : WEIGHT_OF(m, weights, velocities), 0,
             to);
}

/* The last vector of a run ends where the run does: what it shares with the one before is computed
 * twice. */
INLINE void gather_run(const float4 m, const uint velocity, const uint length,
                       __global const float *w, __global const float *v, __global float *to)
{
    uint j = 0;
    for (; j + 16 <= length; j += 16) {
        gather_16(m, velocity, w + j, v + j, to + j);
    }
    if (j < length && length >= 16) {
        const uint last = length - 16;
        gather_16(m, velocity, w + last, v + last, to + last);
        return;
    }
    for (; j < length; ++j) {
        to[j] = velocity ? VELOCITY_OF(m, w[j], v[j]) : WEIGHT_OF(m, w[j], v[j]);
    }
}

/* dst = the kept weights, or velocities, up to date. */
__kernel void ard_gather_runs(const uint rows, const uint full_cols,
                              __global const uint *restrict row_list, const uint row_classes_at,
                              __global const uint *restrict runs, const uint runs_at,
                              const uint run_count, const uint col_classes,
                              __global const float4 *restrict table, const uint table_at,
                              __global const float *w, __global const float *v, const uint velocity,
                              __global float *restrict dst, const ulong dst_offset,
                              const ulong dst_ld)
{
    const uint block = (uint)get_global_id(2);
    const uint first = (uint)get_global_id(0) * RUN_ROWS;
    const uint end = min(first + RUN_ROWS, rows);
    __global const uint *list = runs + runs_at + (size_t)block * run_count * 4;
    for (uint i = first; i < end; ++i) {
        const size_t k = (size_t)block * rows + i;
        const uint row = row_list[k];
        const size_t start = (size_t)row * full_cols;
        for (uint r = 0; r < run_count; ++r) {
            const uint4 run = vload4(r, list);
            __global float *to = dst + dst_offset + k * dst_ld + run.x;
            if (row == NONE || run.y == NONE) {
                for (uint j = 0; j < run.z; ++j) {
                    to[j] = 0.0f;
                }
                continue;
            }
            const float4 m =
                catch_up_of(table + table_at, row_list[row_classes_at + k], col_classes, run.w);
            gather_run(m, velocity, run.z, w + start + run.y, v + start + run.y, to);
        }
    }
}

typedef struct rates {
    float rate;
    float momentum;
    float decay;
    float factor; /* of gradients */
} rates;

/* What a gradient does to (weights, velocities) that are up to date; again: to such as had this
 * step already (ard_update_again of sgd.cl). */
#define TAKE(s, again, gradients, weights, velocities)                                             \
    do {                                                                                           \
        if (again) {                                                                               \
            velocities += gradients;                                                               \
            weights -= (s).rate * gradients;                                                       \
        } else {                                                                                   \
            velocities = (s).momentum * velocities + gradients + (s).decay * weights;              \
            weights -= (s).rate * velocities;                                                      \
        }                                                                                          \
    } while (0)

/* The first `done` elements have been updated already. */
INLINE void update_16(const float4 m, const rates s, const bool again, const int done,
                      __global float *w, __global float *v, __global const float *diff)
{
    const int16 lanes = (int16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const float16 old_weights = vload16(0, w);
    const float16 old_velocities = vload16(0, v);
    const float16 gradients = s.factor * vload16(0, diff);
    float16 weights = WEIGHT_OF(m, old_weights, old_velocities);
    float16 velocities = VELOCITY_OF(m, old_weights, old_velocities);
    TAKE(s, again, gradients, weights, velocities);
    if (done > 0) {
        const int16 keep = lanes < (int16)(done);
        weights = select(weights, old_weights, keep);
        velocities = select(velocities, old_velocities, keep);
    }
    vstore16(velocities, 0, v);
    vstore16(weights, 0, w);
}

/* `again` is a constant where this is inlined. */
INLINE void update_run(const float4 m, const rates s, const bool again, const uint length,
                       __global float *w, __global float *v, __global const float *diff)
{
    uint j = 0;
    for (; j + 16 <= length; j += 16) {
        update_16(m, s, again, 0, w + j, v + j, diff + j);
    }
    if (j < length && length >= 16) {
        const uint last = length - 16;
        update_16(m, s, again, (int)(j - last), w + last, v + last, diff + last);
        return;
    }
    for (; j < length; ++j) {
        float weight = WEIGHT_OF(m, w[j], v[j]);
        float velocity = VELOCITY_OF(m, w[j], v[j]);
        const float gradient = s.factor * diff[j];
        TAKE(s, again, gradient, weight, velocity);
        v[j] = velocity;
        w[j] = weight;
    }
}

/* Catch-up and update of the kept elements with their compact gradient. */
__kernel void ard_update_runs(const uint rows, const uint full_cols,
                              __global const uint *restrict row_list, const uint row_classes_at,
                              __global const uint *restrict runs, const uint runs_at,
                              const uint run_count, const uint col_classes,
                              __global const float4 *restrict table, const uint table_at,
                              __global float *restrict w, __global float *restrict v,
                              __global const float *restrict diff, const ulong diff_offset,
                              const ulong diff_ld, const float rate, const float momentum,
                              const float decay, __global const float *restrict factor)
{
    const uint block = (uint)get_global_id(2);
    const uint first = (uint)get_global_id(0) * RUN_ROWS;
    const uint end = min(first + RUN_ROWS, rows);
    const rates s = {rate, momentum, decay, *factor};
    __global const uint *list = runs + runs_at + (size_t)block * run_count * 4;
    for (uint i = first; i < end; ++i) {
        const size_t k = (size_t)block * rows + i;
        const uint row = row_list[k];
        const size_t start = (size_t)row * full_cols;
        for (uint r = 0; r < run_count && row != NONE; ++r) {
            const uint4 run = vload4(r, list);
            if (run.y != NONE) {
                const float4 m =
                    catch_up_of(table + table_at, row_list[row_classes_at + k], col_classes, run.w);
                update_run(m, s, false, run.z, w + start + run.y, v + start + run.y,
                           diff + diff_offset + k * diff_ld + run.x);
            }
        }
    }
}

/* A further update in the same step: ard_update_again of sgd.cl. */
__kernel void ard_update_again_runs(const uint rows, const uint full_cols,
                                    __global const uint *restrict row_list,
                                    const uint row_classes_at, __global const uint *restrict runs,
                                    const uint runs_at, const uint run_count,
                                    const uint col_classes, __global const float4 *restrict table,
                                    const uint table_at, __global float *restrict w,
                                    __global float *restrict v, __global const float *restrict diff,
                                    const ulong diff_offset, const ulong diff_ld, const float rate,
                                    const float momentum, const float decay,
                                    __global const float *restrict factor)
{
    const uint block = (uint)get_global_id(2);
    const uint first = (uint)get_global_id(0) * RUN_ROWS;
    const uint end = min(first + RUN_ROWS, rows);
    const rates s = {rate, momentum, decay, *factor};
    __global const uint *list = runs + runs_at + (size_t)block * run_count * 4;
    for (uint i = first; i < end; ++i) {
        const size_t k = (size_t)block * rows + i;
        const uint row = row_list[k];
        const size_t start = (size_t)row * full_cols;
        for (uint r = 0; r < run_count && row != NONE; ++r) {
            const uint4 run = vload4(r, list);
            if (run.y != NONE) {
                const float4 m =
                    catch_up_of(table + table_at, row_list[row_classes_at + k], col_classes, run.w);
                update_run(m, s, true, run.z, w + start + run.y, v + start + run.y,
                           diff + diff_offset + k * diff_ld + run.x);
            }
        }
    }
}

#if AGES == 1
INLINE void sweep_run(const float4 m, const uint length, __global float *w, __global float *v)
{
    uint j = 0;
    for (; j + 16 <= length; j += 16) {
        const float16 weights = vload16(0, w + j);
        const float16 velocities = vload16(0, v + j);
        vstore16(WEIGHT_OF(m, weights, velocities), 0, w + j);
        vstore16(VELOCITY_OF(m, weights, velocities), 0, v + j);
    }
    for (; j < length; ++j) {
        const float weight = w[j];
        const float velocity = v[j];
        w[j] = WEIGHT_OF(m, weight, velocity);
        v[j] = VELOCITY_OF(m, weight, velocity);
    }
}

/* Brings every element up to date in place; the lists hold everything, in one block. */
__kernel void ard_sweep_runs(const uint rows, const uint full_cols,
                             __global const uint *restrict row_list, const uint row_classes_at,
                             __global const uint *restrict runs, const uint runs_at,
                             const uint run_count, const uint col_classes,
                             __global const float4 *restrict table, const uint table_at,
                             __global float *restrict w, __global float *restrict v)
{
    const uint first = (uint)get_global_id(0) * RUN_ROWS;
    const uint end = min(first + RUN_ROWS, rows);
    for (uint i = first; i < end; ++i) {
        const size_t start = (size_t)row_list[i] * full_cols;
        for (uint r = 0; r < run_count; ++r) {
            const uint4 run = vload4(r, runs + runs_at);
            sweep_run(
                catch_up_of(table + table_at, row_list[row_classes_at + i], col_classes, run.w),
                run.z, w + start + run.y, v + start + run.y);
        }
    }
}
#endif
