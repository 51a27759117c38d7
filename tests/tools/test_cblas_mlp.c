/* SPDX-License-Identifier: Apache-2.0 */
/* Training steps by a CBLAS library against those of libard: without dropout, since the masks of
 * the two differ. */
#include "tools/system_cblas.h"

#include "support/device.h"
#include "support/unit.h"

#include <ard/ard.h>
#include <math.h>
#include <stdlib.h>

#include "bench/cblas_mlp.h"

enum { BATCH = 23, LAYERS = 4, STEPS = 3, MOST = 70 };

static const size_t widths[LAYERS + 1] = {37, MOST, 33, 65, 9};

/* Of the largest weight of a layer, after all steps. */
static const double TOLERANCE = 2e-6;

/* Of the loss. */
static const double LOSS_TOLERANCE = 1e-5;

/* Of the first hidden layer; the others have less. */
static const double DROPPED = 0.6;

/* Of a finite difference, and how near it comes to the slope. */
static const double STEP_LENGTH = 5e-3;
static const double SLOPE_TOLERANCE = 0.02;

typedef struct problem {
    ard_context *context;
    ard_mlp *ours;
    cblas_mlp *theirs;
    float src[BATCH * 37];
    int32_t labels[BATCH];
    ard_matrix device_src;
    ard_labels device_labels;
    float got[MOST * MOST], want[MOST * MOST];
    float got_bias[MOST], want_bias[MOST];
} problem;

static cblas_mlp *make_theirs(const cblas_library *library, double rate, uint64_t seed)
{
    const ard_sgd_options sgd = ard_sgd_defaults();
    const double rates[LAYERS - 1] = {rate, rate / 2, rate / 3};
    const cblas_mlp_options options = {.layers = LAYERS,
                                       .widths = widths,
                                       .rates = rates,
                                       .batch = BATCH,
                                       .seed = seed,
                                       .learning_rate = sgd.schedule.rate,
                                       .momentum = sgd.momentum};
    cblas_mlp *mlp = cblas_mlp_create(library, &options);
    assert_non_null(mlp);
    return mlp;
}

/* The layers' first weights, from libard's network to another. */
static void copy_weights(problem *p, cblas_mlp *mlp)
{
    for (size_t layer = 0; layer < LAYERS; layer++) {
        assert_success(ard_mlp_read_layer(p->ours, layer, p->want, p->want_bias));
        cblas_mlp_write_layer(mlp, layer, p->want, p->want_bias);
    }
}

static problem *begin(ard_context *context, const cblas_library *library, double rate)
{
    problem *p = calloc(1, sizeof *p);
    assert_non_null(p);
    p->context = context;
    const ard_mlp_options options = {.layers = LAYERS,
                                     .widths = widths,
                                     .max_batch = BATCH,
                                     .seed = 5,
                                     .sgd = ard_sgd_defaults()};
    assert_success(ard_mlp_create(context, &options, &p->ours));
    assert_success(ard_sample_uniform(5, 99, 1.0F, BATCH * widths[0], p->src));
    for (size_t i = 0; i < BATCH; i++) {
        p->labels[i] = (int32_t)(i * 5 % widths[LAYERS]);
    }
    assert_success(ard_matrix_create(context, BATCH, widths[0], &p->device_src));
    assert_success(ard_matrix_write(context, BATCH, widths[0], p->src, &p->device_src));
    p->device_labels = test_labels(context, BATCH, p->labels, 0);
    p->theirs = make_theirs(library, rate, 1);
    copy_weights(p, p->theirs);
    return p;
}

static void end(problem *p)
{
    ard_mlp_destroy(p->ours);
    cblas_mlp_destroy(p->theirs);
    ard_matrix_destroy(&p->device_src);
    clReleaseMemObject(p->device_labels.buffer);
    free(p);
}

static void assert_near(const char *what, size_t layer, size_t count, const float *got,
                        const float *want)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++) {
        largest = fmax(largest, fabs((double)want[i]));
    }
    for (size_t i = 0; i < count; i++) {
        if (!(fabs((double)got[i] - (double)want[i]) <= TOLERANCE * largest)) {
            fail_msg("%s of layer %zu: %zu is %.9g, not %.9g", what, layer, i, (double)got[i],
                     (double)want[i]);
        }
    }
}

static void assert_same_steps(ard_context *context, const cblas_library *library)
{
    problem *p = begin(context, library, 0);
    for (int step = 0; step < STEPS; step++) {
        ard_mlp_result result;
        const double loss = cblas_mlp_step(p->theirs, p->src, p->labels);
        assert_success(ard_mlp_step(p->ours, BATCH, &p->device_src, &p->device_labels, NULL));
        assert_success(ard_mlp_take_training_result(p->ours, &result));
        if (!(fabs(loss - result.loss) <= LOSS_TOLERANCE * result.loss)) {
            fail_msg("the loss of step %d is %.9g, not %.9g", step, loss, result.loss);
        }
        for (size_t layer = 0; layer < LAYERS; layer++) {
            assert_success(ard_mlp_read_layer(p->ours, layer, p->want, p->want_bias));
            cblas_mlp_read_layer(p->theirs, layer, p->got, p->got_bias);
            assert_near("weights", layer, widths[layer] * widths[layer + 1], p->got, p->want);
            assert_near("bias", layer, widths[layer + 1], p->got_bias, p->want_bias);
        }
    }
    end(p);
}

static cblas_library load_plain(void)
{
    cblas_library library;
    char error[CBLAS_ERROR_TEXT] = "";
    assert_true(cblas_load(PLAIN_CBLAS, &library, error));
    return library;
}

static void steps_by_hand(void **state)
{
    const cblas_library library = load_plain();
    assert_same_steps(*state, &library);
}

static void steps_by_the_system(void **state)
{
    cblas_library library;
    if (system_cblas(&library) == NULL) {
        skip();
    }
    assert_same_steps(*state, &library);
}

/* With dropout the same seed gives the same losses, and every step and seed another one, although
 * nothing is learnt: the weights are set back. */
static void drops_afresh(void **state)
{
    const cblas_library library = load_plain();
    problem *p = begin(*state, &library, DROPPED);
    cblas_mlp *same = make_theirs(&library, DROPPED, 1);
    cblas_mlp *other = make_theirs(&library, DROPPED, 2);
    cblas_mlp *whole = make_theirs(&library, 0, 1);
    double before = 0;
    for (int step = 0; step < STEPS; step++) {
        copy_weights(p, p->theirs);
        copy_weights(p, same);
        copy_weights(p, other);
        copy_weights(p, whole);
        const double loss = cblas_mlp_step(p->theirs, p->src, p->labels);
        assert_true(loss > 0 && isfinite(loss));
        assert_true(loss != before);
        assert_true(loss == cblas_mlp_step(same, p->src, p->labels));
        assert_true(loss != cblas_mlp_step(other, p->src, p->labels));
        assert_true(loss != cblas_mlp_step(whole, p->src, p->labels));
        before = loss;
    }
    cblas_mlp_destroy(same);
    cblas_mlp_destroy(other);
    cblas_mlp_destroy(whole);
    end(p);
}

/* The loss of the first step of a new network, with the weights of a layer moved by `distance`
 * along `direction`. */
static double loss_at(problem *p, const cblas_library *library, size_t layer,
                      const float *direction, double distance)
{
    cblas_mlp *mlp = make_theirs(library, DROPPED, 1);
    copy_weights(p, mlp);
    cblas_mlp_read_layer(mlp, layer, p->want, p->want_bias);
    for (size_t i = 0; i < widths[layer] * widths[layer + 1]; i++) {
        p->want[i] += (float)distance * direction[i];
    }
    cblas_mlp_write_layer(mlp, layer, p->want, p->want_bias);
    const double loss = cblas_mlp_step(mlp, p->src, p->labels);
    cblas_mlp_destroy(mlp);
    return loss;
}

/* The first step moves each weight by the rate times its gradient, also with dropout, whose masks
 * are those of the seed. Along the gradient of a layer the loss grows by its length. */
static void goes_down_the_gradient(void **state)
{
    const cblas_library library = load_plain();
    problem *p = begin(*state, &library, DROPPED);
    cblas_mlp_step(p->theirs, p->src, p->labels);
    for (size_t layer = 0; layer < LAYERS; layer++) {
        const size_t count = widths[layer] * widths[layer + 1];
        double square = 0;
        assert_success(ard_mlp_read_layer(p->ours, layer, p->want, p->want_bias));
        cblas_mlp_read_layer(p->theirs, layer, p->got, p->got_bias);
        for (size_t i = 0; i < count; i++) {
            const double gradient =
                ((double)p->want[i] - (double)p->got[i]) / ard_sgd_defaults().schedule.rate;
            p->got[i] = (float)gradient;
            square += gradient * gradient;
        }
        const double length = sqrt(square);
        const double distance = STEP_LENGTH / length;
        const double slope = (loss_at(p, &library, layer, p->got, distance) -
                              loss_at(p, &library, layer, p->got, -distance)) /
                             (2 * STEP_LENGTH);
        if (!(fabs(slope - length) <= SLOPE_TOLERANCE * length)) {
            fail_msg("layer %zu: the loss grows by %g, the gradient is %g", layer, slope, length);
        }
    }
    end(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_by_hand),
        cmocka_unit_test(steps_by_the_system),
        cmocka_unit_test(drops_afresh),
        cmocka_unit_test(goes_down_the_gradient),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
