/* SPDX-License-Identifier: Apache-2.0 */
/* The embedding of a batch of tokens, and its gradient without atomics.
 *
 * `occurrences` holds, at the places that the host gives, what src/layers/embedding.h says: slots
 * [tokens], starts [words + 1], order [tokens] and words [words]. One work-item ARD_VEC columns of
 * a row: item number = row * blocks of a row + block.
 *
 * ARD_VEC: the vector width of the device, 16 or 1. */
#ifndef ARD_VEC
#define ARD_VEC 1
#endif

/* dst[t] = weights[slots[t]] */
__kernel void ard_embedding_forward(const uint tokens, const uint width,
                                    __global const uint *restrict occurrences, const ulong slots_at,
                                    __global const float *restrict weights,
                                    const ulong weights_offset, const ulong weights_ld,
                                    __global float *restrict dst, const ulong dst_offset,
                                    const ulong dst_ld)
{
    const size_t blocks = (width + ARD_VEC - 1) / ARD_VEC;
    const size_t t = get_global_id(0) / blocks;
    const uint first = (uint)(get_global_id(0) % blocks) * ARD_VEC;
    if (t >= tokens) {
        return;
    }
    const uint slot = occurrences[slots_at + t];
    __global const float *restrict from = weights + weights_offset + slot * weights_ld;
    __global float *restrict to = dst + dst_offset + t * dst_ld;
#if ARD_VEC == 16
    if (first + 16 <= width) {
        vstore16(vload16(0, from + first), 0, to + first);
        return;
    }
#endif
    for (uint j = first; j < width && j < first + ARD_VEC; ++j) {
        to[j] = from[j];
    }
}

/* The sum of diff[t] over the tokens t of word u, in increasing order: becomes row u of
 * diff_weights, or where `whole` is 1 is added to row words[u]. */
__kernel void ard_embedding_backward(const uint words, const uint width, const uint whole,
                                     __global const uint *restrict occurrences,
                                     const ulong starts_at, const ulong order_at,
                                     const ulong words_at, __global const float *restrict diff,
                                     const ulong diff_offset, const ulong diff_ld,
                                     __global float *restrict diff_weights,
                                     const ulong diff_weights_offset, const ulong diff_weights_ld)
{
    const size_t blocks = (width + ARD_VEC - 1) / ARD_VEC;
    const size_t u = get_global_id(0) / blocks;
    const uint first = (uint)(get_global_id(0) % blocks) * ARD_VEC;
    if (u >= words) {
        return;
    }
    const uint start = occurrences[starts_at + u];
    const uint end = occurrences[starts_at + u + 1];
    const size_t row = whole ? occurrences[words_at + u] : u;
    __global const uint *restrict order = occurrences + order_at;
    __global const float *restrict from = diff + diff_offset;
    __global float *restrict to = diff_weights + diff_weights_offset + row * diff_weights_ld;
#if ARD_VEC == 16
    if (first + 16 <= width) {
        float16 sum = 0.0f;
        for (uint k = start; k < end; ++k) {
            sum += vload16(0, from + order[k] * diff_ld + first);
        }
        vstore16(whole ? vload16(0, to + first) + sum : sum, 0, to + first);
        return;
    }
#endif
    for (uint j = first; j < width && j < first + ARD_VEC; ++j) {
        float sum = 0.0f;
        for (uint k = start; k < end; ++k) {
            sum += from[order[k] * diff_ld + j];
        }
        to[j] = whole ? to[j] + sum : sum;
    }
}
