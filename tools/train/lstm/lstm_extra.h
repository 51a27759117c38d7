/* SPDX-License-Identifier: Apache-2.0 */
/* What ard-train keeps in a checkpoint beside a language model: which text, how far, how the
 * learning rate goes on.
 *
 * It is JSON text in the application's part of the file. Whoever reads it trusts none of it. */
#ifndef ARD_TRAIN_LSTM_EXTRA_H
#define ARD_TRAIN_LSTM_EXTRA_H

#include "train/extra.h"
#include "train/lstm/lstm_options.h"

typedef struct lstm_extra {
    bool builtin;
    int level;           /* lstm_level */
    uint64_t text;       /* corpus_checksum() */
    uint64_t vocabulary; /* vocabulary_checksum() */
    size_t tokens;       /* of the training text */
    size_t max_words;    /* the limits it was read with */
    size_t train_tokens;
    size_t epochs; /* that the run was asked for */
    double lr;     /* of the first epoch */
    int schedule;  /* lstm_schedule */
    double lr_decay;
    size_t lr_decay_after;
    double rate;       /* the learning rate of the epoch that was begun or is next */
    size_t best_epoch; /* with the least validation loss; 0: none yet */
    double best;       /* that loss */
    epoch_sums sums;   /* of the epoch that was begun, over its tokens; zero between epochs */
} lstm_extra;

/* The text, to be freed; NULL without memory. */
char *lstm_extra_write(const lstm_extra *extra);

/* Reads the text back. False, `*extra` untouched, for anything that lstm_extra_write() cannot have
 * written. */
bool lstm_extra_read(const void *text, size_t size, lstm_extra *extra);

/* Takes in the validation loss of an epoch: what the best one is, and the rate of the next. True if
 * it was the best so far. */
bool lstm_extra_validated(lstm_extra *extra, size_t epoch, double loss);

#endif
