/* SPDX-License-Identifier: Apache-2.0 */
/* What a run of the language model is asked to do: the options of `ard-train lstm`. */
#ifndef ARD_TRAIN_LSTM_OPTIONS_H
#define ARD_TRAIN_LSTM_OPTIONS_H

#include <ard/ard.h>
#include <ard/lstm.h>

#include "cli.h"

/* The models of Zaremba et al. (arXiv 1409.2329). */
typedef enum lstm_size { LSTM_SMALL = 0, LSTM_MEDIUM = 1, LSTM_LARGE = 2 } lstm_size;

/* What a token is. */
typedef enum lstm_level { LSTM_WORDS = 0, LSTM_CHARACTERS = 1 } lstm_level;

/* When the learning rate falls: after a number of epochs, or where validation does not improve. */
typedef enum lstm_schedule { LSTM_SCHEDULE_EPOCHS = 0, LSTM_SCHEDULE_PLATEAU = 1 } lstm_schedule;

/* What is dropped, as ard/lstm.h has it. */
typedef enum lstm_placement { LSTM_BETWEEN = 0, LSTM_RECURRENT = 1, LSTM_BOTH = 2 } lstm_placement;

/* Options that a checkpoint records too, in the order in which they are compared with it. */
typedef enum lstm_setting {
    LSTM_LEVEL,
    LSTM_MAX_WORDS,
    LSTM_TRAIN_TOKENS,
    LSTM_LAYERS,
    LSTM_HIDDEN,
    LSTM_EMBED,
    LSTM_TIED,
    LSTM_STEPS,
    LSTM_BATCH,
    LSTM_DROPOUT,
    LSTM_RATE,
    LSTM_PLACEMENT,
    LSTM_FRESH,
    LSTM_MAX_PERIOD,
    LSTM_SCALE,
    LSTM_TILE,
    LSTM_NUMBERING,
    LSTM_RANGE,
    LSTM_FORGET_BIAS,
    LSTM_CLIP,
    LSTM_LR,
    LSTM_MOMENTUM,
    LSTM_WEIGHT_DECAY,
    LSTM_SCHEDULE,
    LSTM_LR_DECAY,
    LSTM_LR_DECAY_AFTER,
    LSTM_SEED,
    LSTM_EPOCHS,
    LSTM_SETTINGS
} lstm_setting;

typedef struct lstm_options {
    const char *data;    /* a folder, files, or "builtin"; NULL: not given */
    int level;           /* lstm_level */
    size_t max_words;    /* in the vocabulary; 0: all */
    size_t train_tokens; /* trained on, from the first; 0: all */
    int size;            /* lstm_size */
    size_t layers;
    size_t hidden;
    size_t embed; /* 0: as wide as `hidden`, until lstm_options_complete() */
    bool tied;
    size_t steps; /* of a window */
    size_t batch;
    int dropout; /* ard_dropout_kind */
    double rate;
    int placement; /* lstm_placement */
    bool fresh;
    uint32_t max_period; /* 0: chosen from the rate */
    int scale;           /* ard_scale_kind */
    uint32_t tile;
    int numbering; /* ard_tile_numbering */
    double range;
    double forget_bias;
    double clip; /* 0: none */
    double lr;   /* of the first epoch */
    double momentum;
    double weight_decay;
    int schedule; /* lstm_schedule */
    double lr_decay;
    size_t lr_decay_after;
    uint64_t seed;
    size_t epochs;
    const char *save; /* NULL: nowhere */
    size_t save_every;
    const char *resume; /* NULL: a new model */
    size_t sample;      /* tokens to print in place of training; 0: train */
    double temperature;
    bool unknown; /* samples may have unknown words */
    const char *device;
    int format; /* output_format */
    bool quiet;
    bool given[LSTM_SETTINGS]; /* which stood on the command line */
    bool size_given;
    bool save_every_given;
    bool temperature_given;
} lstm_options;

/* What does not depend on the size. */
lstm_options lstm_options_defaults(void);

enum { LSTM_TABLE_SIZE = 48 };

extern const char LSTM_SUMMARY[];
extern const char LSTM_DESCRIPTION[];

/* The table of the command line, ended by an entry without a name. Entries of settings have one of
 * options->given; others have none of them. */
void lstm_options_table(lstm_options *options, cli_option table[LSTM_TABLE_SIZE]);

/* The entry of a setting. */
const cli_option *lstm_options_find(const cli_option table[LSTM_TABLE_SIZE],
                                    const lstm_options *options, lstm_setting setting);

/* Whether a setting has a meaning together with the others. */
bool lstm_options_uses(const lstm_options *options, lstm_setting setting);

/* Checks what options of a new model, or of one together with its checkpoint's, say about each
 * other. */
int lstm_options_check(const lstm_options *options);

/* Checks what needs no checkpoint: what goes with --sample, --save and --resume. */
int lstm_options_check_run(const lstm_options *options);

#endif
