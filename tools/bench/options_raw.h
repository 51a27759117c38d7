/* SPDX-License-Identifier: Apache-2.0 */
/* The command line as it was read, and its checks as a whole. */
#ifndef ARD_BENCH_OPTIONS_RAW_H
#define ARD_BENCH_OPTIONS_RAW_H

#include "options.h"

/* What only a step of --model lstm takes. */
typedef struct options_raw_lstm {
    size_t layers, embed, vocab, steps;
    int placement;
    bool fresh, tied;
    bool layers_given, embed_given, vocab_given, steps_given, placement_given;
} options_raw_lstm;

/* What stands on the command line. */
typedef struct options_raw {
    bench_options *options;
    int format;
    int pattern;
    int numbering;
    int scale;
    int model;
    int engine;
    size_t m, n, k;
    size_t in, out;
    size_t batch; /* of a step: the default is the model's */
    cli_size_list hidden;
    cli_double_list rates;
    double rate;
    uint32_t max_period, period, offset, tile;
    uint32_t groups; /* 0: not given */
    bool per_period;
    const char *cost;  /* a path; NULL: not given */
    const char *cblas; /* likewise */
    double entropy_share;
    bool rate_given, period_given, offset_given, max_period_given, tile_given, numbering_given;
    bool engine_given, entropy_share_given, in_given, out_given, batch_given, hidden_given;
    options_raw_lstm lstm;
} options_raw;

/* Check and complete the case of a gemm or a step: CLI_CONTINUE, or CLI_MISTAKE after a line. */
int options_check_gemm(const options_raw *raw);
int options_check_step(options_raw *raw);

/* The same for the options of sweep, and for those of the file of results. */
int options_check_sweep(const bench_options *options);
int options_check_output(const options_raw *raw);

/* Says why a case's patterns are none. */
int options_pattern_mistake(const bench_case *kase);

/* The same for a step of --model lstm (options_lstm.c). The first refuses the options of the model
 * that was not chosen. */
int options_check_model(const options_raw *raw);
int options_check_lstm(const options_raw *raw);

/* The same for a step's --per-period, --cost and --entropy-share (options_cost.c). The first comes
 * before the rates are set, and chooses the longest period to measure; the second after, and takes
 * the distributions from the times in a file. */
int options_choose_periods(const options_raw *raw);
int options_use_cost(const options_raw *raw);

/* Loads the CBLAS library, where one is given, for a case that is complete otherwise. */
int options_use_cblas(const options_raw *raw);

#endif
