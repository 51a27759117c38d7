/* SPDX-License-Identifier: Apache-2.0 */
/* Making contexts; what they do on an application's queue is in test_queue.c. */
#include <ard/context.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <ard/compact.h>
#include <ard/matrix.h>
#include <ard/version.h>

#include "support/device.h"
#include "support/folder.h"
#include "support/unit.h"

static cl_command_queue_properties properties_of(const ard_context *context)
{
    cl_command_queue_properties properties = 0;
    assert_int_equal(clGetCommandQueueInfo(ard_context_queue(context), CL_QUEUE_PROPERTIES,
                                           sizeof properties, &properties, NULL),
                     CL_SUCCESS);
    return properties;
}

static void test_default(void **state)
{
    (void)state;
    ard_device_info device;
    ard_context *context = test_context_create();
    assert_success(ard_device_find(NULL, &device));
    assert_string_equal(ard_context_device(context)->id, device.id);
    assert_ptr_equal(ard_context_device(context)->handle, device.handle);
    assert_non_null(ard_context_queue(context));
    assert_non_null(ard_context_opencl(context));
    assert_int_equal(properties_of(context), 0);
    cl_context opencl = NULL;
    assert_int_equal(clGetCommandQueueInfo(ard_context_queue(context), CL_QUEUE_CONTEXT,
                                           sizeof opencl, &opencl, NULL),
                     CL_SUCCESS);
    assert_ptr_equal(opencl, ard_context_opencl(context));
    assert_success(ard_context_finish(context));
    ard_context_destroy(context);
}

static void test_selectors(void **state)
{
    (void)state;
    ard_device_info device;
    assert_success(ard_device_find(NULL, &device));
    const char *const selectors[] = {device.id, ard_device_type_name(device.type), device.name};
    for (size_t i = 0; i < 3; ++i) {
        ard_context *context = NULL;
        assert_success(ard_context_create(selectors[i], NULL, &context));
        assert_non_null(context);
        ard_context_destroy(context);
    }
    ard_context *context = (ard_context *)&device;
    assert_fails(ard_context_create("no such device", NULL, &context), ARD_STATUS_NO_DEVICE);
    assert_null(context);
    assert_non_null(strstr(ard_detail(), "no such device"));
    assert_non_null(strstr(ard_detail(), device.id));
}

static void test_null(void **state)
{
    (void)state;
    ard_context *context = (ard_context *)&state;
    assert_invalid(ard_context_create(NULL, NULL, NULL));
    assert_invalid(ard_context_create_from_queue(NULL, NULL, &context));
    assert_null(context);
    context = test_context_create();
    assert_invalid(ard_context_create_from_queue(ard_context_queue(context), NULL, NULL));
    assert_invalid(ard_context_finish(NULL));
    ard_context_destroy(context);
    ard_context_destroy(NULL);
    assert_null(ard_context_queue(NULL));
    assert_null(ard_context_opencl(NULL));
    assert_null(ard_context_device(NULL));
}

static void test_profiling(void **state)
{
    (void)state;
    const ard_context_options options = {.profiling = true};
    ard_context *context = NULL;
    assert_success(ard_context_create(NULL, &options, &context));
    assert_true((properties_of(context) & CL_QUEUE_PROFILING_ENABLE) != 0);
    const float values[4] = {1, 2, 3, 4};
    guarded src = guarded_create_with(context, 2, 2, 0, 0, values);
    guarded dst = guarded_create(context, 2, 2, 0, 0);
    cl_event event = NULL;
    assert_success(ard_compact(context, 2, 2, NULL, NULL, &src.matrix, &dst.matrix, &event));
    assert_int_equal(clWaitForEvents(1, &event), CL_SUCCESS);
    cl_ulong end = 0;
    assert_int_equal(
        clGetEventProfilingInfo(event, CL_PROFILING_COMMAND_END, sizeof end, &end, NULL),
        CL_SUCCESS);
    clReleaseEvent(event);
    guarded_destroy(&src);
    guarded_destroy(&dst);
    ard_context_destroy(context);
}

static void test_environment(void **state)
{
    (void)state;
    ard_context *context = test_context_create();
    const char *environment = ard_context_environment(context);
    const ard_device_info *device = ard_context_device(context);
    assert_non_null(strstr(environment, ard_version()));
    assert_non_null(strstr(environment, device->name));
    assert_non_null(strstr(environment, device->platform));
    assert_non_null(strstr(environment, device->driver));
    assert_non_null(strstr(environment, ard_context_engine(context)));
    assert_null(strchr(environment, '\n'));
    ard_context *second = test_context_create();
    assert_string_equal(ard_context_environment(second), environment);
    ard_context_destroy(second);
    ard_context_destroy(context);
}

/* The first use of a kernel in a new context. */
static ard_status use_kernel(ard_context *context)
{
    const float values[4] = {1, 2, 3, 4};
    const ard_pattern odd = {.period = 2, .residues = 2};
    guarded src = guarded_create_with(context, 2, 2, 0, 0, values);
    guarded dst = guarded_create(context, 1, 1, 0, 0);
    const ard_status status =
        ard_compact(context, 2, 2, &odd, &odd, &src.matrix, &dst.matrix, NULL);
    if (status == ARD_STATUS_SUCCESS) {
        float *got = guarded_read(&dst, "dst");
        assert_true(got[0] == 4.0f);
        free(got);
    }
    guarded_destroy(&src);
    guarded_destroy(&dst);
    return status;
}

/* Kernels from a folder, for developing: the environment says so, and what is wrong is said. */
static void test_kernel_folder(void **state)
{
    (void)state;
    assert_int_equal(setenv("ARD_CL_DIR", ARD_SOURCE_DIR "/cl", 1), 0);
    ard_context *context = test_context_create();
    assert_non_null(strstr(ard_context_environment(context), "ARD_CL_DIR"));
    assert_success(use_kernel(context));
    ard_context_destroy(context);

    test_folder folder = test_folder_create();
    assert_int_equal(setenv("ARD_CL_DIR", folder.path, 1), 0);
    context = test_context_create();
    assert_fails(use_kernel(context), ARD_STATUS_IO);
    assert_non_null(strstr(ard_detail(), folder.path));
    static const char broken[] = "__kernel void ard_compact(this is not a kernel)\n";
    char path[TEST_PATH_CAPACITY];
    test_folder_join(folder.path, "compact.cl", path);
    test_file_write(path, broken, sizeof broken - 1);
    assert_fails(use_kernel(context), ARD_STATUS_BUILD);
    assert_non_null(strstr(ard_detail(), "compact.cl"));
    assert_non_null(strstr(ard_detail(), "error")); /* the build log */
    assert_int_equal(unsetenv("ARD_CL_DIR"), 0);
    assert_success(use_kernel(context)); /* a failure is not remembered */
    ard_context_destroy(context);
    test_folder_destroy(&folder);
}

static void test_cache_variable(void **state)
{
    (void)state;
    static const char *const good[] = {"never", "auto", "always", ""};
    for (size_t i = 0; i < 4; ++i) {
        assert_int_equal(setenv("ARD_CACHE", good[i], 1), 0);
        ard_context *context = test_context_create();
        ard_context_destroy(context);
    }
    assert_int_equal(setenv("ARD_CACHE", "sometimes", 1), 0);
    ard_context *context = (ard_context *)&state;
    assert_invalid(ard_context_create(NULL, NULL, &context));
    assert_null(context);
    assert_non_null(strstr(ard_detail(), "sometimes"));
    assert_int_equal(unsetenv("ARD_CACHE"), 0);
}

static void test_clblast_parameters_option(void **state)
{
    (void)state;
    const ard_context_options options = {.keep_clblast_parameters = true};
    ard_context *context = NULL;
    assert_int_equal(setenv("ARD_ENGINE", "clblast", 1), 0);
    assert_success(ard_context_create(NULL, &options, &context));
    assert_non_null(strstr(ard_context_environment(context), "parameters default"));
    assert_success(use_kernel(context));
    ard_context_destroy(context);
    assert_int_equal(unsetenv("ARD_ENGINE"), 0);
}

static void test_engine_variable(void **state)
{
    (void)state;
    static const char *const engines[] = {"clblast", "packed", "reference"};
    for (size_t i = 0; i < 3; ++i) {
        assert_int_equal(setenv("ARD_ENGINE", engines[i], 1), 0);
        ard_context *context = test_context_create();
        assert_string_equal(ard_context_engine(context), engines[i]);
        assert_non_null(strstr(ard_context_environment(context), engines[i]));
        ard_context_destroy(context);
    }
    assert_int_equal(setenv("ARD_ENGINE", "", 1), 0);
    ard_context *context = test_context_create();
    const ard_device_info *device = ard_context_device(context);
    ard_tuning shipped;
    assert_success(ard_tuning_shipped(device, &shipped));
    assert_string_equal(ard_context_engine(context),
                        shipped.engine == ARD_ENGINE_PACKED ? "packed" : "clblast");
    ard_context_destroy(context);
    assert_int_equal(setenv("ARD_ENGINE", "abacus", 1), 0);
    assert_invalid(ard_context_create(NULL, NULL, &context));
    assert_null(context);
    assert_non_null(strstr(ard_detail(), "abacus"));
    assert_non_null(strstr(ard_detail(), "clblast, packed or reference"));
    assert_int_equal(unsetenv("ARD_ENGINE"), 0);
}

/* What is made counts until it is gone; the peak stays. */
static void test_memory(void **state)
{
    (void)state;
    ard_context *context = test_context_create();
    size_t before = 1;
    size_t now = 0;
    size_t peak = 0;
    ard_matrix first = {0};
    ard_matrix second = {0};
    assert_success(ard_context_memory(context, &before, NULL));
    assert_int_equal(before, 0);
    assert_success(ard_matrix_create(context, 10, 25, &first));
    assert_success(ard_matrix_create(context, 1, 1, &second));
    assert_success(ard_context_memory(context, &now, &peak));
    assert_int_equal(now, 1004);
    assert_int_equal(peak, 1004);
    ard_matrix_destroy(&first);
    assert_success(ard_context_finish(context));
    assert_success(ard_context_memory(context, &now, &peak));
    assert_int_equal(now, 4);
    assert_int_equal(peak, 1004);
    assert_invalid(ard_context_memory(NULL, &now, &peak));
    ard_context_destroy(context);
    ard_matrix_destroy(&second); /* a buffer may outlive its context */
}

int main(void)
{
    unsetenv("ARD_CL_DIR");
    unsetenv("ARD_CACHE");
    unsetenv("ARD_ENGINE");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clblast_parameters_option), /* before any override */
        cmocka_unit_test(test_default),
        cmocka_unit_test(test_selectors),
        cmocka_unit_test(test_null),
        cmocka_unit_test(test_profiling),
        cmocka_unit_test(test_environment),
        cmocka_unit_test(test_kernel_folder),
        cmocka_unit_test(test_cache_variable),
        cmocka_unit_test(test_engine_variable),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
