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

/* A function with a vector among its arguments must not be called as one: PoCL's callers and
 * callees disagree about how it is passed, and results are NaN for some block sizes. Oclgrind wants
 * INLINE to be `static`: it cannot run what inlining leaves behind. */
#ifndef INLINE
#define INLINE static inline __attribute__((always_inline))
#endif

#define NONE 0xFFFFFFFFu

/* The columns of a matrix that a strip has. */
typedef struct strip {
    uint count;
    uint used;      /* vectors that have some of them */
    uint vectors;   /* the first so many have VW of them, side by side, */
    uint first[NV]; /* from these on */
    uint start;     /* without a list: the first */
    bool listed;
    __global const uint *list; /* of the strip */
} strip;

INLINE strip make_strip(const uint start, const uint count, const bool listed,
                        __global const uint *list)
{
    strip s = {.count = count,
               .used = (count + VW - 1) / VW,
               .vectors = 0,
               .start = start,
               .listed = listed,
               .list = list + start};
#pragma unroll
    for (uint v = 0; v < NV; ++v) {
        s.first[v] = start + v * VW;
        if (s.vectors == v && (v + 1) * VW <= count) {
            const uint first = listed ? s.list[v * VW] : s.first[v];
            const uint last = listed ? s.list[v * VW + VW - 1] : first + VW - 1;
            s.first[v] = first;
            s.vectors += last - first == VW - 1 ? 1 : 0;
        }
    }
    return s;
}

INLINE uint column_of(const strip *s, const uint j)
{
    return s->listed ? s->list[j] : s->start + j;
}

/* to[p][i] = from[i][p] of a square of VW elements a side. */
INLINE void transpose(__global const float *restrict from, const ulong ld,
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

/* The columns of a strip from column `j` on, one by one, for rows first..end-1. */
INLINE void pack_elements(__global const float *restrict b, const ulong ld, const uint transposed,
                          const uint first, const uint end, const strip *cols, uint j,
                          PANEL_SPACE float *restrict panel)
{
    const size_t p_step = transposed ? 1 : ld;
    const size_t j_step = transposed ? ld : 1;
    for (; j < cols->used * VW; ++j) {
        const bool there = j < cols->count;
        __global const float *from = b + (there ? column_of(cols, j) * j_step : 0);
        for (uint p = first; p < end; ++p) {
            panel[p * NR + j] = there ? from[p * p_step] : 0.0f;
        }
    }
}

/* panel[p][j] = op(b)[p][column j of the strip], p < count; the rest of a vector is zero, and there
 * is nothing in a vector that has no column. */
INLINE void pack_panel(__global const float *restrict b, const ulong ld, const uint transposed,
                       const uint count, const strip *cols, PANEL_SPACE float *restrict panel)
{
    const uint end = transposed ? count / VW * VW : count; /* of the rows in vectors */
    if (cols->vectors == NV && transposed) {
        for (uint p = 0; p < end; p += VW) {
#pragma unroll
            for (uint v = 0; v < NV; ++v) {
                transpose(b + cols->first[v] * ld + p, ld, panel + p * NR + v * VW);
            }
        }
    } else if (cols->vectors == NV) {
        for (uint p = 0; p < end; ++p) {
#pragma unroll
            for (uint v = 0; v < NV; ++v) {
                STORE(LOAD(b + p * ld + cols->first[v]), panel + p * NR + v * VW);
            }
        }
    } else {
        for (uint v = 0; v < cols->vectors; ++v) {
            for (uint p = 0; p < end; p += transposed ? VW : 1) {
                if (transposed) {
                    transpose(b + cols->first[v] * ld + p, ld, panel + p * NR + v * VW);
                } else {
                    STORE(LOAD(b + p * ld + cols->first[v]), panel + p * NR + v * VW);
                }
            }
        }
        pack_elements(b, ld, transposed, 0, end, cols, cols->vectors * VW, panel);
    }
    pack_elements(b, ld, transposed, end, count, cols, 0, panel);
}
