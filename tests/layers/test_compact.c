/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/compact.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/compare.h"
#include "support/cover.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/reference.h"
#include "support/unit.h"

/* One matrix with a pattern on each dimension. */
typedef struct problem {
    size_t rows;
    size_t cols;
    const ard_pattern *row_pattern; /* NULL: everything */
    const ard_pattern *col_pattern;
    uint64_t seed;
} problem;

static void describe(const problem *p, char *text, size_t capacity)
{
    const ard_pattern all = ard_pattern_all();
    const ard_pattern *row = p->row_pattern != NULL ? p->row_pattern : &all;
    const ard_pattern *col = p->col_pattern != NULL ? p->col_pattern : &all;
    snprintf(text, capacity, "rows %zu by %u/%#llx, cols %zu by %u/%#llx", p->rows, row->period,
             (unsigned long long)row->residues, p->cols, col->period,
             (unsigned long long)col->residues);
}

static void assert_equal_values(const comparison *about, const float *actual,
                                const double *expected)
{
    assert_within(about, actual, expected, 0.0);
}

/* Compaction of a random matrix and expansion of the result, at odd offsets. */
static void check_problem(ard_context *context, const problem *p)
{
    char text[160];
    describe(p, text, sizeof text);
    uint64_t random = p->seed;
    const size_t kept_rows = reference_kept(p->row_pattern, p->rows, NULL);
    const size_t kept_cols = reference_kept(p->col_pattern, p->cols, NULL);
    float *values = test_random_floats(p->rows * p->cols, p->seed);
    double *src_values = test_to_double(p->rows * p->cols, values);
    double *expected = test_alloc(p->rows * p->cols, sizeof *expected);
    double *expanded = test_alloc(p->rows * p->cols, sizeof *expanded);
    reference_compact(p->rows, p->cols, p->row_pattern, p->col_pattern, src_values, expected);
    reference_expand(p->rows, p->cols, p->row_pattern, p->col_pattern, expected, expanded);

    guarded src = guarded_create_with(context, p->rows, p->cols, test_random_below(&random, 9),
                                      test_random_below(&random, 5), values);
    guarded dst = guarded_create(context, kept_rows, kept_cols, test_random_below(&random, 9),
                                 test_random_below(&random, 5));
    guarded whole = guarded_create(context, p->rows, p->cols, test_random_below(&random, 9),
                                   test_random_below(&random, 5));
    assert_success(ard_compact(context, p->rows, p->cols, p->row_pattern, p->col_pattern,
                               &src.matrix, &dst.matrix, NULL));
    assert_success(ard_expand(context, p->rows, p->cols, p->row_pattern, p->col_pattern,
                              &dst.matrix, &whole.matrix, NULL));
    float *compact = guarded_read(&dst, "compact dst");
    float *back = guarded_read(&whole, "expanded dst");
    guarded_assert_unchanged(&src, "compact src");
    const comparison about_compact = {"compact dst", text, kept_rows, kept_cols, p->seed};
    const comparison about_expand = {"expanded dst", text, p->rows, p->cols, p->seed};
    assert_equal_values(&about_compact, compact, expected);
    assert_equal_values(&about_expand, back, expanded);

    guarded_destroy(&src);
    guarded_destroy(&dst);
    guarded_destroy(&whole);
    free(values);
    free(src_values);
    free(expected);
    free(expanded);
    free(compact);
    free(back);
}

/* The view, where there is one, shows what compaction copies. */
static void check_view(ard_context *context, const problem *p)
{
    const ard_pattern *row = p->row_pattern;
    const bool all_cols = p->col_pattern == NULL || ard_pattern_is_all(p->col_pattern);
    const bool spaced =
        row == NULL || ard_pattern_is_all(row) || ard_pattern_residue_count(row) == 1;
    float *values = test_random_floats(p->rows * p->cols, p->seed);
    guarded src = guarded_create_with(context, p->rows, p->cols, 3, 2, values);
    ard_matrix view = {NULL, 1, 2};
    const bool has_view = ard_compact_view(row, p->col_pattern, &src.matrix, &view);
    assert_int_equal(has_view, all_cols && spaced);
    if (has_view) {
        char text[160];
        describe(p, text, sizeof text);
        const size_t kept = reference_kept(row, p->rows, NULL);
        double *src_values = test_to_double(p->rows * p->cols, values);
        double *expected = test_alloc(kept * p->cols, sizeof *expected);
        float *actual = test_alloc(kept * p->cols, sizeof *actual);
        reference_compact(p->rows, p->cols, row, p->col_pattern, src_values, expected);
        assert_ptr_equal(view.buffer, src.matrix.buffer);
        assert_success(ard_matrix_read(context, kept, p->cols, &view, actual));
        const comparison about = {"view", text, kept, p->cols, p->seed};
        assert_equal_values(&about, actual, expected);
        free(src_values);
        free(expected);
        free(actual);
    }
    guarded_destroy(&src);
    free(values);
}

static void run_case(const cover_case *c, void *context)
{
    const problem p = {c->in.size, c->out.size, &c->in.pattern, &c->out.pattern, c->seed};
    check_problem(context, &p);
}

static void test_row_patterns(void **state)
{
    /* Batch sizes mean nothing here. */
    const cover_extent extent = cover_wanted() == COVER_PAIRWISE ? COVER_PAIRWISE : COVER_PRODUCT;
    const size_t count = cover_run(extent, run_case, *state);
    assert_true(count >= 8 * COVER_VALUES);
}

static void test_subset_patterns(void **state)
{
    uint64_t random = 77;
    for (size_t i = 0; i < 400; ++i) {
        const size_t rows = cover_sizes[test_random_below(&random, COVER_SIZES)];
        const size_t cols = cover_sizes[test_random_below(&random, COVER_SIZES)];
        const ard_pattern row = cover_random_subset(&random, rows);
        const ard_pattern col = cover_random_subset(&random, cols);
        const problem p = {rows, cols, i % 7 == 0 ? NULL : &row, i % 5 == 0 ? NULL : &col,
                           1000 + i};
        check_problem(*state, &p);
        check_view(*state, &p);
    }
}

static void test_index_patterns(void **state)
{
    uint64_t random = 78;
    for (size_t i = 0; i < 300; ++i) {
        uint32_t row_indices[784];
        uint32_t col_indices[784];
        const size_t rows = cover_sizes[test_random_below(&random, COVER_SIZES)];
        const size_t cols = cover_sizes[test_random_below(&random, COVER_SIZES)];
        const ard_pattern row = cover_random_index(&random, rows, row_indices);
        const ard_pattern col = i % 3 == 0 ? cover_random_subset(&random, cols)
                                           : cover_random_index(&random, cols, col_indices);
        const problem p = {rows, cols, i % 7 == 0 ? NULL : &row, i % 5 == 0 ? NULL : &col,
                           2000 + i};
        check_problem(*state, &p);
        check_view(*state, &p);
    }
}

static void test_views(void **state)
{
    const cover_table table = cover_make_table();
    const ard_pattern all = ard_pattern_all();
    const ard_pattern all_of_five = {.period = 5, .residues = 31};
    const ard_pattern half = {.period = 2, .residues = 2};
    for (size_t i = 0; i < COVER_VALUES; ++i) {
        const cover_value *row = &table.values[i];
        const problem whole = {row->size, 9, &row->pattern, NULL, 5};
        const problem written_out = {row->size, 9, &row->pattern, &all_of_five, 6};
        const problem inner = {row->size, 9, &row->pattern, &half, 7};
        check_view(*state, &whole);
        check_view(*state, &written_out);
        check_view(*state, &inner);
    }
    const problem dense = {6, 9, &all, &all, 8};
    const problem absent = {6, 9, NULL, NULL, 9};
    const problem rows_written_out = {7, 9, &all_of_five, NULL, 10};
    check_view(*state, &dense);
    check_view(*state, &absent);
    check_view(*state, &rows_written_out);
}

static void test_view_arithmetic(void **state)
{
    (void)state;
    const ard_matrix src = {(cl_mem) & (int){0}, 11, 20};
    const ard_pattern row = {.period = 4, .residues = 8};
    ard_matrix view = {0};
    assert_true(ard_compact_view(&row, NULL, &src, &view));
    assert_ptr_equal(view.buffer, src.buffer);
    assert_int_equal(view.offset, 11 + 3 * 20);
    assert_int_equal(view.ld, 4 * 20);
    assert_false(ard_compact_view(NULL, NULL, NULL, &view));
    assert_false(ard_compact_view(NULL, NULL, &src, NULL));
    const ard_pattern malformed = {.period = 0, .residues = 1};
    assert_false(ard_compact_view(&malformed, NULL, &src, &view));
    const uint32_t indices[] = {0, 1, 2};
    const ard_pattern first_three = {.indices = indices, .count = 3};
    const ard_pattern one = {.indices = indices, .count = 1};
    assert_false(ard_compact_view(&first_three, NULL, &src, &view));
    assert_false(ard_compact_view(&one, NULL, &src, &view));
    assert_false(ard_compact_view(NULL, &first_three, &src, &view));
}

static void test_event(void **state)
{
    ard_context *context = *state;
    const float values[6] = {1, 2, 3, 4, 5, 6};
    const ard_pattern odd = {.period = 2, .residues = 2};
    guarded src = guarded_create_with(context, 2, 3, 0, 0, values);
    guarded dst = guarded_create(context, 2, 3, 0, 0);
    cl_event events[2] = {NULL, NULL};
    assert_success(ard_compact(context, 2, 3, &odd, &odd, &src.matrix, &dst.matrix, &events[0]));
    assert_success(ard_expand(context, 2, 3, &odd, &odd, &src.matrix, &dst.matrix, &events[1]));
    assert_non_null(events[0]);
    assert_non_null(events[1]);
    assert_int_equal(clWaitForEvents(2, events), CL_SUCCESS);
    float got[6];
    assert_int_equal(clEnqueueReadBuffer(ard_context_queue(context), dst.matrix.buffer, CL_TRUE, 0,
                                         sizeof got, got, 0, NULL, NULL),
                     CL_SUCCESS);
    const float expected[6] = {0, 0, 0, 0, 1, 0};
    assert_memory_equal(got, expected, sizeof got);
    clReleaseEvent(events[0]);
    clReleaseEvent(events[1]);
    guarded_destroy(&src);
    guarded_destroy(&dst);
}

typedef ard_status (*copy_function)(ard_context *, size_t, size_t, const ard_pattern *,
                                    const ard_pattern *, const ard_matrix *, const ard_matrix *,
                                    cl_event *);

static void check_errors(ard_context *context, copy_function copy)
{
    guarded src = guarded_create(context, 4, 6, 0, 0);
    guarded dst = guarded_create(context, 4, 6, 0, 0);
    const ard_matrix *s = &src.matrix;
    const ard_matrix *d = &dst.matrix;
    const uint32_t beyond_rows[] = {0, 4, 6};
    const uint32_t twice[] = {1, 1};
    const ard_pattern bad[] = {{.indices = beyond_rows, .count = 3}, {.indices = twice, .count = 2},
                               {.indices = twice, .count = 0},       {.count = 2},
                               {.period = 0, .residues = 1},         {.period = 65, .residues = 1},
                               {.period = 3, .residues = 0},         {.period = 3, .residues = 8},
                               {.period = 7, .residues = 1}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        assert_fails(copy(context, 4, 6, NULL, &bad[i], s, d, NULL), ARD_STATUS_INVALID_PATTERN);
        assert_fails(copy(context, 4, 6, &bad[i], NULL, s, d, NULL), ARD_STATUS_INVALID_PATTERN);
    }
    const ard_matrix short_ld = {src.matrix.buffer, 0, 5};
    const ard_matrix beyond = {src.matrix.buffer, src.elements - 23, 6};
    const ard_matrix far = {src.matrix.buffer, SIZE_MAX, 6};
    const ard_matrix wide = {src.matrix.buffer, 0, SIZE_MAX / 2};
    const ard_matrix none = {NULL, 0, 6};
    const ard_matrix *const wrong[] = {NULL, &none, &short_ld, &beyond, &far, &wide};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; ++i) {
        assert_invalid(copy(context, 4, 6, NULL, NULL, wrong[i], d, NULL));
        assert_invalid(copy(context, 4, 6, NULL, NULL, s, wrong[i], NULL));
    }
    const ard_matrix last = {src.matrix.buffer, src.elements - 24, 6};
    assert_success(copy(context, 4, 6, NULL, NULL, &last, d, NULL));
    assert_invalid(copy(NULL, 4, 6, NULL, NULL, s, d, NULL));
    assert_invalid(copy(context, 0, 6, NULL, NULL, s, d, NULL));
    assert_invalid(copy(context, 4, 0, NULL, NULL, s, d, NULL));
    assert_invalid(copy(context, SIZE_MAX, 6, NULL, NULL, s, d, NULL));
    assert_invalid(copy(context, SIZE_MAX / 2, SIZE_MAX / 2, NULL, NULL, s, d, NULL));
    guarded_destroy(&src);
    guarded_destroy(&dst);
}

static void test_errors(void **state)
{
    check_errors(*state, ard_compact);
    check_errors(*state, ard_expand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_row_patterns),    cmocka_unit_test(test_subset_patterns),
        cmocka_unit_test(test_index_patterns),  cmocka_unit_test(test_views),
        cmocka_unit_test(test_view_arithmetic), cmocka_unit_test(test_event),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
