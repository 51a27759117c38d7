/* SPDX-License-Identifier: Apache-2.0 */
/* libard on an application's own queue: it is retained, never finished unasked, and may be out of
 * order. */
#include <ard/context.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "models/toy.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

enum { SAMPLES = 90, INPUTS = 20, CLASSES = 4, BATCH = 15, STEPS = 25 };

/* PoCL takes long over many barriers in flight. */
enum { FEW_STEPS = 8 };

/* A blocked call would wait for ever. */
enum { PATIENCE_SECONDS = 240 };

static const size_t widths[] = {INPUTS, 40, 33, CLASSES};

static cl_command_queue make_queue(cl_command_queue_properties properties)
{
    ard_device_info device;
    cl_int code = CL_SUCCESS;
    assert_success(ard_device_find(NULL, &device));
    cl_context opencl = clCreateContext(NULL, 1, &device.handle, NULL, NULL, &code);
    assert_int_equal(code, CL_SUCCESS);
    cl_command_queue queue = clCreateCommandQueue(opencl, device.handle, properties, &code);
    clReleaseContext(opencl);
    if (code == CL_INVALID_QUEUE_PROPERTIES) {
        return NULL;
    }
    assert_int_equal(code, CL_SUCCESS);
    return queue;
}

static cl_uint references(cl_command_queue queue)
{
    cl_uint count = 0;
    assert_int_equal(
        clGetCommandQueueInfo(queue, CL_QUEUE_REFERENCE_COUNT, sizeof count, &count, NULL),
        CL_SUCCESS);
    return count;
}

static ard_context *context_on(cl_command_queue queue)
{
    ard_context *context = NULL;
    assert_success(ard_context_create_from_queue(queue, NULL, &context));
    return context;
}

static void test_queue_is_retained(void **state)
{
    (void)state;
    cl_command_queue queue = make_queue(0);
    assert_int_equal(references(queue), 1);
    ard_context *context = context_on(queue);
    assert_int_equal(references(queue), 2);
    assert_ptr_equal(ard_context_queue(context), queue);
    ard_context *second = context_on(queue);
    assert_int_equal(references(queue), 3);
    ard_context_destroy(second);
    ard_context_destroy(context);
    assert_int_equal(references(queue), 1);
    clReleaseCommandQueue(queue);
}

static ard_mlp *make_network(ard_context *context)
{
    const ard_dropout dropout[2] = {toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE),
                                    toy_dropout(ARD_DROPOUT_SUBSET, ARD_SCALE_RATE)};
    const ard_mlp_options options = toy_options(3, widths, dropout, BATCH);
    return toy_network(context, &options);
}

/* All weights and biases after a training run on the context, and the loss then. */
static float *train(ard_context *context, size_t steps, size_t *count)
{
    toy_data data = toy_create(context, SAMPLES, INPUTS, CLASSES, 0.5f, 77);
    ard_mlp *mlp = make_network(context);
    toy_train(mlp, &data, steps, BATCH);
    ard_mlp_result result;
    assert_success(ard_mlp_evaluate(mlp, SAMPLES, &data.src, &data.src_labels, &result));
    *count = 1;
    for (size_t l = 0; l < 3; ++l) {
        *count += (widths[l] + 1) * widths[l + 1];
    }
    float *values = test_alloc(*count, sizeof *values);
    size_t at = 0;
    for (size_t l = 0; l < 3; ++l) {
        const size_t weights = widths[l] * widths[l + 1];
        assert_success(ard_mlp_read_layer(mlp, l, values + at, values + at + weights));
        at += weights + widths[l + 1];
    }
    values[at] = (float)result.loss;
    ard_mlp_destroy(mlp);
    toy_destroy(&data);
    return values;
}

static void assert_same_training(const char *what, const float *actual, const float *expected,
                                 size_t count)
{
    const comparison about = {"all weights", what, 1, count, 77};
    assert_same_bits(&about, actual, expected);
}

/* The application may let go of its queue at once. */
static void test_released_queue(void **state)
{
    ard_context *own = *state;
    size_t count = 0;
    float *expected = train(own, STEPS, &count);
    cl_command_queue queue = make_queue(0);
    ard_context *context = context_on(queue);
    clReleaseCommandQueue(queue);
    float *actual = train(context, STEPS, &count);
    assert_same_training("a training on an application's queue", actual, expected, count);
    free(actual);
    free(expected);
    ard_context_destroy(context);
}

static void test_out_of_order(void **state)
{
    ard_context *own = *state;
    cl_command_queue queue = make_queue(CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE);
    if (queue == NULL) {
        print_message("this driver has no out-of-order queues\n");
        return;
    }
    size_t count = 0;
    float *expected = train(own, FEW_STEPS, &count);
    ard_context *context = context_on(queue);
    for (int i = 0; i < 2; ++i) {
        float *actual = train(context, FEW_STEPS, &count);
        assert_same_training("a training out of order", actual, expected, count);
        free(actual);
    }
    free(expected);
    ard_context_destroy(context);
    clReleaseCommandQueue(queue);
}

/* Enqueues a barrier that holds everything behind it until the returned event is set. */
static cl_event hold_queue(ard_context *context)
{
    cl_int code = CL_SUCCESS;
    cl_event gate = clCreateUserEvent(ard_context_opencl(context), &code);
    assert_int_equal(code, CL_SUCCESS);
    assert_int_equal(clEnqueueBarrierWithWaitList(ard_context_queue(context), 1, &gate, NULL),
                     CL_SUCCESS);
    return gate;
}

/* Steps and a forward pass come back while nothing can run on the device. */
static void test_nothing_blocks(void **state)
{
    ard_context *context = *state;
    toy_data data = toy_create(context, SAMPLES, INPUTS, CLASSES, 0.5f, 5);
    ard_mlp *mlp = make_network(context);
    ard_mlp *other = make_network(context);
    guarded logits = guarded_create(context, BATCH, CLASSES, 0, 0);
    toy_train(mlp, &data, 3, BATCH); /* all kernels are built */
    toy_train(other, &data, 3, BATCH);
    assert_success(ard_mlp_forward(mlp, BATCH, &data.src, &logits.matrix, NULL));
    assert_success(ard_context_finish(context));

    alarm(PATIENCE_SECONDS);
    cl_event gate = hold_queue(context);
    cl_event done = NULL;
    toy_train(mlp, &data, 2, BATCH);
    assert_success(ard_mlp_forward(mlp, BATCH, &data.src, &logits.matrix, &done));
    cl_int execution = CL_COMPLETE;
    assert_int_equal(
        clGetEventInfo(done, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof execution, &execution, NULL),
        CL_SUCCESS);
    assert_int_not_equal(execution, CL_COMPLETE);
    assert_int_equal(clSetUserEventStatus(gate, CL_COMPLETE), CL_SUCCESS);
    assert_int_equal(clWaitForEvents(1, &done), CL_SUCCESS);
    alarm(0);
    toy_train(other, &data, 2, BATCH);
    toy_assert_same_bits(mlp, other, "steps behind a gate");
    clReleaseEvent(gate);
    clReleaseEvent(done);
    guarded_destroy(&logits);
    ard_mlp_destroy(mlp);
    ard_mlp_destroy(other);
    toy_destroy(&data);
}

/* Everything may be destroyed with commands still in flight. */
static void test_destroy_in_flight(void **state)
{
    (void)state;
    cl_command_queue queue = make_queue(0);
    for (int i = 0; i < 3; ++i) {
        ard_context *context = context_on(queue);
        toy_data data = toy_create(context, SAMPLES, INPUTS, CLASSES, 0.5f, 5);
        ard_mlp *mlp = make_network(context);
        toy_train(mlp, &data, STEPS, BATCH);
        ard_mlp_destroy(mlp);
        toy_destroy(&data);
        ard_context_destroy(context);
    }
    assert_int_equal(clFinish(queue), CL_SUCCESS);
    /* PoCL's threads drop the references of finished commands a little after clFinish. */
    for (int i = 0; i < PATIENCE_SECONDS * 100 && references(queue) != 1; ++i) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    assert_int_equal(references(queue), 1);
    clReleaseCommandQueue(queue);
}

typedef struct thread_run {
    ard_context *context;
    float *values;
    size_t count;
} thread_run;

static void *train_in_thread(void *argument)
{
    thread_run *run = argument;
    run->values = train(run->context, STEPS, &run->count);
    return NULL;
}

/* Two contexts in two threads do not disturb one another. */
static void test_threads(void **state)
{
    ard_context *own = *state;
    size_t count = 0;
    float *expected = train(own, STEPS, &count);
    thread_run runs[2] = {{.context = test_context_create()}, {.context = test_context_create()}};
    pthread_t threads[2];
    for (size_t i = 0; i < 2; ++i) {
        assert_int_equal(pthread_create(&threads[i], NULL, train_in_thread, &runs[i]), 0);
    }
    for (size_t i = 0; i < 2; ++i) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_non_null(runs[i].values);
        assert_same_training("a training in a thread", runs[i].values, expected, count);
        free(runs[i].values);
        ard_context_destroy(runs[i].context);
    }
    free(expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queue_is_retained), cmocka_unit_test(test_released_queue),
        cmocka_unit_test(test_out_of_order),      cmocka_unit_test(test_nothing_blocks),
        cmocka_unit_test(test_destroy_in_flight), cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
