/* SPDX-License-Identifier: Apache-2.0 */
#include "contest.h"

#include <math.h>
#include <stdlib.h>

#include "timing.h"

/* Small products are run several times in a row, until so much is computed. */
static const double FLOPS_A_TURN = 2e7;
enum { MOST_IN_A_ROW = 64 };

/* A contender this much slower in a repeat is not measured further. */
static const double CLEARLY_SLOWER = 1.3;

enum { FIRST, SECOND, SIDES };

/* Times of one side, [shape][repeat]. */
typedef struct series {
    double times[TUNE_MAX_SHAPES][CONTEST_MAX_REPEATS];
} series;

void contender_init(const ard_tuning *tuning, ard_engine engine, contender *contender)
{
    contender->tuning = *tuning;
    contender->engine = engine;
    contender->context = NULL;
}

void contender_free(contender *contender)
{
    ard_context_destroy(contender->context);
    contender->context = NULL;
}

ard_status contender_ready(const tune_arena *arena, contender *contender)
{
    ard_context *latest = NULL;
    if (contender->context == NULL) {
        return arena_context(arena, &contender->tuning, contender->engine, &contender->context);
    }
    if (contender->engine == ARD_ENGINE_PACKED) {
        return ARD_STATUS_SUCCESS;
    }
    /* CLBlast's parameters are those of the context that was made last. */
    const ard_status status = arena_context(arena, &contender->tuning, contender->engine, &latest);
    ard_context_destroy(latest);
    return status;
}

static uint32_t turns_of(const tune_shape *shape)
{
    const double turns = ceil(FLOPS_A_TURN / shape_flops(shape));
    return turns > MOST_IN_A_ROW ? MOST_IN_A_ROW : (uint32_t)turns;
}

static ard_status time_shape(const contest *contest, ard_context *context, const tune_shape *shape,
                             uint32_t turns, double *milliseconds)
{
    ard_status status = ARD_STATUS_SUCCESS;
    const double start = timing_now();
    for (uint32_t i = 0; i < turns && status == ARD_STATUS_SUCCESS; i++) {
        status = arena_run(contest->arena, context, shape);
    }
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_context_finish(context);
    }
    *milliseconds = (timing_now() - start) / turns;
    return status;
}

/* One pass over all shapes; `series` NULL: unmeasured. */
static bench_outcome run_pass(contest *contest, contender *contender, series *series,
                              uint32_t repeat)
{
    bench_outcome outcome = measure_outcome(contender_ready(contest->arena, contender));
    for (size_t i = 0; i < contest->shapes->count && outcome == BENCH_DONE; i++) {
        const tune_shape *shape = &contest->shapes->list[i];
        double unmeasured = 0;
        double *milliseconds = series != NULL ? &series->times[i][repeat] : &unmeasured;
        outcome = measure_outcome(time_shape(contest, contender->context, shape,
                                             series != NULL ? turns_of(shape) : 1, milliseconds));
        arena_tick(contest->arena, contest->note);
    }
    if (outcome == BENCH_FAILED) {
        contest->failed = contender;
    }
    return outcome;
}

/* The medians of the first `repeats`; the series are sorted. */
static void take_medians(const tune_shapes *shapes, series *series, uint32_t repeats,
                         contest_times *times)
{
    for (size_t i = 0; i < shapes->count; i++) {
        times->milliseconds[i] = timing_summarise(series->times[i], repeats).median;
    }
}

static bench_outcome run_alone(contest *contest, contender *contender, series *series)
{
    bench_outcome outcome = run_pass(contest, contender, NULL, 0);
    for (uint32_t repeat = 0; repeat < contest->repeats && outcome == BENCH_DONE; repeat++) {
        outcome = run_pass(contest, contender, series, repeat);
    }
    return outcome;
}

/* Whether the first one is clearly slower in a repeat. */
static bool is_hopeless(const contest *contest, const series *first, const series *second,
                        uint32_t repeat)
{
    double sum = 0;
    for (size_t i = 0; i < contest->shapes->count; i++) {
        sum += log(first->times[i][repeat] / second->times[i][repeat]);
    }
    return sum / (double)contest->shapes->count > log(CLEARLY_SLOWER);
}

/* The repeats done go to `*repeats`. */
static bench_outcome run_alternating(contest *contest, contender *const sides[SIDES],
                                     series *series, uint32_t *repeats)
{
    bench_outcome outcome = run_pass(contest, sides[SECOND], NULL, 0);
    if (outcome == BENCH_DONE) {
        outcome = run_pass(contest, sides[FIRST], NULL, 0);
    }
    bool over = false;
    for (*repeats = 0; *repeats < contest->repeats && outcome == BENCH_DONE && !over;) {
        /* Whoever began a repeat comes last in the next one. */
        const size_t begins = *repeats % SIDES;
        for (size_t i = 0; i < SIDES && outcome == BENCH_DONE; i++) {
            const size_t side = (begins + i) % SIDES;
            outcome = run_pass(contest, sides[side], &series[side], *repeats);
        }
        over = outcome == BENCH_DONE && contest->early_end &&
               is_hopeless(contest, &series[FIRST], &series[SECOND], *repeats);
        *repeats += 1;
    }
    return outcome;
}

bench_outcome contest_run(contest *contest, contender *first, contender *second,
                          contest_times *first_times, contest_times *second_times)
{
    contender *const sides[SIDES] = {first, second};
    series *series = calloc(SIDES, sizeof *series);
    uint32_t repeats = 0;
    contest->failed = NULL;
    if (series == NULL) {
        return BENCH_NO_MEMORY;
    }
    const bench_outcome outcome = run_alternating(contest, sides, series, &repeats);
    if (outcome == BENCH_DONE) {
        take_medians(contest->shapes, &series[FIRST], repeats, first_times);
        take_medians(contest->shapes, &series[SECOND], repeats, second_times);
    }
    free(series);
    return outcome;
}

bench_outcome contest_solo(contest *contest, contender *contender, contest_times *times)
{
    series *series = calloc(1, sizeof *series);
    contest->failed = NULL;
    if (series == NULL) {
        return BENCH_NO_MEMORY;
    }
    const bench_outcome outcome = run_alone(contest, contender, series);
    if (outcome == BENCH_DONE) {
        take_medians(contest->shapes, series, contest->repeats, times);
    }
    free(series);
    return outcome;
}
