/* SPDX-License-Identifier: Apache-2.0 */
/* Text of a language model's, for --sample. */
#ifndef ARD_TRAIN_LSTM_SAMPLE_H
#define ARD_TRAIN_LSTM_SAMPLE_H

#include <ard/ard.h>
#include <ard/lstm.h>

#include "data/corpus.h"
#include "train/lstm/lstm_options.h"

/* Prints options->sample tokens, each drawn from what the model expects after those before it; the
 * first after the end of a line. The same with the same seed. */
int lstm_sample_print(ard_lstm *lstm, const lstm_options *options, const corpus *text);

/* The token that `draw`, a number from 0 to below 1, picks by the probabilities that logits
 * [vocabulary] have at this temperature; 0: the most probable one, the first of equals. `without`
 * is never picked, if there is another. */
uint32_t lstm_sample_pick(const float *logits, size_t vocabulary, double temperature,
                          uint32_t without, double draw);

#endif
