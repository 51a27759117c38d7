/* SPDX-License-Identifier: Apache-2.0 */
/* Damaged checkpoints of language models are refused, never trusted, and failed saves leave nothing
 * behind. */
#include <ard/lstm.h>

#include <stdlib.h>

#include "models/damage.h"
#include "models/lstm_toy.h"
#include "models/toy.h"
#include "support/device.h"
#include "support/unit.h"

enum { WORDS = 7, BATCH = 2, STEPS = 3 };

/* More than the bytes before the weights: two dropouts and all other options. */
enum { FIRST_PART = 3200 };

static ard_status save(void *model, const char *path)
{
    return ard_lstm_save(model, path, "extra", 5);
}

static ard_status load(ard_context *context, const char *path, void **model)
{
    ard_lstm *lstm = *model;
    const ard_status status = ard_lstm_load(context, path, &lstm);
    *model = lstm;
    return status;
}

static void destroy(void *model)
{
    ard_lstm_destroy(model);
}

/* `data` are tokens of a window. */
static void use(void *model, void *data)
{
    const ard_lstm_options *options = ard_lstm_get_options(model);
    const size_t batch = options->batch < BATCH ? options->batch : BATCH;
    const size_t steps = options->steps < STEPS ? options->steps : STEPS;
    ard_lstm_result result;
    ard_lstm_step(model, batch, steps, data, data, NULL);
    ard_lstm_take_training_result(model, &result);
}

static const damage_model language_model = {save, load, destroy, use};

/* Of a lazily updated model. */
static damage begin(ard_context *context)
{
    ard_lstm_options options = lstm_toy_options(2, WORDS, 5, BATCH, STEPS);
    options.between = lstm_toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE);
    options.recurrent = lstm_toy_dropout(ARD_DROPOUT_SUBSET, ARD_SCALE_RATE);
    options.sgd.momentum = 0.9;
    ard_lstm *lstm = lstm_toy_model(context, &options);
    lstm_toy_train(lstm, 5);
    return damage_begin(context, &language_model, lstm,
                        lstm_toy_text((size_t)BATCH * STEPS, WORDS, 1));
}

static void end(damage *d)
{
    free(d->data);
    damage_end(d);
}

static void test_files(void **state)
{
    damage d = begin(*state);
    damage_check_truncation(&d);
    damage_check_flipped_bytes(&d);
    damage_check_foreign_files(&d);
    damage_check_absurd_length(&d);
    end(&d);
}

static void test_wrong_values(void **state)
{
    damage d = begin(*state);
    damage_check_wrong_values(&d, FIRST_PART);
    end(&d);
}

static void test_short_payloads(void **state)
{
    damage d = begin(*state);
    damage_check_short_payloads(&d, FIRST_PART);
    end(&d);
}

static void test_failed_saves(void **state)
{
    damage d = begin(*state);
    damage_check_failed_saves(&d);
    end(&d);
}

/* A network is no language model, nor the other way round. */
static void test_other_models(void **state)
{
    const size_t widths[] = {5, 7, 3};
    const ard_mlp_options options = toy_options(2, widths, NULL, 4);
    damage d = begin(*state);
    ard_mlp *mlp = (ard_mlp *)&d;
    ard_lstm *lstm = (ard_lstm *)&d;
    assert_fails(ard_mlp_load(*state, d.place.path, &mlp), ARD_STATUS_FORMAT);
    assert_null(mlp);
    mlp = toy_network(*state, &options);
    assert_success(ard_mlp_save(mlp, d.place.path, NULL, 0));
    assert_fails(ard_lstm_load(*state, d.place.path, &lstm), ARD_STATUS_FORMAT);
    assert_null(lstm);
    ard_mlp_destroy(mlp);
    end(&d);
}

static void test_null(void **state)
{
    damage d = begin(*state);
    const char *path = d.place.path;
    ard_lstm *lstm = NULL;
    assert_success(ard_lstm_load(*state, path, &lstm));
    assert_invalid(ard_lstm_save(NULL, path, NULL, 0));
    assert_invalid(ard_lstm_save(lstm, NULL, NULL, 0));
    ard_lstm_destroy(lstm);
    lstm = (ard_lstm *)&d;
    assert_invalid(ard_lstm_load(NULL, path, &lstm));
    assert_null(lstm);
    assert_invalid(ard_lstm_load(*state, NULL, &lstm));
    assert_invalid(ard_lstm_load(*state, path, NULL));
    end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),          cmocka_unit_test(test_wrong_values),
        cmocka_unit_test(test_short_payloads), cmocka_unit_test(test_failed_saves),
        cmocka_unit_test(test_other_models),   cmocka_unit_test(test_null),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
