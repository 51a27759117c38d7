/* SPDX-License-Identifier: Apache-2.0 */
/* ctrl-C in the middle of an epoch: progress is on the terminal, the run stops cleanly, and going
 * on gives the bits of a run that was never stopped. Checkpoints of other programs are refused. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ard/mlp.h>

#include "support/device.h"
#include "support/unit.h"
#include "tools/data_files.h"
#include "tools/train_process.h"
#include "train/extra.h"

/* Small batches make an epoch of 1,000 steps, long enough to be stopped within. */
#define SETTINGS "--data builtin --hidden 16 --batch 10 --lr 0.005"
enum { STEPS_AN_EPOCH = 1000 };

static int runs(const char *format, const char *path, unsigned epochs)
{
    char arguments[1024];
    (void)snprintf(arguments, sizeof arguments, format, path, epochs);
    return train_run(arguments, NULL, 0);
}

/* The state is the options of the dropout. */
static void test_interrupted_run_goes_on_unchanged(void **state)
{
    const char *dropout = *state;
    char part[DATA_PATH_SIZE], full[DATA_PATH_SIZE], arguments[1024];
    data_path("part", part);
    data_path("full", full);
    (void)snprintf(arguments, sizeof arguments,
                   SETTINGS " %s --epochs 1000 --format json --save %s", dropout, part);
    train_process *process = train_start(arguments);
    train_wait_for_screen(process, "loss ");
    train_type(process, '\003');
    assert_int_equal(train_finish(process), 130);
    assert_non_null(strstr(process->screen_text, "samples/s"));
    assert_non_null(strstr(process->screen_text, "; saved to "));
    assert_non_null(strstr(process->out_text, "\"interrupted\":\ttrue"));
    const unsigned step = train_stopped_at(process);
    train_free(process);

    const unsigned epochs = step / STEPS_AN_EPOCH + 1;
    (void)snprintf(arguments, sizeof arguments, SETTINGS " %s -q --save %s --epochs %u", dropout,
                   full, epochs);
    assert_int_equal(train_run(arguments, NULL, 0), 0);
    (void)snprintf(arguments, sizeof arguments,
                   "--data builtin -q --resume %s --save %s --epochs %u", part, part, epochs);
    assert_int_equal(train_run(arguments, NULL, 0), 0);
    train_assert_same_files(part, full);
}

static void test_termination_without_save(void **state)
{
    (void)state;
    train_process *process = train_start(SETTINGS " --epochs 1000");
    train_wait_for_output(process, "epoch   1  loss");
    assert_int_equal(kill(process->child, SIGTERM), 0);
    assert_int_equal(train_finish(process), 130);
    assert_non_null(strstr(process->screen_text, "not saved without --save"));
    assert_non_null(strstr(process->out_text, "\nstopped after "));
    assert_true(train_stopped_at(process) >= STEPS_AN_EPOCH);
    train_free(process);
}

static void save_network(const char *path, const ard_mlp_options *options, const char *extra)
{
    ard_context *context = test_context_create();
    ard_mlp *mlp = NULL;
    assert_success(ard_mlp_create(context, options, &mlp));
    assert_success(ard_mlp_save(mlp, path, extra, extra == NULL ? 0 : strlen(extra)));
    ard_mlp_destroy(mlp);
    ard_context_destroy(context);
}

/* A network of the digits' sizes, saved with these bytes of the application's. */
static void save_foreign(const char *path, size_t batch, const char *extra)
{
    const size_t widths[] = {784, 16, 10};
    const ard_mlp_options options = {
        .layers = 2, .widths = widths, .max_batch = batch, .sgd = ard_sgd_defaults()};
    save_network(path, &options, extra);
}

static void assert_refused(const char *path, const char *message)
{
    char arguments[1024], screen[4096];
    (void)snprintf(arguments, sizeof arguments, "--data builtin --epochs 1 --resume %s", path);
    assert_int_equal(train_run(arguments, screen, sizeof screen), 2);
    if (strstr(screen, message) == NULL) {
        fail_msg("\"%s\" does not hold \"%s\"", screen, message);
    }
}

/* The extra bytes of a real checkpoint of this data, for a batch of 10. */
static void real_extra(const char *path, train_extra *extra)
{
    assert_int_equal(runs(SETTINGS " -q --save %s --epochs %u", path, 1), 0);
    ard_context *context = test_context_create();
    ard_mlp *mlp = NULL;
    assert_success(ard_mlp_load(context, path, &mlp));
    size_t size = 0;
    const void *text = ard_mlp_extra(mlp, &size);
    assert_true(extra_read(text, size, extra));
    ard_mlp_destroy(mlp);
    ard_context_destroy(context);
}

static void save_with(const char *path, size_t batch, const train_extra *extra)
{
    char *text = extra_write(extra);
    assert_non_null(text);
    save_foreign(path, batch, text);
    free(text);
}

static void test_foreign_checkpoints(void **state)
{
    (void)state;
    char path[DATA_PATH_SIZE];
    data_path("foreign", path);
    save_foreign(path, 10, NULL);
    assert_refused(path, "was not written by ard-train");
    save_foreign(path, 10, "{\"schema\": \"something else\"}");
    assert_refused(path, "was not written by ard-train");

    train_extra extra;
    real_extra(path, &extra);
    save_with(path, 11, &extra); /* the batch of the settings is not the network's */
    assert_refused(path, "settings that ard-train never makes");
    extra.epochs = (size_t)1 << 40;
    save_with(path, 10, &extra);
    assert_refused(path, "settings that ard-train never makes");
    extra.epochs = 1;
    extra.sums.samples = 10; /* of an epoch in which no step was done */
    save_with(path, 10, &extra);
    assert_refused(path, "settings that ard-train never makes");
    extra.sums.samples = 0;
    extra.checksum ^= 1;
    save_with(path, 10, &extra);
    assert_refused(path,
                   "--data: other data than the checkpoint's (builtin, 10000 training samples)");
    extra.checksum ^= 1;
    extra.rate_epochs = 1; /* a rate that changes, of a network that has no room for it */
    extra.rate = (cli_double_list){1, {0.0}};
    save_with(path, 10, &extra);
    assert_refused(path, "settings that ard-train never makes");
    extra.rate_epochs = 0;
    extra.rate.count = 0;
    save_with(path, 10, &extra);
    char arguments[1024];
    (void)snprintf(arguments, sizeof arguments, "--data builtin --epochs 1 -q --resume %s", path);
    assert_int_equal(train_run(arguments, NULL, 0), 0);
}

/* No options make layers with different tiles. */
static void test_foreign_tiles(void **state)
{
    (void)state;
    const size_t widths[] = {784, 16, 16, 10};
    ard_dropout dropout[2];
    const ard_mlp_options options = {.layers = 3,
                                     .widths = widths,
                                     .dropout = dropout,
                                     .max_batch = 10,
                                     .sgd = ard_sgd_defaults()};
    char path[DATA_PATH_SIZE];
    data_path("tiles", path);
    train_extra extra;
    real_extra(path, &extra);
    char *text = extra_write(&extra);
    assert_non_null(text);
    for (size_t i = 0; i < 2; ++i) {
        assert_success(ard_dropout_init(ARD_DROPOUT_TILE, 0.25, 0, ARD_SCALE_RATE, &dropout[i]));
        dropout[i].tile_edge = 4;
    }
    save_network(path, &options, text);
    char arguments[1024];
    (void)snprintf(arguments, sizeof arguments, "--data builtin --epochs 1 -q --resume %s", path);
    assert_int_equal(train_run(arguments, NULL, 0), 0);

    dropout[1].tile_edge = 8;
    save_network(path, &options, text);
    assert_refused(path, "settings that ard-train never makes");
    dropout[1].tile_edge = 4;
    dropout[1].tile_numbering = ARD_TILE_LINEAR;
    save_network(path, &options, text);
    assert_refused(path, "settings that ard-train never makes");
    free(text);
}

/* A network whose rate is not that of its step. */
static void test_foreign_rates(void **state)
{
    (void)state;
    const size_t widths[] = {784, 16, 10};
    ard_dropout dropout;
    const ard_mlp_options options = {.layers = 2,
                                     .widths = widths,
                                     .dropout = &dropout,
                                     .dropout_varies = true,
                                     .max_batch = 10,
                                     .sgd = ard_sgd_defaults()};
    char path[DATA_PATH_SIZE];
    data_path("rates", path);
    train_extra extra;
    real_extra(path, &extra);
    extra.rate_epochs = 2;
    extra.rate = (cli_double_list){1, {0.5}};
    for (size_t i = 0; i < 3; ++i) {
        extra.rate.count = i == 2 ? 2 : 1;
        char *text = extra_write(&extra);
        assert_non_null(text);
        assert_success(
            ard_dropout_init(ARD_DROPOUT_ROW, i == 1 ? 0.25 : 0.0, 3, ARD_SCALE_RATE, &dropout));
        save_network(path, &options, text);
        free(text);
        char arguments[1024];
        (void)snprintf(arguments, sizeof arguments, "--data builtin --epochs 1 -q --resume %s",
                       path);
        if (i == 0) {
            assert_int_equal(train_run(arguments, NULL, 0), 0);
        } else {
            assert_refused(path, "settings that ard-train never makes");
        }
    }
}

int main(void)
{
    static char row[] = "--dropout row";
    static char tile[] = "--dropout tile --tile 8";
    static char growing[] = "--dropout row --rate-schedule exponential --rate-epochs 9";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_interrupted_run_goes_on_unchanged, row),
        cmocka_unit_test_prestate(test_interrupted_run_goes_on_unchanged, tile),
        cmocka_unit_test_prestate(test_interrupted_run_goes_on_unchanged, growing),
        cmocka_unit_test(test_termination_without_save),
        cmocka_unit_test(test_foreign_checkpoints),
        cmocka_unit_test(test_foreign_tiles),
        cmocka_unit_test(test_foreign_rates),
    };
    return cmocka_run_group_tests(tests, data_folder_setup, data_folder_teardown);
}
