/* SPDX-License-Identifier: Apache-2.0 */
/* What patterns keep of weights [12 x 12], and the dense products that are left of them.
 *     show_pattern                      some of each kind
 *     show_pattern "row 3 1"            every 3rd neuron from 1 on
 *     show_pattern "subset 4 0 3"       the residues 0 and 3 of every 4 neurons
 *     show_pattern "index 1 4 7 8"      any neurons, in increasing order
 *     show_pattern "diagonal 3 0"       one tile of three, a character each; or "linear 3 0" */
#include <ard/ard.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 12 };

/* Patterns of the neurons (rows) and of the tiles, here single weights. */
typedef struct weights {
    ard_pattern neurons;
    ard_tile_pattern tiles;
} weights;

static bool is_kept(const weights *w, size_t row, size_t col)
{
    return ard_pattern_keeps(&w->neurons, row) && ard_tile_keeps(&w->tiles, SIZE, row, col);
}

static void add(size_t number, bool *done, size_t *numbers, size_t *count)
{
    if (!*done) {
        *done = true;
        numbers[(*count)++] = number;
    }
}

/* The kept rows by the first column they keep, and the columns by the first row. */
static void sort(const weights *w, size_t *rows, size_t *row_count, size_t *cols, size_t *col_count)
{
    bool row_done[SIZE] = {false}, col_done[SIZE] = {false};
    *row_count = *col_count = 0;
    for (size_t i = 0; i < SIZE * SIZE; ++i) {
        if (is_kept(w, i % SIZE, i / SIZE)) {
            add(i % SIZE, &row_done[i % SIZE], rows, row_count);
        }
    }
    for (size_t i = 0; i < *row_count * SIZE; ++i) {
        if (is_kept(w, rows[i / SIZE], i % SIZE)) {
            add(i % SIZE, &col_done[i % SIZE], cols, col_count);
        }
    }
}

/* Before compaction | after it. */
static void draw(const weights *w)
{
    size_t rows[SIZE], cols[SIZE], row_count, col_count;
    sort(w, rows, &row_count, cols, &col_count);
    for (size_t r = 0; r < SIZE; ++r) {
        for (size_t c = 0; c < SIZE; ++c) {
            printf(" %c", is_kept(w, r, c) ? '#' : '.');
        }
        for (size_t c = 0; r < row_count && c < col_count; ++c) {
            printf(c > 0 ? " %c" : "   | %c", is_kept(w, rows[r], cols[c]) ? '#' : '.');
        }
        printf("\n");
    }
}

/* The pattern of a kind and its numbers; those that are missing are 0. */
static ard_status make(const char *kind, const uint32_t *numbers, uint32_t count, weights *w)
{
    uint64_t residues = 0;
    for (uint32_t i = 1; i < count; ++i) {
        residues |= (uint64_t)1 << numbers[i] % 64;
    }
    w->neurons = ard_pattern_all();
    w->tiles = ard_tile_all();
    return kind[0] == 'r'   ? ard_pattern_row(numbers[0], numbers[1], &w->neurons)
           : kind[0] == 's' ? ard_pattern_subset(numbers[0], residues, &w->neurons)
           : kind[0] == 'i' ? ard_pattern_index(numbers, count, &w->neurons)
                            : ard_tile_init(1, kind[0] == 'l' ? ARD_TILE_LINEAR : ARD_TILE_DIAGONAL,
                                            numbers[0], numbers[1], &w->tiles);
}

/* Draws the pattern that is described, such as "row 3 1", and says what a step multiplies. */
static int show(const char *words)
{
    uint32_t numbers[64] = {0}, count = 0;
    weights w;
    ard_tile_layout layout;
    for (const char *at = strchr(words, ' '); at != NULL && count < 64; at = strchr(at + 1, ' ')) {
        numbers[count++] = (uint32_t)strtoul(at, NULL, 10);
    }
    const bool known = words[0] != '\0' && strchr("rsidl", words[0]) != NULL;
    if (!known || make(words, numbers, count, &w) || ard_pattern_check(&w.neurons, SIZE) ||
        ard_tile_check(&w.tiles, SIZE, SIZE) ||
        ard_tile_get_layout(&w.tiles, SIZE, SIZE, &w.neurons, NULL, &layout)) {
        fprintf(stderr, "%s: %s\n", words,
                known ? ard_detail() : "row, subset, index, diagonal or linear?");
        return 2;
    }
    printf("%s: %zu weights of %d, left to multiply as %zu x [%zu x %zu]\n", words, layout.weights,
           SIZE * SIZE, layout.groups, layout.rows, layout.cols);
    draw(&w);
    return 0;
}

int main(int argc, char **argv)
{
    static const char *const samples[] = {"row 3 1", "subset 4 0 3", "index 0 2 3 7 8 11",
                                          "diagonal 3 0", "linear 3 0"};
    int failed = 0;
    for (int i = 1; i < argc; ++i) {
        failed |= show(argv[i]);
    }
    for (int i = 0; argc < 2 && i < 5; ++i) {
        failed |= show(samples[i]);
    }
    return failed;
}
