/* SPDX-License-Identifier: Apache-2.0 */
#include "choices.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_PASSES = 8 };

/* A shape with what was measured for it. */
typedef struct verdict {
    tune_shape shape;
    ard_engine engine;
    double difference; /* |log| of the ratio of the times */
} verdict;

ard_engine choices_engine(double packed, double clblast, ard_device_type type)
{
    const double ratio = packed / clblast;
    if (fabs(ratio - 1) <= CHOICES_TIE) {
        return type == ARD_DEVICE_CPU ? ARD_ENGINE_PACKED : ARD_ENGINE_CLBLAST;
    }
    return ratio < 1 ? ARD_ENGINE_PACKED : ARD_ENGINE_CLBLAST;
}

static int by_difference(const void *left, const void *right)
{
    const verdict *a = left;
    const verdict *b = right;
    return (a->difference < b->difference) - (a->difference > b->difference);
}

static void add(ard_tuning *tuning, const verdict *verdict)
{
    const tune_shape *shape = &verdict->shape;
    tuning->choices[tuning->choice_count++] = (ard_engine_choice){
        shape->m, shape->n, shape->k, shape->a_transposed, shape->b_transposed, verdict->engine};
}

static bool is_listed(const ard_tuning *tuning, const tune_shape *shape)
{
    for (size_t i = 0; i < tuning->choice_count; i++) {
        const ard_engine_choice *choice = &tuning->choices[i];
        if (choice->m == shape->m && choice->n == shape->n && choice->k == shape->k &&
            choice->a_transposed == shape->a_transposed &&
            choice->b_transposed == shape->b_transposed) {
            return true;
        }
    }
    return false;
}

/* Adds those that the tuning says otherwise, while there is room; a choice may change what is said
 * of shapes that were passed over, hence several passes. */
static void add_needed(const verdict *verdicts, size_t count, ard_tuning *tuning)
{
    bool added = true;
    for (size_t pass = 0; pass < MOST_PASSES && added; pass++) {
        added = false;
        for (size_t i = 0; i < count && tuning->choice_count < ARD_TUNING_MAX_CHOICES; i++) {
            const tune_shape *shape = &verdicts[i].shape;
            const ard_engine says = ard_tuning_engine(tuning, shape->m, shape->n, shape->k,
                                                      shape->a_transposed, shape->b_transposed);
            if (says != verdicts[i].engine && !is_listed(tuning, shape)) {
                add(tuning, &verdicts[i]);
                added = true;
            }
        }
    }
}

void choices_make(const tune_shapes *shapes, const contest_times *packed,
                  const contest_times *clblast, ard_device_type type, ard_tuning *tuning)
{
    verdict verdicts[TUNE_MAX_SHAPES];
    size_t to_packed = 0;
    for (size_t i = 0; i < shapes->count; i++) {
        const double p = packed->milliseconds[i];
        const double c = clblast->milliseconds[i];
        verdicts[i] = (verdict){shapes->list[i], choices_engine(p, c, type), fabs(log(p / c))};
        to_packed += verdicts[i].engine == ARD_ENGINE_PACKED ? 1 : 0;
    }
    tuning->engine =
        contest_ratio(shapes, packed, clblast) < 1 ? ARD_ENGINE_PACKED : ARD_ENGINE_CLBLAST;
    tuning->choice_count = 0;
    if (to_packed == 0 || to_packed == shapes->count) {
        tuning->engine = to_packed == 0 ? ARD_ENGINE_CLBLAST : ARD_ENGINE_PACKED;
        return;
    }
    if (shapes->count > ARD_TUNING_MAX_CHOICES) {
        qsort(verdicts, shapes->count, sizeof *verdicts, by_difference);
        add_needed(verdicts, shapes->count, tuning);
        return;
    }
    for (size_t i = 0; i < shapes->count; i++) {
        add(tuning, &verdicts[i]);
    }
}
