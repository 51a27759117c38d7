/* SPDX-License-Identifier: Apache-2.0 */
#include <clblast_c.h>
#include <limits.h>
#include <string.h>

#include "core/status_internal.h"
#include "support/unit.h"

static void test_opencl_names(void **state)
{
    (void)state;
    /* Against the header's own constants, where the library has numbers. */
#define EXPECT_NAME(code) assert_string_equal(ard_opencl_error_name(code), #code)
    EXPECT_NAME(CL_SUCCESS);
    EXPECT_NAME(CL_DEVICE_NOT_FOUND);
    EXPECT_NAME(CL_MEM_OBJECT_ALLOCATION_FAILURE);
    EXPECT_NAME(CL_OUT_OF_RESOURCES);
    EXPECT_NAME(CL_OUT_OF_HOST_MEMORY);
    EXPECT_NAME(CL_BUILD_PROGRAM_FAILURE);
    EXPECT_NAME(CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST);
    EXPECT_NAME(CL_COMPILE_PROGRAM_FAILURE);
    EXPECT_NAME(CL_KERNEL_ARG_INFO_NOT_AVAILABLE);
    EXPECT_NAME(CL_INVALID_VALUE);
    EXPECT_NAME(CL_INVALID_COMMAND_QUEUE);
    EXPECT_NAME(CL_INVALID_KERNEL_ARGS);
    EXPECT_NAME(CL_INVALID_WORK_GROUP_SIZE);
    EXPECT_NAME(CL_INVALID_BUFFER_SIZE);
    EXPECT_NAME(CL_INVALID_GLOBAL_WORK_SIZE);
    EXPECT_NAME(CL_INVALID_DEVICE_PARTITION_COUNT);
#undef EXPECT_NAME
    assert_string_equal(ard_opencl_error_name(-72), "CL_MAX_SIZE_RESTRICTION_EXCEEDED");
    assert_string_equal(ard_opencl_error_name(-1001), "CL_PLATFORM_NOT_FOUND_KHR");
}

static void test_clblast_names(void **state)
{
    (void)state;
#define EXPECT_NAME(code) assert_string_equal(ard_clblast_error_name(code), #code)
    EXPECT_NAME(CLBlastSuccess);
    EXPECT_NAME(CLBlastOpenCLOutOfHostMemory);
    EXPECT_NAME(CLBlastInvalidLeadDimA);
    EXPECT_NAME(CLBlastInsufficientMemoryTemp);
    EXPECT_NAME(CLBlastUnexpectedError);
#undef EXPECT_NAME
}

static void test_unknown_codes(void **state)
{
    (void)state;
    const int codes[] = {1, -20, -29, -73, -1000, -9999, INT_MAX, INT_MIN};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; ++i) {
        assert_string_equal(ard_opencl_error_name(codes[i]), "CL_UNKNOWN");
        assert_string_equal(ard_clblast_error_name(codes[i]), "CLBlastUnknown");
    }
}

/* No code of the ranges in use is without the prefix, and no two codes share a name. */
static void test_names_are_distinct(void **state)
{
    (void)state;
    for (int code = -80; code <= 0; ++code) {
        const char *name = ard_opencl_error_name(code);
        assert_memory_equal(name, "CL_", 3);
        for (int other = -80; other < code; ++other) {
            if (strcmp(name, "CL_UNKNOWN") != 0) {
                assert_string_not_equal(name, ard_opencl_error_name(other));
            }
        }
    }
}

static void test_fail_opencl(void **state)
{
    (void)state;
    assert_int_equal(ard__fail_opencl(CL_INVALID_KERNEL, "clSetKernelArg"), ARD_STATUS_OPENCL);
    assert_string_equal(ard_detail(), "clSetKernelArg returned CL_INVALID_KERNEL (-48)");
    assert_int_equal(ard__fail_opencl(CL_MEM_OBJECT_ALLOCATION_FAILURE, "clCreateBuffer"),
                     ARD_STATUS_DEVICE_OUT_OF_MEMORY);
    assert_string_equal(ard_detail(),
                        "clCreateBuffer returned CL_MEM_OBJECT_ALLOCATION_FAILURE (-4)");
    assert_int_equal(ard__fail_opencl(CL_OUT_OF_HOST_MEMORY, "clFinish"), ARD_STATUS_OUT_OF_MEMORY);
    assert_int_equal(ard__fail_opencl(-4321, "clFinish"), ARD_STATUS_OPENCL);
    assert_string_equal(ard_detail(), "clFinish returned CL_UNKNOWN (-4321)");
}

static void test_fail_clblast(void **state)
{
    (void)state;
    assert_int_equal(ard__fail_clblast(CLBlastInvalidLeadDimB, "CLBlastSgemm"), ARD_STATUS_CLBLAST);
    assert_string_equal(ard_detail(), "CLBlastSgemm returned CLBlastInvalidLeadDimB (-1015)");
    assert_int_equal(ard__fail_clblast(CLBlastTempBufferAllocFailure, "CLBlastSgemm"),
                     ARD_STATUS_DEVICE_OUT_OF_MEMORY);
    assert_int_equal(ard__fail_clblast(CLBlastOpenCLOutOfHostMemory, "CLBlastSgemm"),
                     ARD_STATUS_OUT_OF_MEMORY);
    /* A code of OpenCL that CLBlast has no name for. */
    assert_int_equal(ard__fail_clblast(CL_INVALID_CONTEXT, "CLBlastSgemm"), ARD_STATUS_CLBLAST);
    assert_string_equal(ard_detail(), "CLBlastSgemm returned CL_INVALID_CONTEXT (-34)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_opencl_names),  cmocka_unit_test(test_clblast_names),
        cmocka_unit_test(test_unknown_codes), cmocka_unit_test(test_names_are_distinct),
        cmocka_unit_test(test_fail_opencl),   cmocka_unit_test(test_fail_clblast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
