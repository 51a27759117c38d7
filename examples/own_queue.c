/* SPDX-License-Identifier: Apache-2.0 */
/* A layer with dropped neurons between two kernels of the application's, in its own queues and in
 * one buffer of its own that holds all matrices. Events order the work; nothing waits but the end,
 * and libard finishes nothing behind the application's back. */
#include <ard/ard.h>
#include <math.h>
#include <stdio.h>

enum { BATCH = 33, IN = 96, OUT = 130, PERIOD = 3, OFFSET = 2, KEPT = 43 };

/* Where the matrices lie in the buffer, in floats; rows of the input are 100 apart. */
enum { SRC = 64, SRC_LD = 100, WEIGHTS = SRC + BATCH * SRC_LD, DST = WEIGHTS + OUT * IN };
enum { SUMS = DST + BATCH * KEPT, ALL = SUMS + BATCH };

static const char *source =
    "kernel void fill(global float *x) { size_t i = get_global_id(0);\n"
    "    x[i] = (float)(i * 37 % 101) / 101.0f - 0.5f; }\n"
    "kernel void add_up(global float *x, int4 at) { size_t row = get_global_id(0);\n"
    "    float sum = 0.0f;\n"
    "    for (int j = 0; j < at.y; ++j) sum += x[at.x + row * at.y + j];\n"
    "    x[at.z + row] = sum; }\n";

static cl_context context;
static cl_command_queue first, second;
static cl_program program;
static cl_kernel fill, add_up;
static cl_mem buffer;
static cl_event start, layer_done, summed;
static float x[ALL];

/* What an application has before it meets libard, on the device that ARD_DEVICE names. */
static int create(void)
{
    static const cl_int at[4] = {DST, KEPT, SUMS, 0};
    ard_device_info device;
    if (ard_device_find(NULL, &device)) {
        return 1;
    }
    context = clCreateContext(NULL, 1, &device.handle, NULL, NULL, NULL);
    first = clCreateCommandQueue(context, device.handle, 0, NULL);
    second = clCreateCommandQueue(context, device.handle, 0, NULL);
    buffer = clCreateBuffer(context, CL_MEM_READ_WRITE, sizeof x, NULL, NULL);
    start = clCreateUserEvent(context, NULL);
    program = clCreateProgramWithSource(context, 1, &source, NULL, NULL);
    if (clBuildProgram(program, 1, &device.handle, "", NULL, NULL)) {
        return 1;
    }
    fill = clCreateKernel(program, "fill", NULL);
    add_up = clCreateKernel(program, "add_up", NULL);
    return clSetKernelArg(fill, 0, sizeof buffer, &buffer) ||
           clSetKernelArg(add_up, 0, sizeof buffer, &buffer) ||
           clSetKernelArg(add_up, 1, sizeof at, at);
}

/* Kernel, layer, kernel; the last in a queue of its own, which only an event connects. */
static int enqueue(ard_context *ard)
{
    const size_t all = SUMS, rows = BATCH;
    const ard_matrix src = {buffer, SRC, SRC_LD}, weights = {buffer, WEIGHTS, IN};
    const ard_matrix dst = {buffer, DST, KEPT};
    ard_linear layer = ard_linear_init(BATCH, IN, OUT);
    layer.activation = ARD_ACTIVATION_RELU;
    layer.scale = (float)PERIOD;
    return ard_pattern_row(PERIOD, OFFSET, &layer.out_pattern) ||
           clEnqueueNDRangeKernel(first, fill, 1, NULL, &all, NULL, 1, &start, NULL) ||
           ard_linear_forward(ard, &layer, &src, &weights, NULL, &dst, &layer_done) ||
           clEnqueueNDRangeKernel(second, add_up, 1, NULL, &rows, NULL, 1, &layer_done, &summed);
}

/* What a row adds up to, by the definition. */
static double expected(size_t row)
{
    double sum = 0.0;
    for (size_t o = OFFSET; o < OUT; o += PERIOD) {
        double y = 0.0;
        for (size_t i = 0; i < IN; ++i) {
            y += (double)x[SRC + row * SRC_LD + i] * (double)x[WEIGHTS + o * IN + i];
        }
        sum += y > 0.0 ? (double)PERIOD * y : 0.0;
    }
    return sum;
}

/* Nothing can have run when the calls are back. Now it may; waits and compares. */
static int finish(void)
{
    cl_int status = CL_COMPLETE;
    double error = 0.0;
    if (clGetEventInfo(layer_done, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof status, &status,
                       NULL)) {
        return 1;
    }
    printf("enqueued; the layer is %s\n", status == CL_COMPLETE ? "done already" : "not done yet");
    if (clSetUserEventStatus(start, CL_COMPLETE) || clFlush(first) ||
        clEnqueueReadBuffer(second, buffer, CL_TRUE, 0, sizeof x, x, 1, &summed, NULL)) {
        return 1;
    }
    for (size_t row = 0; row < BATCH; ++row) {
        error = fmax(error, fabs(x[SUMS + row] / expected(row) - 1.0));
    }
    printf("%d of %d neurons kept; row 0 adds up to %.3f; the sums are %s\n", KEPT, OUT,
           (double)x[SUMS], error < 1e-4 ? "right" : "WRONG");
    return status == CL_COMPLETE || !(error < 1e-4);
}

int main(void)
{
    ard_context *ard = NULL;
    const int failed =
        create() || ard_context_create_from_queue(first, NULL, &ard) || enqueue(ard) || finish();
    if (failed) {
        const char *detail = ard_detail();        /* empty where it was not libard that failed */
        clSetUserEventStatus(start, CL_COMPLETE); /* what waits for it would wait for ever */
        fprintf(stderr, "failed: %s\n", detail[0] != '\0' ? detail : "OpenCL, or a wrong sum");
    }
    ard_context_destroy(ard); /* the queues and the rest end with the program */
    return failed;
}
