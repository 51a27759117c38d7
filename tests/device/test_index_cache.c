/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of kept units on the device, against the definition of patterns and tiles. */
#include "device/index_cache.h"

#include <stdlib.h>

#include "device/context_internal.h"
#include "device/index_runs.h"
#include "support/cover.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

static uint32_t *read_words(ard_context *context, cl_mem buffer, size_t at, size_t count)
{
    uint32_t *words = test_alloc(count, sizeof *words);
    assert_int_equal(clEnqueueReadBuffer(context->queue, buffer, CL_TRUE, at * sizeof *words,
                                         count * sizeof *words, words, 0, NULL, NULL),
                     CL_SUCCESS);
    return words;
}

/* Whether group q of the axis has the unit, and the pattern keeps it. */
static bool has_unit(const ard__index_key *key, uint32_t q, size_t unit)
{
    const ard__tile_axis *axis = &key->axis;
    const size_t start = (axis->first + (uint64_t)q * axis->shift) % axis->step;
    return unit / axis->edge % axis->step == start && ard_pattern_keeps(&key->pattern, unit);
}

static void check_places(ard_context *context, const ard__index_key *key,
                         const ard__index_list *list, const uint32_t *units)
{
    uint32_t *compact = read_words(context, list->buffer, ard__index_compact_at(list), list->count);
    uint32_t *places = read_words(context, list->buffer, ard__index_places_at(list), list->kept);
    size_t rank = 0;
    for (size_t unit = 0; unit < key->width; ++unit) {
        if (!ard_pattern_keeps(&key->pattern, unit)) {
            continue;
        }
        if (places[rank] == ARD__INDEX_NONE) {
            for (uint32_t q = 0; q < key->axis.groups; ++q) {
                assert_false(has_unit(key, q, unit));
            }
        } else {
            assert_true(places[rank] < list->count);
            assert_int_equal(units[places[rank]], unit);
            assert_int_equal(compact[places[rank]], rank);
        }
        ++rank;
    }
    assert_int_equal(rank, list->kept);
    uint32_t *sizes = read_words(context, list->buffer, ard__index_sizes_at(list), list->groups);
    assert_memory_equal(sizes, list->sizes, list->groups * sizeof *sizes);
    for (uint32_t q = 0; q < list->groups; ++q) {
        size_t size = 0;
        while (size < list->stride && units[q * list->stride + size] != ARD__INDEX_NONE) {
            ++size;
        }
        assert_int_equal(sizes[q], size);
    }
    free(sizes);
    free(compact);
    free(places);
}

/* That the list carries its runs, where they are 8 units long or more on the average. */
static void check_runs(ard_context *context, const ard__index_list *list, const uint32_t *units,
                       const uint32_t *classes)
{
    const size_t count = ard__index_runs_count(units, classes, list->groups, list->stride);
    const bool expected =
        context->vector_width > 1 && list->count >= 8 && count * 8 <= list->stride;
    assert_int_equal(list->run_count, expected ? count : 0);
    if (!expected) {
        return;
    }
    const size_t words = list->groups * count * (sizeof(ard__index_run) / sizeof *units);
    ard__index_run *runs = test_alloc(list->groups * count, sizeof *runs);
    uint32_t *actual = read_words(context, list->buffer, list->runs_at, words);
    ard__index_runs_list(units, classes, list->groups, list->stride, count, runs);
    assert_memory_equal(actual, runs, words * sizeof *actual);
    free(runs);
    free(actual);
}

static void check_list(ard_context *context, const ard__index_key *key)
{
    ard__index_list list;
    assert_success(ard__index_list_get(context, key, &list));
    assert_int_equal(list.groups, key->axis.groups);
    assert_int_equal(list.count, list.groups * list.stride);
    uint32_t *units = read_words(context, list.buffer, 0, list.count);
    uint32_t *classes = read_words(context, list.buffer, ard__index_classes_at(&list), list.count);
    size_t longest = 1;
    for (uint32_t q = 0; q < key->axis.groups; ++q) {
        size_t at = q * list.stride;
        for (size_t unit = 0; unit < key->width; ++unit) {
            if (has_unit(key, q, unit)) {
                assert_true(at < (q + 1) * list.stride);
                assert_int_equal(units[at], unit);
                const size_t tile = unit / key->classes.edge % key->classes.tiles;
                assert_int_equal(classes[at],
                                 unit % key->classes.units + key->classes.units * tile);
                ++at;
            }
        }
        longest = at - q * list.stride > longest ? at - q * list.stride : longest;
        for (; at < (q + 1) * list.stride; ++at) {
            assert_int_equal(units[at], ARD__INDEX_NONE);
            assert_int_equal(classes[at], 0);
        }
    }
    assert_int_equal(list.stride, longest);
    if (!ard__tile_axis_is_plain(&key->axis)) {
        check_places(context, key, &list, units);
    }
    check_runs(context, &list, units, classes);
    free(units);
    free(classes);
}

/* Units in the order of their residues modulo the stride, against counting. */
static void check_strided(ard_context *context, const ard__index_key *key)
{
    ard__index_list list;
    assert_success(ard__index_list_get(context, key, &list));
    uint32_t *units = read_words(context, list.buffer, 0, list.count);
    uint32_t *classes = read_words(context, list.buffer, ard__index_classes_at(&list), list.count);
    size_t at = 0;
    size_t place = 0;
    for (size_t residue = 0; residue < key->stride; ++residue) {
        for (size_t unit = 0; unit < key->width; ++unit) {
            if (unit % key->stride != residue) {
                continue;
            }
            if (ard_pattern_keeps(&key->pattern, unit)) {
                assert_true(at < list.count);
                assert_int_equal(units[at], place);
                assert_int_equal(classes[at++], unit % key->classes.units);
            }
            ++place;
        }
    }
    assert_int_equal(place, key->width);
    assert_int_equal(at, list.count);
    check_runs(context, &list, units, classes);
    free(units);
    free(classes);
}

static void test_strided_lists(void **state)
{
    static const size_t widths[] = {1, 2, 7, 12, 31, 100, 784};
    for (size_t i = 0; i < 7; ++i) {
        for (uint32_t stride = 2; stride < 15; ++stride) {
            ard_pattern pattern = ard_pattern_all();
            if (widths[i] >= 3 && stride % 2 == 0) {
                assert_success(ard_pattern_subset(3, 5, &pattern));
            }
            ard__index_key key = ard__index_key_plain(&pattern, widths[i]);
            key.stride = stride;
            key.classes.units = 3;
            check_strided(*state, &key);
        }
    }
}

/* Key number `i` of many: other widths, patterns, grids and classes each time. */
static ard__index_key make_key(size_t i)
{
    static const size_t widths[] = {1, 31, 32, 33, 95, 127, 784};
    uint64_t random = 1000 + i;
    const size_t width = widths[i % 7];
    ard_pattern pattern = ard_pattern_all();
    if (i % 3 != 0 && width >= 9) {
        const uint32_t period = 2 + (uint32_t)test_random_below(&random, 8);
        assert_success(ard_pattern_subset(
            period, 1 + test_random_below(&random, (UINT64_C(1) << period) - 1), &pattern));
    }
    ard__index_key key = ard__index_key_plain(&pattern, width);
    const ard_tile_pattern tile = {.edge = 1 + (uint32_t)test_random_below(&random, 40),
                                   .period = 1 + (uint32_t)(i % 9),
                                   .offset = 0,
                                   .numbering = i % 2 == 0 ? ARD_TILE_DIAGONAL : ARD_TILE_LINEAR};
    ard__tile_axis other;
    if (i % 4 < 2) {
        ard__tile_axes(&tile, width, 61, &key.axis, &other);
    } else {
        ard__tile_axes(&tile, 61, width, &other, &key.axis);
    }
    key.classes = (ard__unit_classes){
        .units = 1 + (uint32_t)(i % 12), .edge = tile.edge, .tiles = 1 + (uint32_t)(i % 5)};
    return key;
}

/* More lists than the cache holds, twice: the second time all have given way in between. */
static void test_lists(void **state)
{
    enum { KEYS = 3 * ARD__INDEX_SLOTS };
    for (size_t pass = 0; pass < 2; ++pass) {
        for (size_t i = 0; i < KEYS; ++i) {
            const ard__index_key key = make_key(i);
            check_list(*state, &key);
        }
    }
}

/* A list that is asked for often stays where it is. */
static void test_keeps_recent(void **state)
{
    const ard__index_key often = make_key(5);
    ard__index_list first;
    assert_success(ard__index_list_get(*state, &often, &first));
    for (size_t i = 0; i < 2 * ARD__INDEX_SLOTS; ++i) {
        const ard__index_key key = make_key(7 + i);
        ard__index_list list;
        ard__index_list again;
        assert_success(ard__index_list_get(*state, &key, &list));
        assert_success(ard__index_list_get(*state, &often, &again));
        assert_ptr_equal(again.buffer, first.buffer);
        assert_true(ard__index_key_equal(&key, &often) || list.buffer != first.buffer);
    }
    check_list(*state, &often);
}

/* A slot has indices of its own: other ones behind the same pointer are another list, and equal
 * ones behind another pointer the same. */
static void test_indices_are_copied(void **state)
{
    (void)state;
    ard_context *context = test_context_create();
    uint32_t indices[] = {3, 7, 30};
    const uint32_t same[] = {3, 7, 30};
    ard_pattern pattern = {.indices = indices, .count = 3};
    const ard_pattern equal = {.indices = same, .count = 3};
    ard__index_key key = ard__index_key_plain(&pattern, 31);
    const ard__index_key equal_key = ard__index_key_plain(&equal, 31);
    ard__index_list first;
    ard__index_list found;
    assert_success(ard__index_list_get(context, &key, &first));
    assert_true(ard__index_key_equal(&key, &equal_key));
    indices[1] = 8;
    assert_false(ard__index_key_equal(&key, &equal_key));
    check_list(context, &key);
    assert_success(ard__index_list_get(context, &key, &found));
    assert_ptr_not_equal(found.buffer, first.buffer);
    assert_success(ard__index_list_get(context, &equal_key, &found));
    assert_ptr_equal(found.buffer, first.buffer);
    check_list(context, &equal_key);
    key.pattern.count = 2;
    check_list(context, &key);
    const ard__index_key row = ard__index_key_plain(NULL, 31);
    assert_false(ard__index_key_equal(&key, &row));
    assert_false(ard__index_key_equal(&row, &key));
    ard_context_destroy(context);
}

/* Index patterns of changing lengths through all slots, plain, strided, and over tiles. */
static void test_index_lists(void **state)
{
    uint64_t random = 5;
    for (size_t i = 0; i < 3 * ARD__INDEX_SLOTS; ++i) {
        uint32_t indices[784];
        ard__index_key key = make_key(i);
        const ard_pattern pattern = cover_random_index(&random, key.width, indices);
        key.pattern = pattern;
        check_list(*state, &key);
        ard__index_key strided = ard__index_key_plain(&pattern, key.width);
        strided.stride = 2 + (uint32_t)(i % 9);
        check_strided(*state, &strided);
    }
}

/* Overwrites the first word of a list on the device. */
static void mark(ard_context *context, const ard__index_list *list)
{
    const uint32_t word = 0x40FFEE11;
    assert_int_equal(clEnqueueWriteBuffer(context->queue, list->buffer, CL_TRUE, 0, sizeof word,
                                          &word, 0, NULL, NULL),
                     CL_SUCCESS);
}

static bool is_marked(ard_context *context, const ard__index_list *list)
{
    uint32_t *word = read_words(context, list->buffer, 0, 1);
    const bool marked = *word == 0x40FFEE11;
    free(word);
    return marked;
}

/* A list is sent once, stays while fewer others than there are slots are asked for, and is made
 * again after that. */
static void test_gives_way(void **state)
{
    (void)state;
    ard_context *context = test_context_create();
    const ard__index_key key = ard__index_key_plain(NULL, 1000);
    ard__index_list list;
    assert_success(ard__index_list_get(context, &key, &list));
    mark(context, &list);
    for (size_t others = 0; others <= ARD__INDEX_SLOTS; others += ARD__INDEX_SLOTS / 2) {
        for (size_t i = 0; i < others; ++i) {
            const ard__index_key other = ard__index_key_plain(NULL, 1 + others + i);
            ard__index_list found;
            assert_success(ard__index_list_get(context, &other, &found));
        }
        assert_success(ard__index_list_get(context, &key, &list));
        assert_int_equal(is_marked(context, &list), others < ARD__INDEX_SLOTS);
    }
    check_list(context, &key);
    ard_context_destroy(context);
}

/* Entries are numbered with 32 bits; a list of more is refused and nothing gives way to it. */
static void test_too_long(void **state)
{
    const ard__index_key key = make_key(5);
    const ard__index_key longer = ard__index_key_plain(NULL, (size_t)1 << 30);
    ard__index_list list;
    ard__index_list none = {0};
    assert_success(ard__index_list_get(*state, &key, &list));
    assert_fails(ard__index_list_get(*state, &longer, &none), ARD_STATUS_INVALID_PATTERN);
    assert_null(none.buffer);
    check_list(*state, &key);
}

/* Only whole runs of a vector's width, and only where vectors are wider than 1. */
static void test_has_runs(void **state)
{
    (void)state;
    const ard_context wide = {.vector_width = 16};
    const ard_context narrow = {.vector_width = 1};
    const ard_pattern all = {.period = 3, .residues = 7};
    const ard_pattern half = {.period = 2, .residues = 1};
    ard__index_key key = ard__index_key_plain(&all, 100);
    assert_true(ard__index_key_has_runs(&wide, &key));
    assert_false(ard__index_key_has_runs(&narrow, &key));
    const ard__index_key some = ard__index_key_plain(&half, 100);
    assert_false(ard__index_key_has_runs(&wide, &some));
    for (uint32_t edge = 15; edge <= 17; ++edge) {
        const ard_tile_pattern tile = {.edge = edge, .period = 2, .offset = 0};
        ard__tile_axis rows;
        ard__tile_axes(&tile, 100, 100, &rows, &key.axis);
        assert_int_equal(ard__index_key_has_runs(&wide, &key), edge >= 16);
    }
}

static void test_plain(void **state)
{
    (void)state;
    const ard_pattern odd = {.period = 2, .residues = 2};
    const ard__index_key key = ard__index_key_plain(&odd, 40);
    assert_true(ard__tile_axis_is_plain(&key.axis));
    const ard__index_key all = ard__index_key_plain(NULL, 40);
    assert_true(ard_pattern_is_all(&all.pattern));
    assert_false(ard__index_key_equal(&key, &all));
    assert_true(ard__index_key_equal(&all, &all));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),        cmocka_unit_test(test_strided_lists),
        cmocka_unit_test(test_keeps_recent), cmocka_unit_test(test_gives_way),
        cmocka_unit_test(test_too_long),     cmocka_unit_test(test_has_runs),
        cmocka_unit_test(test_plain),        cmocka_unit_test(test_indices_are_copied),
        cmocka_unit_test(test_index_lists),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
