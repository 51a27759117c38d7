/* SPDX-License-Identifier: Apache-2.0 */
/* What a language model predicts without dropout. */
#include <stdlib.h>

#include "core/integers.h"
#include "device/matrix_check.h"
#include "device/operation.h"
#include "layers/loss_internal.h"
#include "models/lstm_internal.h"

/* A text cut into stretches, the first `longer` of which have one token more. */
typedef struct stretches {
    const uint32_t *tokens;
    size_t count; /* of stretches */
    size_t length;
    size_t longer;
} stretches;

static stretches cut(const ard_lstm *lstm, size_t count, const uint32_t *tokens)
{
    const size_t predicted = count - 1;
    const size_t columns = ard__smaller(lstm->options.batch, predicted);
    return (stretches){tokens, columns, predicted / columns, predicted % columns};
}

/* The first token of a stretch. */
static const uint32_t *start_of(const stretches *text, size_t column)
{
    return text->tokens + column * text->length + ard__smaller(column, text->longer);
}

/* The window of so many steps of the first `batch` stretches, from time `first` on. */
static void copy_window(const stretches *text, size_t batch, size_t first, size_t steps,
                        uint32_t *tokens, uint32_t *targets)
{
    for (size_t step = 0; step < steps; ++step) {
        for (size_t column = 0; column < batch; ++column) {
            const uint32_t *at = start_of(text, column) + first + step;
            tokens[step * batch + column] = at[0];
            targets[step * batch + column] = at[1];
        }
    }
}

static ard_status run_window(ard_lstm *lstm, ard__lstm_pass *pass, const stretches *text,
                             size_t first, uint32_t *tokens, uint32_t *targets)
{
    const ard_labels labels = {lstm->targets, 0};
    copy_window(text, pass->batch, first, pass->steps, tokens, targets);
    ARD_TRY(ard__lstm_take_window(lstm, pass, tokens, targets));
    ARD_TRY(ard__lstm_forward(lstm, pass));
    ARD_TRY(ard__lstm_keep_state(lstm, pass));
    return ard__softmax_cross_entropy(lstm->context, ard__lstm_rows(pass), pass->batch,
                                      lstm->options.vocabulary, &lstm->logits, &labels, NULL,
                                      &lstm->evaluation_totals);
}

/* Adds up loss and hits on the host: over a long text a float would lose some. */
static ard_status take_totals(ard_lstm *lstm, double totals[2])
{
    float values[2];
    ARD_TRY(ard_matrix_read(lstm->context, 1, 2, &lstm->evaluation_totals, values));
    totals[0] += (double)values[0];
    totals[1] += (double)values[1];
    return ard__buffer_fill(lstm->context, lstm->evaluation_totals.buffer, 0, sizeof values);
}

enum { WINDOWS_A_READ = 16 };

static ard_status run_text(ard_lstm *lstm, ard__lstm_pass *pass, const stretches *text,
                           uint32_t *tokens, uint32_t *targets, double totals[2])
{
    size_t windows = 0;
    for (size_t first = 0; first < text->length; first += pass->steps) {
        pass->steps = ard__smaller(lstm->options.steps, text->length - first);
        ARD_TRY(run_window(lstm, pass, text, first, tokens, targets));
        if (++windows % WINDOWS_A_READ == 0) {
            ARD_TRY(take_totals(lstm, totals));
        }
    }
    if (text->longer > 0) {
        pass->batch = text->longer;
        pass->steps = 1;
        ARD_TRY(run_window(lstm, pass, text, text->length, tokens, targets));
    }
    return take_totals(lstm, totals);
}

/* Prepares a pass without dropout; weights that are behind are caught up in copies. */
static ard_status begin(ard_lstm *lstm, const ard__lstm_state *state, size_t batch, size_t steps)
{
    *lstm->pass = (ard__lstm_pass){.batch = batch, .steps = steps, .state = state};
    ARD_TRY(ard__lstm_plan(lstm, lstm->pass));
    return ard__lstm_fetch(lstm, lstm->pass);
}

static ard_status run_evaluation(ard_lstm *lstm, const stretches *text, uint32_t *window,
                                 double totals[2])
{
    const size_t most = lstm->options.steps * lstm->options.batch;
    ARD_TRY(begin(lstm, &lstm->evaluation, text->count,
                  ard__smaller(lstm->options.steps, text->length)));
    ARD_TRY(ard__lstm_clear_state(lstm, &lstm->evaluation, lstm->options.batch));
    ARD_TRY(
        ard__buffer_fill(lstm->context, lstm->evaluation_totals.buffer, 0, 2 * sizeof(cl_float)));
    return run_text(lstm, lstm->pass, text, window, window + most, totals);
}

static ard_status evaluate(ard_lstm *lstm, size_t count, const uint32_t *tokens,
                           ard_lstm_result *result)
{
    ARD__CHECK(lstm != NULL && tokens != NULL && result != NULL,
               "ard_lstm_evaluate: an argument is NULL");
    ARD__CHECK(count >= 2, "a text of %zu tokens, expected at least 2", count);
    for (size_t i = 0; i < count; ++i) {
        ARD__CHECK(tokens[i] < lstm->options.vocabulary,
                   "token %zu of the text is %u, expected below %zu", i, tokens[i],
                   lstm->options.vocabulary);
    }
    const size_t window = 2 * lstm->options.steps * lstm->options.batch;
    uint32_t *host = calloc(window, sizeof *host);
    if (host == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for a window of tokens");
    }
    const stretches text = cut(lstm, count, tokens);
    double totals[2] = {0.0, 0.0};
    const ard_status status = run_evaluation(lstm, &text, host, totals);
    free(host);
    ARD_TRY(status);
    *result = (ard_lstm_result){.tokens = count - 1,
                                .correct = (uint64_t)totals[1],
                                .loss = totals[0] / (double)(count - 1)};
    return ARD_STATUS_SUCCESS;
}

ard_status ard_lstm_evaluate(ard_lstm *lstm, size_t count, const uint32_t *tokens,
                             ard_lstm_result *result)
{
    ard__operation_begin(ard__lstm_context(lstm), "lstm_evaluate");
    return ard__lstm_end(ard__lstm_context(lstm), lstm, 0, count, NULL,
                         evaluate(lstm, count, tokens, result));
}

static ard_status take_training_result(ard_lstm *lstm, ard_lstm_result *result)
{
    float values[2];
    ARD__CHECK(lstm != NULL && result != NULL,
               "ard_lstm_take_training_result: an argument is NULL");
    ARD_TRY(ard_matrix_read(lstm->context, 1, 2, &lstm->totals, values));
    ARD_TRY(ard__buffer_fill(lstm->context, lstm->totals.buffer, 0, sizeof values));
    const uint64_t tokens = lstm->total_tokens;
    lstm->total_tokens = 0;
    *result = (ard_lstm_result){.tokens = tokens,
                                .correct = (uint64_t)values[1],
                                .loss = tokens > 0 ? (double)values[0] / (double)tokens : 0.0};
    return ARD_STATUS_SUCCESS;
}

ard_status ard_lstm_take_training_result(ard_lstm *lstm, ard_lstm_result *result)
{
    ard__operation_begin(ard__lstm_context(lstm), "lstm_take_training_result");
    return ard__lstm_end(ard__lstm_context(lstm), lstm, 0, 0, NULL,
                         take_training_result(lstm, result));
}

static ard_status predict(ard_lstm *lstm, bool begins, uint32_t token, float *logits)
{
    ARD__CHECK(lstm != NULL && logits != NULL, "ard_lstm_predict: an argument is NULL");
    ARD__CHECK(token < lstm->options.vocabulary, "the token is %u, expected below %zu", token,
               lstm->options.vocabulary);
    if (begins) {
        ARD_TRY(ard__lstm_clear_state(lstm, &lstm->prediction, 1));
    }
    ARD_TRY(begin(lstm, &lstm->prediction, 1, 1));
    ARD_TRY(ard__lstm_take_window(lstm, lstm->pass, &token, NULL));
    ARD_TRY(ard__lstm_forward(lstm, lstm->pass));
    ARD_TRY(ard__lstm_keep_state(lstm, lstm->pass));
    return ard_matrix_read(lstm->context, 1, lstm->options.vocabulary, &lstm->logits, logits);
}

ard_status ard_lstm_predict(ard_lstm *lstm, bool begins, uint32_t token, float *logits)
{
    ard__operation_begin(ard__lstm_context(lstm), "lstm_predict");
    return ard__lstm_end(ard__lstm_context(lstm), lstm, 1, 1, NULL,
                         predict(lstm, begins, token, logits));
}
