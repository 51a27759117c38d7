/* SPDX-License-Identifier: Apache-2.0 */
/* How fast a device is, roughly, before it is asked for a whole sweep. */
#ifndef ARD_BENCH_PROBE_H
#define ARD_BENCH_PROBE_H

#include "measure.h"

/* Measures dense training steps, of a small network and, unless the device is very slow, of a
 * larger one; `*speed` gets floating point operations a millisecond. */
bench_outcome probe_speed(ard_context *context, uint64_t seed, double *speed);

#endif
