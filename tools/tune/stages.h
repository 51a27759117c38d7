/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a run, each of which fills in its part of the result. */
#ifndef ARD_TUNE_STAGES_H
#define ARD_TUNE_STAGES_H

#include "result.h"

/* Searches libard's own parameters until `deadline`, by timing_now(). */
bench_outcome stage_packed(tune_arena *arena, journal *journal, double deadline,
                           tune_result *result);

/* Times CLBlast with its own parameters, then as shipped. Must come before anything overrides its
 * parameters. */
bench_outcome stage_clblast_before(tune_arena *arena, tune_result *result);

/* Searches CLBlast's parameters, and whether it should get equal products in one call. */
bench_outcome stage_clblast(tune_arena *arena, journal *journal, double deadline,
                            tune_result *result);

/* Times both engines as found, alternately, and chooses. */
bench_outcome stage_engines(tune_arena *arena, tune_result *result);

#endif
