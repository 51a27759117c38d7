/* SPDX-License-Identifier: Apache-2.0 */
/* Trains a recurrent network on the characters of a rhyme, with dropped inputs of its layers, and
 * lets it go on writing.
 *     sample_lstm [EPOCHS]     60 unless told otherwise */
#include <ard/ard.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 8, STEPS = 25, HIDDEN = 96, CHARACTERS = 128, WRITTEN = 240 };

static const char rhyme[] =
    "This is the house that Jack built.\n"
    "This is the malt that lay in the house that Jack built.\n"
    "This is the rat that ate the malt that lay in the house that Jack built.\n"
    "This is the cat that killed the rat that ate the malt that lay in the house that Jack built.\n"
    "This is the dog that worried the cat that killed the rat that ate the malt that lay in the "
    "house that Jack built.\n"
    "This is the cow with the crumpled horn that tossed the dog that worried the cat that killed "
    "the rat that ate the malt that lay in the house that Jack built.\n";

static int create(ard_context *context, ard_lstm **lstm)
{
    ard_lstm_options options = ard_lstm_defaults();
    options.layers = 1;
    options.vocabulary = CHARACTERS;
    options.embedding = options.hidden = HIDDEN;
    options.batch = BATCH;
    options.steps = STEPS;
    options.sgd.schedule.rate = 0.5;
    return ard_dropout_init(ARD_DROPOUT_SUBSET, 0.25, 0, ARD_SCALE_PERIOD, &options.between) ||
           ard_lstm_create(context, &options, lstm);
}

/* Sequence b reads the b-th part of the text, window after window; each target is the character
 * after its token. */
static int train_epoch(ard_lstm *lstm)
{
    uint32_t tokens[STEPS * BATCH], targets[STEPS * BATCH];
    const size_t part = (sizeof rhyme - 2) / BATCH;
    if (ard_lstm_reset(lstm)) {
        return 1;
    }
    for (size_t from = 0; from + STEPS <= part; from += STEPS) {
        for (size_t i = 0; i < STEPS * BATCH; ++i) {
            const size_t at = i % BATCH * part + from + i / BATCH;
            tokens[i] = (uint32_t)rhyme[at];
            targets[i] = (uint32_t)rhyme[at + 1];
        }
        if (ard_lstm_step(lstm, BATCH, STEPS, tokens, targets, NULL)) {
            return 1;
        }
    }
    return 0;
}

/* The character of a number between 0 and 1 under softmax(logits / temperature). */
static uint32_t choose(const float *logits, double temperature, double uniform)
{
    double largest = logits[0], sum = 0.0;
    double weights[CHARACTERS];
    for (size_t i = 0; i < CHARACTERS; ++i) {
        largest = fmax(largest, logits[i]);
    }
    for (size_t i = 0; i < CHARACTERS; ++i) {
        weights[i] = exp((logits[i] - largest) / temperature);
        sum += weights[i];
    }
    uint32_t chosen = 0;
    for (double left = uniform * sum; chosen < CHARACTERS - 1 && left >= weights[chosen];) {
        left -= weights[chosen++];
    }
    return chosen;
}

/* Writes on from "This". */
static int write_text(ard_lstm *lstm)
{
    float logits[CHARACTERS];
    char text[WRITTEN + 1] = "This";
    for (size_t i = 0; i + 1 < WRITTEN; ++i) {
        if (ard_lstm_predict(lstm, i == 0, (uint32_t)text[i], logits)) {
            return 1;
        }
        if (text[i + 1] == '\0') {
            const ard_draw draw = {1, i, 0, ARD_PURPOSE_DATA_ORDER, 0};
            uint32_t words[4];
            ard_draw_words(&draw, words);
            text[i + 1] = (char)choose(logits, 0.5, words[0] / 4294967296.0);
        }
    }
    printf("%s\n", text);
    return 0;
}

int main(int argc, char **argv)
{
    const int epochs = argc > 1 ? atoi(argv[1]) : 60;
    ard_context *context = NULL;
    ard_lstm *lstm = NULL;
    ard_lstm_result result = {0, 0, 10.0};
    int failed = ard_context_create(NULL, NULL, &context) || create(context, &lstm);
    for (int epoch = 1; !failed && epoch <= epochs; ++epoch) {
        failed = train_epoch(lstm);
        if (!failed && epoch % 20 == 0) {
            failed = ard_lstm_take_training_result(lstm, &result) != ARD_STATUS_SUCCESS;
            printf("after %d epochs: perplexity %.2f a character\n", epoch, exp(result.loss));
        }
    }
    failed = failed || write_text(lstm);
    if (failed) {
        fprintf(stderr, "failed: %s\n", ard_detail());
    }
    ard_lstm_destroy(lstm);
    ard_context_destroy(context);
    return failed;
}
