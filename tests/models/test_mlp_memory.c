/* SPDX-License-Identifier: Apache-2.0 */
/* Steps need no more device memory than a network was made with, whatever their patterns are. */
#include <ard/mlp.h>

#include "models/mlp_internal.h"
#include "models/toy.h"
#include "optimizer/sgd_internal.h"
#include "support/device.h"
#include "support/unit.h"

enum { SAMPLES = 64, BATCH = 33, LAYERS = 3, STEPS = 60 };

/* The memory that grows where it is too small. */
typedef struct sizes {
    size_t grouped_a;
    size_t grouped_n;
    size_t gemm;
    size_t weights[LAYERS];
    size_t bias[LAYERS];
} sizes;

static sizes read_sizes(const ard_mlp *mlp)
{
    const ard_context *context = mlp->context;
    sizes now = {.grouped_a = context->grouped_a.bytes,
                 .grouped_n = context->grouped_n.bytes,
                 .gemm = context->gemm.bytes};
    for (size_t l = 0; l < LAYERS; ++l) {
        now.weights[l] = mlp->layers[l].weights->compact.bytes;
        now.bias[l] = mlp->layers[l].bias->compact.bytes;
    }
    return now;
}

static size_t buffer_bytes(cl_mem buffer)
{
    size_t bytes = 0;
    assert_int_equal(clGetMemObjectInfo(buffer, CL_MEM_SIZE, sizeof bytes, &bytes, NULL),
                     CL_SUCCESS);
    return bytes;
}

/* That the gradients of all steps fit into the memory for one. */
static void check_gradients(const ard_mlp *mlp)
{
    const size_t *widths = mlp->widths;
    for (uint64_t t = 0; t < STEPS; ++t) {
        ard_layer_pattern patterns[LAYERS - 1];
        assert_success(ard_mlp_patterns(mlp, t, patterns));
        for (size_t l = 0; l + 1 < LAYERS; ++l) {
            ard_tile_layout layout;
            assert_success(ard_tile_get_layout(&patterns[l].tiles, widths[l + 1], widths[l],
                                               &patterns[l].units,
                                               l > 0 ? &patterns[l - 1].units : NULL, &layout));
            assert_true(layout.groups * layout.rows * layout.cols * sizeof(float) <=
                        buffer_bytes(mlp->diff_weights.buffer));
        }
    }
}

/* A context of its own, so that no other network's memory is there already. */
static void check_memory(const size_t widths[LAYERS + 1], const ard_dropout dropout[LAYERS - 1])
{
    ard_context *context = test_context_create();
    const ard_mlp_options options = toy_options(LAYERS, widths, dropout, BATCH);
    toy_data data = toy_create(context, SAMPLES, widths[0], widths[LAYERS], 0.5f, 4);
    ard_mlp *mlp = toy_network(context, &options);
    const sizes before = read_sizes(mlp);
    toy_train(mlp, &data, STEPS, BATCH);
    const sizes after = read_sizes(mlp);
    assert_int_equal(after.grouped_a, before.grouped_a);
    assert_int_equal(after.grouped_n, before.grouped_n);
    assert_int_equal(after.gemm, before.gemm);
    for (size_t l = 0; l < LAYERS; ++l) {
        assert_int_equal(after.weights[l], before.weights[l]);
        assert_int_equal(after.bias[l], before.bias[l]);
    }
    check_gradients(mlp);
    ard_mlp_destroy(mlp);
    toy_destroy(&data);
    ard_context_destroy(context);
}

static void test_every_kind(void **state)
{
    (void)state;
    static const size_t widths[] = {9, 33, 31, 4};
    static const ard_dropout_kind kinds[][2] = {
        {ARD_DROPOUT_NONE, ARD_DROPOUT_BERNOULLI}, {ARD_DROPOUT_ROW, ARD_DROPOUT_SUBSET},
        {ARD_DROPOUT_TILE, ARD_DROPOUT_TILE},      {ARD_DROPOUT_TILE, ARD_DROPOUT_ROW},
        {ARD_DROPOUT_SUBSET, ARD_DROPOUT_TILE},    {ARD_DROPOUT_DROPCONNECT, ARD_DROPOUT_TILE}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        const ard_dropout dropout[2] = {toy_dropout(kinds[i][0], ARD_SCALE_RATE),
                                        toy_dropout(kinds[i][1], ARD_SCALE_RATE)};
        check_memory(widths, dropout);
    }
}

/* Whole grids and ragged ones, short and wide ones, up to periods that leave one tile. */
static void test_grids(void **state)
{
    (void)state;
    static const struct {
        size_t widths[LAYERS + 1];
        uint32_t edge;
        ard_tile_numbering numbering;
        uint32_t max_period;
    } cases[] = {
        {{64, 128, 64, 5}, 32, ARD_TILE_DIAGONAL, 0}, {{64, 128, 64, 5}, 32, ARD_TILE_LINEAR, 8},
        {{65, 97, 70, 3}, 32, ARD_TILE_LINEAR, 9},    {{65, 97, 70, 3}, 16, ARD_TILE_DIAGONAL, 11},
        {{5, 130, 7, 2}, 3, ARD_TILE_DIAGONAL, 9},    {{200, 6, 90, 2}, 7, ARD_TILE_LINEAR, 13},
        {{12, 16, 12, 2}, 1, ARD_TILE_LINEAR, 64},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        ard_dropout dropout[2];
        for (size_t l = 0; l < 2; ++l) {
            assert_success(ard_dropout_init(ARD_DROPOUT_TILE, 0.6, cases[i].max_period,
                                            ARD_SCALE_RATE, &dropout[l]));
            dropout[l].tile_edge = cases[i].edge;
            dropout[l].tile_numbering = cases[i].numbering;
        }
        check_memory(cases[i].widths, dropout);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind),
        cmocka_unit_test(test_grids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
