/* SPDX-License-Identifier: Apache-2.0 */
/* The packed engine's products that share their matrix b (cl/panels.cl). */
#ifndef ARD_PANELS_H
#define ARD_PANELS_H

#include "engines/gemm.h"

/* Bytes that op(b) [k x n] takes in panels. */
size_t ard__panels_bytes(const ard_context *context, size_t n, size_t k);

/* Packs the gemm's op(b) into the buffer. */
ard_status ard__panels_pack(ard_context *context, const ard__gemm *gemm, cl_mem panels);

/* The product of a gemm whose b is panels: a is not transposed and there is no epilogue. */
ard_status ard__panels_multiply(ard_context *context, const ard__gemm *gemm);

#endif
