/* SPDX-License-Identifier: Apache-2.0 */
/* The language model of a run: made from the options, or out of a checkpoint that the options agree
 * with. */
#ifndef ARD_TRAIN_LSTM_MODEL_H
#define ARD_TRAIN_LSTM_MODEL_H

#include "data/corpus.h"
#include "train/lstm/lstm_extra.h"
#include "train/lstm/lstm_options.h"

/* A new model, of checked options and of a text that is read. Completes `*options` to what the
 * model really has, and fills `*extra`. */
int lstm_model_create(ard_context *context, lstm_options *options, const corpus *text,
                      lstm_extra *extra, ard_lstm **lstm);

/* The model of the checkpoint options->resume, whose settings complete `*options`: also those by
 * which the text is to be read. An option on the command line that contradicts the checkpoint is a
 * mistake. Warns where the same bits cannot be expected. */
int lstm_model_load(ard_context *context, lstm_options *options, lstm_extra *extra,
                    ard_lstm **lstm);

/* Whether the text is the loaded model's; for --sample its words are enough. */
int lstm_model_check_text(const ard_lstm *lstm, const lstm_options *options, const corpus *text,
                          const lstm_extra *extra);

#endif
