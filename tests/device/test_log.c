/* SPDX-License-Identifier: Apache-2.0 */
/* What is logged, when, and to whom. */
#include <ard/log.h>

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ard/compact.h>

#include "device/context_internal.h"
#include "device/log_capture.h"
#include "device/operation.h"
#include "device/profile_layer.h"
#include "models/toy.h"
#include "support/memory.h"
#include "support/unit.h"

#define LAYER_LINE "ard,exec,%s,linear_forward,6x37:21x37,%s,packed,"

static const char *device_of(const ard_context *context)
{
    return ard_context_device(context)->id;
}

static void head_of(const ard_context *context, const char *pattern, char head[128])
{
    snprintf(head, 128, LAYER_LINE, device_of(context), pattern);
}

/* One line a call, in their order, once they are done. */
static void test_calls(void **state)
{
    (void)state;
    char head[128];
    capture *log = NULL;
    ard_context *context = capture_context(1, NULL, &log);
    assert_int_equal(log->count, 1);
    assert_int_equal(log->entries[0].kind, ARD_LOG_INFO);
    layer layer = layer_create(context);
    assert_success(ard_context_finish(context));
    capture_clear(log);
    const ard_tile_pattern tile = {
        .edge = LAYER_TILE, .period = 2, .offset = 1, .numbering = ARD_TILE_DIAGONAL};
    layer_forward_dense(&layer);
    layer_forward(&layer, &tile);
    assert_success(ard_context_finish(context));
    assert_int_equal(log->count, 2);
    head_of(context, "dense", head);
    assert_timed_line(log->entries[0].line, head);
    head_of(context, "weights=tile8/2@1", head);
    assert_timed_line(log->entries[1].line, head);
    assert_true(log->entries[0].milliseconds > 0.0);
    assert_well_formed(log);
    layer_destroy(&layer);
    capture_destroy(context, log);
}

/* Every form of a pattern, through compaction. */
static void test_patterns(void **state)
{
    (void)state;
    static const uint32_t list[] = {0, 2, 5};
    const ard_pattern subset = {.period = 4, .residues = 5};
    const ard_pattern row = {.period = 3, .residues = 2};
    const ard_pattern index = {.indices = list, .count = 3};
    const struct {
        const ard_pattern *rows;
        const ard_pattern *cols;
        const char *text;
    } cases[] = {{NULL, NULL, "dense"},
                 {&row, NULL, "rows=row/3@1"},
                 {NULL, &subset, "cols=subset/4:0x5"},
                 {&row, &index, "rows=row/3@1;cols=index/3of7"}};
    capture *log = NULL;
    ard_context *context = capture_context(1, NULL, &log);
    ard_matrix src = {0};
    ard_matrix dst = {0};
    assert_success(ard_matrix_create(context, 5, 7, &src));
    assert_success(ard_matrix_create(context, 5, 7, &dst));
    for (size_t i = 0; i < 4; ++i) {
        char head[128];
        capture_clear(log);
        assert_success(ard_compact(context, 5, 7, cases[i].rows, cases[i].cols, &src, &dst, NULL));
        assert_success(ard_context_finish(context));
        assert_int_equal(log->count, 1);
        snprintf(head, sizeof head, "ard,exec,%s,compact,5x7,%s,-,", device_of(context),
                 cases[i].text);
        assert_timed_line(log->entries[0].line, head);
    }
    ard_matrix_destroy(&src);
    ard_matrix_destroy(&dst);
    capture_destroy(context, log);
}

/* A call that fails has one line that says why, and no other. */
static void test_errors(void **state)
{
    (void)state;
    char line[256];
    capture *log = NULL;
    ard_context *context = capture_context(2, NULL, &log);
    float value = 0.0f;
    capture_clear(log);
    assert_invalid(ard_matrix_read(context, 0, 1, &(ard_matrix){0}, &value));
    assert_int_equal(log->count, 1);
    snprintf(line, sizeof line, "ard,error,%s,matrix_read,INVALID_ARGUMENT,", device_of(context));
    assert_memory_equal(log->entries[0].line, line, strlen(line));
    assert_non_null(strstr(log->entries[0].line, "rows is 0"));
    assert_well_formed(log);
    layer layer = layer_create(context); /* and what follows is whole */
    capture_clear(log);
    layer_forward_dense(&layer);
    assert_success(ard_context_finish(context));
    assert_int_equal(capture_count(log, ARD_LOG_EXEC), 1);
    layer_destroy(&layer);
    capture_destroy(context, log);
}

/* Who gets the lines may call libard, which may fail too. */
static void fail_inside(const ard_log_entry *entry, void *user)
{
    ard_pattern pattern;
    (void)entry;
    *(size_t *)user += ard_pattern_row(0, 0, &pattern) != ARD_STATUS_SUCCESS;
}

/* What a call says of its failure is its own, whatever happened in the function. */
static void test_detail(void **state)
{
    (void)state;
    size_t failures = 0;
    float value = 0.0f;
    const ard_context_options options = {.log = {fail_inside, &failures, 1}};
    ard_context *context = NULL;
    assert_success(ard_context_create(NULL, &options, &context));
    assert_invalid(ard_matrix_read(context, 0, 1, &(ard_matrix){0}, &value));
    assert_int_equal(failures, 2);
    assert_non_null(strstr(ard_detail(), "rows is 0"));
    ard_context_destroy(context);
}

/* Numbers as locales write them, and without a comma in all of them. */
static void test_numbers(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"0,5", "0.5"},           {"0.5", "0.5"}, {"0\331\253125", "0.125"},
        {"1,25e-05", "1.25e-05"}, {"-", "-"},     {"12", "12"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        ard__log_number number;
        snprintf(number, sizeof number, "%s", cases[i][0]);
        assert_string_equal(ard__log_plain(number), cases[i][1]);
    }
    ard__log_number time;
    assert_string_equal(ard__log_time(0.25, time), "0.250000");
    assert_string_equal(ard__log_time(NAN, time), "-");
}

/* What is too long for its field ends with dots, however much is added. */
static void test_cut(void **state)
{
    (void)state;
    ard__description description = {.operation = "long"};
    for (size_t i = 0; i < 300; ++i) {
        ard__describe_shape(&description, "-%zu", i);
        ard__describe_rate(&description, "layer", "mask", 0.5);
    }
    assert_int_equal(strlen(description.shape), sizeof description.shape - 1);
    assert_string_equal(description.shape + sizeof description.shape - 4, "...");
    assert_int_equal(strlen(description.pattern), sizeof description.pattern - 1);
    assert_string_equal(description.pattern + sizeof description.pattern - 4, "...");
}

static void train(ard_context *context, ard_mlp **mlp, bool keep_mlp)
{
    static const size_t widths[] = {LAYER_IN, 24, 5};
    const ard_dropout dropout = toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE);
    const ard_mlp_options options = toy_options(2, widths, &dropout, LAYER_BATCH);
    toy_data data = toy_create(context, 20, LAYER_IN, 5, 0.5f, 3);
    *mlp = toy_network(context, &options);
    toy_train(*mlp, &data, 4, LAYER_BATCH);
    toy_destroy(&data);
    if (!keep_mlp) {
        ard_mlp_destroy(*mlp);
    }
}

/* Fails unless a step of a model is one line, and the layers inside it have none. */
static void assert_steps(const capture *log)
{
    size_t steps = 0;
    for (size_t i = 0; i < log->count; ++i) {
        const captured *entry = &log->entries[i];
        if (entry->kind == ARD_LOG_EXEC) {
            steps += strcmp(entry->operation, "mlp_step") == 0;
            assert_null(strstr(entry->line, "linear_"));
        }
    }
    assert_int_equal(steps, 4);
    assert_well_formed(log);
}

static void test_level_1(void **state)
{
    (void)state;
    ard_mlp *mlp = NULL;
    capture *log = NULL;
    ard_context *context = capture_context(1, NULL, &log);
    train(context, &mlp, false);
    assert_success(ard_context_finish(context));
    assert_steps(log);
    assert_int_equal(capture_count(log, ARD_LOG_EXEC), log->count - 1);
    assert_int_equal(log->entries[0].kind, ARD_LOG_INFO);
    capture_destroy(context, log);
}

/* At level 2 the commands of an operation are before it, and their times its time. Lines change no
 * bits, and go together with a profile. */
static void test_level_2(void **state)
{
    ard_context *plain = *state;
    ard_mlp *expected = NULL;
    ard_mlp *actual = NULL;
    capture *log = NULL;
    ard_context *context = capture_context(2, NULL, &log);
    train(plain, &expected, true);
    assert_success(ard_profile_start(context));
    train(context, &actual, true);
    const profile got = profile_stop(context);
    uint64_t launches = 0;
    for (size_t i = 0; i < got.count; ++i) {
        launches += got.entries[i].launches;
    }
    assert_true(launches > 40);
    assert_int_equal(launches, capture_count(log, ARD_LOG_COMMAND));
    for (size_t i = 0; i < launches; ++i) {
        assert_string_not_equal(capture_get(log, ARD_LOG_COMMAND, i)->operation, "-");
    }
    assert_steps(log);
    assert_adds_up(log);
    assert_true(capture_count(log, ARD_LOG_BUILD) > 2);
    assert_int_equal(capture_count(log, ARD_LOG_TUNING), 1);
    toy_assert_same_bits(actual, expected, "a training that is logged");
    ard_mlp_destroy(actual);
    ard_mlp_destroy(expected);
    capture_destroy(context, log);
}

typedef struct thread_run {
    ard_context *context;
    capture *log;
} thread_run;

static void *run_in_thread(void *argument)
{
    thread_run *run = argument;
    ard_matrix matrix = {0};
    const float value = 1.0f;
    bool failed = ard_matrix_create(run->context, 1, 1, &matrix) != ARD_STATUS_SUCCESS;
    for (size_t i = 0; i < 10 && !failed; ++i) {
        failed = ard_matrix_write(run->context, 1, 1, &value, &matrix) != ARD_STATUS_SUCCESS;
    }
    ard_matrix_destroy(&matrix);
    return NULL; /* fewer lines than expected say what failed */
}

/* Each context tells its own function of its own calls. */
static void test_threads(void **state)
{
    (void)state;
    thread_run runs[2];
    pthread_t threads[2];
    for (size_t i = 0; i < 2; ++i) {
        runs[i].context = capture_context(1, NULL, &runs[i].log);
    }
    for (size_t i = 0; i < 2; ++i) {
        assert_int_equal(pthread_create(&threads[i], NULL, run_in_thread, &runs[i]), 0);
    }
    for (size_t i = 0; i < 2; ++i) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(runs[i].log->count, 1 + 10);
        assert_int_equal(capture_count(runs[i].log, ARD_LOG_EXEC), 10);
        assert_well_formed(runs[i].log);
        capture_destroy(runs[i].context, runs[i].log);
    }
}

/* What writing one matrix under ARD_VERBOSE prints to stderr. */
static size_t printed(const char *verbose, char *text, size_t capacity)
{
    char path[] = "/tmp/ard-test-log-XXXXXX";
    const int file = mkstemp(path);
    const int saved = dup(STDERR_FILENO);
    assert_true(file >= 0 && saved >= 0);
    assert_true(dup2(file, STDERR_FILENO) >= 0);
    assert_int_equal(verbose != NULL ? setenv("ARD_VERBOSE", verbose, 1) : 0, 0);
    ard_context *context = NULL;
    bool written = false;
    if (ard_context_create(NULL, NULL, &context) == ARD_STATUS_SUCCESS) {
        ard_matrix matrix = {0};
        const float value = 1.0f;
        written = ard_matrix_create(context, 1, 1, &matrix) == ARD_STATUS_SUCCESS &&
                  ard_matrix_write(context, 1, 1, &value, &matrix) == ARD_STATUS_SUCCESS;
        ard_matrix_destroy(&matrix);
        ard_context_destroy(context);
    }
    unsetenv("ARD_VERBOSE");
    dup2(saved, STDERR_FILENO);
    close(saved);
    assert_true(written);
    const ssize_t length = pread(file, text, capacity - 1, 0);
    close(file);
    unlink(path);
    assert_true(length >= 0);
    text[length] = '\0';
    return (size_t)length;
}

static void test_environment(void **state)
{
    ard_context *context = *state;
    char text[8192];
    char line[64];
    assert_int_equal(printed(NULL, text, sizeof text), 0);
    assert_int_equal(printed("", text, sizeof text), 0);
    assert_int_equal(printed("0", text, sizeof text), 0);
    assert_true(printed("1", text, sizeof text) > 0);
    assert_memory_equal(text, "ard,info,", 9);
    snprintf(line, sizeof line, "\nard,exec,%s,matrix_write,1x1,", device_of(context));
    assert_non_null(strstr(text, line));
    assert_null(strstr(text, "ard,command,"));
    assert_true(printed("2", text, sizeof text) > 0);
    assert_non_null(strstr(text, ",matrix_write,-,write,"));
    assert_int_equal(text[strlen(text) - 1], '\n');
}

static void ignore(const ard_log_entry *entry, void *user)
{
    (void)entry;
    (void)user;
}

static void test_bad_settings(void **state)
{
    (void)state;
    static const char *const values[] = {"3", "yes", "10", "-1", " "};
    ard_context *context = NULL;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; ++i) {
        assert_int_equal(setenv("ARD_VERBOSE", values[i], 1), 0);
        assert_invalid(ard_context_create(NULL, NULL, &context));
        assert_null(context);
        assert_non_null(strstr(ard_detail(), "expected 0, 1 or 2"));
    }
    unsetenv("ARD_VERBOSE");
    for (int level = -1; level <= 3; level += 4) {
        const ard_context_options options = {.log = {ignore, NULL, level}};
        assert_invalid(ard_context_create(NULL, &options, &context));
        assert_non_null(strstr(ard_detail(), "log.level"));
    }
    const ard_context_options nobody = {.log = {NULL, NULL, 1}};
    assert_invalid(ard_context_create(NULL, &nobody, &context));
    assert_non_null(strstr(ard_detail(), "no function"));
}

int main(void)
{
    unsetenv("ARD_VERBOSE");
    setenv("ARD_ENGINE", "packed", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls),        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_errors),       cmocka_unit_test(test_detail),
        cmocka_unit_test(test_numbers),      cmocka_unit_test(test_cut),
        cmocka_unit_test(test_level_1),      cmocka_unit_test(test_level_2),
        cmocka_unit_test(test_threads),      cmocka_unit_test(test_environment),
        cmocka_unit_test(test_bad_settings),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
