/* SPDX-License-Identifier: Apache-2.0 */
/* Small classification problems for networks: a few well separated clouds of points. */
#ifndef ARD_TEST_TOY_H
#define ARD_TEST_TOY_H

#include <stddef.h>
#include <stdint.h>

#include <ard/mlp.h>

typedef struct toy_data {
    size_t samples;
    size_t width;
    float *values; /* [samples x width] */
    int32_t *labels;
    ard_matrix src; /* the same on the device, at an offset and with gaps */
    ard_labels src_labels;
} toy_data;

/* `noise` is the spread of a cloud; the centres are uniform in [-1, 1). */
toy_data toy_create(ard_context *context, size_t samples, size_t width, size_t classes, float noise,
                    uint64_t seed);
void toy_destroy(toy_data *data);

/* The part from sample `first` on. */
ard_matrix toy_src(const toy_data *data, size_t first);
ard_labels toy_labels(const toy_data *data, size_t first);

/* Of the tiles of toy networks: small enough for several of them in each direction. */
enum { TOY_EDGE = 4 };

/* Dropout of a kind at rate 0.5. */
ard_dropout toy_dropout(ard_dropout_kind kind, ard_scale_kind scale);

/* A pattern of units, all tiles kept. */
ard_layer_pattern toy_units(uint32_t period, uint64_t residues);

/* A network whose hidden layers have the given dropout each (`dropout` may be NULL). The arrays
 * stay the caller's. */
ard_mlp_options toy_options(size_t layers, const size_t *widths, const ard_dropout *dropout,
                            size_t max_batch);

ard_mlp *toy_network(ard_context *context, const ard_mlp_options *options);

/* `steps` steps over batches that walk through the data and wrap around. */
void toy_train(ard_mlp *mlp, const toy_data *data, size_t steps, size_t batch);

/* The memory of a network and its context that grows where it is too small. */
typedef struct toy_memory {
    size_t grouped_a;
    size_t grouped_n;
    size_t gemm;
    size_t compact;
} toy_memory;

toy_memory toy_read_memory(const ard_mlp *mlp);

/* Fails unless the network has grown nothing since. */
void toy_assert_same_memory(const ard_mlp *mlp, const toy_memory *before);

/* Fails unless both networks have the same weights and biases, bit for bit. */
void toy_assert_same_bits(ard_mlp *actual, ard_mlp *expected, const char *what);

#endif
