/* SPDX-License-Identifier: Apache-2.0 */
/* Softmax cross-entropy from integer labels.
 *
 *     p = softmax(z),   loss = ln(sum exp(z - max)) + max - z[label],
 *     diff = (p - onehot(label)) / batch
 *
 * The rows can be a part of the batch. row_totals[i] gets the loss of row i and
 * row_totals[rows + i] whether its largest logit, the first of equals, is the label's. diff may be
 * logits. A label out of range gives a NaN loss and a zero gradient. A NaN or +inf among the logits
 * makes the sum of its row NaN, and so the loss and the gradient.
 *
 * One work-item a row, 16 columns at a time: the row stays in the caches while it is read for its
 * maximum, for exponentials and sum, and to be scaled. Sums are taken in an order that only the
 * number of classes decides. */

/* Functions with vectors among their arguments or for a result: panel.cl says why. */
#ifndef INLINE
#define INLINE static inline __attribute__((always_inline))
#endif

INLINE float16 larger_16(float16 a, float16 b)
{
    return select(a, b, b > a);
}

INLINE float largest_of(float16 v)
{
    const float8 v8 = select(v.lo, v.hi, v.hi > v.lo);
    const float4 v4 = select(v8.lo, v8.hi, v8.hi > v8.lo);
    const float2 v2 = select(v4.lo, v4.hi, v4.hi > v4.lo);
    return v2.y > v2.x ? v2.y : v2.x;
}

INLINE float sum_of(float16 v)
{
    const float8 v8 = v.lo + v.hi;
    const float4 v4 = v8.lo + v8.hi;
    const float2 v2 = v4.lo + v4.hi;
    return v2.x + v2.y;
}

/* The first `count` of 16 elements; the others are -inf, which is never the largest and adds
 * nothing to the sum. */
INLINE float16 load_part(__global const float *src, uint count)
{
    float part[16];
#pragma unroll
    for (uint k = 0; k < 16; ++k) {
        part[k] = k < count ? src[k] : -INFINITY;
    }
    return vload16(0, part);
}

INLINE void store_part(float16 value, __global float *dst, uint count)
{
    float part[16];
    vstore16(value, 0, part);
    for (uint k = 0; k < count; ++k) {
        dst[k] = part[k];
    }
}

static inline float largest_in_row(__global const float *z, uint classes)
{
    float16 largest[2] = {-INFINITY, -INFINITY};
    uint c = 0;
    for (; c + 32 <= classes; c += 32) {
        largest[0] = larger_16(largest[0], vload16(0, z + c));
        largest[1] = larger_16(largest[1], vload16(0, z + c + 16));
    }
    for (; c + 16 <= classes; c += 16) {
        largest[0] = larger_16(largest[0], vload16(0, z + c));
    }
    if (c < classes) {
        largest[1] = larger_16(largest[1], load_part(z + c, classes - c));
    }
    return largest_of(larger_16(largest[0], largest[1]));
}

/* Whether z[label] is the largest and none before is as large. */
static inline bool is_first_of(__global const float *z, uint label, float largest)
{
    if (z[label] != largest) {
        return false;
    }
    int16 found = 0;
    uint c = 0;
    for (; c + 16 <= label; c += 16) {
        found |= vload16(0, z + c) == largest;
    }
    if (c < label) {
        found |= load_part(z + c, label - c) == largest;
    }
    return !any(found);
}

/* The sum of exp(z - largest). */
static inline float sum_row(__global const float *z, uint classes, float largest)
{
    float16 sum = 0.0f;
    uint c = 0;
    for (; c + 16 <= classes; c += 16) {
        sum += exp(vload16(0, z + c) - largest);
    }
    if (c < classes) {
        sum += exp(load_part(z + c, classes - c) - largest);
    }
    return sum_of(sum);
}

/* The same, and d = exp(z - largest). */
static inline float sum_and_store_row(__global const float *z, uint classes, float largest,
                                      __global float *d)
{
    float16 sum = 0.0f;
    uint c = 0;
    for (; c + 16 <= classes; c += 16) {
        const float16 e = exp(vload16(0, z + c) - largest);
        sum += e;
        vstore16(e, 0, d + c);
    }
    if (c < classes) {
        const float16 e = exp(load_part(z + c, classes - c) - largest);
        sum += e;
        store_part(e, d + c, classes - c);
    }
    return sum_of(sum);
}

static inline void scale_row(__global float *d, uint classes, float factor)
{
    uint c = 0;
    for (; c + 16 <= classes; c += 16) {
        vstore16(vload16(0, d + c) * factor, 0, d + c);
    }
    for (; c < classes; ++c) {
        d[c] *= factor;
    }
}

static inline void clear_row(__global float *d, uint classes)
{
    for (uint c = 0; c < classes; ++c) {
        d[c] = 0.0f;
    }
}

__kernel void ard_softmax_cross_entropy(const uint rows, const uint batch, const uint classes,
                                        __global const float *logits, const ulong logits_offset,
                                        const ulong logits_ld, __global const int *restrict labels,
                                        const ulong labels_offset, const uint has_diff,
                                        __global float *diff, const ulong diff_offset,
                                        const ulong diff_ld, __global float *restrict row_totals)
{
    const uint i = (uint)get_global_id(0);
    if (i >= rows) {
        return;
    }
    __global const float *z = logits + logits_offset + i * logits_ld;
    __global float *d = diff + diff_offset + i * diff_ld;
    const int label = labels[labels_offset + i];
    const bool valid = label >= 0 && (uint)label < classes;
    const float largest = largest_in_row(z, classes);
    const float below = valid ? largest - z[label] : NAN;
    const bool hit = valid && is_first_of(z, (uint)label, largest);
    const bool gradient = has_diff && valid;
    const float sum =
        gradient ? sum_and_store_row(z, classes, largest, d) : sum_row(z, classes, largest);
    row_totals[i] = log(sum) + below;
    row_totals[(size_t)rows + i] = hit && !isnan(sum) ? 1.0f : 0.0f;
    if (gradient) {
        const float weight = 1.0f / (float)batch;
        scale_row(d, classes, weight / sum);
        d[label] -= weight;
    } else if (has_diff) {
        clear_row(d, classes);
    }
}

/* totals[0] += sum of the losses, totals[1] += sum of the hits, in the order of the rows. One
 * work-item a total. */
__kernel void ard_loss_totals(const uint rows, __global const float *restrict row_totals,
                              __global float *restrict totals, const ulong totals_offset)
{
    const uint which = (uint)get_global_id(0);
    if (which < 2) {
        float sum = 0.0f;
        for (uint i = 0; i < rows; ++i) {
            sum += row_totals[(size_t)which * rows + i];
        }
        totals[totals_offset + which] += sum;
    }
}
