/* SPDX-License-Identifier: Apache-2.0 */
/* Multiplication by its definition, for every device and to compare with:
 *     c [m x n] = alpha op(a) op(b),   c[i][j] = alpha * sum over p of op(a)[i][p] op(b)[p][j]
 *
 * One work-item an element, which adds up from the first p to the last: dimension 0 columns,
 * dimension 1 rows, dimension 2 products of a batch. A matrix that is transposed is stored the
 * other way round; the matrices of the next product begin a stride further on. */
__kernel void ard_reference(const uint m, const uint n, const uint k, const float alpha,
                            __global const float *restrict a, const ulong a_offset,
                            const ulong a_ld, const ulong a_stride, const uint a_transposed,
                            __global const float *restrict b, const ulong b_offset,
                            const ulong b_ld, const ulong b_stride, const uint b_transposed,
                            __global float *restrict c, const ulong c_offset, const ulong c_ld,
                            const ulong c_stride)
{
    const uint j = (uint)get_global_id(0);
    const uint i = (uint)get_global_id(1);
    const ulong product = get_global_id(2);
    if (i >= m || j >= n) {
        return;
    }
    __global const float *row = a + a_offset + product * a_stride + i * (a_transposed ? 1 : a_ld);
    __global const float *col = b + b_offset + product * b_stride + j * (b_transposed ? b_ld : 1);
    const ulong row_step = a_transposed ? a_ld : 1;
    const ulong col_step = b_transposed ? 1 : b_ld;
    float sum = 0.0f;
    for (uint p = 0; p < k; ++p) {
        sum = fma(row[p * row_step], col[p * col_step], sum);
    }
    c[c_offset + product * c_stride + i * c_ld + j] = alpha * sum;
}
