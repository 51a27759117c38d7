/* SPDX-License-Identifier: Apache-2.0 */
/* What a run is asked to do: the options of `ard-train mlp`. */
#ifndef ARD_TRAIN_OPTIONS_H
#define ARD_TRAIN_OPTIONS_H

#include <ard/ard.h>

#include "cli.h"

typedef enum output_format { FORMAT_TEXT = 0, FORMAT_JSON = 1 } output_format;

/* How the distribution of periods is found. */
typedef enum distribution_search {
    SEARCH_EXACT = 0,
    SEARCH_SGD = 1,
    SEARCH_COST = 2
} distribution_search;

/* How the rate of dropout changes over the steps. */
typedef enum rate_schedule { RATE_CONSTANT = 0, RATE_EXPONENTIAL = 1 } rate_schedule;

/* Options that a checkpoint records too, in the order in which they are compared with it. */
typedef enum recorded_option {
    RECORDED_HIDDEN,
    RECORDED_DROPOUT,
    RECORDED_RATE,
    RECORDED_RATE_SCHEDULE,
    RECORDED_RATE_EPOCHS,
    RECORDED_MAX_PERIOD,
    RECORDED_SEARCH,
    RECORDED_COST,
    RECORDED_ENTROPY_SHARE,
    RECORDED_TILE,
    RECORDED_NUMBERING,
    RECORDED_SCALE,
    RECORDED_GROUPS,
    RECORDED_BATCH,
    RECORDED_LR,
    RECORDED_MOMENTUM,
    RECORDED_WEIGHT_DECAY,
    RECORDED_SCHEDULE,
    RECORDED_LR_STEP_EPOCHS,
    RECORDED_LR_FACTOR,
    RECORDED_LR_FINAL,
    RECORDED_LR_WARMUP_EPOCHS,
    RECORDED_SEED,
    RECORDED_VALIDATION,
    RECORDED_EPOCHS,
    RECORDED_COUNT
} recorded_option;

enum { OPTIONS_MAX_EPOCHS = 1000000 };

typedef struct train_options {
    const char *origin; /* where they stand, as in messages.h */
    const char *data;   /* a folder, or "builtin" */
    size_t validation;  /* training samples that are held out; 0: none */
    cli_size_list hidden;
    int dropout;           /* ard_dropout_kind */
    cli_double_list rate;  /* one a hidden layer after options_check() */
    int rate_schedule;     /* rate_schedule */
    size_t rate_epochs;    /* in which the rate grows; all of them, after options_check() */
    uint32_t max_period;   /* 0: chosen from the rate */
    cli_size_list periods; /* what came of it, one a hidden layer; empty without patterns */
    int search;            /* distribution_search */
    const char *cost;      /* the file of SEARCH_COST; NULL: not given */
    double entropy_share;  /* SEARCH_COST */
    uint32_t tile;         /* edge of the tiles */
    int numbering;         /* ard_tile_numbering */
    int scale;             /* ard_scale_kind */
    uint32_t groups;       /* of samples in a batch, each with patterns of its own */
    size_t epochs;
    size_t batch;
    double lr;
    double momentum;
    double weight_decay;
    int schedule; /* ard_schedule_kind */
    size_t lr_step_epochs;
    double lr_factor;
    double lr_final;
    size_t lr_warmup_epochs;
    uint64_t seed;
    const char *save;   /* NULL: nowhere */
    size_t save_every;  /* in epochs */
    const char *resume; /* NULL: a new network */
    const char *device; /* NULL: the default */
    int format;         /* output_format */
    bool quiet;
    bool given[RECORDED_COUNT]; /* which stood on the command line */
    bool save_every_given;
} train_options;

/* The words of options that other models have too, each ended by NULL. */
extern const char *const OPTIONS_DROPOUT_NAMES[];
extern const char *const OPTIONS_NUMBERING_NAMES[];
extern const char *const OPTIONS_SCALE_NAMES[];

/* What a command line that says nothing asks for. */
train_options options_defaults(void);

/* Room that the two below need together. */
enum { OPTIONS_TABLE_SIZE = 28 };

/* The entries of a table of options that set network and dropout, or how it is trained. Return how
 * many there are. */
size_t options_network(cli_option *table, train_options *options);
size_t options_optimizer(cli_option *table, train_options *options);

/* The same of what all runs have, of any model: checkpoints; the device and what is reported. */
size_t options_checkpoint(cli_option *table, const char **save, size_t *save_every,
                          bool *save_every_given, const char **resume);
size_t options_report(cli_option *table, const char **device, int *format, bool *quiet);

/* Checks what options say about each other and spreads a single rate over the hidden layers. For a
 * resumed run, call it once the checkpoint's settings are in. */
int options_check(train_options *options);

/* Whether --search, --max-period or --tile has a meaning with this dropout. */
bool options_searches(int dropout);
bool options_has_period(int dropout);
bool options_has_tiles(int dropout);

/* Likewise --groups. */
bool options_has_groups(int dropout);

/* Whether times are searched by, and whether the rate of dropout changes. */
bool options_uses_cost(const train_options *options);
bool options_rate_changes(const train_options *options);

/* The words of --dropout, --rate-schedule, --search, --numbering, --scale and --schedule, in the
 * order of the enumerations. */
const char *options_dropout_name(int dropout);
const char *options_rate_schedule_name(int schedule);
const char *options_search_name(int search);
const char *options_numbering_name(int numbering);
const char *options_scale_name(int scale);
const char *options_schedule_name(int schedule);

#endif
