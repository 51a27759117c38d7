/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/clblast_parameters.h"

/* Measured on PoCL 3.1 (LLVM 14), AMD EPYC (Zen 4), 2 cores, CLBlast 1.5.3, November 2026, on the
 * products of a batch of 128 with layers of 512 to 2048: 55 to 105 GFLOP/s where CLBlast's own
 * parameters give 10 to 15. The indirect kernel serves every size: its threshold is as low as it
 * goes. */
static const ard__clblast_parameters cpu_parameters = {
    .name = "cpu-1",
    .strided_batched = false,
    .count = 2,
    .kernels = {
        {.kernel = "GemmRoutine", .count = 1, .names = {"XGEMM_MIN_INDIRECT_SIZE"}, .values = {1}},
        {.kernel = "Xgemm",
         .count = 16,
         .names = {"GEMMK", "KREG", "KWG", "KWI", "MDIMA", "MDIMC", "MWG", "NDIMB", "NDIMC", "NWG",
                   "SA", "SB", "STRM", "STRN", "VWM", "VWN"},
         .values = {0, 1, 32, 2, 4, 4, 64, 4, 4, 64, 0, 0, 0, 0, 8, 8}},
    }};

const ard__clblast_parameters *ard__clblast_parameters_for(const ard_device_info *device)
{
    return device->type == ARD_DEVICE_CPU ? &cpu_parameters : NULL;
}
