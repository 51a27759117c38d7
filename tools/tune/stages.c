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

/* CLBlast with the parameters of a tuning, in turn with libard's own kernels as shipped, whose
 * times go to `base`: its own parameters and those that are shipped cannot be timed in turn, but so
 * they can be related. Those kernels are made for CPU devices; on others CLBlast is timed alone. */
static bench_outcome time_clblast(tune_arena *arena, const tune_result *result,
                                  const ard_tuning *tuning, const char *note, contest_times *times,
                                  contest_times *base)
{
    contest contest = final_contest(arena, &result->shapes, note);
    contender clblast;
    contender packed;
    if (arena->device.type != ARD_DEVICE_CPU) {
        return time_alone(arena, result, tuning, ARD_ENGINE_CLBLAST, note, times);
    }
    contender_init(tuning, ARD_ENGINE_CLBLAST, &clblast);
    contender_init(&result->shipped, ARD_ENGINE_PACKED, &packed);
    const bench_outcome outcome = contest_run(&contest, &clblast, &packed, times, base);
    contender_free(&clblast);
    contender_free(&packed);
    return outcome;
}

/* The same, brought to the clock of `result->base`. */
static bench_outcome time_clblast_later(tune_arena *arena, const tune_result *result,
                                        const ard_tuning *tuning, const char *note,
                                        contest_times *times)
{
    contest_times base;
    const bench_outcome outcome = time_clblast(arena, result, tuning, note, times, &base);
    if (outcome == BENCH_DONE && arena->device.type == ARD_DEVICE_CPU) {
        times_rescale(&result->shapes, &base, &result->base, times);
    }
    return outcome;
}

bench_outcome stage_clblast_before(tune_arena *arena, tune_result *result)
{
    ard_tuning own = result->shipped;
    own.clblast_count = 0;
    bench_outcome outcome = time_clblast(arena, result, &own, "clblast: its own parameters",
                                         &result->own, &result->base);
    result->clblast.shipped = result->own;
    if (outcome == BENCH_DONE && result->shipped.clblast_count > 0) {
        outcome = time_clblast_later(arena, result, &result->shipped, "clblast: as shipped",
                                     &result->clblast.shipped);
    }
    result->own_gain = outcome == BENCH_DONE
                           ? contest_ratio(&result->shapes, &result->own, &result->clblast.shipped)
                           : 1;
    return outcome;
}

/* Where kernels were added to those that are shipped with parameters, the shipped state cannot be
 * brought back to be timed in turn with what is found. */
static bench_outcome conclude_added(tune_arena *arena, const judge *judge, tune_result *result)
{
    engine_result *engine = &result->clblast;
    bench_outcome outcome = BENCH_DONE;
    engine->counts = judge->counts;
    engine->found = engine->shipped;
    engine->gain = 1;
    if (same_parameters(&judge->best, &result->shipped, ARD_ENGINE_CLBLAST)) {
        return BENCH_DONE;
    }
    outcome = time_clblast_later(arena, result, &judge->best, checking, &engine->found);
    const double gain = outcome == BENCH_DONE
                            ? contest_ratio(&result->shapes, &engine->shipped, &engine->found)
                            : 1;
    if (gain > 1) {
        engine->gain = gain;
        take_over(&judge->best, ARD_ENGINE_CLBLAST, &result->tuning);
    } else {
        engine->found = engine->shipped;
    }
    return outcome;
}

static bench_outcome conclude_clblast(tune_arena *arena, const judge *judge, tune_result *result)
{
    const contest_times before = result->clblast.shipped;
    if (!same_kernels(&judge->best, &result->shipped) || result->shipped.clblast_count == 0) {
        return conclude_added(arena, judge, result);
    }
    const bench_outcome outcome = conclude(arena, judge, result, &result->clblast);
    if (outcome == BENCH_DONE) {
        times_rescale(&result->shapes, &before, &result->clblast.shipped, &result->own);
    }
    return outcome;
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
    const tune_shapes *shapes = &result->shapes;
    contender packed;
    contender clblast;
    contest_times packed_times;
    contest_times clblast_times;
    contender_init(&result->tuning, ARD_ENGINE_PACKED, &packed);
    contender_init(&result->tuning, ARD_ENGINE_CLBLAST, &clblast);
    const bench_outcome outcome =
        contest_run(&contest, &packed, &clblast, &packed_times, &clblast_times);
    contender_free(&packed);
    contender_free(&clblast);
    if (outcome != BENCH_DONE) {
        return outcome;
    }
    choices_make(shapes, &packed_times, &clblast_times, arena->device.type, &result->tuning);
    for (size_t i = 0; i < shapes->count; i++) {
        result->engines[i] = choices_engine(packed_times.milliseconds[i],
                                            clblast_times.milliseconds[i], arena->device.type);
    }
    result->engines_chosen = true;
    times_rescale(shapes, &result->packed.found, &packed_times, &result->packed.shipped);
    times_rescale(shapes, &result->clblast.found, &clblast_times, &result->clblast.shipped);
    times_rescale(shapes, &result->clblast.found, &clblast_times, &result->own);
    result->packed.found = packed_times;
    result->clblast.found = clblast_times;
    return BENCH_DONE;
}
