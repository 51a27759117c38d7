/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernels that multiply by panels share: vectors, and packing NR columns of op(b) into a
 * panel [k][NR]. Goes in front of packed.cl and panels.cl.
 *
 * VW, the width of a vector (4, 8, 16); NV vectors in the NR columns of a strip; PANEL_SPACE, the
 * address space of panels. */
#ifndef PANEL_SPACE
#define PANEL_SPACE __local
#endif

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
typedef JOIN(float, VW) vec;
#define LOAD(from) JOIN(vload, VW)(0, from)
#define STORE(value, to) JOIN(vstore, VW)(value, 0, to)
#define NR (NV * VW)

#define NONE 0xFFFFFFFFu

/* The columns of a matrix that a strip has. */
typedef struct strip {
    uint count;
    bool whole;     /* NR of them, side by side in each vector, */
    uint first[NV]; /* the vectors from these on */
    uint start;     /* without a list: the first */
    bool listed;
    __global const uint *list; /* of the strip */
} strip;

static inline strip make_strip(const uint start, const uint count, const bool listed,
                               __global const uint *list)
{
    strip s = {.count = count,
               .whole = count == NR,
               .start = start,
               .listed = listed,
               .list = list + start};
#pragma unroll
    for (uint v = 0; v < NV; ++v) {
        s.first[v] = start + v * VW;
        if (listed && s.whole) {
            s.first[v] = s.list[v * VW];
            s.whole = s.list[v * VW + VW - 1] - s.first[v] == VW - 1;
        }
    }
    return s;
}

static inline uint column_of(const strip *s, const uint j)
{
    return s->listed ? s->list[j] : s->start + j;
}

/* to[p][i] = from[i][p] of a square of VW elements a side. */
static inline void transpose(__global const float *restrict from, const ulong ld,
                             PANEL_SPACE float *restrict to)
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

/* panel[p][j] = op(b)[p][column j of the strip], p < count; the rest of a row of NR is zero. */
static inline void pack_panel(__global const float *restrict b, const ulong ld,
                              const uint transposed, const uint count, const strip *cols,
                              PANEL_SPACE float *restrict panel)
{
    uint p = 0;
    if (cols->whole && transposed) {
        for (; p + VW <= count; p += VW) {
#pragma unroll
            for (uint v = 0; v < NV; ++v) {
                transpose(b + cols->first[v] * ld + p, ld, panel + p * NR + v * VW);
            }
        }
    } else if (cols->whole) {
        for (; p < count; ++p) {
#pragma unroll
            for (uint v = 0; v < NV; ++v) {
                STORE(LOAD(b + p * ld + cols->first[v]), panel + p * NR + v * VW);
            }
        }
    }
    const size_t p_step = transposed ? 1 : ld;
    const size_t j_step = transposed ? ld : 1;
    for (; p < count; ++p) {
        for (uint j = 0; j < NR; ++j) {
            panel[p * NR + j] =
                j < cols->count ? b[p * p_step + column_of(cols, j) * j_step] : 0.0f;
        }
    }
}
