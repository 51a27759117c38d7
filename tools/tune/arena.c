/* SPDX-License-Identifier: Apache-2.0 */
#include "arena.h"

#include <math.h>
#include <stdlib.h>

#include "input_random.h"
#include "timing.h"
#include "verify.h"

/* Vectors of the registers where there are few, and where there are many. */
enum { FEW_REGISTERS = 16, MANY_REGISTERS = 32 };

static ard_status device_value(const ard_device_info *device, cl_device_info what, size_t size,
                               void *value, cl_int *code)
{
    *code = clGetDeviceInfo(device->handle, what, size, value, NULL);
    return *code == CL_SUCCESS ? ARD_STATUS_SUCCESS : ARD_STATUS_OPENCL;
}

ard_status arena_limits(const ard_device_info *device, tune_limits *limits)
{
    cl_uint width = 0;
    cl_ulong local = 0;
    size_t group = 0;
    cl_int code = CL_SUCCESS;
    if (device_value(device, CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT, sizeof width, &width, &code) !=
            ARD_STATUS_SUCCESS ||
        device_value(device, CL_DEVICE_LOCAL_MEM_SIZE, sizeof local, &local, &code) !=
            ARD_STATUS_SUCCESS ||
        device_value(device, CL_DEVICE_MAX_WORK_GROUP_SIZE, sizeof group, &group, &code) !=
            ARD_STATUS_SUCCESS) {
        return ARD_STATUS_OPENCL;
    }
    limits->vector_width = width >= 16 ? 16 : width >= 8 ? 8 : 4;
    /* AVX-512 and NEON have 32, AVX2 has 16. */
    limits->registers = limits->vector_width == 8 ? FEW_REGISTERS : MANY_REGISTERS;
    limits->local_memory = (size_t)local;
    limits->group_size = group;
    return ARD_STATUS_SUCCESS;
}

static void raise(size_t *most, size_t value)
{
    *most = value > *most ? value : *most;
}

static void widen(tune_arena *arena, const tune_shape *shape)
{
    raise(&arena->a_room, shape->m * shape->k);
    raise(&arena->b_room, shape->k * shape->n);
    raise(&arena->c_room, shape->m * shape->n);
}

static bench_outcome fill_host(tune_arena *arena)
{
    arena->a_values = input_random(arena->seed, INPUT_STREAM, arena->a_room);
    arena->b_values = input_random(arena->seed, INPUT_STREAM + 1, arena->b_room);
    arena->got = calloc(arena->c_room, sizeof *arena->got);
    arena->poison = calloc(arena->c_room, sizeof *arena->poison);
    if (arena->a_values == NULL || arena->b_values == NULL || arena->got == NULL ||
        arena->poison == NULL) {
        return BENCH_NO_MEMORY;
    }
    for (size_t i = 0; i < arena->c_room; i++) {
        arena->poison[i] = NAN;
    }
    return BENCH_DONE;
}

static ard_status fill_device(tune_arena *arena)
{
    ard_status status = ard_matrix_create(arena->home, 1, arena->a_room, &arena->a);
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_matrix_create(arena->home, 1, arena->b_room, &arena->b);
    }
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_matrix_create(arena->home, 1, arena->c_room, &arena->c);
    }
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_matrix_write(arena->home, 1, arena->a_room, arena->a_values, &arena->a);
    }
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_matrix_write(arena->home, 1, arena->b_room, arena->b_values, &arena->b);
    }
    return status;
}

/* The tuning with one engine for everything. */
static ard_tuning with_engine(const ard_tuning *tuning, ard_engine engine)
{
    ard_tuning forced = *tuning;
    forced.engine = engine;
    forced.choice_count = 0;
    return forced;
}

bench_outcome arena_create(const ard_device_info *device, const tune_shapes *shapes, uint64_t seed,
                           tune_arena *arena)
{
    *arena = (tune_arena){.device = *device, .seed = seed, .started = timing_now()};
    ard_tuning shipped;
    ard_status status = arena_limits(device, &arena->limits);
    for (size_t i = 0; i < shapes->count; i++) {
        widen(arena, &shapes->list[i]);
    }
    for (size_t i = 0; i < VERIFY_ODD_SHAPES; i++) {
        const tune_shape odd = verify_odd_shape(i);
        widen(arena, &odd);
    }
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_tuning_shipped(device, &shipped);
    }
    if (status == ARD_STATUS_SUCCESS) {
        /* Not CLBlast: its own parameters are to be measured before any are overridden. */
        shipped = with_engine(&shipped, ARD_ENGINE_PACKED);
        const ard_context_options options = {.tuning = &shipped};
        status = ard_context_create(device->id, &options, &arena->home);
    }
    const bench_outcome outcome = status == ARD_STATUS_SUCCESS ? fill_host(arena) : BENCH_FAILED;
    return outcome == BENCH_DONE ? measure_outcome(fill_device(arena)) : outcome;
}

void arena_destroy(tune_arena *arena)
{
    progress_finish(&arena->bar);
    ard_matrix_destroy(&arena->a);
    ard_matrix_destroy(&arena->b);
    ard_matrix_destroy(&arena->c);
    ard_context_destroy(arena->home);
    free(arena->a_values);
    free(arena->b_values);
    free(arena->got);
    free(arena->poison);
    *arena = (tune_arena){0};
}

ard_status arena_context(const tune_arena *arena, const ard_tuning *tuning, ard_engine engine,
                         ard_context **context)
{
    const ard_tuning forced = with_engine(tuning, engine);
    const ard_context_options options = {.tuning = &forced,
                                         .keep_clblast_parameters = forced.clblast_count == 0};
    return ard_context_create_from_queue(ard_context_queue(arena->home), &options, context);
}

ard_status arena_run(const tune_arena *arena, ard_context *context, const tune_shape *shape)
{
    ard_matrix a = arena->a;
    ard_matrix b = arena->b;
    ard_matrix c = arena->c;
    c.ld = shape->n;
    b.ld = shape->b_transposed ? shape->k : shape->n;
    if (shape->a_transposed) {
        const ard_linear layer = ard_linear_init(shape->k, shape->n, shape->m);
        a.ld = shape->m;
        return ard_linear_backward_weights(context, &layer, &a, &b, &c, NULL);
    }
    a.ld = shape->k;
    if (shape->b_transposed) {
        const ard_linear layer = ard_linear_init(shape->m, shape->k, shape->n);
        return ard_linear_forward(context, &layer, &a, &b, NULL, &c, NULL);
    }
    const ard_linear layer = ard_linear_init(shape->m, shape->n, shape->k);
    return ard_linear_backward_data(context, &layer, &a, &b, &c, NULL);
}

void arena_tick(tune_arena *arena, const char *note)
{
    const double elapsed = timing_now() - arena->started;
    const double total = (double)arena->bar.total;
    progress_update(&arena->bar, (uint64_t)(elapsed < total ? elapsed : total), note);
}
