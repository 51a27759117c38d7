/* SPDX-License-Identifier: Apache-2.0 */
/* How much device memory a step takes: each side in a context of its own. */
#ifndef ARD_BENCH_MEMORY_H
#define ARD_BENCH_MEMORY_H

#include "draws.h"
#include "outcome.h"

/* Makes the network of each side on the device `id`, trains it for a step of every draw, and fills
 * in the peaks of the results, of the baselines that are on the device. */
bench_outcome memory_run(const char *id, const draw_set *set, bench_result *results);

#endif
