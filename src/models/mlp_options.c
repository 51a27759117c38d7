/* SPDX-License-Identifier: Apache-2.0 */
/* The check of a network's options. */
#include "device/matrix_check.h"
#include "models/mlp_internal.h"

/* Groups of samples with patterns of their own; masks have one stream for all samples of a step. */
static ard_status check_groups(const ard_mlp_options *options)
{
    bool draws = false;
    ARD__CHECK(options->groups <= ARD_MLP_MAX_GROUPS, "a batch of %u groups, expected at most %d",
               options->groups, ARD_MLP_MAX_GROUPS);
    if (options->groups <= 1) {
        return ARD_STATUS_SUCCESS;
    }
    for (size_t i = 0; options->dropout != NULL && i + 1 < options->layers; ++i) {
        const ard_dropout *dropout = &options->dropout[i];
        ARD__CHECK(
            dropout->kind != ARD_DROPOUT_BERNOULLI && dropout->kind != ARD_DROPOUT_DROPCONNECT,
            "a batch of %u groups with Bernoulli dropout or DropConnect on hidden layer %zu, "
            "expected row, subset, index or tile patterns or none",
            options->groups, i);
        draws = draws || ard__dropout_drops_units(dropout) || dropout->kind == ARD_DROPOUT_TILE;
    }
    ARD__CHECK(draws,
               "a batch of %u groups without dropout in patterns, expected row, subset, index "
               "or tile patterns on a hidden layer, or one group",
               options->groups);
    return ARD_STATUS_SUCCESS;
}

ard_status ard__mlp_check_options(const ard_mlp_options *options)
{
    ARD__CHECK(options != NULL && options->widths != NULL,
               "the network's options or widths are NULL");
    ARD__CHECK(options->layers >= 1 && options->layers <= ARD_MLP_MAX_LAYERS,
               "the network has %zu layers, expected 1..%d", options->layers, ARD_MLP_MAX_LAYERS);
    ARD_TRY(ard__check_size("max_batch", options->max_batch));
    for (size_t i = 0; i <= options->layers; ++i) {
        ARD_TRY(ard__check_size("a width", options->widths[i]));
    }
    for (size_t i = 0; options->dropout != NULL && i + 1 < options->layers; ++i) {
        ARD_TRY(
            ard__dropout_check(&options->dropout[i], options->widths[i], options->widths[i + 1]));
        ARD_TRY(ard__dropout_check_mask(&options->dropout[i], options->max_batch,
                                        options->widths[i + 1]));
        ARD__CHECK(options->dropout[i].kind != ARD_DROPOUT_DROPCONNECT || i == 0 ||
                       !ard__dropout_drops_units(&options->dropout[i - 1]),
                   "hidden layer %zu has DropConnect behind a layer of row, subset or index "
                   "patterns, expected one that keeps its units",
                   i);
    }
    return check_groups(options);
}
