/* SPDX-License-Identifier: Apache-2.0 */
#include "search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "timing.h"

enum { MOST_VISITED = 4096, MOST_NEIGHBOURS = 2048 };

/* A random point is a place to descend from when it is not slower than this, relative to the best.
 */
static const double PROMISING = 1.2;

typedef struct search {
    judge *judge;
    const tune_space *space;
    const search_limits *limits;
    double deadline; /* of this space */
    tune_point *neighbours;
    tune_point *visited;
    size_t visited_count;
    bool over; /* no time or candidates are left, or all is visited */
} search;

static bool create(judge *judge, const tune_space *space, const search_limits *limits,
                   double deadline, search *search)
{
    *search =
        (struct search){.judge = judge, .space = space, .limits = limits, .deadline = deadline};
    search->neighbours = calloc(MOST_NEIGHBOURS, sizeof *search->neighbours);
    search->visited = calloc(MOST_VISITED, sizeof *search->visited);
    return search->neighbours != NULL && search->visited != NULL;
}

static void destroy(search *search)
{
    free(search->neighbours);
    free(search->visited);
}

static bool is_visited(const search *search, const tune_point *point)
{
    for (size_t i = 0; i < search->visited_count; i++) {
        if (memcmp(&search->visited[i], point, sizeof *point) == 0) {
            return true;
        }
    }
    return false;
}

static void visit(search *search, const tune_point *point)
{
    if (!is_visited(search, point) && search->visited_count < MOST_VISITED) {
        search->visited[search->visited_count++] = *point;
    }
}

static size_t tried(const judge *judge)
{
    const judge_counts *counts = &judge->counts;
    return counts->measured + counts->wrong + counts->failed + counts->crashed;
}

/* The candidate that has the point's values beside those of the incumbent. */
static ard_tuning candidate_at(const search *search, const tune_point *point)
{
    ard_tuning candidate = search->judge->incumbent.tuning;
    space_apply(search->space, point, &candidate);
    return candidate;
}

/* What an earlier run measured costs no time. */
static bool is_known(const search *search, const ard_tuning *candidate)
{
    char key[JOURNAL_KEY];
    judge_key(candidate, search->judge->engine, key);
    return journal_find(search->judge->journal, key) != NULL;
}

static bench_outcome try(search *search, const tune_point *point, bool enters, double *score)
{
    const ard_tuning candidate = candidate_at(search, point);
    const size_t most = search->limits->candidates;
    search->over = (most > 0 && tried(search->judge) >= most) ||
                   (timing_now() >= search->deadline && !is_known(search, &candidate)) ||
                   search->visited_count == MOST_VISITED;
    *score = HUGE_VAL;
    if (search->over) {
        return BENCH_DONE;
    }
    visit(search, point);
    return judge_try(search->judge, &candidate, enters, score);
}

/* Moves to the first faster neighbour until there is none. */
static bench_outcome descend(search *search, tune_point at, double score)
{
    const tune_limits *limits = &search->judge->arena->limits;
    bench_outcome outcome = BENCH_DONE;
    bool moved = true;
    while (moved && outcome == BENCH_DONE && !search->over) {
        const size_t count = space_neighbours(search->space, limits, &at, search->limits->seed,
                                              search->neighbours, MOST_NEIGHBOURS);
        moved = false;
        for (size_t i = 0; i < count && !moved && outcome == BENCH_DONE && !search->over; i++) {
            const tune_point next = search->neighbours[i];
            double next_score = HUGE_VAL;
            if (is_visited(search, &next)) {
                continue;
            }
            outcome = try(search, &next, false, &next_score);
            if (outcome == BENCH_DONE && next_score < score * (1 - JUDGE_MARGIN)) {
                at = next;
                score = next_score;
                moved = true;
            }
        }
    }
    return outcome;
}

/* Descents from random points until the time is over, or no new points are found. */
static bench_outcome restart(search *search)
{
    const tune_limits *limits = &search->judge->arena->limits;
    bench_outcome outcome = BENCH_DONE;
    uint32_t in_vain = 0;
    for (uint32_t i = 0; in_vain < MOST_VISITED && outcome == BENCH_DONE && !search->over; i++) {
        tune_point point;
        double score = HUGE_VAL;
        if (!space_random(search->space, limits, search->limits->seed, i, &point)) {
            break;
        }
        if (is_visited(search, &point)) {
            in_vain++;
            continue;
        }
        outcome = try(search, &point, false, &score);
        if (outcome == BENCH_DONE && score < PROMISING * search->judge->best_score) {
            outcome = descend(search, point, score);
        }
    }
    return outcome;
}

/* From the incumbent's point; or from the space's own where it has none, which is then the first
 * candidate. */
static bench_outcome search_space(search *search, bool restarts)
{
    const judge *judge = search->judge;
    tune_point at;
    double score = judge->score;
    bench_outcome outcome = BENCH_DONE;
    if (space_point(search->space, &judge->incumbent.tuning, &at)) {
        visit(search, &at);
    } else {
        at = search->space->start;
        if (!search->space->legal(&judge->arena->limits, at.values)) {
            return BENCH_DONE;
        }
        outcome = try(search, &at, true, &score);
    }
    if (outcome == BENCH_DONE && isfinite(score)) {
        outcome = descend(search, at, score);
    }
    return outcome == BENCH_DONE && restarts ? restart(search) : outcome;
}

bench_outcome search_packed(judge *judge, const search_limits *limits)
{
    search search;
    const bool created = create(judge, &packed_space, limits, limits->deadline, &search);
    const bench_outcome outcome = created ? search_space(&search, true) : BENCH_NO_MEMORY;
    destroy(&search);
    return outcome;
}

/* Whether any product may take CLBlast's direct kernel. */
static bool uses_direct(const judge *judge)
{
    tune_point threshold;
    return !space_point(&clblast_spaces[0], &judge->incumbent.tuning, &threshold) ||
           threshold.values[0] > 1;
}

static bool is_wanted(const judge *judge, const tune_space *space)
{
    return strcmp(space->name, "XgemmDirect") != 0 || uses_direct(judge);
}

/* Kernels of which the incumbent has parameters go first: others cannot be taken back. */
static bool is_due(const judge *judge, const tune_space *space, bool known)
{
    tune_point point;
    return space_point(space, &judge->incumbent.tuning, &point) == known && is_wanted(judge, space);
}

/* The share of the time left that goes to space `index`, of those from it on. */
static double share_of(const bool *due, size_t index)
{
    double sum = 0;
    for (size_t i = index; i < CLBLAST_SPACES; i++) {
        sum += due[i] ? clblast_spaces[i].weight : 0;
    }
    return clblast_spaces[index].weight / sum;
}

/* One round over the spaces that the tuning knows, or over the others, until `deadline`. */
static bench_outcome search_round(judge *judge, const search_limits *limits, bool known,
                                  double deadline, bool restarts)
{
    bool due[CLBLAST_SPACES];
    bench_outcome outcome = BENCH_DONE;
    for (size_t i = 0; i < CLBLAST_SPACES; i++) {
        due[i] = is_due(judge, &clblast_spaces[i], known);
    }
    for (size_t i = 0; i < CLBLAST_SPACES && outcome == BENCH_DONE; i++) {
        search search;
        if (!due[i]) {
            continue;
        }
        const double left = fmax(deadline - timing_now(), 0) * share_of(due, i);
        outcome = create(judge, &clblast_spaces[i], limits, timing_now() + left, &search)
                      ? search_space(&search, restarts)
                      : BENCH_NO_MEMORY;
        destroy(&search);
    }
    return outcome;
}

bench_outcome search_clblast(judge *judge, const search_limits *limits)
{
    /* Most of the time goes to the kernels that multiply. */
    const double now = timing_now();
    const double first = now + 0.6 * (limits->deadline - now);
    bench_outcome outcome = search_round(judge, limits, true, first, false);
    if (outcome == BENCH_DONE) {
        const double second = timing_now() + 0.5 * (limits->deadline - timing_now());
        outcome = search_round(judge, limits, false, second, false);
    }
    if (outcome == BENCH_DONE) {
        outcome = search_round(judge, limits, true, limits->deadline, true);
    }
    return outcome;
}
