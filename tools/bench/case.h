/* SPDX-License-Identifier: Apache-2.0 */
/* What one measurement is about: sizes, rates, patterns, repeats; and what came out of it. */
#ifndef ARD_BENCH_CASE_H
#define ARD_BENCH_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/ard.h>

#include "cblas_library.h"
#include "timing.h"

/* Largest size of a dimension: keeps every product of two sizes far from overflow. */
enum { BENCH_MAX_SIZE = 1 << 24 };

typedef enum bench_kind {
    BENCH_GEMM = 0, /* the three products of one linear layer, patterns on inputs and outputs, or a
                       tile pattern on the weights */
    BENCH_STEP = 1, /* a training step of a network, patterns on its hidden layers or on the weights
                       into them */
} bench_kind;

/* What a step trains. */
typedef enum bench_model {
    MODEL_MLP = 0,
    MODEL_LSTM = 1, /* a language model */
} bench_model;

/* What multiplies. */
typedef enum bench_engine {
    ENGINE_TUNED = 0, /* what the device's tuning, or ARD_ENGINE, says */
    ENGINE_PACKED = 1,
    ENGINE_CLBLAST = 2,
} bench_engine;

/* Where a language model drops. */
typedef enum bench_placement {
    PLACEMENT_BETWEEN = 0,   /* the inputs of its layers and of its softmax */
    PLACEMENT_RECURRENT = 1, /* the hidden states on their way to the next time step */
    PLACEMENT_BOTH = 2,
} bench_placement;

/* A pattern given by hand; period 0 means that patterns are drawn. */
typedef struct bench_fixed_pattern {
    uint32_t period;
    uint32_t offset;
} bench_fixed_pattern;

/* What a case can be measured against. */
typedef enum bench_baseline {
    BASELINE_NONE,        /* the dense products of a gemm */
    BASELINE_BERNOULLI,   /* conventional dropout at the same rates */
    BASELINE_DROPCONNECT, /* the same on the weights that tiles are dropped from */
    BASELINE_CBLAS,       /* the first baseline, by a CBLAS library on the host's CPU */
} bench_baseline;

/* Baselines of one case: on the device, and all. */
enum { BENCH_DEVICE_BASELINES = 2, BENCH_MOST_BASELINES };

/* The measured times that chose a case's distributions. */
typedef struct bench_cost {
    const char *path; /* of their file; NULL: the distributions are the exact search's */
    double entropy_share;
    double predicted[BENCH_DEVICE_BASELINES]; /* the speed-up to expect against each of these */
    char device[256];                         /* that they were measured on */
} bench_cost;

typedef struct bench_case {
    bench_kind kind;
    bench_model model;                 /* of a step */
    ard_dropout_kind pattern;          /* ROW, SUBSET, TILE or INDEX */
    uint32_t tile_edge;                /* TILE */
    ard_tile_numbering tile_numbering; /* TILE */
    ard_scale_kind scale;
    bench_engine engine;
    size_t batch;
    size_t layers; /* linear layers; 1 for a gemm; an LSTM's layers and its softmax */
    size_t widths[ARD_MLP_MAX_LAYERS + 1]; /* inputs, hidden, outputs; of an LSTM the embedding,
                                              hidden, words */
    size_t sides; /* what is dropped from: the hidden layers or, of tiles, the weights into each; a
                     gemm's inputs and outputs, or its weights; what an LSTM has a pattern for */
    ard_dropout dropout[ARD_MLP_MAX_LAYERS]; /* [case_dropouts()] */
    size_t steps;                            /* of an LSTM: time steps of a window */
    bench_placement placement;               /* of an LSTM */
    bool fresh;                              /* of an LSTM: recurrent patterns every time step */
    bool tied;           /* of an LSTM: the softmax has the embedding's weights, and its pattern */
    uint32_t max_period; /* as asked for; 0: the default */
    bench_fixed_pattern fixed; /* of a gemm */
    uint32_t groups; /* of a step: of samples with patterns of their own; 0: not given, one */
    bool per_period; /* of a step: each joint period is measured by itself, all equally often */
    bench_cost cost; /* of a step */
    const cblas_library *cblas; /* a baseline on the host; NULL: none */
    uint32_t repeat;
    uint64_t seed;
    bool verify;
    bool profile; /* of a step */
    bool memory;  /* of a step */
} bench_case;

/* What a verification found, of all sides of a case together. */
typedef struct bench_error {
    double largest; /* NaN where nothing was verified */
    double bound;   /* what it must not exceed */
} bench_error;

struct profile_side;

/* A case against one of its baselines. */
typedef struct bench_result {
    bench_baseline baseline;
    const char *engine;   /* what multiplied on the device */
    timing_summary dense; /* of the baseline */
    timing_summary compact;
    double speedup;
    double predicted; /* speed-up; NaN where no measured times tell it */
    double flop_limit;
    double efficiency;
    bench_error error;
    const struct profile_side *dense_profile; /* NULL: not profiled */
    const struct profile_side *compact_profile;
    size_t dense_bytes; /* of device memory, at the most; 0: not measured */
    size_t compact_bytes;
} bench_result;

/* Room for the words that case_describe() and case_command() make. */
enum { CASE_TEXT = 4096 };

/* The dropouts that a case's sides draw from: one each; the recurrent ones of an LSTM have one in
 * common, the last. */
size_t case_dropouts(const bench_case *kase);

/* Which of them a side draws from; the side of the same number is one that does. */
size_t case_dropout_of(const bench_case *kase, size_t side);

/* The side whose draws a side has: itself, but for the softmax of a tied LSTM. */
size_t case_drawn_as(const bench_case *kase, size_t side);

/* Fills in all dropouts from their rates [case_dropouts()]. INVALID_RATE, INVALID_ARGUMENT, or
 * INVALID_PATTERN where a side is too narrow, or its tiles too few, for a pattern that could be
 * drawn. */
ard_status case_set_rates(bench_case *kase, const double *rates);

/* The rates as they are given and shown: one a side; of an LSTM one where it drops in one place,
 * else those of `between` and of `recurrent`. */
size_t case_rate_count(const bench_case *kase);
double case_rate(const bench_case *kase, size_t index);

/* The share of its units, or weights, that a pattern of a side keeps: what --scale period makes up
 * for. */
double case_kept_share(const bench_case *kase, size_t side, const ard_layer_pattern *pattern);

/* Makes the periods 1..period of every side equally likely. INVALID_PATTERN where a side is too
 * narrow, or its tiles too few, for the longest. */
ard_status case_set_uniform(bench_case *kase, uint32_t period);

/* Whether a side's dropout, of rows or tiles, ever draws a period. */
bool case_draws_period(const bench_case *kase, size_t side, uint32_t period);

/* Gives the sides of a gemm one fixed pattern: of every `period` units or tiles one, the one at
 * `offset`; for a subset as many as `rate` leaves, at least one, from `offset` on and around. The
 * case's rate becomes what the pattern drops. INVALID_PATTERN where it does not fit. */
ard_status case_set_fixed(bench_case *kase, double rate, uint32_t period, uint32_t offset);

/* The fixed pattern of a case that has one. */
ard_layer_pattern case_fixed_pattern(const bench_case *kase);

/* Groups of samples of a pass, at least one. */
size_t case_groups(const bench_case *kase);

/* Width of the units that side `side` drops. */
size_t case_side_width(const bench_case *kase, size_t side);

/* Shape of the weights whose tiles side `side` drops, as they lie in memory. */
size_t case_side_rows(const bench_case *kase, size_t side);
size_t case_side_cols(const bench_case *kase, size_t side);

/* The numbers of weights and of outputs of the layers that have the most. */
void case_largest_layer(const bench_case *kase, size_t *weights, size_t *units);

/* The longest period that a side's dropout draws (of subsets: its period). */
uint32_t case_longest_period(const bench_case *kase, size_t side);

/* What the case is measured against, at least one: those on the device come first. */
size_t case_baseline_count(const bench_case *kase);
size_t case_device_baselines(const bench_case *kase);
bench_baseline case_baseline(const bench_case *kase, size_t index);

/* A baseline as it is reported, such as "bernoulli", and in words: "conventional dropout". */
const char *case_baseline_name(bench_baseline baseline);
const char *case_baseline_words(bench_baseline baseline);

/* The case's name and its words: "step"; "row"; "mlp", "lstm" or "none". */
const char *case_name(const bench_case *kase);
const char *case_pattern_name(const bench_case *kase);
const char *case_model(const bench_case *kase);

/* The numbering of a case's tiles: "diagonal" or "linear". */
const char *case_numbering_name(const bench_case *kase);

/* "step mlp 784-2048-2048-10, batch 128, rate 0.5, row", or "..., tile 32 diagonal", or "step lstm
 * 2x650, embed 650, vocab 10000, batch 20 x 35 steps, rate 0.5, row, between". */
void case_describe(const bench_case *kase, char text[CASE_TEXT]);

/* The name of an engine that a case asks for: "packed" or "clblast"; "" for none. */
const char *case_engine_name(const bench_case *kase);

/* "rate" or "period". */
const char *case_scale_name(const bench_case *kase);

/* The command line that repeats exactly this case on device `id`; NULL: without a device. */
void case_command(const bench_case *kase, const char *id, char text[CASE_TEXT]);

/* Floating point operations of the products of one pass with patterns [sides] (NULL: dense), the
 * first layer of a network without its backward to data. Of an LSTM with `fresh` patterns those of
 * weights are counted whole. */
double case_flops(const bench_case *kase, const ard_layer_pattern *patterns);

/* The parts of the above that are an LSTM's (case_lstm.c): its own layers, and for a case whose
 * sizes and placement are set how many sides it has, their sizes, and its rates. */
size_t case_lstm_layers(const bench_case *kase);
size_t case_lstm_sides(const bench_case *kase);
size_t case_lstm_width(const bench_case *kase, size_t side);
size_t case_lstm_cols(const bench_case *kase, size_t side);
double case_lstm_flops(const bench_case *kase, const ard_layer_pattern *patterns);
bool case_lstm_drops(const bench_case *kase, bench_placement where);

/* case_set_rates() with the rate of each place where an LSTM drops. */
ard_status case_lstm_set_rates(bench_case *kase, double between, double recurrent);

/* "between", "recurrent" or "both". */
const char *case_placement_name(const bench_case *kase);

/* A rate as it is shown: in up to 15 digits, which all rates that people write fit in. */
#define CASE_RATE_FORMAT "%.15g"

#endif
