/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters of CLBlast's kernels that libard knows to be better than its own, by device. */
#ifndef ARD_CLBLAST_PARAMETERS_H
#define ARD_CLBLAST_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>

#include <ard/device.h>

/* One kernel's parameters: parallel lists of names and values, as CLBlastOverrideParameters takes
 * them. */
typedef struct ard__clblast_kernel {
    const char *kernel;
    size_t count;
    const char *names[16];
    size_t values[16];
} ard__clblast_kernel;

typedef struct ard__clblast_parameters {
    const char *name;     /* recorded in checkpoints */
    bool strided_batched; /* whether equal products run faster in one call than in turn */
    size_t count;
    ard__clblast_kernel kernels[2];
} ard__clblast_parameters;

/* The set for a device, or NULL where CLBlast's own serve. */
const ard__clblast_parameters *ard__clblast_parameters_for(const ard_device_info *device);

#endif
