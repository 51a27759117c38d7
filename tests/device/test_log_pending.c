/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that wait for their commands: until when, how many, and what is known of their times. */
#include <ard/log.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "device/context_internal.h"
#include "device/log_capture.h"
#include "device/operation.h"
#include "device/profile_layer.h"
#include "support/memory.h"
#include "support/unit.h"

/* The test is linked with --wrap of both, which reaches libard but not the drivers. */
static bool memory_is_short;
static bool timer_is_missing;

void *__real_realloc(void *memory, size_t bytes);
void *__wrap_realloc(void *memory, size_t bytes);
cl_int __real_clGetDeviceInfo(cl_device_id device, cl_device_info what, size_t size, void *value,
                              size_t *needed);
cl_int __wrap_clGetDeviceInfo(cl_device_id device, cl_device_info what, size_t size, void *value,
                              size_t *needed);

void *__wrap_realloc(void *memory, size_t bytes)
{
    return memory_is_short ? NULL : __real_realloc(memory, bytes);
}

cl_int __wrap_clGetDeviceInfo(cl_device_id device, cl_device_info what, size_t size, void *value,
                              size_t *needed)
{
    const cl_int code = __real_clGetDeviceInfo(device, what, size, value, needed);
    if (timer_is_missing && what == CL_DEVICE_PROFILING_TIMER_RESOLUTION) {
        memset(value, 0, size);
    }
    return code;
}

/* An operation that is one command. */
static void fill(ard_context *context, cl_mem buffer)
{
    ard__operation_begin(context, "fill");
    assert_success(
        ard__operation_end_plain(context, ard__buffer_fill(context, buffer, 5, sizeof(cl_uint))));
}

static cl_mem make_buffer(ard_context *context)
{
    cl_mem buffer = NULL;
    assert_success(ard__buffer_create(context, sizeof(cl_uint), &buffer));
    return buffer;
}

/* What holds back a queue, and commands that are in none. */
typedef struct gate {
    cl_event queue;
    cl_event others;
} gate;

static gate close_gate(ard_context *context)
{
    cl_int code = CL_SUCCESS;
    const gate closed = {clCreateUserEvent(context->opencl, &code),
                         clCreateUserEvent(context->opencl, &code)};
    assert_int_equal(code, CL_SUCCESS);
    assert_int_equal(clEnqueueBarrierWithWaitList(context->queue, 1, &closed.queue, NULL),
                     CL_SUCCESS);
    assert_int_equal(clFlush(context->queue), CL_SUCCESS);
    return closed;
}

/* Everything completes, and the log holds no event any more. */
static void open_gate(ard_context *context, const gate *closed)
{
    cl_uint count = 0;
    assert_int_equal(clSetUserEventStatus(closed->queue, CL_COMPLETE), CL_SUCCESS);
    assert_int_equal(clSetUserEventStatus(closed->others, CL_COMPLETE), CL_SUCCESS);
    assert_success(ard_context_finish(context));
    assert_int_equal(
        clGetEventInfo(closed->others, CL_EVENT_REFERENCE_COUNT, sizeof count, &count, NULL),
        CL_SUCCESS);
    assert_int_equal(count, 1);
    clReleaseEvent(closed->queue);
    clReleaseEvent(closed->others);
}

/* So many commands of no operation and of no queue. */
static void wait_for(ard_context *context, const gate *closed, size_t count)
{
    static const ard__work nothing;
    for (size_t i = 0; i < count; ++i) {
        ard__log_command(context, closed->others, NULL, "wait", &nothing);
    }
}

/* The next line is of an operation, with a time or without. */
static void assert_next(capture *log, bool has_time)
{
    assert_int_equal(log->count, 1);
    assert_int_equal(log->entries[0].kind, ARD_LOG_EXEC);
    const char *line = log->entries[0].line;
    assert_true((strcmp(strrchr(line, ','), ",-") == 0) == !has_time);
    assert_true(isnan(log->entries[0].milliseconds) == !has_time);
    capture_clear(log);
}

/* Beyond the bound the oldest come, without times, and later ones have theirs. */
static void test_bound(void **state)
{
    (void)state;
    capture *log = NULL;
    ard_context *context = capture_context(1, NULL, &log);
    cl_mem buffer = make_buffer(context);
    const gate closed = close_gate(context);
    capture_clear(log);
    fill(context, buffer); /* a command and an end */
    wait_for(context, &closed, ARD__LOG_MOST_PENDING - 2);
    assert_int_equal(log->count, 0);
    wait_for(context, &closed, 1);
    assert_next(log, false);
    fill(context, buffer);
    assert_int_equal(log->count, 0);
    open_gate(context, &closed);
    assert_next(log, true);
    clReleaseMemObject(buffer);
    capture_destroy(context, log);
}

/* Without memory for more, the oldest come without times; without any at all, lines are lost, and
 * an operation that was not seen whole has no time. */
static void test_out_of_memory(void **state)
{
    (void)state;
    capture *log = NULL;
    ard_context *context = capture_context(1, NULL, &log);
    cl_mem buffer = make_buffer(context);
    capture_clear(log);
    memory_is_short = true;
    fill(context, buffer);
    ard__operation_begin(context, "part");
    assert_success(ard__buffer_fill(context, buffer, 5, sizeof(cl_uint)));
    memory_is_short = false;
    assert_success(ard__operation_end_plain(context, ARD_STATUS_SUCCESS));
    assert_success(ard_context_finish(context));
    assert_next(log, false);
    fill(context, buffer);
    assert_success(ard_context_finish(context));
    assert_next(log, true);
    const gate closed = close_gate(context);
    fill(context, buffer);
    memory_is_short = true;
    wait_for(context, &closed, context->log->capacity - (context->log->end - context->log->first));
    wait_for(context, &closed, 1);
    assert_int_equal(log->count, 0);
    wait_for(context, &closed, 1);
    memory_is_short = false;
    assert_next(log, false);
    open_gate(context, &closed);
    assert_int_equal(log->count, 0);
    clReleaseMemObject(buffer);
    capture_destroy(context, log);
}

/* Times that a driver makes up are not told. */
static void test_no_timer(void **state)
{
    (void)state;
    capture *log = NULL;
    timer_is_missing = true;
    ard_context *context = capture_context(1, NULL, &log);
    timer_is_missing = false;
    cl_mem buffer = make_buffer(context);
    capture_clear(log);
    fill(context, buffer);
    assert_success(ard_context_finish(context));
    assert_next(log, false);
    clReleaseMemObject(buffer);
    capture_destroy(context, log);
}

/* An application's out-of-order queue that measures times. */
static void test_out_of_order(void **state)
{
    (void)state;
    capture *log = NULL;
    cl_command_queue queue =
        profile_queue(CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE | CL_QUEUE_PROFILING_ENABLE);
    if (queue == NULL) {
        print_message("the device has no out-of-order queues\n");
        skip();
    }
    ard_context *context = capture_context(2, queue, &log);
    layer layer = layer_create(context);
    assert_success(ard_context_finish(context));
    capture_clear(log);
    for (size_t i = 0; i < 5; ++i) {
        layer_forward_dense(&layer);
    }
    assert_success(ard_context_finish(context));
    assert_int_equal(capture_count(log, ARD_LOG_EXEC), 5);
    assert_int_equal(capture_count(log, ARD_LOG_COMMAND), 10);
    assert_well_formed(log);
    assert_adds_up(log);
    layer_destroy(&layer);
    capture_destroy(context, log);
    clReleaseCommandQueue(queue);
}

/* An application's queue without profiling: lines without times, and destroying waits for nothing
 * but forgets no line. */
static void test_queue_without_times(void **state)
{
    (void)state;
    capture *log = NULL;
    cl_command_queue queue = profile_queue(0);
    ard_context *context = capture_context(2, queue, &log);
    cl_mem buffer = make_buffer(context);
    capture_clear(log);
    fill(context, buffer);
    assert_success(ard_context_finish(context));
    const gate closed = close_gate(context);
    fill(context, buffer);
    assert_int_equal(capture_count(log, ARD_LOG_EXEC), 1);
    ard_context_destroy(context);
    assert_int_equal(capture_count(log, ARD_LOG_EXEC), 2);
    assert_int_equal(capture_count(log, ARD_LOG_COMMAND), 2);
    assert_well_formed(log);
    for (size_t i = 0; i < log->count; ++i) {
        assert_string_equal(strrchr(log->entries[i].line, ','), ",-");
        assert_true(isnan(log->entries[i].milliseconds));
    }
    assert_int_equal(clSetUserEventStatus(closed.queue, CL_COMPLETE), CL_SUCCESS);
    assert_int_equal(clFinish(queue), CL_SUCCESS);
    clReleaseEvent(closed.queue);
    clReleaseEvent(closed.others);
    clReleaseMemObject(buffer);
    clReleaseCommandQueue(queue);
    free(log);
}

/* libard's own queue is waited for, so that the last lines have their times. */
static void test_destroy(void **state)
{
    enum { FILLS = 20 };
    (void)state;
    capture *log = NULL;
    ard_context *context = capture_context(1, NULL, &log);
    cl_mem buffer = make_buffer(context);
    capture_clear(log);
    for (size_t i = 0; i < FILLS; ++i) {
        fill(context, buffer);
    }
    clReleaseMemObject(buffer);
    ard_context_destroy(context);
    assert_int_equal(log->count, FILLS);
    for (size_t i = 0; i < FILLS; ++i) {
        assert_true(log->entries[i].milliseconds >= 0.0);
    }
    free(log);
}

int main(void)
{
    unsetenv("ARD_VERBOSE");
    setenv("ARD_ENGINE", "packed", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bound),        cmocka_unit_test(test_out_of_memory),
        cmocka_unit_test(test_no_timer),     cmocka_unit_test(test_queue_without_times),
        cmocka_unit_test(test_out_of_order), cmocka_unit_test(test_destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
