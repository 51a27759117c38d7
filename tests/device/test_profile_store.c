/* SPDX-License-Identifier: Apache-2.0 */
/* The store of a profile: it grows, its memory can run out, and nothing of it is left over. */
#include <ard/profile.h>

#include <stdlib.h>
#include <time.h>

#include "device/context_internal.h"
#include "device/profile_layer.h"
#include "support/memory.h"
#include "support/unit.h"

enum { PATIENCE_SECONDS = 240 };

/* The test is linked with --wrap=realloc, which reaches libard but not the drivers. */
static bool memory_is_short;
void *__real_realloc(void *memory, size_t bytes);
void *__wrap_realloc(void *memory, size_t bytes);

void *__wrap_realloc(void *memory, size_t bytes)
{
    return memory_is_short ? NULL : __real_realloc(memory, bytes);
}

/* The store of events cannot grow: the calls still work, and stop says what is missing. */
static void test_out_of_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; ++i) {
        ard_context *context = profile_context(profile_engines[i]);
        layer layer = layer_create(context);
        profile got = {.count = 7};
        layer_forward_dense(&layer);
        assert_success(ard_profile_start(context));
        memory_is_short = true;
        layer_forward_dense(&layer);
        memory_is_short = false;
        layer_forward_dense(&layer); /* not recorded either: it would be a part for the whole */
        assert_fails(ard_profile_stop(context, got.entries, ARD_PROFILE_MOST_ENTRIES, &got.count),
                     ARD_STATUS_OUT_OF_MEMORY);
        assert_int_equal(got.count, 7);
        assert_success(ard_profile_start(context)); /* the other one ended */
        layer_forward_dense(&layer);
        got = profile_stop(context);
        assert_int_equal(got.count, 2);
        layer_destroy(&layer);
        ard_context_destroy(context);
    }
}

/* More launches than the store has room for at first. */
static void test_growth(void **state)
{
    (void)state;
    enum { LAUNCHES = 700 };
    ard_context *context = profile_context("packed");
    cl_mem buffer = NULL;
    assert_success(ard__buffer_create(context, 64, &buffer));
    assert_success(ard_profile_start(context));
    for (size_t i = 0; i < LAUNCHES; ++i) {
        assert_success(ard__buffer_fill(context, buffer, 5, 64));
    }
    const profile got = profile_stop(context);
    assert_int_equal(got.count, 1);
    assert_entry(&got, "fill", LAUNCHES, false, 0.0, 64.0 * LAUNCHES);
    clReleaseMemObject(buffer);
    ard_context_destroy(context);
}

static cl_uint references(cl_command_queue queue)
{
    cl_uint count = 0;
    assert_int_equal(
        clGetCommandQueueInfo(queue, CL_QUEUE_REFERENCE_COUNT, sizeof count, &count, NULL),
        CL_SUCCESS);
    return count;
}

/* Contexts that end while they record; an event that is left holds its queue. */
static void test_destroy_while_profiling(void **state)
{
    (void)state;
    test_need_timer();
    cl_command_queue queue = profile_queue(CL_QUEUE_PROFILING_ENABLE);
    assert_non_null(queue);
    for (size_t i = 0; i < 2; ++i) {
        ard_context *context = NULL;
        assert_int_equal(setenv("ARD_ENGINE", profile_engines[i], 1), 0);
        assert_success(ard_context_create_from_queue(queue, NULL, &context));
        assert_int_equal(unsetenv("ARD_ENGINE"), 0);
        layer layer = layer_create(context);
        assert_success(ard_profile_start(context));
        layer_forward_dense(&layer);
        layer_destroy(&layer);
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

int main(void)
{
    unsetenv("ARD_ENGINE");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_out_of_memory),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_destroy_while_profiling),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
