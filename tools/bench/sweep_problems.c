/* SPDX-License-Identifier: Apache-2.0 */
#include "sweep_problems.h"

#include <stdlib.h>

#include "engine.h"
#include "sweep.h"

/* The context that the cases of an engine run in. */
typedef struct place {
    ard_context *tuned;
    ard_context *forced; /* of `engine`; NULL: there is none */
    bench_engine engine;
    bool refused; /* there cannot be one */
} place;

/* That of a case's engine; NULL after a line where it cannot be made, once an engine. */
static ard_context *context_for(run *run, place *place, const bench_case *kase)
{
    if (kase->engine == ENGINE_TUNED) {
        return place->tuned;
    }
    if (kase->engine != place->engine) {
        const char *id = ard_context_device(place->tuned)->id;
        ard_context_destroy(place->forced);
        place->forced = NULL;
        place->engine = kase->engine;
        place->refused =
            engine_context(id, kase->engine, false, &place->forced) != ARD_STATUS_SUCCESS;
        if (place->refused) {
            char what[64];
            snprintf(what, sizeof what, "making a context for %s", case_engine_name(kase));
            run_note_failure(run, id, what, BENCH_FAILED);
        }
    }
    return place->forced;
}

/* One case; false as sweep_problems(). */
static bool run_problem(run *run, place *place, const problem *problem, bench_case *kase)
{
    const ard_device_info *device = ard_context_device(place->tuned);
    if (!problem_read(problem, kase)) {
        run_note_failure(run, device->id, problem->words, BENCH_NO_MEMORY);
        return true;
    }
    if (run_keeps(run, device, kase)) {
        pace_end(&run->pace, problem->work, true);
        return true;
    }
    ard_context *context = context_for(run, place, kase);
    const bool go_on = context == NULL || run_case(run, context, kase);
    pace_end(&run->pace, problem->work, context == NULL);
    return go_on;
}

bool sweep_problems(run *run, ard_context *tuned)
{
    const problems *problems = run->problems;
    bench_case *kase = calloc(1, sizeof *kase);
    place place = {.tuned = tuned};
    double work = 0;
    bool go_on = true;
    if (kase == NULL) {
        run_note_failure(run, ard_context_device(tuned)->id, "the sweep", BENCH_NO_MEMORY);
        return true;
    }
    for (size_t i = 0; i < problems->count; i++) {
        work += problems->all[i].work;
    }
    pace_begin(&run->pace, problems->count, work);
    for (size_t i = 0; i < problems->count && go_on; i++) {
        pace_next(&run->pace);
        go_on = run_problem(run, &place, &problems->all[i], kase);
    }
    ard_context_destroy(place.forced);
    free(kase);
    return go_on;
}

int sweep_print(const bench_options *options, const problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        printf("%s\n", problems->all[i].words);
    }
    if (problems->count == 0) {
        sweep_print_default(options);
    } else {
        fprintf(stderr, "%s: %zu case%s\n", options_program.name, problems->count,
                problems->count == 1 ? "" : "s");
    }
    return CLI_SUCCESS;
}
