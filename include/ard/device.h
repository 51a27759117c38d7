/* SPDX-License-Identifier: Apache-2.0 */
/* The OpenCL devices of this machine, and how one is named.
 *
 * A selector is one of
 *     P:D          platform and device number, as `clinfo -l` counts them
 *     cpu, gpu, accelerator   the first device of that type
 *     NAME         the first device with NAME in its own or its platform's name, whatever the case
 * NULL or "" takes the environment variable ARD_DEVICE, and without it the first GPU, else the
 * first device. */
#ifndef ARD_DEVICE_H
#define ARD_DEVICE_H

#include <stddef.h>
#include <stdint.h>

#include <ard/opencl.h>
#include <ard/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What kind of device it is. */
typedef enum ard_device_type {
    ARD_DEVICE_CPU = 0,
    ARD_DEVICE_GPU = 1,
    ARD_DEVICE_ACCELERATOR = 2,
    ARD_DEVICE_OTHER = 3,
} ard_device_type;

/* A device as OpenCL describes it; texts that are longer are cut. */
typedef struct ard_device_info {
    char id[24];             /* "P:D" */
    char name[256];          /* as its driver names it */
    char platform[256];      /* the name of its platform */
    char driver[256];        /* the driver's version */
    ard_device_type type;    /* cpu, gpu and so on */
    uint32_t compute_units;  /* that work side by side */
    uint64_t global_memory;  /* bytes */
    uint64_t max_allocation; /* bytes in one buffer */
    cl_device_id handle;     /* OpenCL's own, borrowed */
} ard_device_info;

/* "cpu", "gpu", "accelerator" or "other". Static storage. */
ARD_API const char *ard_device_type_name(ard_device_type type);

/* Describes up to `capacity` devices of all platforms into the caller's `devices` (NULL with
 * capacity 0) and stores how many there are in `*count`. A machine without OpenCL platforms has 0.
 */
ARD_API ard_status ard_device_list(ard_device_info *devices, size_t capacity, size_t *count);

/* The device that a selector names. NO_DEVICE when none matches; the detail lists those that exist.
 */
ARD_API ard_status ard_device_find(const char *selector, ard_device_info *device);

/* Describes a device that the application already holds. */
ARD_API ard_status ard_device_describe(cl_device_id handle, ard_device_info *device);

#ifdef __cplusplus
}
#endif

#endif
