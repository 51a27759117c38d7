/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/tuning.h>

#include <stdio.h>
#include <string.h>

#include "core/status_internal.h"
#include "tuning/tuning_internal.h"
#include "tuning/tuning_json.h"
#include "tuning/tuning_texts.h"

/* Where no file of tuning/ serves, by the width of the device's vectors. Sums and operands fill the
 * registers: 24 + 3 of the 32 of AVX-512, 12 + 3 of the 16 of AVX2 or SSE and of the 32 of NEON. A
 * panel is 32 KiB at most, the size of a first-level cache and the local memory that every device
 * has. */
static const struct {
    const char *name;
    ard_packed_parameters packed;
} defaults[] = {
    {"default-16", {.vector_width = 16, .vectors = 2, .rows = 12, .depth = 256}},
    {"default-8", {.vector_width = 8, .vectors = 2, .rows = 6, .depth = 256}},
    {"default-4", {.vector_width = 4, .vectors = 2, .rows = 6, .depth = 256}},
};

enum { DEFAULTS = sizeof defaults / sizeof defaults[0], CPU_KERNELS = 2 };

/* CLBlast's own parameters give 10 to 15 GFLOP/s where these give 55 to 105 (two cores of an AMD
 * EPYC). The indirect kernel serves every size: its threshold is as low as it goes. */
static const ard_clblast_kernel cpu_kernels[CPU_KERNELS] = {
    {.name = "GemmRoutine", .count = 1, .parameters = {"XGEMM_MIN_INDIRECT_SIZE"}, .values = {1}},
    {.name = "Xgemm",
     .count = 16,
     .parameters = {"GEMMK", "KREG", "KWG", "KWI", "MDIMA", "MDIMC", "MWG", "NDIMB", "NDIMC", "NWG",
                    "SA", "SB", "STRM", "STRN", "VWM", "VWN"},
     .values = {0, 1, 32, 2, 4, 4, 64, 4, 4, 64, 0, 0, 0, 0, 8, 8}},
};

static void make_default(ard_device_type type, size_t vector_width, ard_tuning *tuning)
{
    /* A CPU with a native width of 1 runs work-items in the lanes of its vectors, as a GPU does. */
    const bool cpu = type == ARD_DEVICE_CPU && vector_width > 1;
    size_t at = 0;
    while (at + 1 < DEFAULTS && defaults[at].packed.vector_width > vector_width) {
        ++at;
    }
    *tuning = (ard_tuning){.packed = defaults[at].packed,
                           .strided_batched = !cpu,
                           .clblast_count = cpu ? CPU_KERNELS : 0,
                           .engine = cpu ? ARD_ENGINE_PACKED : ARD_ENGINE_CLBLAST};
    snprintf(tuning->name, sizeof tuning->name, "%s", defaults[at].name);
    memcpy(tuning->clblast, cpu_kernels, cpu ? sizeof cpu_kernels : 0);
}

ard_status ard__tuning_shipped_for(const char *platform, ard_device_type type, size_t vector_width,
                                   ard_tuning *tuning)
{
    for (size_t i = 0; i < ard__tuning_text_count; ++i) {
        const ard__tuning_text *file = &ard__tuning_texts[i];
        ard__tuning_document document;
        ard__tuning_serves serves;
        ARD_TRY(ard__tuning_parse(file->name, file->text, file->length, &document, &serves));
        if (strstr(platform, serves.platform) != NULL && serves.type == type &&
            serves.vector_width == vector_width) {
            *tuning = document.tuning;
            return ARD_STATUS_SUCCESS;
        }
    }
    make_default(type, vector_width, tuning);
    return ARD_STATUS_SUCCESS;
}

ard_status ard_tuning_shipped(const ard_device_info *device, ard_tuning *tuning)
{
    ARD__CHECK(device != NULL && device->handle != NULL && tuning != NULL,
               "ard_tuning_shipped: an argument or the device's handle is NULL");
    cl_uint width = 0;
    const cl_int code = clGetDeviceInfo(device->handle, CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT,
                                        sizeof width, &width, NULL);
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clGetDeviceInfo");
    }
    return ard__tuning_shipped_for(device->platform, device->type, width, tuning);
}
