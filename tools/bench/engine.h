/* SPDX-License-Identifier: Apache-2.0 */
/* A context that multiplies with the engine that a case asks for. */
#ifndef ARD_BENCH_ENGINE_H
#define ARD_BENCH_ENGINE_H

#include <ard/context.h>

#include "case.h"

/* A context on the device `id`, its queue profiled or not. For an engine that was asked for it has
 * the device's tuning, but that engine for all products. Statuses of ard_context_create(). */
ard_status engine_context(const char *id, bench_engine engine, bool profiling,
                          ard_context **context);

#endif
