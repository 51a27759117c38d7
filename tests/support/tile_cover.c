/* SPDX-License-Identifier: Apache-2.0 */
#include "support/tile_cover.h"

#include <stdlib.h>

#include "support/memory.h"
#include "support/unit.h"

const size_t tile_cover_sizes[TILE_COVER_SIZES] = {1, 31, 32, 33, 61, 64, 95, 127, 784};

static const size_t BATCHES[] = {1, 7, 33};
static const uint32_t EDGES[] = {16, 32, 64};

enum { BATCH_SIZES = sizeof BATCHES / sizeof BATCHES[0], LARGEST = TILE_COVER_SIZES - 1 };

static const uint64_t COVER_SEED = UINT64_C(0x711E);

/* Which dimensions have a row pattern: the sum of these. */
enum { ROWS_OUT = 1, ROWS_IN = 2, ROWS = 4 };

/* Which pairs have been met. */
typedef struct pairs {
    bool in_tile[TILE_COVER_SIZES][TILE_COVER_TILES];
    bool sizes_grid[TILE_COVER_SIZES][TILE_COVER_SIZES][TILE_COVER_GRIDS];
    bool rows_tile[ROWS][TILE_COVER_TILES];
} pairs;

typedef struct sweep {
    pairs met;
    uint64_t random;
    size_t count;
    void (*run)(const tile_cover_case *, void *);
    void *context;
} sweep;

static ard_tile_pattern tile_at(size_t index)
{
    const size_t grid = index / COVER_PATTERNS;
    ard_tile_pattern tile = {.edge = EDGES[grid / 2],
                             .period = 1,
                             .offset = (uint32_t)(index % COVER_PATTERNS),
                             .numbering = grid % 2 == 0 ? ARD_TILE_DIAGONAL : ARD_TILE_LINEAR};
    while (tile.offset >= tile.period) {
        tile.offset -= tile.period++;
    }
    return tile;
}

static bool is_valid(size_t out, size_t in, size_t tile_index)
{
    const ard_tile_pattern tile = tile_at(tile_index);
    return ard_tile_check(&tile, tile_cover_sizes[out], tile_cover_sizes[in]) == ARD_STATUS_SUCCESS;
}

ard_pattern tile_cover_random_pattern(uint64_t *random, size_t width)
{
    ard_pattern pattern = ard_pattern_all();
    if (width == 1) {
        return pattern;
    }
    if (test_random_below(random, 3) == 0) {
        while (ard_pattern_is_all(&pattern)) {
            pattern = cover_random_subset(random, width);
        }
        return pattern;
    }
    const size_t limit = test_random_below(random, 2) == 0 ? COVER_MAX_PERIOD : ARD_MAX_PERIOD;
    const size_t most = width < limit ? width : limit;
    const uint32_t period = (uint32_t)(2 + test_random_below(random, most - 1));
    assert_success(ard_pattern_row(period, (uint32_t)test_random_below(random, period), &pattern));
    return pattern;
}

/* One that the tile pattern has not been met with, where the sizes allow it: a single unit has no
 * row pattern. */
static size_t choose_rows(const sweep *s, size_t out, size_t in, size_t tile)
{
    for (size_t i = 0; i < ROWS; ++i) {
        const size_t rows = (s->count + i) % ROWS;
        const bool possible = ((rows & ROWS_OUT) == 0 || tile_cover_sizes[out] > 1) &&
                              ((rows & ROWS_IN) == 0 || tile_cover_sizes[in] > 1);
        if (possible && !s->met.rows_tile[rows][tile]) {
            return rows;
        }
    }
    return s->count % ROWS;
}

static void run_case(sweep *s, size_t out, size_t in, size_t tile, size_t batch)
{
    const size_t rows = choose_rows(s, out, in, tile);
    s->met.in_tile[in][tile] = true;
    s->met.sizes_grid[out][in][tile / COVER_PATTERNS] = true;
    tile_cover_case c = {.batch = BATCHES[batch],
                         .out_index = out,
                         .in_index = in,
                         .tile_index = tile,
                         .out = tile_cover_sizes[out],
                         .in = tile_cover_sizes[in],
                         .tile = tile_at(tile),
                         .out_pattern = ard_pattern_all(),
                         .in_pattern = ard_pattern_all(),
                         .seed = test_mix(s->count, COVER_SEED)};
    if ((rows & ROWS_OUT) != 0) {
        c.out_pattern = tile_cover_random_pattern(&s->random, c.out);
    }
    if ((rows & ROWS_IN) != 0) {
        c.in_pattern = tile_cover_random_pattern(&s->random, c.in);
    }
    s->met.rows_tile[(ard_pattern_is_all(&c.out_pattern) ? 0 : ROWS_OUT) +
                     (ard_pattern_is_all(&c.in_pattern) ? 0 : ROWS_IN)][tile] = true;
    s->run(&c, s->context);
    ++s->count;
}

/* How much a pair of sizes adds to what was met. The largest matrix is slow, so it is taken once
 * and after that where nothing else is valid. */
static int gain(const sweep *s, size_t out, size_t in, size_t tile)
{
    const bool new_sizes = !s->met.sizes_grid[out][in][tile / COVER_PATTERNS];
    if (out == LARGEST && in == LARGEST) {
        return new_sizes ? 4 : -1;
    }
    return 2 * new_sizes + !s->met.in_tile[in][tile];
}

/* The valid partner of a size that adds most, the first of these from a random one on. `of_out`
 * says which one is given. */
static size_t find_partner(sweep *s, bool of_out, size_t given, size_t tile)
{
    const size_t start = test_random_below(&s->random, TILE_COVER_SIZES);
    size_t best = LARGEST;
    int best_gain = -2;
    for (size_t i = 0; i < TILE_COVER_SIZES; ++i) {
        const size_t other = (start + i) % TILE_COVER_SIZES;
        const size_t out = of_out ? given : other;
        const size_t in = of_out ? other : given;
        if (is_valid(out, in, tile) && gain(s, out, in, tile) > best_gain) {
            best = other;
            best_gain = gain(s, out, in, tile);
        }
    }
    return best;
}

static void run_pairwise(sweep *s)
{
    for (size_t tile = 0; tile < TILE_COVER_TILES; ++tile) {
        for (size_t out = 0; out < TILE_COVER_SIZES; ++out) {
            run_case(s, out, find_partner(s, true, out, tile), tile, s->count % BATCH_SIZES);
        }
        for (size_t in = 0; in < TILE_COVER_SIZES; ++in) {
            if (!s->met.in_tile[in][tile]) {
                run_case(s, find_partner(s, false, in, tile), in, tile, s->count % BATCH_SIZES);
            }
        }
    }
}

static void run_product(sweep *s, bool every_batch)
{
    for (size_t pair = 0; pair < TILE_COVER_SIZES * TILE_COVER_SIZES; ++pair) {
        const size_t out = pair / TILE_COVER_SIZES;
        const size_t in = pair % TILE_COVER_SIZES;
        for (size_t tile = 0; tile < TILE_COVER_TILES; ++tile) {
            if (!is_valid(out, in, tile)) {
                continue;
            }
            const size_t turn = s->count % BATCH_SIZES;
            for (size_t batch = 0; batch < BATCH_SIZES; ++batch) {
                if (every_batch || batch == turn) {
                    run_case(s, out, in, tile, batch);
                }
            }
        }
    }
}

size_t tile_cover_run(cover_extent extent, void (*run)(const tile_cover_case *, void *),
                      void *context)
{
    sweep *s = test_alloc(1, sizeof *s);
    s->random = COVER_SEED;
    s->run = run;
    s->context = context;
    if (extent == COVER_PAIRWISE) {
        run_pairwise(s);
    } else {
        run_product(s, extent == COVER_ALL);
    }
    const size_t count = s->count;
    free(s);
    return count;
}
