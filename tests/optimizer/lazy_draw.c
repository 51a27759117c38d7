/* SPDX-License-Identifier: Apache-2.0 */
/* The patterns of lazy problems. */
#include "optimizer/lazy_problem.h"
#include "support/cover.h"
#include "support/memory.h"
#include "support/unit.h"

ard_pattern lazy_draw_pattern(uint64_t *random, const lazy_dimension *dimension, uint32_t *indices)
{
    ard_pattern pattern = ard_pattern_all();
    const uint32_t most = dimension->max_period;
    switch (dimension->draw) {
    case DRAW_ROW: {
        const uint32_t period = (uint32_t)(1 + test_random_below(random, most));
        const uint32_t offset = (uint32_t)test_random_below(random, period);
        assert_success(ard_pattern_row(period, offset, &pattern));
        break;
    }
    case DRAW_SUBSET: {
        const uint64_t drawn = test_random(random) & ((UINT64_C(1) << most) - 1);
        assert_success(ard_pattern_subset(most, drawn != 0 ? drawn : 2, &pattern));
        break;
    }
    case DRAW_INDEX:
        return cover_random_index(random, dimension->size, indices);
    case DRAW_FIRST:
        assert_success(ard_pattern_row(most, 0, &pattern));
        break;
    case DRAW_ALL:
    default:
        break;
    }
    return pattern;
}

ard_tile_pattern lazy_draw_tile(uint64_t *random, const lazy_problem *problem)
{
    const lazy_tiles *tiles = &problem->tiles;
    const uint32_t bound =
        ard_tile_max_period(tiles->edge, tiles->numbering, problem->rows.size, problem->cols.size);
    const uint32_t most = tiles->max_period < bound ? tiles->max_period : bound;
    uint32_t period = most;
    uint32_t offset = 0;
    if (tiles->draw == DRAW_ROW) {
        period = (uint32_t)(1 + test_random_below(random, most));
        offset = (uint32_t)test_random_below(random, period);
    }
    ard_tile_pattern tile = ard_tile_all();
    assert_success(ard_tile_init(tiles->edge, tiles->numbering, period, offset, &tile));
    return tile;
}
