/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of text of the built-in grammar. */
#include <math.h>
#include <string.h>

#include "data/grammar.h"

/* The share of sentences that may be longer than what is summed: far below rounding. */
static const double NEGLIGIBLE = 1e-20;

/* One word further: where the sentences of `mass` are then that have not ended. Returns how many
 * these are. */
static double advance(double mass[GRAMMAR_STATES])
{
    double moved[GRAMMAR_STATES] = {0};
    double left = 0.0;
    for (grammar_state state = 0; state < GRAMMAR_STATES; ++state) {
        if (mass[state] == 0.0) {
            continue;
        }
        grammar_arc arcs[GRAMMAR_MOST_ARCS];
        uint32_t total;
        const size_t count = grammar_arcs(state, arcs, &total);
        for (size_t i = 0; i < count; ++i) {
            if (arcs[i].word != GRAMMAR_EOS) {
                const double share = mass[state] * arcs[i].weight / total;
                moved[arcs[i].next] += share;
                left += share;
            }
        }
    }
    memcpy(mass, moved, sizeof moved);
    return left;
}

void grammar_visits(double visits[GRAMMAR_STATES])
{
    double mass[GRAMMAR_STATES] = {0};
    memset(visits, 0, GRAMMAR_STATES * sizeof *visits);
    mass[grammar_begin()] = 1.0;
    double left = 1.0;
    while (left > NEGLIGIBLE) {
        for (size_t state = 0; state < GRAMMAR_STATES; ++state) {
            visits[state] += mass[state];
        }
        left = advance(mass);
    }
}

/* Of the next word in a state that is met. */
static double state_entropy(grammar_state state)
{
    grammar_arc arcs[GRAMMAR_MOST_ARCS];
    uint32_t total;
    const size_t count = grammar_arcs(state, arcs, &total);
    double sum = 0.0;
    for (size_t i = 0; i < count; ++i) {
        const double probability = (double)arcs[i].weight / total;
        sum -= probability * log(probability);
    }
    return sum;
}

double grammar_entropy(void)
{
    double visits[GRAMMAR_STATES];
    grammar_visits(visits);
    double words = 0.0;
    double nats = 0.0;
    for (grammar_state state = 0; state < GRAMMAR_STATES; ++state) {
        words += visits[state];
        nats += visits[state] > 0.0 ? visits[state] * state_entropy(state) : 0.0;
    }
    return nats / words;
}

double grammar_surprisal(const uint32_t *words, size_t count)
{
    grammar_state state = grammar_begin();
    double nats = 0.0;
    for (size_t i = 0; i < count; ++i) {
        const double probability = grammar_step(&state, words[i]);
        if (probability == 0.0) {
            return NAN;
        }
        nats -= i > 0 ? log(probability) : 0.0;
    }
    return count > 1 ? nats / (double)(count - 1) : NAN;
}
