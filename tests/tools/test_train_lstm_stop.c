/* SPDX-License-Identifier: Apache-2.0 */
/* ctrl-C in the middle of an epoch of the language model: progress is on the terminal, the run
 * stops cleanly, and going on gives the bits of a run that was never stopped. Checkpoints of other
 * programs are refused. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include <ard/lstm.h>

#include "support/device.h"
#include "support/unit.h"
#include "tools/data_files.h"
#include "tools/train_process.h"
#include "train/lstm/lstm_extra.h"

/* Windows of a few tokens make an epoch long enough to be stopped within. */
#define MODEL "--layers 1 --hidden 6 --batch 7 --steps 3 --lr 0.5"
enum { WORDS = 11, TRAIN_TOKENS = 6301, STEPS_AN_EPOCH = 300 };

static void run_to(char *arguments, size_t size, const char *model, const char *dropout,
                   const char *rest)
{
    const char *at = data_folder();
    const int length = snprintf(arguments, size, "%s %s --data %s/train,%s/held,%s/held %s", model,
                                dropout, at, at, at, rest);
    assert_true(length > 0 && (size_t)length < size);
}

/* Words that follow one another with some order, in one line. */
static void write_words(const char *name, size_t count)
{
    char *text = malloc(4 * count + 1);
    assert_non_null(text);
    size_t used = 0;
    uint32_t state = 12345;
    uint32_t word = 0;
    for (size_t i = 0; i + 1 < count; ++i) {
        state = state * 1664525u + 1013904223u;
        word = (2 * word + (state >> 30)) % WORDS;
        used += (size_t)sprintf(text + used, "%c ", (char)('a' + word));
    }
    data_write(name, text, used);
    free(text);
}

static int setup(void **state)
{
    const int status = data_folder_setup(state);
    write_words("train", TRAIN_TOKENS);
    write_words("held", 71);
    return status;
}

/* The state is the options of dropout and learning rate. */
static void test_interrupted_run_goes_on_unchanged(void **state)
{
    const char *options = *state;
    char part[DATA_PATH_SIZE], full[DATA_PATH_SIZE], rest[1024], arguments[4096];
    data_path("part", part);
    data_path("full", full);
    (void)snprintf(rest, sizeof rest, "--epochs 2000 --format json --save %s", part);
    run_to(arguments, sizeof arguments, MODEL, options, rest);
    train_process *process = train_start_command("lstm", arguments);
    train_wait_for_screen(process, "ppl ");
    train_type(process, '\003');
    assert_int_equal(train_finish(process), 130);
    assert_non_null(strstr(process->screen_text, "words/s"));
    assert_non_null(strstr(process->screen_text, "; saved to "));
    cJSON *report = cJSON_Parse(process->out_text);
    assert_true(cJSON_IsTrue(cJSON_GetObjectItem(report, "interrupted")));
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(report, "test_perplexity")));
    cJSON_Delete(report);
    const unsigned epochs = train_stopped_at(process) / STEPS_AN_EPOCH + 1;
    train_free(process);

    (void)snprintf(rest, sizeof rest, "-q --save %s --epochs %u", full, epochs);
    run_to(arguments, sizeof arguments, MODEL, options, rest);
    assert_int_equal(train_run_command("lstm", arguments, NULL, 0), 0);
    (void)snprintf(rest, sizeof rest, "-q --resume %s --save %s --epochs %u", part, part, epochs);
    run_to(arguments, sizeof arguments, "", "", rest);
    assert_int_equal(train_run_command("lstm", arguments, NULL, 0), 0);
    train_assert_same_files(part, full);
}

/* The program ends with its terminal, as it must when this test is killed. */
static void test_terminal_goes_away(void **state)
{
    (void)state;
    char arguments[2048];
    run_to(arguments, sizeof arguments, MODEL, "", "--epochs 2000");
    train_process *process = train_start_command("lstm", arguments);
    train_wait_for_output(process, "  validation perplexity ");
    assert_int_equal(train_hang_up(process), 128 + SIGHUP);
    train_free(process);
}

static ard_lstm_options foreign_options(void)
{
    return (ard_lstm_options){.layers = 1,
                              .vocabulary = WORDS + 1,
                              .embedding = 6,
                              .hidden = 6,
                              .batch = 7,
                              .steps = 3,
                              .range = 0.1,
                              .clip = 5.0,
                              .seed = 1,
                              .sgd = {.schedule = {.rate = 0.5, .every = 1}}};
}

static void save_model(const char *path, const ard_lstm_options *options, const char *extra)
{
    ard_context *context = test_context_create();
    ard_lstm *lstm = NULL;
    assert_success(ard_lstm_create(context, options, &lstm));
    assert_success(ard_lstm_save(lstm, path, extra, extra == NULL ? 0 : strlen(extra)));
    ard_lstm_destroy(lstm);
    ard_context_destroy(context);
}

static void save_with(const char *path, const ard_lstm_options *options, const lstm_extra *extra)
{
    char *text = lstm_extra_write(extra);
    assert_non_null(text);
    save_model(path, options, text);
    free(text);
}

static void assert_refused(const char *path, const char *message)
{
    char rest[512], arguments[2048], screen[4096];
    (void)snprintf(rest, sizeof rest, "-q --resume %s", path);
    run_to(arguments, sizeof arguments, "", "", rest);
    assert_int_equal(train_run_command("lstm", arguments, screen, sizeof screen), 2);
    if (strstr(screen, message) == NULL) {
        fail_msg("\"%s\" does not hold \"%s\"", screen, message);
    }
}

static void assert_accepted(const char *path)
{
    char rest[512], arguments[2048];
    (void)snprintf(rest, sizeof rest, "-q --resume %s", path);
    run_to(arguments, sizeof arguments, "", "", rest);
    assert_int_equal(train_run_command("lstm", arguments, NULL, 0), 0);
}

/* The extra bytes of a real checkpoint of this text, with one epoch asked for. */
static lstm_extra real_extra(const char *path)
{
    char rest[512], arguments[2048];
    lstm_extra extra;
    (void)snprintf(rest, sizeof rest, "-q --epochs 1 --save %s", path);
    run_to(arguments, sizeof arguments, MODEL, "", rest);
    assert_int_equal(train_run_command("lstm", arguments, NULL, 0), 0);
    ard_context *context = test_context_create();
    ard_lstm *lstm = NULL;
    size_t size = 0;
    assert_success(ard_lstm_load(context, path, &lstm));
    assert_int_equal(ard_lstm_steps_done(lstm), STEPS_AN_EPOCH);
    const void *text = ard_lstm_extra(lstm, &size);
    assert_true(lstm_extra_read(text, size, &extra));
    assert_int_equal(extra.best_epoch, 1);
    ard_lstm_destroy(lstm);
    ard_context_destroy(context);
    extra.best_epoch = 0; /* no step of a foreign model is done */
    return extra;
}

static void test_foreign_checkpoints(void **state)
{
    (void)state;
    static const char NEVER[] = "settings that ard-train never makes";
    char path[DATA_PATH_SIZE];
    data_path("foreign", path);
    ard_lstm_options options = foreign_options();
    save_model(path, &options, NULL);
    assert_refused(path, "was not written by ard-train");
    save_model(path, &options, "{\"schema\": \"something else\"}");
    assert_refused(path, "was not written by ard-train");

    const lstm_extra real = real_extra(path);
    lstm_extra extra = real;
    extra.epochs = (size_t)1 << 40;
    save_with(path, &options, &extra);
    assert_refused(path, NEVER);
    extra = real;
    extra.sums.samples = 21; /* of an epoch in which no step was done */
    save_with(path, &options, &extra);
    assert_refused(path, NEVER);
    extra = real;
    extra.best_epoch = 1; /* which was never done */
    save_with(path, &options, &extra);
    assert_refused(path, NEVER);
    extra = real;
    extra.text ^= 1;
    save_with(path, &options, &extra);
    assert_refused(path, "--data: another text than the checkpoint's (files, 6301 training words)");
    extra = real;
    extra.vocabulary ^= 1;
    save_with(path, &options, &extra);
    assert_refused(path, "--data: 12 other words than the 12 of the checkpoint's vocabulary");
    options.vocabulary = WORDS; /* less than the text that the extra bytes are of */
    save_with(path, &options, &real);
    assert_refused(path, NEVER);
    options = foreign_options();
    options.sgd.schedule.warmup = 5;
    save_with(path, &options, &real);
    assert_refused(path, NEVER);
    options = foreign_options();
    save_with(path, &options, &real);
    assert_accepted(path);
}

/* No options drop differently between and within layers. */
static void test_foreign_dropout(void **state)
{
    (void)state;
    char path[DATA_PATH_SIZE];
    data_path("dropout", path);
    const lstm_extra extra = real_extra(path);
    ard_lstm_options options = foreign_options();
    const double RATES[] = {0.5, 0.25};
    for (size_t i = 0; i < 2; ++i) {
        assert_success(
            ard_dropout_init(ARD_DROPOUT_BERNOULLI, 0.5, 0, ARD_SCALE_RATE, &options.between));
        assert_success(ard_dropout_init(ARD_DROPOUT_BERNOULLI, RATES[i], 0, ARD_SCALE_RATE,
                                        &options.recurrent));
        save_with(path, &options, &extra);
        if (i == 0) {
            assert_accepted(path);
        } else {
            assert_refused(path, "settings that ard-train never makes");
        }
    }
}

int main(void)
{
    static char dense[] = "--lr-decay-after 2";
    static char plateau[] = "--schedule plateau --lr-decay 0.9 --momentum 0.5 --clip 1";
    static char subset[] = "--dropout subset --max-period 4 --placement both --fresh";
    static char bernoulli[] = "--dropout bernoulli --rate 0.3 --placement recurrent --tied";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_interrupted_run_goes_on_unchanged, dense),
        cmocka_unit_test_prestate(test_interrupted_run_goes_on_unchanged, plateau),
        cmocka_unit_test_prestate(test_interrupted_run_goes_on_unchanged, subset),
        cmocka_unit_test_prestate(test_interrupted_run_goes_on_unchanged, bernoulli),
        cmocka_unit_test(test_terminal_goes_away),
        cmocka_unit_test(test_foreign_checkpoints),
        cmocka_unit_test(test_foreign_dropout),
    };
    return cmocka_run_group_tests(tests, setup, data_folder_teardown);
}
