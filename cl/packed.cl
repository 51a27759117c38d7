/* SPDX-License-Identifier: Apache-2.0 */
/* Multiplication for devices with caches and vector registers:
 *     c [m x n] = scale * activation'(reference) * activation(alpha op(a) op(b) + bias).
 *
 * After Goto and van de Geijn, "Anatomy of high-performance matrix multiplication" (ACM TOMS 2008).
 * op(a) is packed first, into blocks of MR rows: [block][k][MR], zero where the last block has no
 * rows. Then one work-item, alone in its group, makes a strip of NR columns of c: it packs the
 * strip of op(b) in stretches of KC rows into local memory, where it stays while all blocks of
 * op(a) pass, and keeps MR x NR sums in registers.
 *
 * Columns of the matrices as they are stored may come by lists (src/engines/gemm.h): those of a are
 * gathered while packing, those of b too, and those of c scattered while storing. A list also says
 * how many columns each product of a batch has. Lists increase, so columns lie side by side if the
 * last is as far behind the first as there are columns between; then they are taken as vectors.
 *
 * Needs panel.cl in front. Parameters: VW, the width of a vector (4, 8, 16); NV vectors in the NR
 * columns of a strip; MR rows of a block; KC. MR * NV sums and NV + 1 operands should fit the
 * device's vector registers.
 */
/* to[p][i] = from[i][p] for MR rows of a; the p come by the list if there is one. */
INLINE void pack_rows(__global const float *restrict from, const ulong ld, const bool listed,
                      __global const uint *restrict list, const uint first, const uint end,
                      __global float *restrict to)
{
    if (listed) {
        for (uint p = first; p < end; ++p) {
            const uint col = list[p];
#pragma unroll
            for (uint i = 0; i < MR; ++i) {
                to[(size_t)p * MR + i] = from[i * ld + col];
            }
        }
        return;
    }
    for (uint p = first; p < end; ++p) {
#pragma unroll
        for (uint i = 0; i < MR; ++i) {
            to[(size_t)p * MR + i] = from[i * ld + p];
        }
    }
}

/* to[p][i] = from[p][i] for MR columns of a, side by side. */
INLINE void pack_columns(__global const float *restrict from, const ulong ld, const uint first,
                         const uint end, __global float *restrict to)
{
    for (uint p = first; p < end; ++p) {
#pragma unroll
        for (uint i = 0; i < MR; ++i) {
            to[(size_t)p * MR + i] = from[p * ld + i];
        }
    }
}

/* One work-item: PACK_STEPS values of k of one block; dimension 0 stretches of k, 1 blocks, 2
 * products of a batch. `listed` says that the k, or m where a is transposed, come by the list. */
#define PACK_STEPS 64

__kernel void ard_pack(const uint m, const uint k, __global const float *restrict a,
                       const ulong a_offset, const ulong a_ld, const ulong a_stride,
                       const uint transposed, const uint listed, __global const uint *restrict list,
                       const uint list_at, const uint list_stride, const uint sizes_at,
                       __global float *restrict packed)
{
    const uint first = (uint)get_global_id(0) * PACK_STEPS;
    const uint row = (uint)get_global_id(1) * MR;
    const size_t product = get_global_id(2);
    const bool by_k = listed && !transposed;
    const bool by_row = listed && transposed;
    const uint end = min(first + PACK_STEPS, by_k ? list[sizes_at + product] : k);
    const uint end_row = by_row ? list[sizes_at + product] : m;
    if (row >= end_row) {
        return;
    }
    const size_t blocks = (m + MR - 1) / MR;
    const uint rows = min((uint)MR, end_row - row);
    list += list_at + product * list_stride;
    a += a_offset + product * a_stride;
    __global float *to = packed + (product * blocks * MR + row) * k;
    if (rows == MR && !transposed) {
        pack_rows(a + row * a_ld, a_ld, by_k, list, first, end, to);
        return;
    }
    const uint start = by_row ? list[row] : row;
    if (rows == MR && (!by_row || list[row + MR - 1] - start == MR - 1)) {
        pack_columns(a + start, a_ld, first, end, to);
        return;
    }
    for (uint p = first; p < end; ++p) {
        for (uint i = 0; i < MR; ++i) {
            const uint r = by_row && i < rows ? list[row + i] : row + i;
            const size_t at = transposed ? p * a_ld + r : r * a_ld + (by_k ? list[p] : p);
            to[(size_t)p * MR + i] = i < rows ? a[at] : 0.0f;
        }
    }
}

/* What becomes of an element when its sum is complete: scale * activation(. + bias), and 0 unless
 * the element of the reference is above 0 where there is one. */
typedef struct epilogue {
    bool wanted;
    bool biased;
    bool relu;
    bool derived;
    float scale;
    __global const float *bias;
    __global const float *reference; /* [m x n] */
    ulong reference_ld;
} epilogue;

INLINE vec finish(vec value, const epilogue *last, const uint row, const uint col)
{
    if (!last->wanted) {
        return value;
    }
    value = last->biased ? value + LOAD(last->bias + col) : value;
    value = last->scale * (last->relu ? select(value, (vec)(0.0f), value < 0.0f) : value);
    if (last->derived) {
        const vec reference = LOAD(last->reference + row * last->reference_ld + col);
        value = select((vec)(0.0f), value, reference > 0.0f);
    }
    return value;
}

INLINE float finish_one(float value, const epilogue *last, const uint row, const uint col)
{
    if (!last->wanted) {
        return value;
    }
    value = last->biased ? value + last->bias[col] : value;
    value = last->scale * (last->relu && value < 0.0f ? 0.0f : value);
    const bool passes = !last->derived || last->reference[row * last->reference_ld + col] > 0.0f;
    return passes ? value : 0.0f;
}

/* Where sums go: alpha * sums, or that added to c. */
struct target {
    float alpha;
    bool add;
    const strip *cols;
    const epilogue *last;
    __global float *c;
    ulong ld;
};

INLINE void store_vector(const vec sum, const struct target *t, const uint row, const uint col)
{
    __global float *to = t->c + row * t->ld + col;
    const vec value = t->alpha * sum;
    STORE(finish(t->add ? LOAD(to) + value : value, t->last, row, col), to);
}

/* The columns of vector v one by one. */
INLINE void store_elements(const vec sum, const struct target *t, const uint row, const uint v)
{
    float values[VW];
    STORE(t->alpha * sum, values);
    const uint end = min(t->cols->count, (v + 1) * VW);
    for (uint j = v * VW; j < end; ++j) {
        const uint col = column_of(t->cols, j);
        __global float *to = t->c + row * t->ld + col;
        const float value = values[j - v * VW];
        *to = finish_one(t->add ? *to + value : value, t->last, row, col);
    }
}

/* Vector v of a row. */
INLINE void store_sum(const vec sum, const struct target *t, const uint row, const uint v)
{
    if (v < t->cols->vectors) {
        store_vector(sum, t, row, t->cols->first[v]);
    } else {
        store_elements(sum, t, row, v);
    }
}

/* `rows` rows of c, the first of which is `first`, from a block of op(a) and the first N vectors of
 * the panel. */
#define MAKE_BLOCK(NAME, N)                                                                        \
    INLINE void NAME(__global const float *restrict a, __local const float *restrict panel,        \
                     const uint count, const struct target *t, const uint first, const uint rows)  \
    {                                                                                              \
        vec sums[MR][N];                                                                           \
        _Pragma("unroll") for (int i = 0; i < MR; ++i)                                             \
        {                                                                                          \
            _Pragma("unroll") for (int v = 0; v < N; ++v)                                          \
            {                                                                                      \
                sums[i][v] = 0.0f;                                                                 \
            }                                                                                      \
        }                                                                                          \
        for (uint p = 0; p < count; ++p) {                                                         \
            vec row[N];                                                                            \
            _Pragma("unroll") for (int v = 0; v < N; ++v)                                          \
            {                                                                                      \
                row[v] = LOAD(panel + p * NR + v * VW);                                            \
            }                                                                                      \
            _Pragma("unroll") for (int i = 0; i < MR; ++i)                                         \
            {                                                                                      \
                const vec factor = (vec)(a[p * MR + i]);                                           \
                _Pragma("unroll") for (int v = 0; v < N; ++v)                                      \
                {                                                                                  \
                    sums[i][v] = fma(factor, row[v], sums[i][v]);                                  \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
        const bool whole = t->cols->vectors >= N;                                                  \
        _Pragma("unroll") for (uint i = 0; i < MR; ++i)                                            \
        {                                                                                          \
            if (i < rows && whole) {                                                               \
                _Pragma("unroll") for (uint v = 0; v < N; ++v)                                     \
                {                                                                                  \
                    store_vector(sums[i][v], t, first + i, t->cols->first[v]);                     \
                }                                                                                  \
            } else if (i < rows) {                                                                 \
                _Pragma("unroll") for (uint v = 0; v < N; ++v)                                     \
                {                                                                                  \
                    store_sum(sums[i][v], t, first + i, v);                                        \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }

MAKE_BLOCK(make_block, NV)
#if NV > 1
MAKE_BLOCK(make_block_1, 1)
#endif
#if NV > 2
MAKE_BLOCK(make_block_2, 2)
#endif
#if NV > 3
MAKE_BLOCK(make_block_3, 3)
#endif

/* Dimension 0 strips, 1 stretches of `stretch` rows of c (a multiple of MR), 2 products of a batch.
 * m, n and k are those of the largest product; a_list has each one's m or k from m_sizes_at or
 * k_sizes_at on (NONE: they are all alike), n_list its n and its columns of b or of c. */
__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
ard_multiply(const uint m, const uint n, const uint k, const uint stretch, const float alpha,
             __global const float *restrict packed, __global const float *restrict b,
             const ulong b_offset, const ulong b_ld, const ulong b_stride, const uint b_transposed,
             __global float *restrict c, const ulong c_offset, const ulong c_ld,
             const ulong c_stride, __global const uint *restrict a_list, const uint m_sizes_at,
             const uint k_sizes_at, __global const uint *restrict n_list, const uint b_listed,
             const uint c_listed, const uint n_at, const uint n_stride, const uint n_sizes_at,
             const uint has_bias, __global const float *restrict bias, const ulong bias_offset,
             const uint relu, const uint has_reference, __global const float *restrict reference,
             const ulong reference_offset, const ulong reference_ld, const float scale)
{
    __local float panel[KC * NR];
    const size_t product = get_global_id(2);
    const uint end_col = b_listed || c_listed ? n_list[n_sizes_at + product] : n;
    const uint end_k = k_sizes_at != NONE ? a_list[k_sizes_at + product] : k;
    const uint col = (uint)get_global_id(0) * NR;
    const uint first_row = (uint)get_global_id(1) * stretch;
    const uint end_row =
        min(m_sizes_at != NONE ? a_list[m_sizes_at + product] : m, first_row + stretch);
    if (col >= end_col || first_row >= end_row) {
        return;
    }
    const uint cols = min((uint)NR, end_col - col);
    __global const uint *list = n_list + n_at + product * n_stride;
    const strip from = make_strip(col, cols, b_listed, list);
    const strip to = make_strip(col, cols, c_listed, list);
    const size_t blocks = (m + MR - 1) / MR;
    __global const float *a = packed + product * blocks * k * MR;
    b += b_offset + product * b_stride;
    c += c_offset + product * c_stride;
    epilogue last = {false,
                     has_bias,
                     relu,
                     has_reference,
                     scale,
                     bias + bias_offset,
                     reference + reference_offset,
                     reference_ld};
    uint first = 0;
    do { /* once if the sums are empty */
        const uint count = min((uint)KC, end_k - first);
        const struct target target = {alpha, first > 0, &to, &last, c, c_ld};
        last.wanted = first + count == end_k;
        pack_panel(b + first * (b_transposed ? 1 : b_ld), b_ld, b_transposed, count, &from, panel);
        for (uint row = first_row; row < end_row; row += MR) {
            __global const float *block = a + ((size_t)(row / MR) * k + first) * MR;
            const uint rows = min((uint)MR, end_row - row);
            switch (from.used) {
#if NV > 1
            case 1:
                make_block_1(block, panel, count, &target, row, rows);
                break;
#endif
#if NV > 2
            case 2:
                make_block_2(block, panel, count, &target, row, rows);
                break;
#endif
#if NV > 3
            case 3:
                make_block_3(block, panel, count, &target, row, rows);
                break;
#endif
            default:
                make_block(block, panel, count, &target, row, rows);
            }
        }
        first += count;
    } while (first < end_k);
}
