/* SPDX-License-Identifier: Apache-2.0 */
/* The multiplication that the layers use, whichever engine does it. */
#ifndef ARD_GEMM_H
#define ARD_GEMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/context.h>
#include <ard/matrix.h>
#include <ard/tuning.h>

#include "device/context_internal.h"
#include "device/profile_internal.h"

/* What becomes of an element before it is stored: scale * activation'(reference) * activation(. +
 * bias). */
typedef struct ard__epilogue {
    ard_matrix bias; /* [1 x n]; no buffer: none */
    bool relu;
    ard_matrix derivative_of; /* [m x n]: 0 unless the element of it is above 0; no buffer: all */
    float scale;
} ard__epilogue;

/* One product c [m x n] = alpha op(a) op(b), all row-major: op(a) is [m x k] and op(b) is [k x n],
 * a matrix that is transposed is stored the other way round. c is only written. */
typedef struct ard__gemm {
    size_t m;
    size_t n;
    size_t k;
    bool a_transposed;
    bool b_transposed;
    float alpha;
    ard_matrix a;
    ard_matrix b;
    ard_matrix c;
    const ard__epilogue *epilogue; /* NULL: c as it is */
    bool b_prepared;               /* b is what ard__gemm_prepare() made of it */
} ard__gemm;

/* Enqueues the product, by the engine that ARD_ENGINE or else the tuning says. Sizes are at least 1
 * and were checked by the caller. CLBLAST, DEVICE_OUT_OF_MEMORY. */
ard_status ard__gemm_run(ard_context *context, const ard__gemm *gemm);

/* For products that share their b, an untransposed a and no epilogue between them: brings op(b)
 * into the form that the engine which serves the product takes it in, once for all of them. The
 * copy, if the engine wants one, is in `room`; the gemm is changed to refer to it. */
ard_status ard__gemm_prepare(ard_context *context, ard__gemm *gemm, ard__scratch *room);

/* Makes `room` large enough to prepare op(b) [k x n]. */
ard_status ard__gemm_prepare_reserve(ard_context *context, size_t n, size_t k, ard__scratch *room);

/* Which columns of a matrix, as it is stored, the products of a batch take: column j of product q's
 * matrix is column list[at + q * stride + j] of the whole one, for j < sizes[q]. What is behind the
 * last one is padding and is not read. The entries of a product increase. */
typedef struct ard__columns {
    cl_mem buffer;    /* of 32-bit numbers, with three parts: */
    size_t at;        /* the list [count x stride], */
    size_t sizes_at;  /* the sizes [count], each at most `stride`, */
    size_t places_at; /* and, of c, the inverse [width]: the entry q * stride + j, or NONE */
    size_t stride;    /* 0: no list */
    size_t width;     /* columns of the whole matrix */
    bool runs;        /* the entries mostly count up by 1 for the width of the device's vectors */
    const uint32_t *sizes; /* the sizes on the host */
} ard__columns;

/* `count` products of one shape; those of product i begin i * stride elements further on.
 *
 * A matrix may take its columns by a list instead, and then `first` has the whole matrix: a (the k,
 * or the m where a is transposed), and b (the n; not transposed) or c (the n). Products then have
 * the sizes of their columns, and m, n and k of `first` are the lists' strides. A product may be
 * empty, and its sums too: those are 0. Two products share no column of c, and the columns of c in
 * no list become 0. An epilogue is for the columns of the whole c: without a list of c, count is 1
 * then, and where it has a bias, every column is in a list. */
typedef struct ard__gemm_batch {
    ard__gemm first;
    size_t count;
    size_t a_stride; /* of no meaning for a matrix with a list */
    size_t b_stride;
    size_t c_stride; /* > 0 */
    ard__columns a_columns;
    ard__columns b_columns;
    ard__columns c_columns;
} ard__gemm_batch;

/* Product `index` of a batch by itself, with its sizes. A matrix with a list stays whole. */
ard__gemm ard__gemm_batch_product(const ard__gemm_batch *batch, size_t index);

/* Whether some matrix takes its columns by a list. */
bool ard__gemm_has_columns(const ard__gemm_batch *batch);

/* What they all compute and move, for profiles. */
ard__work ard__gemm_work(const ard__gemm_batch *batch);

/* Enqueues them all, in one call of the engine where the tuning says that this is faster. */
ard_status ard__gemm_run_batch(ard_context *context, const ard__gemm_batch *batch);

/* The epilogue of c [rows x cols] by itself, after the product. */
ard_status ard__epilogue_run(ard_context *context, size_t rows, size_t cols,
                             const ard__epilogue *epilogue, const ard_matrix *c);

/* diff_pre = scale * activation'(.) * diff_dst, all [rows x cols], where `dst` is what the
 * activation gave: 0 unless that is above 0 after a ReLU, and everything after an identity.
 * diff_pre may be diff_dst. */
ard_status ard__differentiate(ard_context *context, size_t rows, size_t cols, bool relu,
                              float scale, const ard_matrix *dst, const ard_matrix *diff_dst,
                              const ard_matrix *diff_pre);

/* What multiplies. */
typedef struct ard__engine {
    const char *name;
    ard_status (*run)(ard_context *context, const ard__gemm_batch *batch);
    ard_status (*reserve)(ard_context *context, const ard__gemm_batch *batch); /* NULL: nothing */
    bool takes_columns; /* else lists are resolved before (grouped.h) */
} ard__engine;

/* The engine of a name, "clblast", "packed" or "reference"; NULL for others. */
const ard__engine *ard__gemm_engine(const char *name);

/* Whether some product of the context goes to the engine. */
bool ard__gemm_may_run(const ard_context *context, ard_engine engine);

/* Makes the workspace large enough for the products, so that running them allocates nothing; of
 * lists only the strides matter. It is that of every engine that may run: callers reserve for the
 * largest sizes, and smaller ones may go to another engine. */
ard_status ard__gemm_reserve(ard_context *context, const ard__gemm_batch *batch);

#endif
