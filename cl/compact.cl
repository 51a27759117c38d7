/* SPDX-License-Identifier: Apache-2.0 */
/* Compaction of a row-major matrix to its kept rows and columns, and the way back.
 *
 * row_list and col_list hold the kept rows and columns (pattern.cl). One work-item an element of
 * the compact matrix: dimension 0 its columns, dimension 1 its rows. */

/* dst[i][j] = src[row_list[i]][col_list[j]] */
__kernel void ard_compact(const uint rows, const uint cols, __global const uint *restrict row_list,
                          __global const uint *restrict col_list,
                          __global const float *restrict src, const ulong src_offset,
                          const ulong src_ld, __global float *restrict dst, const ulong dst_offset,
                          const ulong dst_ld)
{
    const uint j = (uint)get_global_id(0);
    const uint i = (uint)get_global_id(1);
    if (i < rows && j < cols) {
        dst[dst_offset + i * dst_ld + j] = src[src_offset + row_list[i] * src_ld + col_list[j]];
    }
}

/* dst[row_list[i]][col_list[j]] = src[i][j]; the rest of dst was cleared before. */
__kernel void ard_expand(const uint rows, const uint cols, __global const uint *restrict row_list,
                         __global const uint *restrict col_list, __global const float *restrict src,
                         const ulong src_offset, const ulong src_ld, __global float *restrict dst,
                         const ulong dst_offset, const ulong dst_ld)
{
    const uint j = (uint)get_global_id(0);
    const uint i = (uint)get_global_id(1);
    if (i < rows && j < cols) {
        dst[dst_offset + row_list[i] * dst_ld + col_list[j]] = src[src_offset + i * src_ld + j];
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
