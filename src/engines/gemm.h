/* SPDX-License-Identifier: Apache-2.0 */
/* The multiplication that the layers use, whichever engine does it. */
#ifndef ARD_GEMM_H
#define ARD_GEMM_H

#include <stdbool.h>
#include <stddef.h>

#include <ard/context.h>
#include <ard/matrix.h>

/* One product c [m x n] = op(a) op(b), all row-major: op(a) is [m x k] and op(b) is [k x n], a
 * matrix that is transposed is stored the other way round. c is only written. */
typedef struct ard__gemm {
    size_t m;
    size_t n;
    size_t k;
    bool a_transposed;
    bool b_transposed;
    ard_matrix a;
    ard_matrix b;
    ard_matrix c;
} ard__gemm;

/* Enqueues the product. Sizes are at least 1 and were checked by the caller. CLBLAST,
 * DEVICE_OUT_OF_MEMORY. */
ard_status ard__gemm_run(ard_context *context, const ard__gemm *gemm);

/* Makes the engine's workspace large enough for the product, so that running it allocates nothing.
 */
ard_status ard__gemm_reserve(ard_context *context, const ard__gemm *gemm);

#endif
