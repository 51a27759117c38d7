/* SPDX-License-Identifier: Apache-2.0 */
/* Where a step keeps what is as large as the parameters: compact copies of weights, and gradients,
 * all of which the global norm needs at once.
 *
 * Every matrix of weights has a place for its gradient, as large as anything that it can keep, and
 * where its dropout asks for copies another for those. */
#include "core/integers.h"
#include "engines/layer_products.h"
#include "models/lstm_internal.h"
#include "patterns/tile_axis.h"

/* Elements that a place begins at a multiple of. */
enum { ALIGNMENT = 64 };

static size_t take(size_t *end, size_t elements)
{
    const size_t at = *end;
    *end += ard__divide_up(elements, ALIGNMENT) * ALIGNMENT;
    return at;
}

/* The most that is kept of weights [in x out]. */
static size_t capacity(const ard_dropout *dropout, size_t in, size_t out)
{
    return dropout->kind == ARD_DROPOUT_TILE
               ? ard__larger(in * out, ard_tile_capacity(dropout->tile_edge, in, out))
               : in * out;
}

/* Whether weights that are used are ever others than those in memory. */
static bool needs_copies(const ard_dropout *dropout)
{
    return dropout->kind != ARD_DROPOUT_NONE && dropout->kind != ARD_DROPOUT_BERNOULLI;
}

static void place_matrix(ard_lstm *lstm, size_t index, const ard_dropout *dropout, size_t in,
                         size_t out, size_t *gradients, size_t *copies)
{
    const size_t most = capacity(dropout, in, out);
    lstm->matrix_at[index] = take(gradients, most);
    lstm->copy_at[index] = needs_copies(dropout) ? take(copies, most) : 0;
}

static void place_matrices(ard_lstm *lstm, size_t *gradients, size_t *copies)
{
    const ard_lstm_options *options = &lstm->options;
    const size_t hidden = options->hidden;
    for (size_t layer = 0; layer < options->layers; ++layer) {
        place_matrix(lstm, ard__lstm_input_index(layer), &lstm->between[layer],
                     ard__lstm_width(options, layer), 4 * hidden, gradients, copies);
        place_matrix(lstm, ard__lstm_recurrent_index(layer), &lstm->recurrent, hidden, 4 * hidden,
                     gradients, copies);
    }
    place_matrix(lstm, ARD__LSTM_SOFTMAX_INDEX, &lstm->between[options->layers], hidden,
                 options->vocabulary, gradients, copies);
}

/* Makes room for the three products of so many rows with weights [in x out], or (above 0) of
 * `groups` such ones. */
static ard_status reserve_three(ard_lstm *lstm, size_t rows, size_t groups, size_t in, size_t out)
{
    const ard__layer_products products = {
        .rows = rows, .in = in, .out = out, .groups = groups, .inputs_first = true};
    return ard__layer_products_reserve(lstm->context, &products, lstm->logits.buffer);
}

/* The engine's workspace for the products of a matrix, for its largest ragged ones, and for those
 * of all tile groups that its dropout can draw. */
static ard_status reserve_products(ard_lstm *lstm, const ard_dropout *dropout, size_t rows,
                                   size_t in, size_t out)
{
    ARD_TRY(reserve_three(lstm, rows, 0, in, out));
    ARD_TRY(reserve_three(lstm, rows > 1 ? rows - 1 : 1, 0, in > 1 ? in - 1 : 1,
                          out > 1 ? out - 1 : 1));
    for (uint32_t period = 2;
         dropout->kind == ARD_DROPOUT_TILE && period <= dropout->distribution.max_period;
         ++period) {
        if (ard__dropout_has_period(dropout, period)) {
            const ard_tile_pattern tile = {dropout->tile_edge, period, 0, dropout->tile_numbering};
            const ard_tile_layout largest = ard__tile_largest_layout(&tile, in, out);
            ARD_TRY(reserve_three(lstm, rows, largest.groups, largest.rows, largest.cols));
        }
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status reserve_engine(ard_lstm *lstm)
{
    const ard_lstm_options *options = &lstm->options;
    const size_t rows = options->steps * options->batch;
    const size_t gates = 4 * options->hidden;
    const ard_dropout *between = &options->between;
    ARD_TRY(reserve_products(lstm, between, rows, options->embedding, gates));
    ARD_TRY(reserve_products(lstm, between, rows, options->hidden, gates));
    ARD_TRY(reserve_products(lstm, between, rows, options->hidden, options->vocabulary));
    ARD_TRY(reserve_products(lstm, &options->recurrent, rows, options->hidden, gates));
    ARD_TRY(reserve_products(lstm, &options->recurrent, options->batch, options->hidden, gates));
    ARD_TRY(ard__gemm_prepare_reserve(lstm->context, gates, options->hidden, &lstm->panels));
    return ard__gemm_prepare_reserve(lstm->context, options->hidden, gates, &lstm->panels);
}

ard_status ard__lstm_reserve(ard_lstm *lstm)
{
    const ard_lstm_options *options = &lstm->options;
    size_t end = 0;
    size_t copies = 0;
    place_matrices(lstm, &end, &copies);
    if (copies > 0) {
        ARD_TRY(ard__scratch_reserve(lstm->context, &lstm->copies, copies * sizeof(cl_float)));
    }
    for (size_t layer = 0; layer < options->layers; ++layer) {
        lstm->bias_at[layer] = take(&end, 4 * options->hidden);
    }
    lstm->softmax_bias_at = take(&end, options->vocabulary);
    lstm->embedding_at = take(&end, ard__lstm_most_words(options) * options->embedding);
    ARD_TRY(ard__scratch_reserve(lstm->context, &lstm->gradients, end * sizeof(cl_float)));
    return reserve_engine(lstm);
}
