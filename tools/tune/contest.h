/* SPDX-License-Identifier: Apache-2.0 */
/* Two contenders over all shapes in turn, so that a clock that drifts meets both. */
#ifndef ARD_TUNE_CONTEST_H
#define ARD_TUNE_CONTEST_H

#include "arena.h"
#include "times.h"

typedef struct contender {
    ard_tuning tuning;
    ard_engine engine;
    ard_context *context; /* NULL until it is used */
} contender;

void contender_init(const ard_tuning *tuning, ard_engine engine, contender *contender);
void contender_free(contender *contender);

/* Makes the contender's context, unless it is there, and its parameters those in force. */
ard_status contender_ready(const tune_arena *arena, contender *contender);

enum { CONTEST_REPEATS = 5, CONTEST_FINAL_REPEATS = 9, CONTEST_MAX_REPEATS = 9 };

typedef struct contest {
    tune_arena *arena;
    const tune_shapes *shapes;
    uint32_t repeats;
    bool early_end;          /* after a repeat in which the first contender is clearly slower */
    const char *note;        /* of the progress line */
    const contender *failed; /* the one that a call failed for */
} contest;

/* Runs the contest: an unmeasured pass of each, then the repeats. Times of both; NO_MEMORY, FAILED
 * (see `failed`), INTERRUPTED. */
bench_outcome contest_run(contest *contest, contender *first, contender *second,
                          contest_times *first_times, contest_times *second_times);

/* One contender alone. */
bench_outcome contest_solo(contest *contest, contender *contender, contest_times *times);

#endif
