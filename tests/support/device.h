/* SPDX-License-Identifier: Apache-2.0 */
/* The device that tests run on, and matrices on it whose surroundings are watched.
 *
 * A test without a device fails: skipping would let everything pass on a machine that tests
 * nothing. */
#ifndef ARD_TEST_DEVICE_H
#define ARD_TEST_DEVICE_H

#include <stddef.h>
#include <stdint.h>

#include <ard/context.h>
#include <ard/loss.h>
#include <ard/matrix.h>

/* A context on the default device; the test fails where there is none. */
ard_context *test_context_create(void);

/* For cmocka's groups: *state becomes the context. */
int test_context_setup(void **state);
int test_context_teardown(void **state);

/* Skips the test where the device's timer measures nothing, so that there are no profiles, as with
 * Mesa's rusticl 22.3. */
void test_need_timer(void);

/* A matrix [rows x cols] somewhere inside a larger buffer that was filled with canaries: NaNs of
 * certain bits, so that reading one spoils the result and writing one is noticed. The gaps between
 * the width and ld hold canaries too. */
typedef struct guarded {
    ard_context *context;
    ard_matrix matrix;
    size_t rows;
    size_t cols;
    size_t elements; /* of the buffer */
    float *shadow;   /* what the buffer should hold, inside the matrix as last written */
} guarded;

/* `offset` elements before, `gap` = ld - cols. The matrix itself holds canaries. */
guarded guarded_create(ard_context *context, size_t rows, size_t cols, size_t offset, size_t gap);

/* The same filled with values [rows x cols]. */
guarded guarded_create_with(ard_context *context, size_t rows, size_t cols, size_t offset,
                            size_t gap, const float *values);

void guarded_destroy(guarded *matrix);

/* The matrix's values, new memory [rows x cols]; fails if anything around it changed. `name` goes
 * into the message. */
float *guarded_read(const guarded *matrix, const char *name);

/* Fails if anything in the buffer changed, the matrix included. */
void guarded_assert_unchanged(const guarded *matrix, const char *name);

/* The canary as a float. */
float test_canary(void);

/* A new buffer with a copy of host bytes. */
cl_mem test_buffer(ard_context *context, size_t bytes, const void *data);

/* Labels at `offset` of a new buffer whose other entries are out of range. */
ard_labels test_labels(ard_context *context, size_t count, const int32_t *labels, size_t offset);

#endif
