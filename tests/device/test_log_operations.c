/* SPDX-License-Identifier: Apache-2.0 */
/* Which calls have which lines. */
#include <ard/log.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ard/batch.h>
#include <ard/compact.h>
#include <ard/linear.h>
#include <ard/lstm_cell.h>

#include "device/log_capture.h"
#include "models/lstm_toy.h"
#include "models/toy.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

/* The call succeeds and has one line: "OPERATION,SHAPE,PATTERNS,ENGINE,". */
#define assert_logs(call, expected)                                                                \
    do {                                                                                           \
        assert_success(ard_context_finish(context));                                               \
        capture_clear(log);                                                                        \
        assert_success(call);                                                                      \
        assert_success(ard_context_finish(context));                                               \
        assert_only_line(context, log, expected);                                                  \
    } while (0)

static void assert_only_line(const ard_context *context, const capture *log, const char *expected)
{
    char head[256];
    snprintf(head, sizeof head, "ard,exec,%s,%s", ard_context_device(context)->id, expected);
    if (log->count != 1) {
        fail_msg("%zu lines, the first \"%s\", expected \"%s\"", log->count,
                 log->count > 0 ? log->entries[0].line : "", head);
    }
    assert_timed_line(log->entries[0].line, head);
    assert_well_formed(log);
}

enum { BATCH = 3, IN = 5, OUT = 7 };

/* Zeros, large enough for everything. */
static ard_matrix matrix_of(ard_context *context, size_t cols)
{
    ard_matrix matrix = {0};
    float *zeros = test_alloc(16 * cols, sizeof *zeros);
    assert_success(ard_matrix_create(context, 16, cols, &matrix));
    assert_success(ard_matrix_write(context, 16, cols, zeros, &matrix));
    free(zeros);
    return matrix;
}

static void test_layers(void **state)
{
    (void)state;
    capture *log = NULL;
    ard_context *context = capture_context(1, NULL, &log);
    ard_matrix a = matrix_of(context, 64);
    ard_matrix b = matrix_of(context, 64);
    ard_matrix c = matrix_of(context, 64);
    ard_matrix d = matrix_of(context, 64);
    ard_linear layer = ard_linear_init(BATCH, IN, OUT);
    layer.in_pattern = (ard_pattern){.period = 2, .residues = 2};
    const ard_linear below = {.batch = BATCH,
                              .in = 4,
                              .out = IN,
                              .in_pattern = ard_pattern_all(),
                              .out_pattern = layer.in_pattern,
                              .tile = ard_tile_all(),
                              .scale = 1.0f,
                              .weight_scale = 1.0f};
    assert_logs(ard_linear_backward_activation(context, &layer, &a, &b, &c, NULL, NULL),
                "linear_backward_activation,3x5:7x5,in=row/2@1,-,");
    assert_logs(ard_linear_backward_bias(context, &layer, &a, &b, NULL),
                "linear_backward_bias,3x5:7x5,in=row/2@1,-,");
    assert_logs(ard_linear_backward_data(context, &layer, &a, &b, &c, NULL),
                "linear_backward_data,3x5:7x5,in=row/2@1,packed,");
    assert_logs(ard_linear_backward_data_activation(context, &layer, &below, &a, &b, &c, &d, NULL),
                "linear_backward_data_activation,3x5:7x5,in=row/2@1,packed,");
    assert_logs(ard_linear_backward_weights(context, &layer, &a, &b, &c, NULL),
                "linear_backward_weights,3x5:7x5,in=row/2@1,packed,");
    const ard_bernoulli mask = {.rate = 0.25, .seed = 1};
    assert_logs(ard_drop_connect(context, OUT, IN, &mask, &a, &b, NULL),
                "drop_connect,7x5,weights=mask/0.25,-,");
    layer = ard_linear_init(BATCH, IN, OUT);
    layer.bernoulli = &mask;
    assert_logs(ard_linear_forward(context, &layer, &a, &b, NULL, &c, NULL),
                "linear_forward,3x5:7x5,out=mask/0.25,packed,");
    assert_logs(ard_expand(context, 4, 6, &below.out_pattern, NULL, &a, &b, NULL),
                "expand,4x6,rows=row/2@1,-,");
    const ard_tile_pattern tile = {2, 3, 1, ARD_TILE_LINEAR};
    assert_logs(ard_compact_tiles(context, 8, 8, &tile, NULL, NULL, &a, &b, NULL),
                "compact_tiles,8x8,weights=tile2-linear/3@1,-,");
    assert_logs(ard_expand_tiles(context, 8, 8, &tile, NULL, NULL, &a, &b, NULL),
                "expand_tiles,8x8,weights=tile2-linear/3@1,-,");
    const ard_lstm_passing passing = {.pattern = &below.out_pattern};
    assert_logs(
        ard_lstm_cell_forward(context, 2, 6, &a, NULL, NULL, &b, &b, &c, &passing, &d, NULL),
        "lstm_cell_forward,2x6,passed=row/2@1,-,");
    assert_logs(ard_lstm_cell_backward(context, 2, 6, &a, &b, &b, &c, NULL, NULL, true, &d, NULL),
                "lstm_cell_backward,2x6,dense,-,");
    const ard_labels labels = {b.buffer, 0};
    const ard_labels other = {d.buffer, 0};
    assert_logs(ard_softmax_cross_entropy(context, 4, 9, &a, &labels, NULL, &c, NULL),
                "softmax_cross_entropy,4x9,dense,-,");
    assert_logs(ard_batch_gather(context, 2, 6, 8, &a, &labels, b.buffer, 0, &c, &other, NULL),
                "batch_gather,2x6,dense,-,");
    ard_matrix_destroy(&a);
    ard_matrix_destroy(&b);
    ard_matrix_destroy(&c);
    ard_matrix_destroy(&d);
    capture_destroy(context, log);
}

static void test_optimizer(void **state)
{
    (void)state;
    capture *log = NULL;
    ard_context *context = capture_context(1, NULL, &log);
    const ard_sgd_options options = ard_sgd_defaults();
    const ard_parameter_classes classes = {.rows = 2, .cols = 1};
    const ard_pattern row = {.period = 2, .residues = 1};
    ard_sgd *sgd = NULL;
    ard_parameter *parameter = NULL;
    float values[OUT * IN] = {0};
    double norm = 0.0;
    ard_matrix weights;
    assert_logs(ard_sgd_create(context, &options, &sgd), "sgd_create,-,dense,-,");
    assert_logs(ard_parameter_create(sgd, OUT, IN, &classes, &parameter),
                "parameter_create,7x5,dense,-,");
    assert_logs(ard_parameter_write(parameter, values), "parameter_write,7x5,dense,-,");
    assert_logs(ard_parameter_gather(parameter, &row, NULL, NULL, &weights),
                "parameter_gather,7x5,rows=row/2@0,-,");
    ard_matrix diff = matrix_of(context, IN);
    const ard_gradient gradient = {diff, 4, IN};
    assert_logs(ard_sgd_clip(sgd, 1.0, 1, &gradient), "sgd_clip,-,dense,-,");
    assert_logs(ard_sgd_gradient_norm(sgd, &norm), "sgd_gradient_norm,-,dense,-,");
    assert_logs(ard_parameter_update(parameter, &row, NULL, NULL, &diff),
                "parameter_update,7x5,rows=row/2@0,-,");
    assert_logs(ard_sgd_advance(sgd), "sgd_advance,-,dense,-,");
    assert_logs(ard_parameter_read(parameter, values, NULL), "parameter_read,7x5,dense,-,");
    assert_logs(ard_matrix_read(context, 4, IN, &weights, values), "matrix_read,4x5,dense,-,");
    ard_matrix_destroy(&diff);
    ard_parameter_destroy(parameter);
    ard_sgd_destroy(sgd);
    capture_destroy(context, log);
}

static void test_network(void **state)
{
    (void)state;
    static const size_t widths[] = {IN, 8, 9, 4};
    char path[] = "/tmp/ard-test-log-XXXXXX";
    capture *log = NULL;
    ard_context *context = capture_context(1, NULL, &log);
    const ard_dropout dropout[2] = {toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE),
                                    toy_dropout(ARD_DROPOUT_SUBSET, ARD_SCALE_RATE)};
    ard_mlp_options options = toy_options(3, widths, dropout, 6);
    options.groups = 2;
    toy_data data = toy_create(context, 20, IN, 4, 0.5f, 3);
    ard_matrix logits = matrix_of(context, 4);
    ard_layer_pattern patterns[4] = {toy_units(2, 2), toy_units(8, 0x5A), ard_layer_pattern_all(),
                                     toy_units(8, 0xF0)};
    ard_mlp_result result;
    ard_mlp *mlp = NULL;
    ard_mlp *loaded = NULL;
    float weights[8 * IN];
    float bias[8];
    const int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    assert_logs(ard_mlp_create(context, &options, &mlp), "mlp_create,5-8-9-4,dense,-,");
    assert_logs(ard_mlp_step_with_patterns(mlp, patterns, 6, &data.src, &data.src_labels, NULL),
                "mlp_step,6:5-8-9-4,group1.layer1=row/2@1;group1.layer2=subset/8:0x5a;"
                "group2.layer2=subset/8:0xf0,packed,");
    assert_logs(ard_mlp_evaluate(mlp, 20, &data.src, &data.src_labels, &result),
                "mlp_evaluate,20:5-8-9-4,dense,packed,");
    assert_logs(ard_mlp_forward(mlp, 5, &data.src, &logits, NULL),
                "mlp_forward,5:5-8-9-4,dense,packed,");
    assert_logs(ard_mlp_take_training_result(mlp, &result),
                "mlp_take_training_result,5-8-9-4,dense,-,");
    assert_logs(ard_mlp_read_layer(mlp, 0, weights, bias), "mlp_read_layer,5-8-9-4,dense,-,");
    assert_logs(ard_mlp_write_layer(mlp, 0, weights, bias), "mlp_write_layer,5-8-9-4,dense,-,");
    assert_logs(ard_mlp_save(mlp, path, NULL, 0), "mlp_save,5-8-9-4,dense,-,");
    assert_logs(ard_mlp_load(context, path, &loaded), "mlp_load,5-8-9-4,dense,-,");
    unlink(path);
    ard_mlp_destroy(mlp);
    ard_mlp_destroy(loaded);
    ard_matrix_destroy(&logits);
    toy_destroy(&data);
    capture_destroy(context, log);
}

static void test_language_model(void **state)
{
    (void)state;
    capture *log = NULL;
    ard_context *context = capture_context(1, NULL, &log);
    ard_lstm_options options = lstm_toy_options(1, 11, 5, 2, 3);
    options.recurrent = lstm_toy_dropout(ARD_DROPOUT_BERNOULLI, ARD_SCALE_RATE);
    options.fresh = true;
    uint32_t *text = lstm_toy_text(20, 11, 3);
    ard_lstm_result result;
    ard_lstm *lstm = NULL;
    float values[11];
    assert_logs(ard_lstm_create(context, &options, &lstm), "lstm_create,11-5-5,dense,-,");
    assert_logs(ard_lstm_step(lstm, 2, 3, text, text + 6, NULL),
                "lstm_step,3x2:11-5-5,recurrent1.step1=mask/0.5;recurrent1.step2=mask/0.5;"
                "recurrent1.step3=mask/0.5,packed,");
    assert_logs(ard_lstm_evaluate(lstm, 20, text, &result),
                "lstm_evaluate,20:11-5-5,dense,packed,");
    assert_logs(ard_lstm_predict(lstm, true, 1, values), "lstm_predict,1x1:11-5-5,dense,packed,");
    assert_logs(ard_lstm_reset(lstm), "lstm_reset,11-5-5,dense,-,");
    assert_logs(ard_lstm_take_training_result(lstm, &result),
                "lstm_take_training_result,11-5-5,dense,-,");
    free(text);
    ard_lstm_destroy(lstm);
    capture_destroy(context, log);
}

int main(void)
{
    unsetenv("ARD_VERBOSE");
    setenv("ARD_ENGINE", "packed", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layers),
        cmocka_unit_test(test_optimizer),
        cmocka_unit_test(test_network),
        cmocka_unit_test(test_language_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
