/* SPDX-License-Identifier: Apache-2.0 */
/* Products that share their matrix b: c [m x n] = alpha * a op(b), with few rows each, such as the
 * recurrent products of the time steps of a window. Needs panel.cl in front.
 *
 * op(b) [k x n] is packed once, into strips of NR columns: [strip][k][NR], zero behind the last
 * column. A product then reads nothing but packed strips and the rows of a as they are: up to
 * MOST_ROWS of them, each a stream of its own, with their sums in registers.
 *
 * Parameters: VW and NV as in panel.cl; KC rows of a panel are packed at a time; MOST_ROWS * NV
 * sums and NV operands should fit the device's vector registers. */

#if VW == 16
#define MOST_ROWS 10
#else
#define MOST_ROWS 6
#endif

/* A panel is read from the first row to the last, through memory that is larger than the nearer
 * caches. What fetches ahead of such a stream by itself stops where a page of memory ends, every 16
 * to 32 rows. Clang has the function for every target, but what translates it to SPIR-V, as for
 * Mesa's devices, ends the process; there it is no x86 that Clang compiles for. */
#if VW == 16 && defined(__has_builtin) && defined(__x86_64__)
#if __has_builtin(__builtin_prefetch)
#define ROWS_AHEAD 32
#define FETCH_AHEAD(row)                                                                           \
    _Pragma("unroll") for (int v = 0; v < NV; ++v)                                                 \
    {                                                                                              \
        __builtin_prefetch((row) + ROWS_AHEAD * NR + v * VW);                                      \
    }
#endif
#endif
#ifndef FETCH_AHEAD
#define FETCH_AHEAD(row)
#endif

/* Dimension 0 strips, 1 stretches of KC rows. */
__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
ard_pack_panels(const uint n, const uint k, __global const float *restrict b, const ulong b_offset,
                const ulong b_ld, const uint b_transposed, __global float *restrict panels)
{
    const uint col = (uint)get_global_id(0) * NR;
    const uint first = (uint)get_global_id(1) * KC;
    if (col >= n || first >= k) {
        return;
    }
    const uint count = min((uint)KC, k - first);
    const strip from = make_strip(col, min((uint)NR, n - col), false, (__global const uint *)b);
    __global float *to = panels + (size_t)col * k + first * NR;
    pack_panel(b + b_offset + first * (b_transposed ? 1 : b_ld), b_ld, b_transposed, count, &from,
               to);
    for (uint p = 0; p < count; ++p) {
        for (uint v = from.used; v < NV; ++v) {
            STORE((vec)(0.0f), to + p * NR + v * VW);
        }
    }
}

/* A part of c: `rows` rows of NR columns, of which `cols` are stored. */
typedef struct target {
    uint cols;
    float alpha;
    __global float *c;
    ulong ld;
} target;

INLINE void store_row(const vec sums[NV], const target *to, const uint row)
{
    __global float *at = to->c + row * to->ld;
    if (to->cols == NR) {
#pragma unroll
        for (int v = 0; v < NV; ++v) {
            STORE(to->alpha * sums[v], at + v * VW);
        }
        return;
    }
    float values[NR];
#pragma unroll
    for (int v = 0; v < NV; ++v) {
        STORE(to->alpha * sums[v], values + v * VW);
    }
    for (uint j = 0; j < to->cols; ++j) {
        at[j] = values[j];
    }
}

/* multiply_R: R rows of c from R rows of a. */
#define MULTIPLY(R)                                                                                \
    INLINE void multiply_##R(__global const float *restrict a, const ulong ld,                     \
                             __global const float *restrict panel, const uint k, const target *to) \
    {                                                                                              \
        vec sums[R][NV];                                                                           \
        _Pragma("unroll") for (int i = 0; i < R; ++i)                                              \
        {                                                                                          \
            _Pragma("unroll") for (int v = 0; v < NV; ++v)                                         \
            {                                                                                      \
                sums[i][v] = 0.0f;                                                                 \
            }                                                                                      \
        }                                                                                          \
        for (uint p = 0; p < k; ++p) {                                                             \
            vec row[NV];                                                                           \
            FETCH_AHEAD(panel + (size_t)p * NR)                                                    \
            _Pragma("unroll") for (int v = 0; v < NV; ++v)                                         \
            {                                                                                      \
                row[v] = LOAD(panel + (size_t)p * NR + v * VW);                                    \
            }                                                                                      \
            _Pragma("unroll") for (int i = 0; i < R; ++i)                                          \
            {                                                                                      \
                const vec factor = (vec)(a[i * ld + p]);                                           \
                _Pragma("unroll") for (int v = 0; v < NV; ++v)                                     \
                {                                                                                  \
                    sums[i][v] = fma(factor, row[v], sums[i][v]);                                  \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
        _Pragma("unroll") for (int i = 0; i < R; ++i)                                              \
        {                                                                                          \
            store_row(sums[i], to, i);                                                             \
        }                                                                                          \
    }

MULTIPLY(1)
MULTIPLY(2)
MULTIPLY(3)
MULTIPLY(4)
MULTIPLY(5)
MULTIPLY(6)
#if MOST_ROWS > 6
MULTIPLY(7)
MULTIPLY(8)
MULTIPLY(9)
MULTIPLY(10)
#endif

/* The rows are cut into as few blocks as MOST_ROWS allows, and those are as equal as can be.
 * Dimension 0: strips. */
__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
ard_multiply_panels(const uint m, const uint n, const uint k, const float alpha,
                    __global const float *restrict a, const ulong a_offset, const ulong a_ld,
                    __global const float *restrict panels, __global float *restrict c,
                    const ulong c_offset, const ulong c_ld)
{
    const uint col = (uint)get_global_id(0) * NR;
    if (col >= n) {
        return;
    }
    __global const float *panel = panels + (size_t)col * k;
    const uint blocks = (m + MOST_ROWS - 1) / MOST_ROWS;
    uint row = 0;
    for (uint left = blocks; left > 0; --left) {
        const uint rows = (m - row + left - 1) / left;
        __global const float *from = a + a_offset + row * a_ld;
        const target to = {min((uint)NR, n - col), alpha, c + c_offset + row * c_ld + col, c_ld};
        switch (rows) {
        case 1:
            multiply_1(from, a_ld, panel, k, &to);
            break;
        case 2:
            multiply_2(from, a_ld, panel, k, &to);
            break;
        case 3:
            multiply_3(from, a_ld, panel, k, &to);
            break;
        case 4:
            multiply_4(from, a_ld, panel, k, &to);
            break;
        case 5:
            multiply_5(from, a_ld, panel, k, &to);
            break;
        case 6:
            multiply_6(from, a_ld, panel, k, &to);
            break;
#if MOST_ROWS > 6
        case 7:
            multiply_7(from, a_ld, panel, k, &to);
            break;
        case 8:
            multiply_8(from, a_ld, panel, k, &to);
            break;
        case 9:
            multiply_9(from, a_ld, panel, k, &to);
            break;
        case 10:
            multiply_10(from, a_ld, panel, k, &to);
            break;
#endif
        }
        row += rows;
    }
}
