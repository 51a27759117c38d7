/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that share loops. They sleep between loops, unlike OpenMP's, which spin for a while and
 * would take processors from the threads of a CBLAS library and of an OpenCL device. */
#ifndef ARD_BENCH_CBLAS_POOL_H
#define ARD_BENCH_CBLAS_POOL_H

#include <stddef.h>

typedef struct cblas_pool cblas_pool;

/* The items [first, end) of a loop. */
typedef void cblas_loop(void *state, size_t first, size_t end);

/* `threads` >= 1 with the caller; fewer where the system starts no more. NULL without memory. */
cblas_pool *cblas_pool_create(size_t threads);
void cblas_pool_destroy(cblas_pool *pool);

/* Runs `loop` over items 0..count-1 and returns when all are done: each thread has one equal
 * stretch, of at least `grain` items. */
void cblas_pool_run(cblas_pool *pool, size_t count, size_t grain, cblas_loop *loop, void *state);

#endif
