/* SPDX-License-Identifier: Apache-2.0 */
#include "stages.h"

#include <math.h>
#include <string.h>

#include "search.h"
#include "verify.h"

static const char checking[] = "checking what was found";

static contest final_contest(tune_arena *arena, const tune_shapes *shapes, const char *note)
{
    return (contest){
        .arena = arena, .shapes = shapes, .repeats = CONTEST_FINAL_REPEATS, .note = note};
}

static bench_outcome time_alone(tune_arena *arena, const tune_result *result,
                                const ard_tuning *tuning, ard_engine engine, const char *note,
                                contest_times *times)
{
    contest contest = final_contest(arena, &result->shapes, note);
    contender alone;
    contender_init(tuning, engine, &alone);
    const bench_outcome outcome = contest_solo(&contest, &alone, times);
    contender_free(&alone);
    return outcome;
}

static bool same_parameters(const ard_tuning *a, const ard_tuning *b, ard_engine engine)
{
    char a_key[JOURNAL_KEY];
    char b_key[JOURNAL_KEY];
    judge_key(a, engine, a_key);
    judge_key(b, engine, b_key);
    return strcmp(a_key, b_key) == 0;
}

/* Whether both override the same kernels of CLBlast, so that one can take the other's place. */
static bool same_kernels(const ard_tuning *a, const ard_tuning *b)
{
    bool same = a->clblast_count == b->clblast_count;
    for (size_t i = 0; i < a->clblast_count && same; i++) {
        same = strcmp(a->clblast[i].name, b->clblast[i].name) == 0;
    }
    return same;
}

/* What is found is verified once more; what is not correct, or no faster than what is shipped,
 * leaves `tuning` as it is. */
static bench_outcome challenge(tune_arena *arena, const judge *judge, tune_result *result,
                               engine_result *engine, bool *keep)
{
    contest contest = final_contest(arena, &result->shapes, checking);
    contender found;
    contender shipped;
    double excess = 0;
    *keep = false;
    contender_init(&judge->best, judge->engine, &found);
    contender_init(&result->shipped, judge->engine, &shipped);
    bench_outcome outcome = measure_outcome(contender_ready(arena, &found));
    if (outcome == BENCH_DONE) {
        outcome = verify_context(arena, found.context, &result->shapes, &excess);
    }
    if (outcome == BENCH_DONE && excess <= 1) {
        outcome = contest_run(&contest, &found, &shipped, &engine->found, &engine->shipped);
        engine->gain = outcome == BENCH_DONE
                           ? contest_ratio(&result->shapes, &engine->shipped, &engine->found)
                           : 1;
        *keep = engine->gain > 1;
    }
    contender_free(&found);
    contender_free(&shipped);
    return outcome;
}

/* Takes over the parameters of an engine. */
static void take_over(const ard_tuning *from, ard_engine engine, ard_tuning *to)
{
    if (engine == ARD_ENGINE_PACKED) {
        to->packed = from->packed;
        return;
    }
    to->clblast_count = from->clblast_count;
    memcpy(to->clblast, from->clblast, sizeof to->clblast);
}

/* The end of a search: times before and after, and the parameters for the result. */
static bench_outcome conclude(tune_arena *arena, const judge *judge, tune_result *result,
                              engine_result *engine)
{
    bool keep = false;
    bench_outcome outcome = BENCH_DONE;
    engine->counts = judge->counts;
    if (!same_parameters(&judge->best, &result->shipped, judge->engine)) {
        outcome = challenge(arena, judge, result, engine, &keep);
    } else {
        outcome =
            time_alone(arena, result, &result->shipped, judge->engine, checking, &engine->shipped);
    }
    if (!keep) {
        engine->gain = 1;
        engine->found = engine->shipped;
    } else {
        take_over(&judge->best, judge->engine, &result->tuning);
    }
    return outcome;
}

bench_outcome stage_packed(tune_arena *arena, journal *journal, double deadline,
                           tune_result *result)
{
    const search_limits limits = {.deadline = deadline,
                                  .candidates = result->options->candidates,
                                  .seed = result->options->seed};
    judge judge;
    judge_init(arena, &result->shapes, journal, ARD_ENGINE_PACKED, &result->shipped, &judge);
    bench_outcome outcome = search_packed(&judge, &limits);
    if (outcome == BENCH_DONE) {
        outcome = conclude(arena, &judge, result, &result->packed);
    }
    judge_free(&judge);
    return outcome;
}

/* CLBlast with the parameters of a tuning; `*ratio` gets its time relative to libard's own kernels,
 * in turn with which it is timed, since its own parameters and those that are shipped cannot be
 * timed in turn. Those kernels are made for CPU devices; on others CLBlast is timed alone. */
static bench_outcome time_clblast(tune_arena *arena, const tune_result *result,
                                  const ard_tuning *tuning, const char *note, contest_times *times,
                                  double *ratio)
{
    contest contest = final_contest(arena, &result->shapes, note);
    contender clblast;
    contender packed;
    contest_times base;
    if (arena->device.type != ARD_DEVICE_CPU) {
        return time_alone(arena, result, tuning, ARD_ENGINE_CLBLAST, note, times);
    }
    contender_init(tuning, ARD_ENGINE_CLBLAST, &clblast);
    contender_init(&result->shipped, ARD_ENGINE_PACKED, &packed);
    const bench_outcome outcome = contest_run(&contest, &clblast, &packed, times, &base);
    if (outcome == BENCH_DONE) {
        *ratio = contest_ratio(&result->shapes, times, &base);
    }
    contender_free(&clblast);
    contender_free(&packed);
    return outcome;
}

bench_outcome stage_clblast_before(tune_arena *arena, tune_result *result)
{
    ard_tuning own = result->shipped;
    double own_ratio = 0;
    double shipped_ratio = 0;
    own.clblast_count = 0;
    bench_outcome outcome =
        time_clblast(arena, result, &own, "clblast: its own parameters", &result->own, &own_ratio);
    result->clblast.shipped = result->own;
    result->own_gain = 1;
    if (outcome != BENCH_DONE || result->shipped.clblast_count == 0) {
        return outcome;
    }
    outcome = time_clblast(arena, result, &result->shipped, "clblast: as shipped",
                           &result->clblast.shipped, &shipped_ratio);
    if (outcome == BENCH_DONE) {
        result->own_gain =
            own_ratio > 0 ? own_ratio / shipped_ratio
                          : contest_ratio(&result->shapes, &result->own, &result->clblast.shipped);
    }
    return outcome;
}

/* Where kernels were added to those that are shipped with parameters, the shipped state cannot be
 * brought back to be timed against what is found: the times from the beginning and the gain of the
 * search stand. */
static bench_outcome conclude_clblast(tune_arena *arena, const judge *judge, tune_result *result)
{
    engine_result *engine = &result->clblast;
    if (same_kernels(&judge->best, &result->shipped) && result->shipped.clblast_count > 0) {
        return conclude(arena, judge, result, engine);
    }
    engine->counts = judge->counts;
    engine->gain = 1 / judge->best_score;
    engine->found = engine->shipped;
    if (!(engine->gain > 1)) {
        return BENCH_DONE;
    }
    take_over(&judge->best, ARD_ENGINE_CLBLAST, &result->tuning);
    return time_alone(arena, result, &result->tuning, ARD_ENGINE_CLBLAST, checking, &engine->found);
}

bench_outcome stage_clblast(tune_arena *arena, journal *journal, double deadline,
                            tune_result *result)
{
    const search_limits limits = {.deadline = deadline,
                                  .candidates = result->options->candidates,
                                  .seed = result->options->seed};
    judge judge;
    judge_init(arena, &result->shapes, journal, ARD_ENGINE_CLBLAST, &result->shipped, &judge);
    bench_outcome outcome = search_clblast(&judge, &limits);
    if (outcome == BENCH_DONE) {
        outcome = conclude_clblast(arena, &judge, result);
    }
    judge_free(&judge);
    if (outcome == BENCH_DONE) {
        outcome = batched_measure(arena, &result->shapes, &result->tuning, &result->batched);
    }
    if (outcome == BENCH_DONE && result->batched.measured &&
        fabs(result->batched.ratio - 1) > CHOICES_TIE) {
        result->tuning.strided_batched = result->batched.ratio < 1;
    }
    return outcome;
}

bench_outcome stage_engines(tune_arena *arena, tune_result *result)
{
    contest contest = final_contest(arena, &result->shapes, "which engine for which product");
    contender packed;
    contender clblast;
    contest_times *packed_times = &result->packed.found;
    contest_times *clblast_times = &result->clblast.found;
    contender_init(&result->tuning, ARD_ENGINE_PACKED, &packed);
    contender_init(&result->tuning, ARD_ENGINE_CLBLAST, &clblast);
    const bench_outcome outcome =
        contest_run(&contest, &packed, &clblast, packed_times, clblast_times);
    contender_free(&packed);
    contender_free(&clblast);
    if (outcome != BENCH_DONE) {
        return outcome;
    }
    choices_make(&result->shapes, packed_times, clblast_times, arena->device.type, &result->tuning);
    for (size_t i = 0; i < result->shapes.count; i++) {
        result->engines[i] = choices_engine(packed_times->milliseconds[i],
                                            clblast_times->milliseconds[i], arena->device.type);
    }
    result->engines_chosen = true;
    return BENCH_DONE;
}
