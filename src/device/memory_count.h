/* SPDX-License-Identifier: Apache-2.0 */
/* How much device memory the buffers of a context take.
 *
 * A buffer is counted until the driver has freed it, which can be after the context is gone: the
 * count lives for as long as either. */
#ifndef ARD_MEMORY_COUNT_H
#define ARD_MEMORY_COUNT_H

#include <stddef.h>

#include <ard/opencl.h>
#include <ard/status.h>

typedef struct ard__memory_count ard__memory_count;

/* OUT_OF_MEMORY. */
ard_status ard__memory_count_create(ard__memory_count **count);

/* The context's part ends. NULL is fine. */
void ard__memory_count_release(ard__memory_count *count);

/* Counts a buffer of so many bytes from now on. OPENCL. */
ard_status ard__memory_count_add(ard__memory_count *count, cl_mem buffer, size_t bytes);

size_t ard__memory_count_now(const ard__memory_count *count);
size_t ard__memory_count_peak(const ard__memory_count *count);

#endif
