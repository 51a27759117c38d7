/* SPDX-License-Identifier: Apache-2.0 */
#include "judge.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>

#include "verify.h"

static void append(char key[JOURNAL_KEY], size_t *length, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int added = vsnprintf(key + *length, JOURNAL_KEY - *length, format, arguments);
    va_end(arguments);
    *length += added > 0 ? (size_t)added : 0;
    *length = *length < JOURNAL_KEY ? *length : JOURNAL_KEY - 1;
}

void judge_key(const ard_tuning *tuning, ard_engine engine, char key[JOURNAL_KEY])
{
    size_t length = 0;
    if (engine == ARD_ENGINE_PACKED) {
        const ard_packed_parameters *packed = &tuning->packed;
        append(key, &length,
               "packed vector_width=%" PRIu32 " vectors=%" PRIu32 " rows=%" PRIu32
               " depth=%" PRIu32,
               packed->vector_width, packed->vectors, packed->rows, packed->depth);
        return;
    }
    append(key, &length, "clblast");
    for (size_t i = 0; i < tuning->clblast_count; i++) {
        const ard_clblast_kernel *kernel = &tuning->clblast[i];
        append(key, &length, " %s", kernel->name);
        for (size_t p = 0; p < kernel->count; p++) {
            append(key, &length, "%s%s=%zu", p == 0 ? ":" : ",", kernel->parameters[p],
                   kernel->values[p]);
        }
    }
}

static void write_note(judge *judge)
{
    const judge_counts *counts = &judge->counts;
    snprintf(judge->note, sizeof judge->note, "%s #%zu, best %.2fx",
             judge->engine == ARD_ENGINE_PACKED ? "packed" : "clblast",
             counts->measured + counts->wrong + counts->failed + counts->crashed + 1,
             1 / judge->best_score);
}

void judge_init(tune_arena *arena, const tune_shapes *shapes, journal *journal, ard_engine engine,
                const ard_tuning *tuning, judge *judge)
{
    *judge = (struct judge){.arena = arena,
                            .shapes = shapes,
                            .journal = journal,
                            .engine = engine,
                            .score = 1,
                            .best = *tuning,
                            .best_score = 1};
    contender_init(tuning, engine, &judge->incumbent);
    write_note(judge);
}

void judge_free(judge *judge)
{
    contender_free(&judge->incumbent);
}

/* Counts a candidate, once a run. */
static void count(judge *judge, journal_entry *entry)
{
    const journal_state state = entry->state;
    if (entry->counted) {
        return;
    }
    entry->counted = true;
    judge->counts.crashed += state == JOURNAL_BEGUN ? 1 : 0;
    judge->counts.measured += state == JOURNAL_MEASURED ? 1 : 0;
    judge->counts.wrong += state == JOURNAL_WRONG ? 1 : 0;
    judge->counts.failed += state == JOURNAL_FAILED ? 1 : 0;
}

/* A candidate of which `state` and `score` are known takes the incumbent's place, or not. */
static void decide(judge *judge, const ard_tuning *candidate, bool enters, journal_state state,
                   double score)
{
    if (state == JOURNAL_MEASURED && (enters || score < judge->score * (1 - JUDGE_MARGIN))) {
        contender_free(&judge->incumbent);
        contender_init(candidate, judge->engine, &judge->incumbent);
        judge->score = score;
    }
    if (state == JOURNAL_MEASURED && score < judge->best_score * (1 - JUDGE_MARGIN)) {
        judge->best = *candidate;
        judge->best_score = score;
    }
    write_note(judge);
}

static contest contest_of(judge *judge)
{
    return (contest){.arena = judge->arena,
                     .shapes = judge->shapes,
                     .repeats = CONTEST_REPEATS,
                     .early_end = true,
                     .note = judge->note};
}

/* Time relative to the incumbent's. The luckiest of many candidates always looks fast, so one that
 * wins is timed again, and the second time counts. FAILED with `*incumbent` set when that is what
 * failed. */
static bench_outcome time_alternately(judge *judge, contender *candidate, double *ratio,
                                      bool *incumbent)
{
    contest contest = contest_of(judge);
    contest_times times;
    contest_times base;
    bench_outcome outcome = contest_run(&contest, candidate, &judge->incumbent, &times, &base);
    if (outcome == BENCH_DONE) {
        *ratio = contest_ratio(judge->shapes, &times, &base);
    }
    if (outcome == BENCH_DONE && *ratio < 1 - JUDGE_MARGIN) {
        contest.repeats = CONTEST_FINAL_REPEATS;
        contest.early_end = false;
        outcome = contest_run(&contest, candidate, &judge->incumbent, &times, &base);
    }
    if (outcome == BENCH_DONE) {
        *ratio = contest_ratio(judge->shapes, &times, &base);
    }
    *incumbent = contest.failed == &judge->incumbent;
    return outcome;
}

static bench_outcome verify(judge *judge, contender *candidate, double *excess)
{
    const bench_outcome outcome = measure_outcome(contender_ready(judge->arena, candidate));
    return outcome == BENCH_DONE
               ? verify_context(judge->arena, candidate->context, judge->shapes, excess)
               : outcome;
}

/* Verifies and times. DONE with state and score; otherwise the search must end. */
static bench_outcome examine(judge *judge, contender *candidate, bool enters, journal_state *state,
                             double *score)
{
    contest contest = contest_of(judge);
    contest_times times;
    contest_times base;
    double excess = 0;
    double ratio = 1;
    bool incumbent = false;
    *state = JOURNAL_FAILED;
    *score = HUGE_VAL;
    bench_outcome outcome = enters ? contest_solo(&contest, &judge->incumbent, &base) : BENCH_DONE;
    if (outcome != BENCH_DONE) {
        return outcome;
    }
    outcome = verify(judge, candidate, &excess);
    if (outcome == BENCH_DONE && !(excess <= 1)) {
        *state = JOURNAL_WRONG;
        return BENCH_DONE;
    }
    if (outcome == BENCH_DONE && enters) {
        outcome = contest_solo(&contest, candidate, &times);
        ratio = outcome == BENCH_DONE ? contest_ratio(judge->shapes, &times, &base) : 1;
    } else if (outcome == BENCH_DONE) {
        outcome = time_alternately(judge, candidate, &ratio, &incumbent);
    }
    if (outcome == BENCH_DONE) {
        *state = JOURNAL_MEASURED;
        *score = judge->score * ratio;
    }
    /* A candidate that fails is rejected; nothing goes on without the incumbent. */
    return outcome == BENCH_FAILED && !incumbent ? BENCH_DONE : outcome;
}

bench_outcome judge_try(judge *judge, const ard_tuning *candidate, bool enters, double *score)
{
    char key[JOURNAL_KEY];
    journal_state state = JOURNAL_FAILED;
    contender contender;
    judge_key(candidate, judge->engine, key);
    journal_entry *known = journal_find(judge->journal, key);
    if (known != NULL) {
        count(judge, known);
        *score = known->score;
        decide(judge, candidate, enters, known->state, known->score);
        return BENCH_DONE;
    }
    if (!journal_begin(judge->journal, key)) {
        return BENCH_NO_MEMORY;
    }
    contender_init(candidate, judge->engine, &contender);
    const bench_outcome outcome = examine(judge, &contender, enters, &state, score);
    contender_free(&contender);
    if (outcome != BENCH_DONE) {
        (void)journal_forget(judge->journal, key);
        return outcome;
    }
    if (!journal_end(judge->journal, key, state, *score)) {
        return BENCH_NO_MEMORY;
    }
    count(judge, journal_find(judge->journal, key));
    decide(judge, candidate, enters, state, *score);
    return BENCH_DONE;
}
