/* SPDX-License-Identifier: Apache-2.0 */
#include "train/lstm/lstm_sample.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "train/messages.h"

/* Of a stream that no step of training draws from. */
enum { SAMPLE_LAYER = 0xffffff };

static uint32_t most_probable(const float *logits, size_t vocabulary, uint32_t without)
{
    uint32_t best = without == 0 && vocabulary > 1 ? 1 : 0;
    for (size_t i = best + 1; i < vocabulary; ++i) {
        if (i != without && logits[i] > logits[best]) {
            best = (uint32_t)i;
        }
    }
    return best;
}

uint32_t lstm_sample_pick(const float *logits, size_t vocabulary, double temperature,
                          uint32_t without, double draw)
{
    const uint32_t best = most_probable(logits, vocabulary, without);
    if (temperature == 0.0) {
        return best;
    }
    /* Relative to the largest, so that none overflows. */
    double total = 0.0;
    for (size_t i = 0; i < vocabulary; ++i) {
        total += i == without ? 0.0 : exp(((double)logits[i] - logits[best]) / temperature);
    }
    double left = draw * total;
    for (size_t i = 0; i < vocabulary; ++i) {
        left -= i == without ? 0.0 : exp(((double)logits[i] - logits[best]) / temperature);
        if (left < 0.0) {
            return (uint32_t)i;
        }
    }
    return best; /* only by rounding */
}

static uint32_t find(const corpus *text, const char *word)
{
    return vocabulary_find(&text->words, word, strlen(word));
}

/* What ends a line: the word for it, or the character; VOCABULARY_NONE where the text has none. */
static uint32_t end_of_line(const lstm_options *options, const corpus *text)
{
    return find(text, options->level == LSTM_CHARACTERS ? "\n" : VOCABULARY_EOS);
}

static double draw_at(uint64_t seed, uint64_t step)
{
    const ard_draw draw = {
        .seed = seed, .step = step, .layer = SAMPLE_LAYER, .purpose = ARD_PURPOSE_DATA_ORDER};
    uint32_t words[4];
    ard_draw_words(&draw, words);
    return (double)words[0] * 0x1p-32 + (double)words[1] * 0x1p-64;
}

/* Words are set apart by blanks, and their end of line is one. `begins` says whether the token is
 * the first of a line, and then whether the next one is. */
static void print_token(const lstm_options *options, const corpus *text, uint32_t token,
                        uint32_t end, bool *begins)
{
    size_t length = 0;
    const char *word = vocabulary_word(&text->words, token, &length);
    if (token == end) {
        (void)fputc('\n', stdout);
    } else {
        if (options->level == LSTM_WORDS && !*begins) {
            (void)fputc(' ', stdout);
        }
        (void)fwrite(word, 1, length, stdout);
    }
    *begins = token == end;
}

static int print(ard_lstm *lstm, const lstm_options *options, const corpus *text, float *logits)
{
    const uint32_t end = end_of_line(options, text);
    const uint32_t without = options->unknown || options->level == LSTM_CHARACTERS
                                 ? VOCABULARY_NONE
                                 : find(text, VOCABULARY_UNK);
    uint32_t token = end != VOCABULARY_NONE ? end : 0;
    bool begins = true;
    for (size_t i = 0; i < options->sample && !interrupt_requested() && ferror(stdout) == 0; ++i) {
        const ard_status status = ard_lstm_predict(lstm, i == 0, token, logits);
        if (status != ARD_STATUS_SUCCESS) {
            return report_status("sample", status);
        }
        token = lstm_sample_pick(logits, text->words.count, options->temperature, without,
                                 draw_at(options->seed, i));
        print_token(options, text, token, end, &begins);
    }
    if (!begins) {
        (void)fputc('\n', stdout);
    }
    return interrupt_requested() ? INTERRUPT_EXIT : CLI_SUCCESS;
}

int lstm_sample_print(ard_lstm *lstm, const lstm_options *options, const corpus *text)
{
    float *logits = malloc(text->words.count * sizeof *logits);
    if (logits == NULL) {
        return cli_failure(&train_messages, "not enough memory");
    }
    const int status = print(lstm, options, text, logits);
    free(logits);
    return status;
}
