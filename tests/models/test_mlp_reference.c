/* SPDX-License-Identifier: Apache-2.0 */
/* Whole training runs and evaluations against the double-precision reference. */
#include <stdio.h>
#include <stdlib.h>

#include "models/reference_run.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

static void test_every_pair_of_kinds(void **state)
{
    enum { KINDS = ARD_DROPOUT_INDEX + 1 };
    for (size_t variant = 0; variant < (size_t)KINDS * KINDS; ++variant) {
        const size_t first = variant / KINDS;
        const size_t second = variant % KINDS;
        if (second == ARD_DROPOUT_DROPCONNECT &&
            (first == ARD_DROPOUT_ROW || first == ARD_DROPOUT_SUBSET ||
             first == ARD_DROPOUT_INDEX)) {
            continue; /* refused */
        }
        char name[64];
        snprintf(name, sizeof name, "dropout kinds %zu and %zu", first, second);
        ard_dropout dropout[2] = {toy_dropout((ard_dropout_kind)first,
                                              variant % 3 == 0 ? ARD_SCALE_PERIOD : ARD_SCALE_RATE),
                                  toy_dropout((ard_dropout_kind)second, ARD_SCALE_RATE)};
        dropout[0].tile_numbering = (ard_tile_numbering)(second % 2);
        dropout[1].tile_numbering = (ard_tile_numbering)(first % 2);
        ard_mlp_options options = toy_options(3, reference_run_widths, dropout, MAX_BATCH);
        options.seed = 50 + variant;
        options.sgd = reference_run_optimizer(variant);
        reference_run_check(*state, &options, name);
    }
}

/* Tiles of one weight, ragged ones and large ones, both numberings and scales. */
static void test_tiles(void **state)
{
    static const uint32_t edges[] = {1, 3, 16};
    for (size_t variant = 0; variant < 12; ++variant) {
        char name[64];
        const uint32_t edge = edges[variant / 4];
        const ard_tile_numbering numbering = (ard_tile_numbering)(variant % 2);
        const ard_scale_kind scale = variant / 2 % 2 == 0 ? ARD_SCALE_RATE : ARD_SCALE_PERIOD;
        snprintf(name, sizeof name, "edge %u, numbering %d, scale %d", edge, (int)numbering,
                 (int)scale);
        ard_dropout dropout[2] = {toy_dropout(ARD_DROPOUT_TILE, scale),
                                  toy_dropout(ARD_DROPOUT_TILE, scale)};
        for (size_t l = 0; l < 2; ++l) {
            dropout[l].tile_edge = edge;
            dropout[l].tile_numbering = numbering;
        }
        ard_mlp_options options = toy_options(3, reference_run_widths, dropout, MAX_BATCH);
        options.seed = 150 + variant;
        options.sgd = reference_run_optimizer(variant);
        reference_run_check(*state, &options, name);
    }
}

/* Rows of periods up to 13, whose residue classes are too many for a table, before others and
 * before tiles. */
static void test_ages_of_elements(void **state)
{
    ard_dropout dropout[2];
    for (size_t i = 0; i < 2; ++i) {
        assert_success(ard_dropout_init(ARD_DROPOUT_ROW, 0.6, 13, ARD_SCALE_RATE, &dropout[i]));
    }
    ard_mlp_options options = toy_options(3, reference_run_widths, dropout, MAX_BATCH);
    options.sgd = reference_run_optimizer(2);
    reference_run_check(*state, &options, "long periods");
    dropout[1] = toy_dropout(ARD_DROPOUT_TILE, ARD_SCALE_RATE);
    reference_run_check(*state, &options, "tiles behind long periods");
}

/* Numbers of kept units that vary, that are one, and that are all, with both scales. */
static void test_indices(void **state)
{
    static const double rates[][2] = {{0.3, 0.71}, {32.0 / 33.0, 0.5}, {0.0, 30.0 / 31.0}};
    for (size_t variant = 0; variant < 6; ++variant) {
        char name[64];
        ard_dropout dropout[2];
        const double *rate = rates[variant / 2];
        const ard_scale_kind scale = variant % 2 == 0 ? ARD_SCALE_RATE : ARD_SCALE_PERIOD;
        snprintf(name, sizeof name, "indices at %.2f and %.2f, scale %d", rate[0], rate[1],
                 (int)scale);
        for (size_t l = 0; l < 2; ++l) {
            assert_success(ard_dropout_init(ARD_DROPOUT_INDEX, rate[l], 0, scale, &dropout[l]));
        }
        ard_mlp_options options = toy_options(3, reference_run_widths, dropout, MAX_BATCH);
        options.seed = 250 + variant;
        options.sgd = reference_run_optimizer(variant);
        options.sgd.schedule.rate = 0.01; /* one unit scaled by 33 makes much of roundings */
        reference_run_check(*state, &options, name);
    }
}

static void test_one_layer(void **state)
{
    const size_t two[] = {INPUTS, CLASSES};
    const ard_mlp_options options = toy_options(1, two, NULL, MAX_BATCH);
    toy_data data = toy_create(*state, SAMPLES, INPUTS, CLASSES, 0.4f, 3);
    double *src = test_to_double((size_t)SAMPLES * INPUTS, data.values);
    ard_mlp *mlp = toy_network(*state, &options);
    reference_net net = reference_net_create(1, two);
    reference_net velocity = reference_net_create(1, two);
    reference_net gradient = reference_net_create(1, two);
    reference_net now = reference_net_create(1, two);
    reference_net_read(&net, mlp);
    const reference_dropout none = reference_no_dropout();
    const reference_outputs outputs = {.gradient = &gradient};
    for (uint64_t t = 0; t < 10; ++t) {
        assert_success(ard_mlp_step(mlp, MAX_BATCH, &data.src, &data.src_labels, NULL));
        reference_net_loss(&net, &none, MAX_BATCH, src, data.labels, &outputs);
        reference_net_update(&options.sgd, t, &net, &velocity, &gradient);
    }
    reference_net_read(&now, mlp);
    reference_run_values("one layer", "weights", CLASSES, INPUTS, now.weights[0], net.weights[0]);
    reference_run_values("one layer", "bias", 1, CLASSES, now.bias[0], net.bias[0]);
    reference_net_destroy(&net);
    reference_net_destroy(&velocity);
    reference_net_destroy(&gradient);
    reference_net_destroy(&now);
    ard_mlp_destroy(mlp);
    toy_destroy(&data);
    free(src);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_pair_of_kinds), cmocka_unit_test(test_tiles),
        cmocka_unit_test(test_ages_of_elements),    cmocka_unit_test(test_indices),
        cmocka_unit_test(test_one_layer),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
