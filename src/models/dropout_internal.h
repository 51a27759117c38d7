/* SPDX-License-Identifier: Apache-2.0 */
/* Dropout on one matrix of weights [out x in] and its outputs, for every model. */
#ifndef ARD_DROPOUT_INTERNAL_H
#define ARD_DROPOUT_INTERNAL_H

#include <ard/mlp.h>

/* What there are memory and tables for, whatever is drawn now. */
typedef struct ard__dropout_room {
    uint64_t periods;  /* ROW, TILE: bit i - 1 for period i */
    uint32_t residues; /* SUBSET: the most that are kept */
    uint32_t units;    /* INDEX: likewise */
} ard__dropout_room;

/* Names the patterns of one dropout in a model. */
typedef struct ard__dropout_draw {
    uint64_t seed;
    uint64_t step;
    uint32_t layer;
    uint32_t group; /* of samples, or the time step */
} ard__dropout_draw;

/* INVALID_* unless the dropout can be had on such a layer. */
ard_status ard__dropout_check(const ard_dropout *dropout, size_t in, size_t out);

/* INVALID_ARGUMENT unless a conventional mask over the outputs of so many samples can be had. */
ard_status ard__dropout_check_mask(const ard_dropout *dropout, size_t samples, size_t out);

/* Whether it keeps some of the outputs only: ROW, SUBSET, INDEX. */
bool ard__dropout_drops_units(const ard_dropout *dropout);

/* The pattern of a draw. Units of INDEX go into `indices` [dropout->index.high]. */
ard_layer_pattern ard__dropout_sample(const ard_dropout *dropout, const ard__dropout_draw *draw,
                                      uint32_t *indices);

/* Whether the dropout can draw such units, or tiles. What it does not drop is kept as a whole. */
bool ard__dropout_can_draw_units(const ard_dropout *dropout, const ard_pattern *units);
bool ard__dropout_can_draw_tiles(const ard_dropout *dropout, const ard_tile_pattern *tiles);

/* INVALID_PATTERN with the reason unless it can draw both; `where` says for whom. */
ard_status ard__dropout_check_pattern(const ard_dropout *dropout, const char *where,
                                      const ard_layer_pattern *pattern, size_t in, size_t out);

/* Says in a log what a dropout (NULL: none) of so many units drew (operation.h). */
struct ard__description;
void ard__describe_dropout(struct ard__description *description, const char *role,
                           const ard_dropout *dropout, const ard_layer_pattern *pattern,
                           size_t width);

/* What makes up for what a pattern drops of `width` units, or of tiles: the factor of what is kept;
 * of conventional masks 1 / (1 - rate). */
float ard__dropout_scale(const ard_dropout *dropout, const ard_layer_pattern *pattern,
                         size_t width);

/* The room that it asks for; with `varies` whatever its rate becomes. */
ard__dropout_room ard__dropout_room_make(const ard_dropout *dropout, size_t in, size_t out,
                                         bool varies);

/* Whether there is room for the period. */
bool ard__dropout_room_has(const ard__dropout_room *room, uint32_t period);

/* Periods 1..ARD_MAX_PERIOD up to `most`, as bits, of which the layer has a unit or a tile for each
 * offset. */
uint64_t ard__dropout_possible_periods(const ard_dropout *dropout, size_t in, size_t out,
                                       uint32_t most);

/* Common multiple of the periods that a dropout has room for on the units, 1 where it draws none, 0
 * where it is too large for tables; the number of units where any may be drawn. The dropout is a
 * model's own. */
uint32_t ard__dropout_classes(const ard_dropout *dropout, const ard__dropout_room *room);

/* The same of the tile patterns of a TILE dropout. */
uint32_t ard__dropout_tile_classes(const ard__dropout_room *room);

/* Whether the distribution of a ROW or TILE dropout has the period. */
bool ard__dropout_has_period(const ard_dropout *dropout, uint32_t period);

#endif
