/* SPDX-License-Identifier: Apache-2.0 */
/* The patterns that there is room for, and the residue classes that they share. */
#include "core/integers.h"
#include "models/dropout_internal.h"

/* Beyond this, tables of residue classes do not pay (see ARD__MAX_CLASSES). */
enum { MAX_COMMON_MULTIPLE = 4096 };

bool ard__dropout_room_has(const ard__dropout_room *room, uint32_t period)
{
    return period >= 1 && period <= ARD_MAX_PERIOD && (room->periods >> (period - 1) & 1) != 0;
}

static bool draws_periods(const ard_dropout *dropout)
{
    return dropout->kind == ARD_DROPOUT_ROW || dropout->kind == ARD_DROPOUT_TILE;
}

uint64_t ard__dropout_possible_periods(const ard_dropout *dropout, size_t in, size_t out,
                                       uint32_t most)
{
    const uint64_t served =
        dropout->kind == ARD_DROPOUT_TILE
            ? ard_tile_max_period(dropout->tile_edge, dropout->tile_numbering, out, in)
            : out;
    const uint64_t largest = served < most ? served : most;
    return largest >= 64 ? UINT64_MAX : ((uint64_t)1 << largest) - 1;
}

ard__dropout_room ard__dropout_room_make(const ard_dropout *dropout, size_t in, size_t out,
                                         bool varies)
{
    ard__dropout_room room = {0};
    if (dropout->kind == ARD_DROPOUT_INDEX) {
        room.units = varies ? dropout->index.width : dropout->index.high;
    } else if (dropout->kind == ARD_DROPOUT_SUBSET) {
        room.residues = varies ? dropout->subset.period : dropout->subset.high;
    } else if (draws_periods(dropout) && varies) {
        room.periods =
            ard__dropout_possible_periods(dropout, in, out, dropout->distribution.max_period);
    } else if (draws_periods(dropout)) {
        for (uint32_t period = 1; period <= ARD_MAX_PERIOD; ++period) {
            const uint64_t drawn = ard__dropout_has_period(dropout, period);
            room.periods |= drawn << (period - 1);
        }
    }
    return room;
}

/* Least common multiple of the periods of the room, 0 where it is large. */
static uint32_t common_multiple(const ard__dropout_room *room)
{
    uint32_t multiple = 1;
    for (uint32_t period = 1; period <= ARD_MAX_PERIOD; ++period) {
        if (ard__dropout_room_has(room, period)) {
            multiple *= period / ard__greatest_common_divisor(multiple, period);
        }
        if (multiple > MAX_COMMON_MULTIPLE) {
            return 0;
        }
    }
    return multiple;
}

uint32_t ard__dropout_classes(const ard_dropout *dropout, const ard__dropout_room *room)
{
    if (dropout->kind == ARD_DROPOUT_INDEX) {
        return dropout->index.width;
    }
    if (dropout->kind == ARD_DROPOUT_SUBSET) {
        return dropout->subset.period;
    }
    return dropout->kind == ARD_DROPOUT_ROW ? common_multiple(room) : 1;
}

uint32_t ard__dropout_tile_classes(const ard__dropout_room *room)
{
    return common_multiple(room);
}
