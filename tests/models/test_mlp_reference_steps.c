/* SPDX-License-Identifier: Apache-2.0 */
/* Training runs whose steps have several patterns, or another dropout than the step before, against
 * the double-precision reference. */
#include <stdio.h>

#include "models/reference_run.h"
#include "support/device.h"
#include "support/unit.h"

/* Up from nothing, down again, and the layers not alike. */
static double changing_rate(uint64_t t, size_t layer)
{
    static const double rates[] = {0.0, 0.0, 0.1, 0.3, 0.5, 0.5, 0.05, 0.45};
    return rates[(t + 3 * layer) % 8];
}

/* Another rate in each step. */
static void change_dropout(reference_run *r, uint64_t t, uint32_t max_period,
                           ard_dropout dropout[2])
{
    for (size_t l = 0; l < 2; ++l) {
        const ard_dropout before = dropout[l];
        const uint32_t period =
            before.kind == ARD_DROPOUT_SUBSET ? before.subset.period : max_period;
        assert_success(
            ard_dropout_init(before.kind, changing_rate(t, l), period, before.scale, &dropout[l]));
        dropout[l].tile_edge = before.tile_edge;
        dropout[l].tile_numbering = before.tile_numbering;
    }
    assert_success(ard_mlp_set_dropout(r->mlp, dropout));
}

/* A run whose network has room for it; the last rate of 1/2 with periods up to 2 has but one. */
static void check_changing_run(ard_context *context, ard_dropout_kind first,
                               ard_dropout_kind second, uint32_t max_period, ard_scale_kind scale,
                               uint32_t groups)
{
    char name[64];
    snprintf(name, sizeof name, "changing rates of kinds %d and %d, %u groups", (int)first,
             (int)second, groups);
    ard_dropout dropout[2];
    const ard_dropout_kind kinds[2] = {first, second};
    for (size_t l = 0; l < 2; ++l) {
        assert_success(ard_dropout_init(
            kinds[l], 0.5, kinds[l] == ARD_DROPOUT_SUBSET ? 0 : max_period, scale, &dropout[l]));
        dropout[l].tile_edge = kinds[l] == ARD_DROPOUT_TILE ? TOY_EDGE : 0;
    }
    ard_mlp_options options = toy_options(3, reference_run_widths, dropout, MAX_BATCH);
    options.dropout_varies = true;
    options.groups = groups;
    reference_run r = reference_run_begin(context, &options);
    for (uint64_t t = 0; t < STEPS; ++t) {
        change_dropout(&r, t, max_period, dropout);
        reference_run_step(&r, &options, t, (size_t)t * 3, t % 5 == 3 ? 7 : MAX_BATCH);
    }
    reference_run_compare(&r, name);
    reference_run_evaluate(&r, MAX_BATCH);
    reference_run_end(&r);
}

/* Groups of samples with patterns of their own: batches that no number of groups divides, and
 * smaller ones than the number. */
static void test_groups(void **state)
{
    static const uint32_t groups[] = {1, 2, 3, 5};
    static const ard_dropout_kind kinds[][2] = {
        {ARD_DROPOUT_ROW, ARD_DROPOUT_ROW},    {ARD_DROPOUT_SUBSET, ARD_DROPOUT_SUBSET},
        {ARD_DROPOUT_TILE, ARD_DROPOUT_TILE},  {ARD_DROPOUT_ROW, ARD_DROPOUT_TILE},
        {ARD_DROPOUT_TILE, ARD_DROPOUT_NONE},  {ARD_DROPOUT_NONE, ARD_DROPOUT_SUBSET},
        {ARD_DROPOUT_SUBSET, ARD_DROPOUT_ROW}, {ARD_DROPOUT_INDEX, ARD_DROPOUT_INDEX}};
    enum { PAIRS = sizeof kinds / sizeof kinds[0] };
    for (size_t variant = 0; variant < (size_t)4 * PAIRS; ++variant) {
        char name[64];
        const ard_dropout_kind *pair = kinds[variant / 4];
        ard_dropout dropout[2] = {toy_dropout(pair[0], ARD_SCALE_RATE),
                                  toy_dropout(pair[1], ARD_SCALE_PERIOD)};
        dropout[1].tile_numbering = ARD_TILE_LINEAR;
        ard_mlp_options options = toy_options(3, reference_run_widths, dropout, MAX_BATCH);
        options.groups = groups[variant % 4];
        options.seed = 250 + variant;
        options.sgd = reference_run_optimizer(variant);
        options.sgd.momentum = variant % 3 == 1 ? 0.0 : 0.9;
        snprintf(name, sizeof name, "kinds %d and %d, %u groups", (int)pair[0], (int)pair[1],
                 options.groups);
        reference_run_check(*state, &options, name);
    }
}

static void test_groups_with_ages_of_elements(void **state)
{
    ard_dropout dropout[2];
    for (size_t i = 0; i < 2; ++i) {
        assert_success(ard_dropout_init(ARD_DROPOUT_ROW, 0.6, 13, ARD_SCALE_RATE, &dropout[i]));
    }
    ard_mlp_options options = toy_options(3, reference_run_widths, dropout, MAX_BATCH);
    options.sgd = reference_run_optimizer(2);
    options.groups = 4;
    reference_run_check(*state, &options, "long periods in groups");
    options.groups = ARD_MLP_MAX_GROUPS;
    reference_run_check(*state, &options, "more groups than samples");
}

static void test_changing_rates(void **state)
{
    static const ard_dropout_kind kinds[][2] = {
        {ARD_DROPOUT_ROW, ARD_DROPOUT_ROW},       {ARD_DROPOUT_SUBSET, ARD_DROPOUT_SUBSET},
        {ARD_DROPOUT_TILE, ARD_DROPOUT_TILE},     {ARD_DROPOUT_BERNOULLI, ARD_DROPOUT_BERNOULLI},
        {ARD_DROPOUT_NONE, ARD_DROPOUT_ROW},      {ARD_DROPOUT_DROPCONNECT, ARD_DROPOUT_TILE},
        {ARD_DROPOUT_ROW, ARD_DROPOUT_BERNOULLI}, {ARD_DROPOUT_SUBSET, ARD_DROPOUT_ROW},
        {ARD_DROPOUT_INDEX, ARD_DROPOUT_INDEX}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        check_changing_run(*state, kinds[i][0], kinds[i][1], 2, ARD_SCALE_RATE, 1);
        check_changing_run(*state, kinds[i][0], kinds[i][1], 4, ARD_SCALE_PERIOD, 1);
    }
    /* Ages of elements instead of tables. */
    check_changing_run(*state, ARD_DROPOUT_ROW, ARD_DROPOUT_ROW, 13, ARD_SCALE_RATE, 1);
}

static void test_changing_rates_in_groups(void **state)
{
    check_changing_run(*state, ARD_DROPOUT_ROW, ARD_DROPOUT_SUBSET, 4, ARD_SCALE_RATE, 3);
    check_changing_run(*state, ARD_DROPOUT_TILE, ARD_DROPOUT_ROW, 2, ARD_SCALE_PERIOD, 2);
    check_changing_run(*state, ARD_DROPOUT_INDEX, ARD_DROPOUT_INDEX, 2, ARD_SCALE_PERIOD, 3);
    check_changing_run(*state, ARD_DROPOUT_ROW, ARD_DROPOUT_ROW, 13, ARD_SCALE_RATE, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_groups_with_ages_of_elements),
        cmocka_unit_test(test_changing_rates),
        cmocka_unit_test(test_changing_rates_in_groups),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
