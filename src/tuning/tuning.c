/* SPDX-License-Identifier: Apache-2.0 */
#include "tuning/tuning_internal.h"

#include <string.h>
#include <zlib.h>

#include "core/integers.h"
#include "core/status_internal.h"

const char *ard__engine_name(ard_engine engine)
{
    return engine == ARD_ENGINE_PACKED ? "packed" : "clblast";
}

/* Whether a name is printable, with its end inside. */
static bool is_text(const char name[ARD_TUNING_NAME])
{
    for (size_t i = 0; i < ARD_TUNING_NAME; ++i) {
        if (name[i] == '\0') {
            return true;
        }
        if (name[i] < ' ' || name[i] > '~') {
            return false;
        }
    }
    return false;
}

static ard_status check_number(const char *name, size_t value, size_t least, size_t most)
{
    ARD__CHECK(value >= least && value <= most, "%s is %zu, expected %zu to %zu", name, value,
               least, most);
    return ARD_STATUS_SUCCESS;
}

static ard_status check_packed(const ard_packed_parameters *packed)
{
    ARD__CHECK(packed->vector_width == 4 || packed->vector_width == 8 || packed->vector_width == 16,
               "packed.vector_width is %u, expected 4, 8 or 16", packed->vector_width);
    ARD_TRY(check_number("packed.vectors", packed->vectors, 1, ARD__TUNING_MOST_VECTORS));
    ARD_TRY(check_number("packed.rows", packed->rows, 1, ARD__TUNING_MOST_ROWS));
    ARD_TRY(check_number("packed.depth", packed->depth, ARD__TUNING_LEAST_DEPTH,
                         ARD__TUNING_MOST_DEPTH));
    ARD__CHECK(packed->depth % packed->vector_width == 0,
               "packed.depth is %u, expected a multiple of packed.vector_width, %u", packed->depth,
               packed->vector_width);
    return ARD_STATUS_SUCCESS;
}

static ard_status check_kernel(const ard_clblast_kernel *kernel, size_t index)
{
    ARD__CHECK(is_text(kernel->name) && kernel->name[0] != '\0',
               "clblast.kernels[%zu].name is empty, too long or not of printable characters",
               index);
    ARD__CHECK(kernel->count >= 1 && kernel->count <= ARD_TUNING_MAX_PARAMETERS,
               "clblast.kernels[%zu].parameters has %zu entries, expected 1 to %d", index,
               kernel->count, ARD_TUNING_MAX_PARAMETERS);
    for (size_t i = 0; i < kernel->count; ++i) {
        const char *name = kernel->parameters[i];
        ARD__CHECK(is_text(name) && name[0] != '\0',
                   "clblast.kernels[%zu].parameters has a name that is empty, too long or not of "
                   "printable characters",
                   index);
        ARD__CHECK(kernel->values[i] <= ARD__TUNING_MOST_VALUE,
                   "clblast.kernels[%zu].parameters.%s is %zu, expected 0 to %d", index, name,
                   kernel->values[i], ARD__TUNING_MOST_VALUE);
        for (size_t j = 0; j < i; ++j) {
            ARD__CHECK(strcmp(kernel->parameters[j], name) != 0,
                       "clblast.kernels[%zu].parameters.%s is there twice", index, name);
        }
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status check_clblast(const ard_tuning *tuning)
{
    ARD__CHECK(tuning->clblast_count <= ARD_TUNING_MAX_KERNELS,
               "clblast.kernels has %zu entries, expected %d at most", tuning->clblast_count,
               ARD_TUNING_MAX_KERNELS);
    for (size_t i = 0; i < tuning->clblast_count; ++i) {
        ARD_TRY(check_kernel(&tuning->clblast[i], i));
        for (size_t j = 0; j < i; ++j) {
            ARD__CHECK(strcmp(tuning->clblast[j].name, tuning->clblast[i].name) != 0,
                       "clblast.kernels has %s twice", tuning->clblast[i].name);
        }
    }
    return ARD_STATUS_SUCCESS;
}

static bool is_engine(ard_engine engine)
{
    return engine == ARD_ENGINE_CLBLAST || engine == ARD_ENGINE_PACKED;
}

static ard_status check_choices(const ard_tuning *tuning)
{
    ARD__CHECK(tuning->choice_count <= ARD_TUNING_MAX_CHOICES,
               "choices has %zu entries, expected %d at most", tuning->choice_count,
               ARD_TUNING_MAX_CHOICES);
    for (size_t i = 0; i < tuning->choice_count; ++i) {
        const ard_engine_choice *choice = &tuning->choices[i];
        const size_t sizes[3] = {choice->m, choice->n, choice->k};
        for (size_t j = 0; j < 3; ++j) {
            ARD__CHECK(sizes[j] >= 1 && sizes[j] <= ARD__TUNING_MOST_VALUE,
                       "choices[%zu].%c is %zu, expected 1 to %d", i, "mnk"[j], sizes[j],
                       ARD__TUNING_MOST_VALUE);
        }
        ARD__CHECK(is_engine(choice->engine),
                   "choices[%zu].engine is %d, expected packed (1) or clblast (0)", i,
                   (int)choice->engine);
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard__tuning_check(const ard_tuning *tuning)
{
    ARD__CHECK(is_text(tuning->name), "name is longer than %d bytes or not of printable characters",
               ARD_TUNING_NAME - 1);
    ARD__CHECK(is_engine(tuning->engine), "engine is %d, expected packed (1) or clblast (0)",
               (int)tuning->engine);
    ARD_TRY(check_packed(&tuning->packed));
    ARD_TRY(check_clblast(tuning));
    return check_choices(tuning);
}

bool ard__tuning_names_engine(const ard_tuning *tuning, ard_engine engine)
{
    for (size_t i = 0; i < tuning->choice_count; ++i) {
        if (tuning->choices[i].engine == engine) {
            return true;
        }
    }
    return tuning->choice_count == 0 && tuning->engine == engine;
}

/* The larger of a / b and b / a. */
static double ratio(size_t a, size_t b)
{
    return (double)ard__larger(a, b) / (double)ard__larger(ard__smaller(a, b), 1);
}

ard_engine ard_tuning_engine(const ard_tuning *tuning, size_t m, size_t n, size_t k,
                             bool a_transposed, bool b_transposed)
{
    if (tuning == NULL) {
        return ARD_ENGINE_CLBLAST;
    }
    const ard_engine_choice *nearest = NULL;
    bool nearest_alike = false;
    double nearest_distance = 0.0;
    for (size_t i = 0; i < tuning->choice_count; ++i) {
        const ard_engine_choice *choice = &tuning->choices[i];
        const bool alike =
            choice->a_transposed == a_transposed && choice->b_transposed == b_transposed;
        /* The sum of the logarithms grows with the product of the ratios. */
        const double distance = ratio(m, choice->m) * ratio(n, choice->n) * ratio(k, choice->k);
        if (nearest == NULL || (alike && !nearest_alike) ||
            (alike == nearest_alike && distance < nearest_distance)) {
            nearest = choice;
            nearest_alike = alike;
            nearest_distance = distance;
        }
    }
    return nearest != NULL ? nearest->engine : tuning->engine;
}

static uint32_t add_number(uint32_t check, uint64_t value)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < sizeof bytes; ++i) {
        bytes[i] = (unsigned char)(value >> (8 * i));
    }
    return (uint32_t)crc32_z(check, bytes, sizeof bytes);
}

static uint32_t add_text(uint32_t check, const char *text)
{
    return (uint32_t)crc32_z(check, (const unsigned char *)text, strlen(text) + 1);
}

static uint32_t add_kernels(uint32_t check, const ard_clblast_kernel *kernels, size_t count)
{
    check = add_number(check, count);
    for (size_t i = 0; i < count; ++i) {
        check = add_text(check, kernels[i].name);
        check = add_number(check, kernels[i].count);
        for (size_t j = 0; j < kernels[i].count; ++j) {
            check = add_number(add_text(check, kernels[i].parameters[j]), kernels[i].values[j]);
        }
    }
    return check;
}

uint32_t ard__clblast_checksum(const ard_clblast_kernel *kernels, size_t count)
{
    return add_kernels(0, kernels, count);
}

uint32_t ard__tuning_checksum(const ard_tuning *tuning)
{
    const ard_packed_parameters *packed = &tuning->packed;
    const uint64_t numbers[] = {packed->vector_width, packed->vectors,         packed->rows,
                                packed->depth,        tuning->strided_batched, tuning->engine,
                                tuning->choice_count};
    uint32_t check = 0;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; ++i) {
        check = add_number(check, numbers[i]);
    }
    for (size_t i = 0; i < tuning->choice_count; ++i) {
        const ard_engine_choice *choice = &tuning->choices[i];
        check = add_number(add_number(add_number(check, choice->m), choice->n), choice->k);
        check = add_number(check, choice->a_transposed * 4u + choice->b_transposed * 2u +
                                      (choice->engine == ARD_ENGINE_PACKED));
    }
    return add_kernels(check, tuning->clblast, tuning->clblast_count);
}

bool ard__clblast_kernel_equal(const ard_clblast_kernel *a, const ard_clblast_kernel *b)
{
    if (strcmp(a->name, b->name) != 0 || a->count != b->count) {
        return false;
    }
    for (size_t i = 0; i < a->count; ++i) {
        if (strcmp(a->parameters[i], b->parameters[i]) != 0 || a->values[i] != b->values[i]) {
            return false;
        }
    }
    return true;
}
