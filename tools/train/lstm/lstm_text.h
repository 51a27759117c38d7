/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a run. */
#ifndef ARD_TRAIN_LSTM_TEXT_H
#define ARD_TRAIN_LSTM_TEXT_H

#include "data/corpus.h"
#include "train/lstm/lstm_options.h"

/* Whether it comes from no file. */
bool lstm_text_is_builtin(const char *data);

/* Reads or makes what --data, --level, --max-words and --train-tokens say. */
int lstm_text_load(const lstm_options *options, corpus *text);

/* Whether the file `path` is one of those that `data` names, by whatever name. */
bool lstm_text_has_file(const char *data, const char *path);

/* The plural of a token: "words" or "characters". */
const char *lstm_text_unit(const lstm_options *options);

/* The perplexity of a mean loss in nats. */
double lstm_perplexity(double loss);

#endif
