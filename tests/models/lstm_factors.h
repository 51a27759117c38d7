/* SPDX-License-Identifier: Apache-2.0 */
/* A step's dropout as the factors of the double-precision reference. */
#ifndef ARD_TEST_LSTM_FACTORS_H
#define ARD_TEST_LSTM_FACTORS_H

#include "support/reference_lstm.h"

/* Of the patterns of ard_lstm_patterns, and of the masks of that step. To be destroyed. */
reference_lstm_factors lstm_factors_of(const reference_lstm *lstm,
                                       const ard_layer_pattern *patterns, uint64_t step,
                                       size_t batch, size_t steps);

#endif
