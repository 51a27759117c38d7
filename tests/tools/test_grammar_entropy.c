/* SPDX-License-Identifier: Apache-2.0 */
/* The entropy of the built-in grammar: by linear equations, and by what its text loses, which is
 * far from what pairs of words tell. */
#include <math.h>
#include <string.h>

#include "data/grammar.h"
#include "support/statistics.h"
#include "support/unit.h"

enum { SAMPLE = 200003 };

/* Standard deviations that a mean of many independent parts may be off: beyond with probability
 * 6e-5; and the same for chi-square. */
static const double FAR = 4.0;
static const double SIGNIFICANCE = 6e-5;

static uint32_t sample[SAMPLE];

static int setup(void **state)
{
    (void)state;
    grammar_generate(1, 0, SAMPLE, sample);
    return 0;
}

/* Solves a x = b by elimination with pivots; a [size x size] and b are used up. */
static void solve(double (*a)[GRAMMAR_STATES], double *b, size_t size)
{
    for (size_t k = 0; k < size; ++k) {
        size_t pivot = k;
        for (size_t i = k + 1; i < size; ++i) {
            pivot = fabs(a[i][k]) > fabs(a[pivot][k]) ? i : pivot;
        }
        for (size_t j = 0; j < size; ++j) {
            const double moved = a[k][j];
            a[k][j] = a[pivot][j];
            a[pivot][j] = moved;
        }
        const double moved = b[k];
        b[k] = b[pivot];
        b[pivot] = moved;
        for (size_t i = 0; i < size; ++i) {
            const double factor = i == k ? 0.0 : a[i][k] / a[k][k];
            for (size_t j = k; factor != 0.0 && j < size; ++j) {
                a[i][j] -= factor * a[k][j];
            }
            b[i] -= factor * b[k];
        }
    }
    for (size_t k = 0; k < size; ++k) {
        b[k] /= a[k][k];
    }
}

/* The visits as the solution of linear equations: a state is met once for each arc into it, the
 * first one once more. The entropy follows. */
static void test_entropy_by_linear_equations(void **state)
{
    (void)state;
    static double equations[GRAMMAR_STATES][GRAMMAR_STATES];
    double solution[GRAMMAR_STATES] = {0};
    double entropies[GRAMMAR_STATES] = {0};
    for (grammar_state at = 0; at < GRAMMAR_STATES; ++at) {
        grammar_arc arcs[GRAMMAR_MOST_ARCS];
        uint32_t total;
        const size_t count = grammar_arcs(at, arcs, &total);
        equations[at][at] += 1.0;
        for (size_t i = 0; i < count; ++i) {
            const double probability = (double)arcs[i].weight / total;
            if (arcs[i].word != GRAMMAR_EOS) {
                equations[arcs[i].next][at] -= probability;
            }
            entropies[at] -= probability * log(probability);
        }
    }
    solution[grammar_begin()] = 1.0;
    solve(equations, solution, GRAMMAR_STATES);
    double visits[GRAMMAR_STATES];
    grammar_visits(visits);
    double nats = 0.0;
    double words = 0.0;
    for (size_t i = 0; i < GRAMMAR_STATES; ++i) {
        assert_true(fabs(visits[i] - solution[i]) <= 1e-13);
        nats += solution[i] * entropies[i];
        words += solution[i];
    }
    assert_true(fabs(grammar_entropy() - nats / words) <= 1e-13);
    assert_true(words > 8.0 && words < 12.0);
}

/* Each next word is drawn from its state's distribution, independent of the others given the
 * states: chi-square over all states together. */
static void test_next_words(void **state)
{
    (void)state;
    static uint64_t counts[GRAMMAR_STATES][GRAMMAR_WORDS];
    static uint64_t visits[GRAMMAR_STATES];
    memset(counts, 0, sizeof counts);
    memset(visits, 0, sizeof visits);
    grammar_state at = grammar_begin();
    for (size_t i = 0; i < SAMPLE; ++i) {
        ++counts[at][sample[i]];
        ++visits[at];
        assert_true(grammar_step(&at, sample[i]) > 0.0);
    }
    double statistic = 0.0;
    size_t freedom = 0;
    for (grammar_state s = 0; s < GRAMMAR_STATES; ++s) {
        grammar_arc arcs[GRAMMAR_MOST_ARCS];
        uint64_t observed[GRAMMAR_MOST_ARCS];
        double expected[GRAMMAR_MOST_ARCS];
        uint32_t total;
        size_t cells;
        const size_t count = visits[s] > 0 ? grammar_arcs(s, arcs, &total) : 0;
        for (size_t i = 0; i < count; ++i) {
            observed[i] = counts[s][arcs[i].word];
            expected[i] = (double)visits[s] * arcs[i].weight / total;
        }
        if (count > 1) {
            statistic += statistics_chi_square(observed, expected, count, &cells);
            freedom += cells;
        }
    }
    assert_in_range(freedom, 500, 1500);
    assert_true(statistic < statistics_chi_square_critical(freedom, SIGNIFICANCE));
    assert_true(statistic > statistics_chi_square_critical(freedom, 1.0 - SIGNIFICANCE));
}

/* Sums of independent sentences. */
typedef struct sentences {
    double count;
    double sum;
    double squares;
} sentences;

static void add_sentence(sentences *all, double value)
{
    all->count += 1.0;
    all->sum += value;
    all->squares += value * value;
}

/* The values are of mean zero. */
static void assert_mean_zero(const sentences *all)
{
    assert_true(all->count > SAMPLE / 20.0);
    assert_true(fabs(all->sum) < FAR * sqrt(all->squares));
}

/* Sentences are independent, and with entropy h a sentence of n words loses h n on average, as it
 * has as many words as the visits say. */
static void test_loss_of_sentences(void **state)
{
    (void)state;
    double visits[GRAMMAR_STATES];
    double words = 0.0;
    grammar_visits(visits);
    for (size_t s = 0; s < GRAMMAR_STATES; ++s) {
        words += visits[s];
    }
    const double entropy = grammar_entropy();
    sentences losses = {0};
    sentences lengths = {0};
    grammar_state at = grammar_begin();
    double loss = 0.0;
    double length = 0.0;
    double whole = 0.0;
    for (size_t i = 0; i < SAMPLE; ++i) {
        const double nats = -log(grammar_step(&at, sample[i]));
        whole += i > 0 ? nats : 0.0;
        loss += nats - entropy;
        length += 1.0;
        if (sample[i] == GRAMMAR_EOS) {
            add_sentence(&losses, loss);
            add_sentence(&lengths, length - words);
            loss = length = 0.0;
        }
    }
    assert_mean_zero(&losses);
    assert_mean_zero(&lengths);
    assert_true(fabs(grammar_surprisal(sample, SAMPLE) - whole / (SAMPLE - 1)) < 1e-12);
}

/* Joint probabilities of two words in a row, of those that begin with <eos> before a sentence. */
static void pair_probabilities(double pairs[GRAMMAR_WORDS][GRAMMAR_WORDS])
{
    double visits[GRAMMAR_STATES];
    double words = 0.0;
    grammar_visits(visits);
    memset(pairs, 0, GRAMMAR_WORDS * sizeof pairs[0]);
    for (grammar_state s = 0; s < GRAMMAR_STATES; ++s) {
        words += visits[s];
        grammar_arc first[GRAMMAR_MOST_ARCS];
        uint32_t total;
        const size_t count = visits[s] > 0.0 ? grammar_arcs(s, first, &total) : 0;
        for (size_t i = 0; i < count; ++i) {
            grammar_arc second[GRAMMAR_MOST_ARCS];
            uint32_t next_total;
            const double reach = visits[s] * first[i].weight / total;
            const size_t next = grammar_arcs(first[i].next, second, &next_total);
            for (size_t j = 0; j < next; ++j) {
                pairs[first[i].word][second[j].word] += reach * second[j].weight / next_total;
            }
        }
    }
    for (size_t i = 0; i < GRAMMAR_WORDS * GRAMMAR_WORDS; ++i) {
        pairs[i / GRAMMAR_WORDS][i % GRAMMAR_WORDS] /= words;
    }
}

/* What the best model of pairs of words loses is known too. The text loses as much by it, and it is
 * far from the entropy: there is something to remember. */
static void test_pairs(void **state)
{
    (void)state;
    static double pairs[GRAMMAR_WORDS][GRAMMAR_WORDS];
    double firsts[GRAMMAR_WORDS] = {0};
    double sum = 0.0;
    double entropy = 0.0;
    pair_probabilities(pairs);
    for (size_t i = 0; i < GRAMMAR_WORDS; ++i) {
        for (size_t j = 0; j < GRAMMAR_WORDS; ++j) {
            firsts[i] += pairs[i][j];
        }
        sum += firsts[i];
    }
    assert_true(fabs(sum - 1.0) < 1e-12);
    for (size_t i = 0; i < GRAMMAR_WORDS; ++i) {
        for (size_t j = 0; j < GRAMMAR_WORDS; ++j) {
            entropy -= pairs[i][j] > 0.0 ? pairs[i][j] * log(pairs[i][j] / firsts[i]) : 0.0;
        }
    }
    assert_true(entropy > grammar_entropy() + 0.3);

    sentences losses = {0};
    double loss = 0.0;
    uint32_t before = GRAMMAR_EOS;
    for (size_t i = 0; i < SAMPLE; ++i) {
        assert_true(pairs[before][sample[i]] > 0.0);
        loss += -log(pairs[before][sample[i]] / firsts[before]) - entropy;
        before = sample[i];
        if (sample[i] == GRAMMAR_EOS) {
            add_sentence(&losses, loss);
            loss = 0.0;
        }
    }
    assert_mean_zero(&losses);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entropy_by_linear_equations),
        cmocka_unit_test(test_next_words),
        cmocka_unit_test(test_loss_of_sentences),
        cmocka_unit_test(test_pairs),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
