/* SPDX-License-Identifier: Apache-2.0 */
/* What a linear layer does beside its products, on compact activations. Needs philox.cl in front.
 *
 *     forward    dst = scale * mask * activation(dst + bias)
 *     backward   diff_pre = scale * mask * activation'(.) * diff_dst
 * relu is 1 for max(x, 0) and 0 for x. After a ReLU, dst > 0 says all that backward needs: such an
 * element was neither clipped nor dropped. Only the identity under a conventional mask has to
 * compute the mask again.
 *
 * ARD_VEC (philox.cl): columns that one work-item of ard_sum_rows takes, and Philox blocks that one
 * of the kernels with a mask takes. */

/* One work-item an element: dimension 0 columns, dimension 1 rows. bias is read where has_bias
 * is 1. */
__kernel void ard_forward_activation(const uint rows, const uint cols, const uint has_bias,
                                     __global const float *restrict bias, const ulong bias_offset,
                                     const uint relu, const float scale,
                                     __global float *restrict dst, const ulong dst_offset,
                                     const ulong dst_ld)
{
    const uint j = (uint)get_global_id(0);
    const uint i = (uint)get_global_id(1);
    if (i >= rows || j >= cols) {
        return;
    }
    const size_t at = dst_offset + i * dst_ld + j;
    float value = dst[at] + (has_bias ? bias[bias_offset + j] : 0.0f);
    value = relu && value < 0.0f ? 0.0f : value;
    dst[at] = scale * value;
}

/* The conventional mask. Element (i, j) has number i * cols + j and the word number % 4 of Philox
 * block number / 4; it is dropped iff the word is below the threshold, rate * 2^32. One work-item
 * ARD_VEC blocks of a row: dimension 0 blocks, dimension 1 rows. A block that two rows share is
 * computed for both. */

/* scale * activation(value), or 0 where the word says so. */
static inline float masked(float value, uint relu, float scale, uint word, uint threshold)
{
    const float activated = relu && value < 0.0f ? 0.0f : value;
    return word < threshold ? 0.0f : scale * activated;
}

#if ARD_VEC == 16
INLINE float16 masked_16(float16 value, uint relu, float scale, uint16 word, uint threshold)
{
    const float16 activated = relu ? select(value, (float16)(0.0f), value < 0.0f) : value;
    return select(scale * activated, (float16)(0.0f), word < threshold);
}
#endif

__kernel void ard_forward_bernoulli(const uint rows, const uint cols, const uint has_bias,
                                    __global const float *restrict bias, const ulong bias_offset,
                                    const uint relu, const float scale, const uint threshold,
                                    const ulong seed, const uint layer, const ulong step,
                                    __global float *restrict dst, const ulong dst_offset,
                                    const ulong dst_ld)
{
    const uint i = (uint)get_global_id(1);
    if (i >= rows) {
        return;
    }
    const ulong row_start = (ulong)i * cols;
    const ulong block = row_start / 4 + get_global_id(0) * ARD_VEC;
    __global float *restrict row = dst + dst_offset + i * dst_ld;
    __global const float *restrict b = bias + bias_offset;
    const long first = (long)(block * 4) - (long)row_start;
#if ARD_VEC == 16
    if (first >= 0 && first + 64 <= (long)cols) {
        uint16 words[4];
        ard_draw_words_16(seed, ARD_PURPOSE_MASK, layer, step, (uint)block, words);
        for (int k = 0; k < 4; ++k) {
            const size_t j = (size_t)first + 16 * k;
            const float16 value = vload16(0, row + j) + (has_bias ? vload16(0, b + j) : 0.0f);
            vstore16(masked_16(value, relu, scale, words[k], threshold), 0, row + j);
        }
        return;
    }
#endif
    for (long start = first; start < first + 4 * ARD_VEC && start < (long)cols; start += 4) {
        const uint4 words = ard_draw_words(seed, ARD_PURPOSE_MASK, layer, step,
                                           (uint)((ulong)(start + (long)row_start) / 4));
        const uint word[4] = {words.x, words.y, words.z, words.w};
        for (int k = 0; k < 4; ++k) {
            const long j = start + k;
            if (j >= 0 && j < (long)cols) {
                const float value = row[j] + (has_bias ? b[j] : 0.0f);
                row[j] = masked(value, relu, scale, word[k], threshold);
            }
        }
    }
}

/* One work-item an element. diff_pre may be diff_dst. */
__kernel void ard_backward_activation(const uint rows, const uint cols, const uint relu,
                                      const float scale, __global const float *dst,
                                      const ulong dst_offset, const ulong dst_ld,
                                      __global const float *diff_dst, const ulong diff_dst_offset,
                                      const ulong diff_dst_ld, __global float *diff_pre,
                                      const ulong diff_pre_offset, const ulong diff_pre_ld)
{
    const uint j = (uint)get_global_id(0);
    const uint i = (uint)get_global_id(1);
    if (i >= rows || j >= cols) {
        return;
    }
    const float diff = scale * diff_dst[diff_dst_offset + i * diff_dst_ld + j];
    const bool passes = !relu || dst[dst_offset + i * dst_ld + j] > 0.0f;
    diff_pre[diff_pre_offset + i * diff_pre_ld + j] = passes ? diff : 0.0f;
}

/* dst = scale * mask * src, which may be one: the gradient of an identity under a mask, and weights
 * under DropConnect. */
__kernel void ard_mask(const uint rows, const uint cols, const float scale, const uint threshold,
                       const ulong seed, const uint layer, const ulong step,
                       __global const float *src, const ulong src_offset, const ulong src_ld,
                       __global float *dst, const ulong dst_offset, const ulong dst_ld)
{
    const uint i = (uint)get_global_id(1);
    if (i >= rows) {
        return;
    }
    const ulong row_start = (ulong)i * cols;
    const ulong block = row_start / 4 + get_global_id(0) * ARD_VEC;
    __global const float *from = src + src_offset + i * src_ld;
    __global float *to = dst + dst_offset + i * dst_ld;
    const long first = (long)(block * 4) - (long)row_start;
#if ARD_VEC == 16
    if (first >= 0 && first + 64 <= (long)cols) {
        uint16 words[4];
        ard_draw_words_16(seed, ARD_PURPOSE_MASK, layer, step, (uint)block, words);
        for (int k = 0; k < 4; ++k) {
            const size_t j = (size_t)first + 16 * k;
            vstore16(masked_16(vload16(0, from + j), 0, scale, words[k], threshold), 0, to + j);
        }
        return;
    }
#endif
    for (long start = first; start < first + 4 * ARD_VEC && start < (long)cols; start += 4) {
        const uint4 words = ard_draw_words(seed, ARD_PURPOSE_MASK, layer, step,
                                           (uint)((ulong)(start + (long)row_start) / 4));
        const uint word[4] = {words.x, words.y, words.z, words.w};
        for (int k = 0; k < 4; ++k) {
            const long j = start + k;
            if (j >= 0 && j < (long)cols) {
                to[j] = masked(from[j], 0, scale, word[k], threshold);
            }
        }
    }
}

/* sums[j] = sum over i of src[i][j], from the first row to the last. One work-item ARD_VEC columns.
 */
__kernel void ard_sum_rows(const uint rows, const uint cols, __global const float *restrict src,
                           const ulong src_offset, const ulong src_ld,
                           __global float *restrict sums, const ulong sums_offset)
{
    const uint first = (uint)get_global_id(0) * ARD_VEC;
    __global const float *restrict from = src + src_offset;
    __global float *restrict to = sums + sums_offset;
#if ARD_VEC == 16
    if (first + 16 <= cols) {
        float16 sum = 0.0f;
        for (uint i = 0; i < rows; ++i) {
            sum += vload16(0, from + i * src_ld + first);
        }
        vstore16(sum, 0, to + first);
        return;
    }
#endif
    for (uint j = first; j < cols && j < first + ARD_VEC; ++j) {
        float sum = 0.0f;
        for (uint i = 0; i < rows; ++i) {
            sum += from[i * src_ld + j];
        }
        to[j] = sum;
    }
}
