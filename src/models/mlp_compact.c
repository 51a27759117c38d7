/* SPDX-License-Identifier: Apache-2.0 */
#include "models/mlp_compact.h"

#include "core/integers.h"

/* The ways in which the units between two layers can be kept: how many of them at the most. Only
 * the first choice, if `all`, keeps everything. */
typedef struct choices {
    bool all;
    size_t count;
    size_t kept[ARD_MAX_PERIOD];
} choices;

static void add_row_choices(const ard__dropout_room *room, size_t width, choices *found)
{
    found->all = ard__dropout_room_has(room, 1);
    found->count = 0;
    for (uint32_t period = 1; period <= ARD_MAX_PERIOD; ++period) {
        if (ard__dropout_room_has(room, period)) {
            found->kept[found->count++] = ard__divide_up(width, period);
        }
    }
}

/* All residues where there is room for them, and the most of them that are fewer; what keeps less
 * than a choice beside the whole layer needs less. */
static void add_subset_choices(const ard__dropout_room *room, uint32_t period, size_t width,
                               choices *found)
{
    const size_t class_size = ard__divide_up(width, period);
    found->all = room->residues == period;
    found->count = 0;
    for (uint32_t kept = room->residues; kept >= 1 && found->count < (found->all ? 2 : 1); --kept) {
        found->kept[found->count++] = ard__smaller(width, kept * class_size);
    }
}

/* Between layer `boundary` - 1 and layer `boundary`. */
static choices choices_at(const ard_mlp *mlp, size_t boundary)
{
    const size_t width = mlp->widths[boundary];
    choices found = {.all = true, .count = 1, .kept = {width}};
    if (boundary == 0 || boundary == mlp->options.layers) {
        return found;
    }
    const ard_dropout *dropout = &mlp->dropout[boundary - 1];
    const ard__dropout_room *room = &mlp->rooms[boundary - 1];
    if (dropout->kind == ARD_DROPOUT_ROW) {
        add_row_choices(room, width, &found);
    } else if (dropout->kind == ARD_DROPOUT_SUBSET) {
        add_subset_choices(room, dropout->subset.period, width, &found);
    } else if (dropout->kind == ARD_DROPOUT_INDEX) {
        found = (choices){.count = 1, .kept = {room->units}};
    }
    return found;
}

/* The largest tiles of a layer, all units kept; 0: it has none. */
static size_t tiles_size(const ard_mlp *mlp, size_t layer)
{
    const ard_dropout *dropout = &mlp->dropout[layer];
    size_t most = 0;
    if (layer + 1 == mlp->options.layers || dropout->kind != ARD_DROPOUT_TILE) {
        return 0;
    }
    for (uint32_t period = 2; period <= ARD_MAX_PERIOD; ++period) {
        if (ard__dropout_room_has(&mlp->rooms[layer], period)) {
            const ard_tile_pattern tile = {dropout->tile_edge, period, 0, dropout->tile_numbering};
            const ard_tile_layout layout =
                ard__tile_largest_layout(&tile, mlp->layers[layer].out, mlp->layers[layer].in);
            most = ard__larger(most, layout.groups * layout.rows * layout.cols);
        }
    }
    return most;
}

/* Where memory ends at the most, by what is kept behind the last layer. */
typedef struct ends {
    size_t copies[ARD_MAX_PERIOD];
    size_t gradients[ARD_MAX_PERIOD]; /* of weights and biases, all kept at once */
} ends;

/* What a layer takes under one choice for its inputs and outputs. */
typedef struct demand {
    size_t copies; /* of its weights and bias */
    size_t weight_gradient;
    size_t gradients; /* of its weights and bias */
} demand;

static demand demand_of(const choices *in, size_t i, const choices *out, size_t o, size_t tiles)
{
    const bool whole = in->all && i == 0 && out->all && o == 0;
    const size_t kept = ard__larger(in->kept[i] * out->kept[o], tiles);
    const size_t bias = ard__mlp_compact_round(out->kept[o]);
    return (demand){.copies = ard__mlp_compact_round(whole ? tiles : kept) + bias,
                    .weight_gradient = ard__mlp_compact_round(kept),
                    .gradients = ard__mlp_compact_round(kept) + bias};
}

/* Adds a layer behind those before; `*most` becomes where the gradient of its weights ends, if it
 * begins where its copies do and that is further. */
static ends add_layer(const ard_mlp *mlp, size_t layer, const ends *before, size_t *most)
{
    const choices in = choices_at(mlp, layer);
    const choices out = choices_at(mlp, layer + 1);
    const size_t tiles = tiles_size(mlp, layer);
    ends after = {{0}, {0}};
    for (size_t i = 0; i < in.count; ++i) {
        for (size_t o = 0; o < out.count; ++o) {
            const demand needed = demand_of(&in, i, &out, o, tiles);
            const size_t copies = before->copies[i] + needed.copies;
            const size_t gradients = before->gradients[i] + needed.gradients;
            after.copies[o] = ard__larger(after.copies[o], copies);
            after.gradients[o] = ard__larger(after.gradients[o], gradients);
            *most = ard__larger(*most, before->copies[i] + needed.weight_gradient);
        }
    }
    return after;
}

static size_t last_end(const size_t at[ARD_MAX_PERIOD])
{
    size_t most = 0;
    for (size_t i = 0; i < ARD_MAX_PERIOD; ++i) {
        most = ard__larger(most, at[i]);
    }
    return most;
}

size_t ard__mlp_compact_size(const ard_mlp *mlp)
{
    const ends nothing = {{0}, {0}};
    size_t gradients = 0;
    size_t ignored = 0;
    ends backward = nothing;                                /* the first layer's copies are gone */
    ends forward = add_layer(mlp, 0, &nothing, &gradients); /* they count, wherever they lie */
    for (size_t layer = 1; layer < mlp->options.layers; ++layer) {
        backward = add_layer(mlp, layer, &backward, &gradients);
        forward = add_layer(mlp, layer, &forward, &ignored);
    }
    if (mlp->options.groups > 1) {
        const size_t groups = ard__smaller(mlp->options.groups, mlp->options.max_batch);
        return last_end(forward.copies) + groups * last_end(forward.gradients);
    }
    return ard__larger(gradients, last_end(forward.copies));
}
