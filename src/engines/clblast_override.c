/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/clblast_override.h"

#include <clblast_c.h>
#include <string.h>

#include "core/status_internal.h"
#include "tuning/tuning_internal.h"

enum { MAX_DEVICES = 64, MAX_KERNELS = 16 }; /* CLBlast has 16 kernels with parameters */

typedef struct overridden {
    cl_device_id device;
    size_t count;
    ard_clblast_kernel kernels[MAX_KERNELS];
} overridden;

/* The devices whose parameters were overridden. Guarded by the lock on CLBlast. */
static struct {
    overridden devices[MAX_DEVICES];
    size_t count;
} known;

static overridden *find_device(cl_device_id device)
{
    for (size_t i = 0; i < known.count; ++i) {
        if (known.devices[i].device == device) {
            return &known.devices[i];
        }
    }
    return NULL;
}

static ard_clblast_kernel *find_kernel(overridden *device, const char *name)
{
    for (size_t i = 0; i < device->count; ++i) {
        if (strcmp(device->kernels[i].name, name) == 0) {
            return &device->kernels[i];
        }
    }
    return NULL;
}

static ard_status call_clblast(cl_device_id device, const ard_clblast_kernel *kernel)
{
    const char *names[ARD_TUNING_MAX_PARAMETERS];
    for (size_t i = 0; i < kernel->count; ++i) {
        names[i] = kernel->parameters[i];
    }
    const CLBlastStatusCode code = CLBlastOverrideParameters(
        device, kernel->name, CLBlastPrecisionSingle, kernel->count, names, kernel->values);
    if (code != CLBlastSuccess) {
        ard__fail_clblast(code, "CLBlastOverrideParameters");
        return ard__fail(ARD_STATUS_CLBLAST, "the parameters of %s: %s", kernel->name,
                         ard_detail());
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status override_kernel(overridden *device, const ard_clblast_kernel *kernel)
{
    ard_clblast_kernel *place = find_kernel(device, kernel->name);
    if (place != NULL && ard__clblast_kernel_equal(place, kernel)) {
        return ARD_STATUS_SUCCESS;
    }
    if (place == NULL && device->count == MAX_KERNELS) {
        return ard__fail(ARD_STATUS_UNSUPPORTED, "parameters of more than %d kernels of CLBlast",
                         MAX_KERNELS);
    }
    ARD_TRY(call_clblast(device->device, kernel));
    if (place == NULL) {
        place = &device->kernels[device->count++];
    }
    *place = *kernel;
    return ARD_STATUS_SUCCESS;
}

ard_status ard__clblast_override(cl_device_id device, const ard_clblast_kernel *kernels,
                                 size_t count)
{
    overridden *place = find_device(device);
    if (place == NULL) {
        if (known.count == MAX_DEVICES) {
            return ard__fail(ARD_STATUS_UNSUPPORTED, "more than %d devices in one process",
                             MAX_DEVICES);
        }
        place = &known.devices[known.count++];
        place->device = device;
    }
    for (size_t i = 0; i < count; ++i) {
        ARD_TRY(override_kernel(place, &kernels[i]));
    }
    return ARD_STATUS_SUCCESS;
}

uint32_t ard__clblast_in_force(cl_device_id device)
{
    const overridden *place = find_device(device);
    return place != NULL && place->count > 0 ? ard__clblast_checksum(place->kernels, place->count)
                                             : 0;
}
