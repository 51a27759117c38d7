/* SPDX-License-Identifier: Apache-2.0 */
/* Compaction of a row-major matrix to its kept part, and the way back.
 *
 * The compact matrix is one block [rows x cols], or under a tile pattern several, one below the
 * other. row_list and col_list are index lists (src/device/index_cache.h), of which each block
 * takes its own stretch; NONE is padding. One work-item an element of the compact matrix: dimension
 * 0 columns, dimension 1 rows, dimension 2 blocks. */
#define NONE 0xFFFFFFFFu

/* dst[k][j] = src[row_k][col_j], and 0 in the padding. */
__kernel void ard_compact(const uint rows, const uint cols, __global const uint *restrict row_list,
                          __global const uint *restrict col_list, const uint col_at,
                          __global const float *restrict src, const ulong src_offset,
                          const ulong src_ld, __global float *restrict dst, const ulong dst_offset,
                          const ulong dst_ld)
{
    const uint j = (uint)get_global_id(0);
    const uint i = (uint)get_global_id(1);
    const uint block = (uint)get_global_id(2);
    if (i >= rows || j >= cols) {
        return;
    }
    const uint k = block * rows + i;
    const uint row = row_list[k];
    const uint col = col_list[col_at + block * cols + j];
    dst[dst_offset + k * dst_ld + j] =
        row != NONE && col != NONE ? src[src_offset + row * src_ld + col] : 0.0f;
}

#if ARD_VEC == 16
/* The same for lists of columns that mostly come in runs: one work-item 16 columns, which lie side
 * by side if the last is the 15th behind the first (they are of two tiles at most). */
__kernel void ard_compact_runs(const uint rows, const uint cols,
                               __global const uint *restrict row_list,
                               __global const uint *restrict col_list, const uint col_at,
                               __global const float *restrict src, const ulong src_offset,
                               const ulong src_ld, __global float *restrict dst,
                               const ulong dst_offset, const ulong dst_ld)
{
    const uint first = (uint)get_global_id(0) * 16;
    const uint i = (uint)get_global_id(1);
    const uint block = (uint)get_global_id(2);
    if (i >= rows || first >= cols) {
        return;
    }
    const size_t k = (size_t)block * rows + i;
    const uint row = row_list[k];
    __global const uint *list = col_list + col_at + (size_t)block * cols + first;
    __global const float *from = src + src_offset + row * src_ld;
    __global float *to = dst + dst_offset + k * dst_ld + first;
    if (first + 16 <= cols && row != NONE && list[0] != NONE && list[15] == list[0] + 15) {
        vstore16(vload16(0, from + list[0]), 0, to);
        return;
    }
    for (uint j = 0; j < 16 && first + j < cols; ++j) {
        to[j] = row != NONE && list[j] != NONE ? from[list[j]] : 0.0f;
    }
}
#endif

/* dst[row_k][col_j] = src[k][j]; the rest of dst was cleared before. */
__kernel void ard_expand(const uint rows, const uint cols, __global const uint *restrict row_list,
                         __global const uint *restrict col_list, __global const float *restrict src,
                         const ulong src_offset, const ulong src_ld, __global float *restrict dst,
                         const ulong dst_offset, const ulong dst_ld)
{
    const uint j = (uint)get_global_id(0);
    const uint i = (uint)get_global_id(1);
    const uint block = (uint)get_global_id(2);
    if (i >= rows || j >= cols) {
        return;
    }
    const uint k = block * rows + i;
    const uint row = row_list[k];
    const uint col = col_list[block * cols + j];
    if (row != NONE && col != NONE) {
        dst[dst_offset + row * dst_ld + col] = src[src_offset + k * src_ld + j];
    }
}

/* dst[i][j] = 0 */
__kernel void ard_clear(const uint rows, const uint cols, __global float *restrict dst,
                        const ulong dst_offset, const ulong dst_ld)
{
    const uint j = (uint)get_global_id(0);
    const uint i = (uint)get_global_id(1);
    if (i < rows && j < cols) {
        dst[dst_offset + i * dst_ld + j] = 0.0f;
    }
}
