/* SPDX-License-Identifier: Apache-2.0 */
/* Judges candidates of one engine: correct ones are timed against the incumbent, the best one so
 * far, whose place they take when they are faster. */
#ifndef ARD_TUNE_JUDGE_H
#define ARD_TUNE_JUDGE_H

#include "contest.h"
#include "journal.h"

typedef struct judge_counts {
    size_t measured;
    size_t wrong;
    size_t failed;  /* did not build or run */
    size_t crashed; /* ended an earlier run */
} judge_counts;

typedef struct judge {
    tune_arena *arena;
    const tune_shapes *shapes;
    journal *journal;
    ard_engine engine;
    contender incumbent;
    double score;    /* the incumbent's: time relative to where the search began */
    ard_tuning best; /* of the lowest score; the incumbent's, unless kernels of CLBlast were added
                        that can only be slower than its own parameters */
    double best_score;
    judge_counts counts;
    char note[96]; /* of the progress line */
} judge;

/* A share by which a candidate must be faster than the incumbent. */
#define JUDGE_MARGIN 0.01

/* `tuning` is the first incumbent, with score 1. */
void judge_init(tune_arena *arena, const tune_shapes *shapes, journal *journal, ard_engine engine,
                const ard_tuning *tuning, judge *judge);
void judge_free(judge *judge);

/* The score of a candidate, infinite when it is rejected. `enters`: it has parameters that the
 * incumbent leaves to CLBlast, which cannot be taken back, so it becomes the incumbent if it is
 * correct, however fast. NO_MEMORY (also: the journal cannot be written), FAILED (the incumbent),
 * INTERRUPTED. */
bench_outcome judge_try(judge *judge, const ard_tuning *candidate, bool enters, double *score);

/* All parameters of an engine as a text. */
void judge_key(const ard_tuning *tuning, ard_engine engine, char key[JOURNAL_KEY]);

#endif
