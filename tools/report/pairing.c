/* SPDX-License-Identifier: Apache-2.0 */
#include "report/pairing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/identity.h"

/* A result and its identity; sorted by that and by their order. */
typedef struct entry {
    char *identity; /* owned */
    size_t index;
} entry;

typedef struct side {
    const report_data *data;
    entry *entries; /* owned */
    size_t count;
    bool *paired; /* owned; by the results' index */
} side;

const char *verdict_name(verdict verdict)
{
    static const char *const names[VERDICTS] = {"same", "unclear", "faster", "slower"};
    return names[verdict];
}

/* Whether each of `low` was quicker than each of `high`, where the ranges are known. */
static bool is_apart(const report_time *low, const report_time *high)
{
    return !(low->max >= high->min);
}

verdict pairing_judge(const report_time *old_time, const report_time *new_time, double tolerance)
{
    const double most = 1 + tolerance;
    if (new_time->median > old_time->median * most) {
        return is_apart(old_time, new_time) ? VERDICT_SLOWER : VERDICT_UNCLEAR;
    }
    if (old_time->median > new_time->median * most) {
        return is_apart(new_time, old_time) ? VERDICT_FASTER : VERDICT_UNCLEAR;
    }
    return VERDICT_SAME;
}

static int compare_entries(const void *a, const void *b)
{
    const entry *first = a;
    const entry *second = b;
    const int order = strcmp(first->identity, second->identity);
    return order != 0 ? order : (first->index > second->index) - (first->index < second->index);
}

static void free_entries(side *side)
{
    for (size_t i = 0; i < side->count; i++) {
        free(side->entries[i].identity);
    }
    free(side->entries);
    side->entries = NULL;
    side->count = 0;
}

/* The identities of the results that have no partner yet. */
static bool make_entries(side *side, bool engine)
{
    const report_data *data = side->data;
    side->entries = calloc(data->result_count + 1, sizeof *side->entries);
    bool good = side->entries != NULL;
    for (size_t i = 0; i < data->result_count && good; i++) {
        text_buffer text = {0};
        if (side->paired[i]) {
            continue;
        }
        identity_write(data, &data->results[i], engine, &text);
        good = !text.failed;
        side->entries[side->count] = (entry){.identity = text.data, .index = i};
        side->count++;
    }
    if (good) {
        qsort(side->entries, side->count, sizeof *side->entries, compare_entries);
    }
    return good;
}

static void add_pair(const side *old_side, const side *new_side, size_t old_index, size_t new_index,
                     paired *pair)
{
    const report_result *old_result = &old_side->data->results[old_index];
    const report_result *new_result = &new_side->data->results[new_index];
    old_side->paired[old_index] = true;
    new_side->paired[new_index] = true;
    *pair = (paired){.old_result = old_result,
                     .new_result = new_result,
                     .ratio = new_result->ard.median / old_result->ard.median,
                     .dense_ratio = new_result->dense.median / old_result->dense.median};
}

/* Goes through both sides at once, since both are sorted. */
static void pair_entries(side *old_side, side *new_side, pairing *pairing)
{
    size_t i = 0;
    size_t j = 0;
    while (i < old_side->count && j < new_side->count) {
        const int order = strcmp(old_side->entries[i].identity, new_side->entries[j].identity);
        if (order == 0) {
            add_pair(old_side, new_side, old_side->entries[i].index, new_side->entries[j].index,
                     &pairing->pairs[pairing->count++]);
        }
        i += order <= 0 ? 1 : 0;
        j += order >= 0 ? 1 : 0;
    }
}

static bool pair_by(side *old_side, side *new_side, bool engine, pairing *pairing)
{
    const bool good = make_entries(old_side, engine) && make_entries(new_side, engine);
    if (good) {
        pair_entries(old_side, new_side, pairing);
    }
    free_entries(old_side);
    free_entries(new_side);
    return good;
}

static const report_result **list_alone(const side *side, size_t *count)
{
    const report_result **alone = calloc(side->data->result_count + 1, sizeof *alone);
    for (size_t i = 0; i < side->data->result_count && alone != NULL; i++) {
        if (!side->paired[i]) {
            alone[(*count)++] = &side->data->results[i];
        }
    }
    return alone;
}

static int compare_pairs(const void *a, const void *b)
{
    const paired *first = a;
    const paired *second = b;
    return (first->old_result > second->old_result) - (first->old_result < second->old_result);
}

static void judge_all(pairing *pairing, double tolerance)
{
    qsort(pairing->pairs, pairing->count, sizeof *pairing->pairs, compare_pairs);
    for (size_t i = 0; i < pairing->count; i++) {
        paired *pair = &pairing->pairs[i];
        pair->verdict = pairing_judge(&pair->old_result->ard, &pair->new_result->ard, tolerance);
        pairing->verdicts[pair->verdict]++;
    }
}

bool pairing_make(const report_data *old_data, const report_data *new_data, double tolerance,
                  pairing *pairing)
{
    side old_side = {.data = old_data, .paired = calloc(old_data->result_count + 1, sizeof(bool))};
    side new_side = {.data = new_data, .paired = calloc(new_data->result_count + 1, sizeof(bool))};
    *pairing =
        (struct pairing){.pairs = calloc(old_data->result_count + 1, sizeof *pairing->pairs)};
    bool good = old_side.paired != NULL && new_side.paired != NULL && pairing->pairs != NULL &&
                pair_by(&old_side, &new_side, true, pairing) &&
                pair_by(&old_side, &new_side, false, pairing);
    if (good) {
        judge_all(pairing, tolerance);
        pairing->old_only = list_alone(&old_side, &pairing->old_only_count);
        pairing->new_only = list_alone(&new_side, &pairing->new_only_count);
        good = pairing->old_only != NULL && pairing->new_only != NULL;
    }
    free(old_side.paired);
    free(new_side.paired);
    return good;
}

void pairing_free(pairing *pairing)
{
    free(pairing->pairs);
    free(pairing->old_only);
    free(pairing->new_only);
    *pairing = (struct pairing){0};
}
