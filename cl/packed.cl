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
 * Parameters: VW, the width of a vector (4, 8, 16); NV vectors in the NR columns of a strip; MR
 * rows of a block; KC. MR * NV sums and NV + 1 operands should fit the device's vector registers.
 */
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
typedef JOIN(float, VW) vec;
#define LOAD(from) JOIN(vload, VW)(0, from)
#define STORE(value, to) JOIN(vstore, VW)(value, 0, to)
#define NR (NV * VW)

/* One work-item: PACK_STEPS values of k of one block; dimension 0 stretches of k, 1 blocks, 2
 * products of a batch. */
#define PACK_STEPS 64

__kernel void ard_pack(const uint m, const uint k, __global const float *restrict a,
                       const ulong a_offset, const ulong a_ld, const ulong a_stride,
                       const uint transposed, __global float *restrict packed)
{
    const uint first = (uint)get_global_id(0) * PACK_STEPS;
    const uint block = (uint)get_global_id(1);
    const uint product = (uint)get_global_id(2);
    const uint end = min(first + PACK_STEPS, k);
    const uint blocks = (m + MR - 1) / MR;
    const size_t row_step = transposed ? 1 : a_ld;
    const size_t k_step = transposed ? a_ld : 1;
    __global const float *from = a + a_offset + product * a_stride + block * MR * row_step;
    __global float *to = packed + ((size_t)product * blocks + block) * k * MR;
    const uint rows = min((uint)MR, m - block * MR);
    for (uint p = first; p < end; ++p) {
        if (rows == MR) {
#pragma unroll
            for (uint i = 0; i < MR; ++i) {
                to[(size_t)p * MR + i] = from[i * row_step + p * k_step];
            }
        } else {
            for (uint i = 0; i < MR; ++i) {
                to[(size_t)p * MR + i] = i < rows ? from[i * row_step + p * k_step] : 0.0f;
            }
        }
    }
}

/* to[p][i] = from[i][p] of a square of VW elements a side. */
static inline void transpose(__global const float *restrict from, const ulong ld,
                             __local float *restrict to)
{
    vec rows[VW];
#pragma unroll
    for (int i = 0; i < VW; ++i) {
        rows[i] = LOAD(from + i * ld);
    }
    /* Each pass interleaves the first half of the rows with the second; log2(VW) of them make the
     * transpose. */
#pragma unroll
    for (int size = 1; size < VW; size *= 2) {
        vec next[VW];
#pragma unroll
        for (int i = 0; i < VW / 2; ++i) {
            next[2 * i].even = rows[i].lo;
            next[2 * i].odd = rows[i + VW / 2].lo;
            next[2 * i + 1].even = rows[i].hi;
            next[2 * i + 1].odd = rows[i + VW / 2].hi;
        }
#pragma unroll
        for (int i = 0; i < VW; ++i) {
            rows[i] = next[i];
        }
    }
#pragma unroll
    for (int p = 0; p < VW; ++p) {
        STORE(rows[p], to + p * NR);
    }
}

/* panel[p][j] = op(b)[first + p][j], p < count, j < cols; the rest of a row of NR is zero. */
static inline void pack_panel(__global const float *restrict b, const ulong ld,
                              const uint transposed, const uint count, const uint cols,
                              __local float *restrict panel)
{
    uint p = 0;
    if (cols == NR && transposed) {
        for (; p + VW <= count; p += VW) {
#pragma unroll
            for (uint v = 0; v < NV; ++v) {
                transpose(b + v * VW * ld + p, ld, panel + p * NR + v * VW);
            }
        }
    } else if (cols == NR) {
        for (; p < count; ++p) {
#pragma unroll
            for (uint v = 0; v < NV; ++v) {
                STORE(LOAD(b + p * ld + v * VW), panel + p * NR + v * VW);
            }
        }
    }
    const size_t p_step = transposed ? 1 : ld;
    const size_t j_step = transposed ? ld : 1;
    for (; p < count; ++p) {
        for (uint j = 0; j < NR; ++j) {
            panel[p * NR + j] = j < cols ? b[p * p_step + j * j_step] : 0.0f;
        }
    }
}

/* sums = block of op(a) times the panel. */
static inline void multiply(__global const float *restrict a, __local const float *restrict panel,
                            const uint count, vec sums[MR][NV])
{
#pragma unroll
    for (int i = 0; i < MR; ++i) {
#pragma unroll
        for (int v = 0; v < NV; ++v) {
            sums[i][v] = 0.0f;
        }
    }
    for (uint p = 0; p < count; ++p) {
        vec row[NV];
#pragma unroll
        for (int v = 0; v < NV; ++v) {
            row[v] = LOAD(panel + p * NR + v * VW);
        }
#pragma unroll
        for (int i = 0; i < MR; ++i) {
            const vec factor = (vec)(a[p * MR + i]);
#pragma unroll
            for (int v = 0; v < NV; ++v) {
                sums[i][v] = fma(factor, row[v], sums[i][v]);
            }
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
    __global const float *bias;      /* of the strip */
    __global const float *reference; /* [m x n], of the strip */
    ulong reference_ld;
} epilogue;

static inline vec finish(vec value, const epilogue *last, const uint row, const uint col)
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

static inline float finish_one(float value, const epilogue *last, const uint row, const uint col)
{
    if (!last->wanted) {
        return value;
    }
    value = last->biased ? value + last->bias[col] : value;
    value = last->scale * (last->relu && value < 0.0f ? 0.0f : value);
    const bool passes = !last->derived || last->reference[row * last->reference_ld + col] > 0.0f;
    return passes ? value : 0.0f;
}

/* c = alpha * sums, or that added to c, for rows x cols of the block from row `first` on. */
static inline void store(vec sums[MR][NV], const float alpha, const bool add, const uint first,
                         const uint rows, const uint cols, const epilogue *last,
                         __global float *restrict c, const ulong ld)
{
#pragma unroll
    for (uint i = 0; i < MR; ++i) {
        if (i >= rows) {
            continue;
        }
        const uint row = first + i;
        __global float *to = c + row * ld;
        if (cols == NR) {
#pragma unroll
            for (int v = 0; v < NV; ++v) {
                const vec value = alpha * sums[i][v];
                STORE(finish(add ? LOAD(to + v * VW) + value : value, last, row, v * VW),
                      to + v * VW);
            }
        } else {
            float values[NR];
#pragma unroll
            for (int v = 0; v < NV; ++v) {
                STORE(alpha * sums[i][v], values + v * VW);
            }
            for (uint j = 0; j < cols; ++j) {
                to[j] = finish_one(add ? to[j] + values[j] : values[j], last, row, j);
            }
        }
    }
}

/* Dimension 0 strips, 1 stretches of `stretch` rows of c (a multiple of MR), 2 products of a batch.
 */
__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
ard_multiply(const uint m, const uint n, const uint k, const uint stretch, const float alpha,
             __global const float *restrict packed, __global const float *restrict b,
             const ulong b_offset, const ulong b_ld, const ulong b_stride, const uint b_transposed,
             __global float *restrict c, const ulong c_offset, const ulong c_ld,
             const ulong c_stride, const uint has_bias, __global const float *restrict bias,
             const ulong bias_offset, const uint relu, const uint has_reference,
             __global const float *restrict reference, const ulong reference_offset,
             const ulong reference_ld, const float scale)
{
    __local float panel[KC * NR];
    const uint col = (uint)get_global_id(0) * NR;
    const uint first_row = (uint)get_global_id(1) * stretch;
    const uint end_row = min(m, first_row + stretch);
    const uint product = (uint)get_global_id(2);
    const uint cols = min((uint)NR, n - col);
    const size_t blocks = (m + MR - 1) / MR;
    __global const float *a = packed + product * blocks * k * MR;
    b += b_offset + product * b_stride + col * (b_transposed ? b_ld : 1);
    c += c_offset + product * c_stride + col;
    epilogue last = {false,
                     has_bias,
                     relu,
                     has_reference,
                     scale,
                     bias + bias_offset + col,
                     reference + reference_offset + col,
                     reference_ld};
    for (uint first = 0; first < k; first += KC) {
        const uint count = min((uint)KC, k - first);
        last.wanted = first + count == k;
        pack_panel(b + first * (b_transposed ? 1 : b_ld), b_ld, b_transposed, count, cols, panel);
        for (uint row = first_row; row < end_row; row += MR) {
            vec sums[MR][NV];
            multiply(a + ((size_t)(row / MR) * k + first) * MR, panel, count, sums);
            store(sums, alpha, first > 0, row, min((uint)MR, end_row - row), cols, &last, c, c_ld);
        }
    }
}
