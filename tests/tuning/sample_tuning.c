/* SPDX-License-Identifier: Apache-2.0 */
#include "tuning/sample_tuning.h"

#include <stdio.h>
#include <string.h>

#include "support/unit.h"

ard_tuning sample_tuning(void)
{
    return (ard_tuning){
        .name = "sample",
        .packed = {.vector_width = 8, .vectors = 3, .rows = 5, .depth = 64},
        .strided_batched = true,
        .clblast_count = 2,
        .clblast = {{.name = "GemmRoutine",
                     .count = 1,
                     .parameters = {"XGEMM_MIN_INDIRECT_SIZE"},
                     .values = {1}},
                    {.name = "Xgemm",
                     .count = 16,
                     .parameters = {"GEMMK", "KREG", "KWG", "KWI", "MDIMA", "MDIMC", "MWG", "NDIMB",
                                    "NDIMC", "NWG", "SA", "SB", "STRM", "STRN", "VWM", "VWN"},
                     .values = {0, 1, 16, 2, 4, 4, 32, 4, 4, 32, 0, 0, 0, 0, 4, 4}}},
        .engine = ARD_ENGINE_PACKED,
        .choice_count = 3,
        .choices = {{128, 512, 784, false, true, ARD_ENGINE_PACKED},
                    {128, 512, 512, false, false, ARD_ENGINE_CLBLAST},
                    {64, 10, 512, false, true, ARD_ENGINE_CLBLAST}}};
}

ard_tuning sample_largest_tuning(void)
{
    ard_tuning tuning = {.packed = {.vector_width = 16, .vectors = 8, .rows = 32, .depth = 4096},
                         .clblast_count = ARD_TUNING_MAX_KERNELS,
                         .engine = ARD_ENGINE_CLBLAST,
                         .choice_count = ARD_TUNING_MAX_CHOICES};
    for (size_t i = 0; i < ARD_TUNING_MAX_KERNELS; ++i) {
        ard_clblast_kernel *kernel = &tuning.clblast[i];
        kernel->count = ARD_TUNING_MAX_PARAMETERS;
        snprintf(kernel->name, sizeof kernel->name, "%031zu", i);
        for (size_t j = 0; j < ARD_TUNING_MAX_PARAMETERS; ++j) {
            snprintf(kernel->parameters[j], sizeof kernel->parameters[j], "%031zu", j);
            kernel->values[j] = INT32_MAX;
        }
    }
    for (size_t i = 0; i < ARD_TUNING_MAX_CHOICES; ++i) {
        tuning.choices[i] = (ard_engine_choice){
            INT32_MAX - i, INT32_MAX, 1 + i, i % 2 != 0, i % 4 != 0, (ard_engine)(i % 3 == 0)};
    }
    return tuning;
}

ard_device_info sample_device(void)
{
    return (ard_device_info){.id = "0:0",
                             .name = "Quantum \"Abacus\" \\ 9\u00b5",
                             .platform = "Platform of the tests",
                             .driver = "7.1+test",
                             .type = ARD_DEVICE_GPU};
}

void assert_same_tuning(const ard_tuning *a, const ard_tuning *b)
{
    assert_memory_equal(&a->packed, &b->packed, sizeof a->packed);
    assert_int_equal(a->strided_batched, b->strided_batched);
    assert_int_equal(a->engine, b->engine);
    assert_int_equal(a->clblast_count, b->clblast_count);
    for (size_t i = 0; i < a->clblast_count; ++i) {
        const ard_clblast_kernel *x = &a->clblast[i];
        const ard_clblast_kernel *y = &b->clblast[i];
        assert_string_equal(x->name, y->name);
        assert_int_equal(x->count, y->count);
        for (size_t j = 0; j < x->count; ++j) {
            assert_string_equal(x->parameters[j], y->parameters[j]);
            assert_int_equal(x->values[j], y->values[j]);
        }
    }
    assert_int_equal(a->choice_count, b->choice_count);
    for (size_t i = 0; i < a->choice_count; ++i) {
        const ard_engine_choice *x = &a->choices[i];
        const ard_engine_choice *y = &b->choices[i];
        assert_true(x->m == y->m && x->n == y->n && x->k == y->k && x->engine == y->engine &&
                    x->a_transposed == y->a_transposed && x->b_transposed == y->b_transposed);
    }
}
