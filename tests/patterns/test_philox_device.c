/* SPDX-License-Identifier: Apache-2.0 */
/* cl/philox.cl gives the same words as the host, on the first device that OpenCL offers. */
#include <ard/sampler.h>

#include "device/kernel_sources.h"

#include <CL/cl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const uint64_t SEED = 0x0123456789ABCDEF;
static const uint64_t STEP = 0xFEDCBA9876543210;
enum { COUNT = 4096, PURPOSES = 6 };

/* Block i: the draw with index i, layer and purpose that follow from i; the purposes by their
 * macros. */
static const char KERNEL[] =
    "\n__kernel void draw(ulong seed, ulong step, __global uint4 *words)\n"
    "{\n"
    "    const uint purposes[6] = {ARD_PURPOSE_PERIOD, ARD_PURPOSE_OFFSET, ARD_PURPOSE_RESIDUES,\n"
    "                              ARD_PURPOSE_MASK, ARD_PURPOSE_INITIALISATION,\n"
    "                              ARD_PURPOSE_DATA_ORDER};\n"
    "    const uint i = (uint)get_global_id(0);\n"
    "    words[i] = ard_draw_words(seed, purposes[i % 6], i * 4099u, step + i, i);\n"
    "}\n"
    "__kernel void philox(__global const uint *in, __global uint4 *words)\n"
    "{\n"
    "    const uint i = (uint)get_global_id(0);\n"
    "    words[i] = ard_philox4x32(vload4(0, in + 6 * i), vload2(0, in + 6 * i + 4));\n"
    "}\n";

typedef struct device_program {
    cl_context context;
    cl_command_queue queue;
    cl_program program;
} device_program;

static const char *philox_source(void)
{
    for (size_t i = 0; i < ard__kernel_source_count; i++) {
        if (strcmp(ard__kernel_sources[i].name, "philox.cl") == 0) {
            return ard__kernel_sources[i].text;
        }
    }
    fail_msg("philox.cl is not embedded");
    return NULL;
}

static int open_device(void **state)
{
    static device_program opened;
    cl_platform_id platform = NULL;
    cl_device_id device = NULL;
    cl_int code = clGetPlatformIDs(1, &platform, NULL);
    assert_int_equal(code, CL_SUCCESS);
    assert_int_equal(clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 1, &device, NULL), CL_SUCCESS);
    opened.context = clCreateContext(NULL, 1, &device, NULL, NULL, &code);
    assert_int_equal(code, CL_SUCCESS);
    opened.queue = clCreateCommandQueue(opened.context, device, 0, &code);
    assert_int_equal(code, CL_SUCCESS);
    const char *sources[] = {philox_source(), KERNEL};
    opened.program = clCreateProgramWithSource(opened.context, 2, sources, NULL, &code);
    assert_int_equal(code, CL_SUCCESS);
    code = clBuildProgram(opened.program, 1, &device, "-cl-std=CL1.2", NULL, NULL);
    if (code != CL_SUCCESS) {
        char log[4096] = "";
        clGetProgramBuildInfo(opened.program, device, CL_PROGRAM_BUILD_LOG, sizeof log - 1, log,
                              NULL);
        fail_msg("philox.cl does not build (%d): %s", code, log);
    }
    *state = &opened;
    return 0;
}

static int close_device(void **state)
{
    const device_program *opened = *state;
    clReleaseProgram(opened->program);
    clReleaseCommandQueue(opened->queue);
    clReleaseContext(opened->context);
    return 0;
}

/* Runs `count` work-items of a kernel whose last argument, at `output_index`, gets four words each.
 */
static void run_kernel(const device_program *opened, cl_kernel kernel, cl_uint output_index,
                       size_t count, uint32_t *words)
{
    cl_int code = CL_SUCCESS;
    const size_t bytes = count * 4 * sizeof *words;
    cl_mem output = clCreateBuffer(opened->context, CL_MEM_WRITE_ONLY, bytes, NULL, &code);
    assert_int_equal(code, CL_SUCCESS);
    assert_int_equal(clSetKernelArg(kernel, output_index, sizeof output, &output), CL_SUCCESS);
    code = clEnqueueNDRangeKernel(opened->queue, kernel, 1, NULL, &count, NULL, 0, NULL, NULL);
    assert_int_equal(code, CL_SUCCESS);
    code = clEnqueueReadBuffer(opened->queue, output, CL_TRUE, 0, bytes, words, 0, NULL, NULL);
    assert_int_equal(code, CL_SUCCESS);
    clReleaseMemObject(output);
    clReleaseKernel(kernel);
}

static void test_draws_match_the_host(void **state)
{
    const device_program *opened = *state;
    static uint32_t words[COUNT][4];
    cl_int code = CL_SUCCESS;
    cl_kernel kernel = clCreateKernel(opened->program, "draw", &code);
    assert_int_equal(code, CL_SUCCESS);
    assert_int_equal(clSetKernelArg(kernel, 0, sizeof SEED, &SEED), CL_SUCCESS);
    assert_int_equal(clSetKernelArg(kernel, 1, sizeof STEP, &STEP), CL_SUCCESS);
    run_kernel(opened, kernel, 2, COUNT, words[0]);
    for (uint32_t i = 0; i < COUNT; i++) {
        /* The host's layers stay below 2^24; the device cuts what does not fit in the same way. */
        const ard_draw draw = {.seed = SEED,
                               .step = STEP + i,
                               .layer = (i * 4099U) & 0xFFFFFF,
                               .purpose = (ard_purpose)(i % PURPOSES),
                               .index = i};
        uint32_t expected[4];
        ard_draw_words(&draw, expected);
        assert_memory_equal(words[i], expected, sizeof expected);
    }
}

static void test_blocks_match_the_host(void **state)
{
    const device_program *opened = *state;
    static uint32_t inputs[COUNT][6];
    static uint32_t words[COUNT][4];
    for (uint32_t i = 2; i < COUNT; i++) {
        uint32_t random[8];
        ard_draw_words(&(ard_draw){.seed = SEED, .index = 2 * i}, random);
        ard_draw_words(&(ard_draw){.seed = SEED, .index = 2 * i + 1}, random + 4);
        memcpy(inputs[i], random, sizeof inputs[i]);
    }
    memset(inputs[1], 0xFF, sizeof inputs[1]);
    cl_int code = CL_SUCCESS;
    cl_mem input = clCreateBuffer(opened->context, CL_MEM_READ_ONLY | CL_MEM_COPY_HOST_PTR,
                                  sizeof inputs, inputs, &code);
    assert_int_equal(code, CL_SUCCESS);
    cl_kernel kernel = clCreateKernel(opened->program, "philox", &code);
    assert_int_equal(code, CL_SUCCESS);
    assert_int_equal(clSetKernelArg(kernel, 0, sizeof input, &input), CL_SUCCESS);
    run_kernel(opened, kernel, 1, COUNT, words[0]);
    clReleaseMemObject(input);
    for (uint32_t i = 0; i < COUNT; i++) {
        uint32_t expected[4];
        ard_philox4x32(inputs[i], inputs[i] + 4, expected);
        assert_memory_equal(words[i], expected, sizeof expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_draws_match_the_host),
        cmocka_unit_test(test_blocks_match_the_host),
    };
    return cmocka_run_group_tests(tests, open_device, close_device);
}
