/* SPDX-License-Identifier: Apache-2.0 */
/* Language models on every engine, alone and beside one another, against the reference. */
#include <ard/lstm.h>

#include <stdio.h>

#include <ard/tuning.h>

#include "engines/engine_context.h"
#include "models/lstm_run.h"
#include "support/device.h"
#include "support/unit.h"

/* Products of up to four rows by CLBlast, larger ones by packed: the recurrent products of whole
 * and of smaller batches go different ways. */
static ard_context *mixed_context(void)
{
    ard_device_info device;
    ard_tuning tuning;
    ard_context *context = NULL;
    assert_success(ard_device_find(NULL, &device));
    assert_success(ard_tuning_shipped(&device, &tuning));
    tuning.choice_count = 0;
    for (size_t i = 0; i < 4; ++i) {
        const bool a_transposed = i / 2 == 1;
        const bool b_transposed = i % 2 == 1;
        tuning.choices[tuning.choice_count++] =
            (ard_engine_choice){3, 33, 132, a_transposed, b_transposed, ARD_ENGINE_CLBLAST};
        tuning.choices[tuning.choice_count++] =
            (ard_engine_choice){6, 33, 132, a_transposed, b_transposed, ARD_ENGINE_PACKED};
    }
    const ard_context_options options = {.tuning = &tuning};
    assert_success(ard_context_create(NULL, &options, &context));
    return context;
}

static const struct {
    ard_dropout_kind between;
    ard_dropout_kind recurrent;
    bool fresh;
    bool tied;
} cases[] = {{ARD_DROPOUT_NONE, ARD_DROPOUT_NONE, false, false},
             {ARD_DROPOUT_ROW, ARD_DROPOUT_ROW, false, false},
             {ARD_DROPOUT_ROW, ARD_DROPOUT_INDEX, true, true},
             {ARD_DROPOUT_INDEX, ARD_DROPOUT_SUBSET, false, true},
             {ARD_DROPOUT_TILE, ARD_DROPOUT_TILE, false, false},
             {ARD_DROPOUT_DROPCONNECT, ARD_DROPOUT_DROPCONNECT, false, true},
             {ARD_DROPOUT_BERNOULLI, ARD_DROPOUT_BERNOULLI, true, false}};

static void check_engine(ard_context *context, const char *engine)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        ard_lstm_options options = lstm_toy_options(2, 40, 33, 6, 5);
        options.between = lstm_toy_dropout(cases[i].between, ARD_SCALE_RATE);
        options.recurrent = lstm_toy_dropout(cases[i].recurrent, ARD_SCALE_RATE);
        options.fresh = cases[i].fresh;
        options.tied = cases[i].tied;
        options.seed = 40 + i;
        options.sgd.momentum = 0.9;
        options.sgd.schedule.rate = 0.05;
        char name[96];
        snprintf(name, sizeof name, "kinds %d and %d on %s", (int)cases[i].between,
                 (int)cases[i].recurrent, engine);
        lstm_run_check(context, &options, name);
    }
}

static void test_engines(void **state)
{
    (void)state;
    for (size_t setting = 0; setting < ENGINE_SETTINGS; ++setting) {
        ard_context *context = engine_context_create(setting);
        check_engine(context, engine_setting_names[setting]);
        ard_context_destroy(context);
    }
}

static void test_mixed_engines(void **state)
{
    (void)state;
    ard_context *context = mixed_context();
    check_engine(context, "mixed engines");
    ard_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_engines),
                                       cmocka_unit_test(test_mixed_engines)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
