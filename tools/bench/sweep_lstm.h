/* SPDX-License-Identifier: Apache-2.0 */
/* The language model of the sweep: Zaremba et al.'s medium one (arXiv 1409.2329), or one of its
 * shape that is smaller. */
#ifndef ARD_BENCH_SWEEP_LSTM_H
#define ARD_BENCH_SWEEP_LSTM_H

#include "options.h"

enum {
    SWEEP_LSTM_SIZES = 4, /* the first is the largest */
    SWEEP_LSTM_PLACEMENTS = 2,
};

/* "2x650". */
enum { SWEEP_LSTM_TEXT = 64 };
void sweep_lstm_describe(size_t size, char text[SWEEP_LSTM_TEXT]);

/* The case of a size at a rate, with dropout between layers or with both. INVALID_RATE,
 * INVALID_PATTERN. */
ard_status sweep_lstm_case(const bench_options *options, size_t size, size_t placement, double rate,
                           uint32_t repeat, bench_case *kase);

#endif
