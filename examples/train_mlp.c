/* SPDX-License-Identifier: Apache-2.0 */
/* Trains a small network with dropped neurons: is a point inside the ring or not? The data goes to
 * the device once; after that only the order of each epoch does. */
#include <ard/ard.h>
#include <stdio.h>

enum { SAMPLES = 4096, TRAIN = 3072, INPUTS = 2, BATCH = 64, EPOCHS = 40, HIDDEN = 128 };

typedef struct data {
    ard_matrix points, batch; /* [SAMPLES x INPUTS], [BATCH x INPUTS] */
    ard_labels labels, batch_labels;
    cl_mem order; /* uint32 [TRAIN] */
} data;

static float points[SAMPLES * INPUTS];
static int32_t labels[SAMPLES];
static uint32_t order[TRAIN];

/* Points of a square; the ring has half of its area or so. */
static void make_points(void)
{
    ard_sample_uniform(7, 0, 1.0f, SAMPLES * INPUTS, points);
    for (size_t i = 0; i < SAMPLES; ++i) {
        const float x = points[2 * i], y = points[2 * i + 1], square = x * x + y * y;
        labels[i] = square > 0.16f && square < 0.81f;
    }
}

static cl_mem make_buffer(ard_context *context, size_t bytes)
{
    return clCreateBuffer(ard_context_opencl(context), CL_MEM_READ_WRITE, bytes, NULL, NULL);
}

static int create_data(ard_context *context, data *set)
{
    set->labels.buffer = make_buffer(context, sizeof labels);
    set->batch_labels.buffer = make_buffer(context, BATCH * sizeof(int32_t));
    set->order = make_buffer(context, sizeof order);
    return ard_matrix_create(context, SAMPLES, INPUTS, &set->points) ||
           ard_matrix_create(context, BATCH, INPUTS, &set->batch) ||
           ard_matrix_write(context, SAMPLES, INPUTS, points, &set->points) ||
           clEnqueueWriteBuffer(ard_context_queue(context), set->labels.buffer, CL_TRUE, 0,
                                sizeof labels, labels, 0, NULL, NULL);
}

static void destroy_data(data *set)
{
    const cl_mem buffers[] = {set->labels.buffer, set->batch_labels.buffer, set->order};
    ard_matrix_destroy(&set->points);
    ard_matrix_destroy(&set->batch);
    for (size_t i = 0; i < 3; ++i) {
        ard_matrix owner = {buffers[i], 0, 1};
        ard_matrix_destroy(&owner); /* releases the buffer, if there is one */
    }
}

static int create_network(ard_context *context, ard_mlp **mlp)
{
    static const size_t widths[] = {INPUTS, HIDDEN, HIDDEN, 2};
    ard_dropout dropout[2];
    static ard_mlp_options options; /* what is not set below is 0 */
    options.layers = 3;
    options.widths = widths;
    options.dropout = dropout;
    options.max_batch = SAMPLES - TRAIN;
    options.sgd = ard_sgd_defaults();
    options.sgd.schedule.rate = 0.1;
    return ard_dropout_init(ARD_DROPOUT_SUBSET, 0.3, 0, ARD_SCALE_RATE, &dropout[0]) ||
           ard_dropout_init(ARD_DROPOUT_SUBSET, 0.3, 0, ARD_SCALE_RATE, &dropout[1]) ||
           ard_mlp_create(context, &options, mlp);
}

static int train_epoch(ard_context *context, ard_mlp *mlp, const data *set, uint64_t epoch)
{
    if (ard_sample_order(1, epoch, TRAIN, order) ||
        clEnqueueWriteBuffer(ard_context_queue(context), set->order, CL_TRUE, 0, sizeof order,
                             order, 0, NULL, NULL)) {
        return 1;
    }
    for (size_t first = 0; first < TRAIN; first += BATCH) {
        if (ard_batch_gather(context, BATCH, INPUTS, TRAIN, &set->points, &set->labels, set->order,
                             first, &set->batch, &set->batch_labels, NULL) ||
            ard_mlp_step(mlp, BATCH, &set->batch, &set->batch_labels, NULL)) {
            return 1;
        }
    }
    return 0;
}

int main(void)
{
    ard_context *context = NULL;
    ard_mlp *mlp = NULL;
    ard_mlp_result result = {0, 0, 0.0};
    static data set;
    make_points();
    int failed = ard_context_create(NULL, NULL, &context) || create_data(context, &set) ||
                 create_network(context, &mlp);
    for (uint64_t epoch = 0; !failed && epoch < EPOCHS; ++epoch) {
        failed = train_epoch(context, mlp, &set, epoch);
        if (!failed && epoch % 10 == 9) {
            failed = ard_mlp_take_training_result(mlp, &result) != ARD_STATUS_SUCCESS;
            printf("after %2d epochs: loss %.3f\n", (int)epoch + 1, result.loss);
        }
    }
    const ard_matrix rest = {set.points.buffer, TRAIN * INPUTS, INPUTS};
    const ard_labels rest_labels = {set.labels.buffer, TRAIN};
    failed = failed || ard_mlp_evaluate(mlp, SAMPLES - TRAIN, &rest, &rest_labels, &result);
    if (failed) {
        fprintf(stderr, "failed: %s\n", ard_detail());
    } else {
        printf("%.1f%% of %d new points are told right\n",
               100.0 * (double)result.correct / (double)result.samples, SAMPLES - TRAIN);
    }
    ard_mlp_destroy(mlp);
    destroy_data(&set);
    ard_context_destroy(context);
    return failed || result.correct < result.samples * 9 / 10;
}
