/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>

#include <ard/distribution.h>
#include <ard/sampler.h>

#include "draw/figures.h"
#include "draw/svg.h"

enum { NEURONS = 32, STEPS = 12, EDGE = 10, SEED = 1, PANELS = 4, PANEL_WIDTH = 384 };
enum { PANEL_HEIGHT = 196, LEFT = 28, TOP = 64 };
static const double rate = 0.5;

/* What the dropout of a rate draws from. */
typedef struct sources {
    ard_distribution row;
    ard_subset_distribution subset;
    ard_index_distribution index;
} sources;

static ard_status make_sources(sources *s)
{
    uint32_t longest = 1;
    ard_status status = ard_distribution_default_max_period(rate, &longest);
    status = status ? status : ard_distribution_exact(rate, longest, &s->row);
    status = status ? status : ard_subset_distribution_from_rate(rate, 0, &s->subset);
    return status ? status : ard_index_distribution_from_rate(rate, NEURONS, &s->index);
}

/* The conventional mask of the first sample of a batch, as ard_bernoulli says. */
static bool mask_keeps(uint32_t neuron, uint64_t step)
{
    const ard_draw draw = {
        .seed = SEED, .step = step, .purpose = ARD_PURPOSE_MASK, .index = neuron / 4};
    uint32_t words[4];
    ard_draw_words(&draw, words);
    return (double)words[neuron % 4] >= rate * 4294967296.0;
}

/* One step of a panel, and at its right how many neurons are kept. */
static void draw_step(FILE *file, const sources *s, int panel, uint64_t step, int x, int y)
{
    uint32_t indices[NEURONS];
    const ard_pattern pattern = panel == 0 ? ard_sample_row(&s->row, SEED, 0, step, 0)
                                : panel == 1
                                    ? ard_sample_subset(&s->subset, SEED, 0, step, 0)
                                    : ard_sample_index(&s->index, SEED, 0, step, 0, indices);
    int count = 0;
    char text[16];
    for (uint32_t neuron = 0; neuron < NEURONS; ++neuron) {
        const bool keeps =
            panel == 3 ? mask_keeps(neuron, step) : ard_pattern_keeps(&pattern, neuron);
        count += keeps;
        svg_square(file, x + (int)neuron * EDGE, y, EDGE, keeps ? panel : SVG_DROPPED);
    }
    snprintf(text, sizeof text, "%d", count);
    svg_text(file, x + NEURONS * EDGE + 12, y + 8, SVG_TICK, text);
}

ard_status draw_steps(FILE *file)
{
    static const char *const titles[PANELS] = {"rows", "subsets", "index", "conventional"};
    static const char *const notes[PANELS] = {
        "one of every 1, 2 or 3 neurons", "4 residues of every 8 neurons", "any 16 of 32 neurons",
        "one of the batch's samples; each has a mask of its own"};
    sources s;
    const ard_status status = make_sources(&s);
    if (status != ARD_STATUS_SUCCESS) {
        return status;
    }
    svg_begin(
        file, 2 * PANEL_WIDTH + 30, 2 * PANEL_HEIGHT + 20,
        "Which of 32 neurons twelve steps keep at rate 0.5, by rows, subsets, index patterns and "
        "conventional dropout");
    for (int panel = 0; panel < PANELS; ++panel) {
        const int x = LEFT + panel % 2 * PANEL_WIDTH, y = TOP + panel / 2 * PANEL_HEIGHT;
        svg_text(file, x, y - 26, SVG_TITLE, titles[panel]);
        svg_text(file, x, y - 9, SVG_NOTE, notes[panel]);
        for (int step = 0; step < STEPS; ++step) {
            draw_step(file, &s, panel, (uint64_t)step, x, y + step * EDGE);
        }
    }
    svg_end(file);
    return ARD_STATUS_SUCCESS;
}
