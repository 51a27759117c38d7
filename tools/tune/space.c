/* SPDX-License-Identifier: Apache-2.0 */
#include "space.h"

#include <stdio.h>
#include <string.h>

#include <ard/sampler.h>

enum {
    RANDOM_STREAM = 1 << 21, /* apart from those of matrices */
    RANDOM_ATTEMPTS = 20000, /* at a legal point */
    MOST_COUNTED = 200000,   /* points that are counted one by one */
    SAMPLE = 200000,         /* points that a large space is judged by */
};

static const uint32_t *packed_field(const ard_packed_parameters *packed, size_t index)
{
    const uint32_t *const fields[] = {&packed->vector_width, &packed->vectors, &packed->rows,
                                      &packed->depth};
    return fields[index];
}

static ard_clblast_kernel *find_kernel(ard_tuning *tuning, const char *name)
{
    for (size_t i = 0; i < tuning->clblast_count; i++) {
        if (strcmp(tuning->clblast[i].name, name) == 0) {
            return &tuning->clblast[i];
        }
    }
    return NULL;
}

static void apply_clblast(const tune_space *space, const tune_point *point, ard_tuning *tuning)
{
    ard_clblast_kernel *kernel = find_kernel(tuning, space->name);
    if (kernel == NULL) {
        kernel = &tuning->clblast[tuning->clblast_count++];
    }
    *kernel = (ard_clblast_kernel){.count = space->count};
    snprintf(kernel->name, sizeof kernel->name, "%s", space->name);
    for (size_t i = 0; i < space->count; i++) {
        snprintf(kernel->parameters[i], sizeof kernel->parameters[i], "%s",
                 space->parameters[i].name);
        kernel->values[i] = point->values[i];
    }
}

void space_apply(const tune_space *space, const tune_point *point, ard_tuning *tuning)
{
    if (space->engine == ARD_ENGINE_CLBLAST) {
        apply_clblast(space, point, tuning);
        return;
    }
    tuning->packed = (ard_packed_parameters){.vector_width = (uint32_t)point->values[0],
                                             .vectors = (uint32_t)point->values[1],
                                             .rows = (uint32_t)point->values[2],
                                             .depth = (uint32_t)point->values[3]};
}

static bool find_value(const ard_clblast_kernel *kernel, const char *name, size_t *value)
{
    for (size_t i = 0; i < kernel->count; i++) {
        if (strcmp(kernel->parameters[i], name) == 0) {
            *value = kernel->values[i];
            return true;
        }
    }
    return false;
}

bool space_point(const tune_space *space, const ard_tuning *tuning, tune_point *point)
{
    tune_point found = {{0}};
    ard_tuning copy = *tuning;
    const ard_clblast_kernel *kernel = find_kernel(&copy, space->name);
    for (size_t i = 0; i < space->count; i++) {
        if (space->engine == ARD_ENGINE_PACKED) {
            found.values[i] = *packed_field(&tuning->packed, i);
        } else if (kernel == NULL ||
                   !find_value(kernel, space->parameters[i].name, &found.values[i])) {
            return false;
        }
    }
    *point = found;
    return true;
}

/* The place of a value in the parameter's list, or of the next larger one. */
static size_t place_of(const tune_parameter *parameter, size_t value)
{
    size_t place = 0;
    while (place + 1 < parameter->count && parameter->values[place] < value) {
        place++;
    }
    return place;
}

typedef struct collection {
    const tune_space *space;
    const tune_limits *limits;
    tune_point *points;
    size_t capacity;
    size_t count;
} collection;

static void collect(collection *all, const tune_point *point)
{
    if (all->count < all->capacity && all->space->legal(all->limits, point->values)) {
        all->points[all->count++] = *point;
    }
}

static void collect_singles(collection *all, const tune_point *point)
{
    for (size_t i = 0; i < all->space->count; i++) {
        const tune_parameter *parameter = &all->space->parameters[i];
        for (size_t v = 0; v < parameter->count; v++) {
            tune_point changed = *point;
            changed.values[i] = parameter->values[v];
            if (changed.values[i] != point->values[i]) {
                collect(all, &changed);
            }
        }
    }
}

/* One step of parameter `index`, down or up; false at an end of its list. */
static bool step(const tune_space *space, size_t index, bool up, tune_point *point)
{
    const tune_parameter *parameter = &space->parameters[index];
    const size_t place = place_of(parameter, point->values[index]);
    if (up ? place + 1 >= parameter->count : place == 0) {
        return false;
    }
    point->values[index] = parameter->values[up ? place + 1 : place - 1];
    return true;
}

static void collect_pairs(collection *all, const tune_point *point)
{
    for (size_t i = 0; i < all->space->count; i++) {
        for (size_t j = i + 1; j < all->space->count; j++) {
            for (unsigned ways = 0; ways < 4; ways++) {
                tune_point changed = *point;
                if (step(all->space, i, (ways & 1U) != 0, &changed) &&
                    step(all->space, j, (ways & 2U) != 0, &changed)) {
                    collect(all, &changed);
                }
            }
        }
    }
}

static uint32_t draw(uint64_t seed, uint32_t index, uint64_t step, uint32_t below)
{
    const ard_draw words = {.seed = seed,
                            .step = step,
                            .layer = RANDOM_STREAM,
                            .purpose = ARD_PURPOSE_OFFSET,
                            .index = index};
    return ard_draw_below(&words, below);
}

size_t space_neighbours(const tune_space *space, const tune_limits *limits, const tune_point *point,
                        uint64_t seed, tune_point *neighbours, size_t capacity)
{
    collection all = {space, limits, neighbours, capacity, 0};
    collect_singles(&all, point);
    const size_t singles = all.count;
    collect_pairs(&all, point);
    for (size_t i = all.count; i > singles + 1; i--) {
        const size_t other = singles + draw(seed, 0, i, (uint32_t)(i - singles));
        const tune_point moved = neighbours[i - 1];
        neighbours[i - 1] = neighbours[other];
        neighbours[other] = moved;
    }
    return all.count;
}

/* Any point, legal or not. */
static tune_point any_point(const tune_space *space, uint64_t seed, uint32_t index, uint64_t step)
{
    tune_point point = {{0}};
    for (size_t i = 0; i < space->count; i++) {
        const tune_parameter *parameter = &space->parameters[i];
        const uint32_t place =
            draw(seed, index, step * ARD_TUNING_MAX_PARAMETERS + i, (uint32_t)parameter->count);
        point.values[i] = parameter->values[place];
    }
    return point;
}

bool space_random(const tune_space *space, const tune_limits *limits, uint64_t seed, uint32_t index,
                  tune_point *point)
{
    for (uint64_t attempt = 0; attempt < RANDOM_ATTEMPTS; attempt++) {
        const tune_point drawn = any_point(space, seed, index + 1, attempt);
        if (space->legal(limits, drawn.values)) {
            *point = drawn;
            return true;
        }
    }
    return false;
}

/* Point `index` of all. */
static tune_point nth_point(const tune_space *space, size_t index)
{
    tune_point point = {{0}};
    for (size_t i = 0; i < space->count; i++) {
        point.values[i] = space->parameters[i].values[index % space->parameters[i].count];
        index /= space->parameters[i].count;
    }
    return point;
}

double space_size(const tune_space *space, const tune_limits *limits, bool *exact)
{
    double all = 1;
    for (size_t i = 0; i < space->count; i++) {
        all *= (double)space->parameters[i].count;
    }
    *exact = all <= MOST_COUNTED;
    const size_t looked_at = *exact ? (size_t)all : SAMPLE;
    size_t legal = 0;
    for (size_t i = 0; i < looked_at; i++) {
        const tune_point point = *exact ? nth_point(space, i) : any_point(space, 1, 0, i);
        legal += space->legal(limits, point.values) ? 1 : 0;
    }
    return *exact ? (double)legal : all * (double)legal / (double)looked_at;
}
