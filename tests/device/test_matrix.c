/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/matrix.h>

#include <stdlib.h>
#include <string.h>

#include "support/cover.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

static void test_create(void **state)
{
    ard_matrix matrix = {NULL, 5, 6};
    assert_success(ard_matrix_create(*state, 3, 7, &matrix));
    assert_non_null(matrix.buffer);
    assert_int_equal(matrix.offset, 0);
    assert_int_equal(matrix.ld, 7);
    size_t bytes = 0;
    assert_int_equal(clGetMemObjectInfo(matrix.buffer, CL_MEM_SIZE, sizeof bytes, &bytes, NULL),
                     CL_SUCCESS);
    assert_true(bytes >= 3 * 7 * sizeof(float));
    ard_matrix_destroy(&matrix);
    assert_null(matrix.buffer);
    assert_int_equal(matrix.ld, 0);
    ard_matrix_destroy(&matrix);
    ard_matrix_destroy(NULL);
}

static void test_write_and_read(void **state)
{
    for (size_t i = 0; i < COVER_SIZES; ++i) {
        for (size_t j = 0; j < COVER_SIZES; ++j) {
            const size_t rows = cover_sizes[i];
            const size_t cols = cover_sizes[j];
            float *values = test_random_floats(rows * cols, i * 8 + j);
            float *back = test_alloc(rows * cols, sizeof *back);
            guarded matrix = guarded_create(*state, rows, cols, 3 * i, j % 3);
            assert_success(ard_matrix_write(*state, rows, cols, values, &matrix.matrix));
            assert_success(ard_matrix_read(*state, rows, cols, &matrix.matrix, back));
            assert_memory_equal(back, values, rows * cols * sizeof *back);
            float *seen = guarded_read(&matrix, "matrix");
            assert_memory_equal(seen, values, rows * cols * sizeof *seen);
            guarded_destroy(&matrix);
            free(values);
            free(back);
            free(seen);
        }
    }
}

static void test_create_errors(void **state)
{
    static const size_t large = 2000000000;
    ard_matrix matrix = {0};
    assert_invalid(ard_matrix_create(NULL, 2, 2, &matrix));
    assert_invalid(ard_matrix_create(*state, 2, 2, NULL));
    assert_invalid(ard_matrix_create(*state, 0, 2, &matrix));
    assert_invalid(ard_matrix_create(*state, 2, 0, &matrix));
    assert_invalid(ard_matrix_create(*state, SIZE_MAX, SIZE_MAX, &matrix));
    assert_invalid(ard_matrix_create(*state, SIZE_MAX / 2, 4, &matrix));
    assert_fails(ard_matrix_create(*state, large, large, &matrix), ARD_STATUS_DEVICE_OUT_OF_MEMORY);
    assert_null(matrix.buffer);
}

static void test_transfer_errors(void **state)
{
    ard_context *context = *state;
    float values[6] = {0};
    guarded g = guarded_create(context, 2, 3, 1, 1);
    const ard_matrix *m = &g.matrix;
    const ard_matrix none = {NULL, 0, 3};
    const ard_matrix narrow = {m->buffer, 0, 2};
    const ard_matrix beyond = {m->buffer, g.elements - 5, 3};
    const ard_matrix far = {m->buffer, SIZE_MAX, 3};
    const ard_matrix wide = {m->buffer, 0, SIZE_MAX};
    const ard_matrix *const wrong[] = {NULL, &none, &narrow, &beyond, &far, &wide};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; ++i) {
        assert_invalid(ard_matrix_write(context, 2, 3, values, wrong[i]));
        assert_invalid(ard_matrix_read(context, 2, 3, wrong[i], values));
    }
    assert_invalid(ard_matrix_write(NULL, 2, 3, values, m));
    assert_invalid(ard_matrix_write(context, 2, 3, NULL, m));
    assert_invalid(ard_matrix_write(context, 0, 3, values, m));
    assert_invalid(ard_matrix_write(context, 2, 0, values, m));
    assert_invalid(ard_matrix_write(context, SIZE_MAX, 3, values, m));
    assert_invalid(ard_matrix_read(NULL, 2, 3, m, values));
    assert_invalid(ard_matrix_read(context, 2, 3, m, NULL));
    assert_invalid(ard_matrix_read(context, 0, 3, m, values));
    assert_invalid(ard_matrix_read(context, 2, 0, m, values));
    assert_invalid(ard_matrix_read(context, 2, SIZE_MAX, m, values));
    guarded_assert_unchanged(&g, "a matrix of refused calls");
    guarded_destroy(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create),
        cmocka_unit_test(test_write_and_read),
        cmocka_unit_test(test_create_errors),
        cmocka_unit_test(test_transfer_errors),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
