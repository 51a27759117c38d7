/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/batch.h>

#include <stdlib.h>
#include <string.h>

#include "support/cover.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

typedef struct data_set {
    size_t samples;
    size_t width;
    float *values;
    int32_t *labels;
    guarded src;
    ard_labels src_labels;
} data_set;

static data_set make_data(ard_context *context, size_t samples, size_t width)
{
    data_set data = {.samples = samples, .width = width};
    data.values = test_random_floats(samples * width, samples + width);
    data.labels = test_alloc(samples, sizeof *data.labels);
    for (size_t i = 0; i < samples; ++i) {
        data.labels[i] = (int32_t)(1000 + i);
    }
    data.src = guarded_create_with(context, samples, width, 6, 2, data.values);
    data.src_labels = test_labels(context, samples, data.labels, 3);
    return data;
}

static void drop_data(data_set *data)
{
    guarded_destroy(&data->src);
    clReleaseMemObject(data->src_labels.buffer);
    free(data->values);
    free(data->labels);
}

static int32_t *read_labels(ard_context *context, const ard_labels *labels, size_t count)
{
    int32_t *values = test_alloc(count, sizeof *values);
    assert_int_equal(clEnqueueReadBuffer(ard_context_queue(context), labels->buffer, CL_TRUE,
                                         labels->offset * sizeof *values, count * sizeof *values,
                                         values, 0, NULL, NULL),
                     CL_SUCCESS);
    return values;
}

/* Labels around the batch stay what they were. */
static void assert_labels(ard_context *context, const ard_labels *labels, const int32_t *expected,
                          size_t count)
{
    assert_true(labels->offset >= 2);
    const ard_labels around = {labels->buffer, labels->offset - 2};
    int32_t *values = read_labels(context, &around, count + 4);
    for (size_t i = 0; i < 2; ++i) {
        assert_int_equal(values[i], INT32_MAX);
        assert_int_equal(values[count + 2 + i], INT32_MAX);
    }
    assert_memory_equal(values + 2, expected, count * sizeof *expected);
    free(values);
}

static void check_gather(ard_context *context, const data_set *data, size_t batch,
                         const uint32_t *order, size_t order_count, size_t first)
{
    float *expected = test_alloc(batch * data->width, sizeof *expected);
    int32_t *expected_labels = test_alloc(batch, sizeof *expected_labels);
    for (size_t i = 0; i < batch; ++i) {
        const uint32_t sample = order[first + i];
        expected_labels[i] = -1;
        if (sample < data->samples) {
            expected_labels[i] = data->labels[sample];
            memcpy(expected + i * data->width, data->values + sample * data->width,
                   data->width * sizeof *expected);
        }
    }
    const cl_mem device_order = test_buffer(context, order_count * sizeof *order, order);
    guarded dst = guarded_create(context, batch, data->width, 4, 3);
    int32_t *zeros = test_alloc(batch, sizeof *zeros);
    ard_labels dst_labels = test_labels(context, batch, zeros, 5);
    cl_event event = NULL;
    assert_success(ard_batch_gather(context, batch, data->width, data->samples, &data->src.matrix,
                                    &data->src_labels, device_order, first, &dst.matrix,
                                    &dst_labels, &event));
    assert_non_null(event);
    assert_int_equal(clWaitForEvents(1, &event), CL_SUCCESS);
    clReleaseEvent(event);
    float *got = guarded_read(&dst, "batch");
    assert_memory_equal(got, expected, batch * data->width * sizeof *got);
    assert_labels(context, &dst_labels, expected_labels, batch);
    guarded_assert_unchanged(&data->src, "data set");
    guarded_destroy(&dst);
    clReleaseMemObject(device_order);
    clReleaseMemObject(dst_labels.buffer);
    free(expected);
    free(expected_labels);
    free(zeros);
    free(got);
}

static void test_gather(void **state)
{
    uint64_t random = 8;
    for (size_t w = 0; w < COVER_SIZES; ++w) {
        data_set data = make_data(*state, 50 + w, cover_sizes[w]);
        for (size_t b = 0; b < COVER_SIZES; ++b) {
            const size_t batch = cover_sizes[b];
            const size_t first = test_random_below(&random, 40);
            const size_t count = first + batch + 3;
            uint32_t *order = test_alloc(count, sizeof *order);
            for (size_t i = 0; i < count; ++i) {
                order[i] = (uint32_t)test_random_below(&random, data.samples);
            }
            check_gather(*state, &data, batch, order, count, first);
            free(order);
        }
        drop_data(&data);
    }
}

static void test_sample_out_of_range(void **state)
{
    data_set data = make_data(*state, 5, 33);
    const uint32_t order[6] = {4, 5, UINT32_MAX, 0, UINT32_C(0x80000000), 2};
    check_gather(*state, &data, 6, order, 6, 0);
    drop_data(&data);
}

static void test_errors(void **state)
{
    ard_context *context = *state;
    data_set data = make_data(context, 5, 4);
    const uint32_t order_values[8] = {0};
    const int32_t zeros[3] = {0};
    const cl_mem order = test_buffer(context, sizeof order_values, order_values);
    guarded dst = guarded_create(context, 3, 4, 0, 0);
    ard_labels out = test_labels(context, 3, zeros, 0);
    const ard_matrix *s = &data.src.matrix;
    const ard_labels *l = &data.src_labels;
    const ard_matrix *d = &dst.matrix;
    assert_success(ard_batch_gather(context, 3, 4, 5, s, l, order, 5, d, &out, NULL));
    assert_invalid(ard_batch_gather(NULL, 3, 4, 5, s, l, order, 0, d, &out, NULL));
    assert_invalid(ard_batch_gather(context, 0, 4, 5, s, l, order, 0, d, &out, NULL));
    assert_invalid(ard_batch_gather(context, 3, 0, 5, s, l, order, 0, d, &out, NULL));
    assert_invalid(ard_batch_gather(context, 3, 4, 0, s, l, order, 0, d, &out, NULL));
    assert_invalid(ard_batch_gather(context, SIZE_MAX, 4, 5, s, l, order, 0, d, &out, NULL));
    assert_invalid(ard_batch_gather(context, 3, SIZE_MAX, 5, s, l, order, 0, d, &out, NULL));
    assert_invalid(ard_batch_gather(context, 3, 4, SIZE_MAX, s, l, order, 0, d, &out, NULL));
    assert_invalid(ard_batch_gather(context, 3, 4, 5, NULL, l, order, 0, d, &out, NULL));
    assert_invalid(ard_batch_gather(context, 3, 4, 5, s, NULL, order, 0, d, &out, NULL));
    assert_invalid(ard_batch_gather(context, 3, 4, 5, s, l, NULL, 0, d, &out, NULL));
    assert_invalid(ard_batch_gather(context, 3, 4, 5, s, l, order, 0, NULL, &out, NULL));
    assert_invalid(ard_batch_gather(context, 3, 4, 5, s, l, order, 0, d, NULL, NULL));
    /* More order than the buffer holds, and sums that overflow. */
    assert_invalid(ard_batch_gather(context, 3, 4, 5, s, l, order, 6, d, &out, NULL));
    assert_invalid(ard_batch_gather(context, 3, 4, 5, s, l, order, SIZE_MAX, d, &out, NULL));
    assert_invalid(ard_batch_gather(context, 3, 4, 5, s, l, order, SIZE_MAX - 1, d, &out, NULL));
    const ard_matrix narrow = {dst.matrix.buffer, 0, 3};
    const ard_matrix beyond = {dst.matrix.buffer, dst.elements - 11, 4};
    const ard_labels far = {out.buffer, 3000};
    assert_invalid(ard_batch_gather(context, 3, 4, 5, s, l, order, 0, &narrow, &out, NULL));
    assert_invalid(ard_batch_gather(context, 3, 4, 5, s, l, order, 0, &beyond, &out, NULL));
    assert_invalid(ard_batch_gather(context, 3, 4, 5, &narrow, l, order, 0, d, &out, NULL));
    assert_invalid(ard_batch_gather(context, 3, 4, 5, s, &far, order, 0, d, &out, NULL));
    assert_invalid(ard_batch_gather(context, 3, 4, 5, s, l, order, 0, d, &far, NULL));
    assert_invalid(ard_batch_gather(context, 3, 4, 500, s, l, order, 0, d, &out, NULL));
    clReleaseMemObject(order);
    clReleaseMemObject(out.buffer);
    guarded_destroy(&dst);
    drop_data(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gather),
        cmocka_unit_test(test_sample_out_of_range),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
