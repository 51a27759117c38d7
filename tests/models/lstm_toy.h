/* SPDX-License-Identifier: Apache-2.0 */
/* Small language models on random texts. */
#ifndef ARD_TEST_LSTM_TOY_H
#define ARD_TEST_LSTM_TOY_H

#include <stddef.h>
#include <stdint.h>

#include <ard/lstm.h>

/* Without dropout; the embedding as wide as the hidden layers. */
ard_lstm_options lstm_toy_options(size_t layers, size_t vocabulary, size_t hidden, size_t batch,
                                  size_t steps);

/* Dropout of a kind at rate 0.5, with periods, subsets and tiles that five units serve. */
ard_dropout lstm_toy_dropout(ard_dropout_kind kind, ard_scale_kind scale);

ard_lstm *lstm_toy_model(ard_context *context, const ard_lstm_options *options);

/* `count` random words, new memory. */
uint32_t *lstm_toy_text(size_t count, size_t vocabulary, uint64_t seed);

/* So many steps on whole windows of a text that is a function of the step. */
void lstm_toy_train(ard_lstm *lstm, size_t windows);

/* Fails unless both models have the same parameters and hidden states, bit for bit. */
void lstm_toy_assert_same_bits(ard_lstm *actual, ard_lstm *expected, const char *what);

#endif
