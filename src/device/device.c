/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/device.h>

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/status_internal.h"

enum { MAX_PLATFORMS = 64, MAX_DEVICES_PER_PLATFORM = 64, MAX_DEVICES = 256 };

/* What clGetPlatformIDs of an ICD loader answers where no driver is installed. */
enum { PLATFORM_NOT_FOUND_KHR = -1001 };

const char *ard_device_type_name(ard_device_type type)
{
    switch (type) {
    case ARD_DEVICE_CPU:
        return "cpu";
    case ARD_DEVICE_GPU:
        return "gpu";
    case ARD_DEVICE_ACCELERATOR:
        return "accelerator";
    case ARD_DEVICE_OTHER:
        break;
    }
    return "other";
}

static ard_device_type type_of(cl_device_type type)
{
    if ((type & CL_DEVICE_TYPE_GPU) != 0) {
        return ARD_DEVICE_GPU;
    }
    if ((type & CL_DEVICE_TYPE_CPU) != 0) {
        return ARD_DEVICE_CPU;
    }
    return (type & CL_DEVICE_TYPE_ACCELERATOR) != 0 ? ARD_DEVICE_ACCELERATOR : ARD_DEVICE_OTHER;
}

/* Fetches a text into a buffer of 256; a longer one is cut, leading blanks (some drivers have them)
 * are removed. */
static ard_status device_text(cl_device_id device, cl_device_info what, char text[256])
{
    char raw[1024] = "";
    const cl_int code = clGetDeviceInfo(device, what, sizeof raw - 1, raw, NULL);
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clGetDeviceInfo");
    }
    snprintf(text, 256, "%.255s", raw + strspn(raw, " \t"));
    return ARD_STATUS_SUCCESS;
}

static ard_status device_value(cl_device_id device, cl_device_info what, size_t size, void *value)
{
    const cl_int code = clGetDeviceInfo(device, what, size, value, NULL);
    return code == CL_SUCCESS ? ARD_STATUS_SUCCESS : ard__fail_opencl(code, "clGetDeviceInfo");
}

static ard_status describe(cl_device_id handle, cl_platform_id platform, ard_device_info *device)
{
    ard_device_info info = {.handle = handle};
    cl_device_type type = 0;
    cl_uint units = 0;
    cl_ulong global_memory = 0;
    cl_ulong max_allocation = 0;
    char platform_name[1024] = "";
    ARD_TRY(device_text(handle, CL_DEVICE_NAME, info.name));
    ARD_TRY(device_text(handle, CL_DRIVER_VERSION, info.driver));
    ARD_TRY(device_value(handle, CL_DEVICE_TYPE, sizeof type, &type));
    ARD_TRY(device_value(handle, CL_DEVICE_MAX_COMPUTE_UNITS, sizeof units, &units));
    ARD_TRY(device_value(handle, CL_DEVICE_GLOBAL_MEM_SIZE, sizeof global_memory, &global_memory));
    ARD_TRY(
        device_value(handle, CL_DEVICE_MAX_MEM_ALLOC_SIZE, sizeof max_allocation, &max_allocation));
    const cl_int code = clGetPlatformInfo(platform, CL_PLATFORM_NAME, sizeof platform_name - 1,
                                          platform_name, NULL);
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clGetPlatformInfo");
    }
    snprintf(info.platform, sizeof info.platform, "%.255s", platform_name);
    info.type = type_of(type);
    info.compute_units = units;
    info.global_memory = global_memory;
    info.max_allocation = max_allocation;
    *device = info;
    return ARD_STATUS_SUCCESS;
}

static ard_status list_platforms(cl_platform_id platforms[MAX_PLATFORMS], cl_uint *count)
{
    cl_uint found = 0;
    const cl_int code = clGetPlatformIDs(MAX_PLATFORMS, platforms, &found);
    if (code == PLATFORM_NOT_FOUND_KHR) {
        found = 0;
    } else if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clGetPlatformIDs");
    }
    *count = found < MAX_PLATFORMS ? found : MAX_PLATFORMS;
    return ARD_STATUS_SUCCESS;
}

static ard_status list_platform_devices(cl_platform_id platform,
                                        cl_device_id devices[MAX_DEVICES_PER_PLATFORM],
                                        cl_uint *count)
{
    cl_uint found = 0;
    const cl_int code =
        clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, MAX_DEVICES_PER_PLATFORM, devices, &found);
    if (code == CL_DEVICE_NOT_FOUND) {
        found = 0;
    } else if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clGetDeviceIDs");
    }
    *count = found < MAX_DEVICES_PER_PLATFORM ? found : MAX_DEVICES_PER_PLATFORM;
    return ARD_STATUS_SUCCESS;
}

ard_status ard_device_list(ard_device_info *devices, size_t capacity, size_t *count)
{
    ARD__CHECK(count != NULL, "ard_device_list: count is NULL");
    ARD__CHECK(devices != NULL || capacity == 0,
               "ard_device_list: devices is NULL with capacity %zu", capacity);
    cl_platform_id platforms[MAX_PLATFORMS];
    cl_uint platform_count = 0;
    ARD_TRY(list_platforms(platforms, &platform_count));
    size_t total = 0;
    for (cl_uint p = 0; p < platform_count; ++p) {
        cl_device_id handles[MAX_DEVICES_PER_PLATFORM];
        cl_uint device_count = 0;
        ARD_TRY(list_platform_devices(platforms[p], handles, &device_count));
        for (cl_uint d = 0; d < device_count; ++d, ++total) {
            if (total < capacity) {
                ARD_TRY(describe(handles[d], platforms[p], &devices[total]));
                snprintf(devices[total].id, sizeof devices[total].id, "%u:%u", p, d);
            }
        }
    }
    *count = total;
    return ARD_STATUS_SUCCESS;
}

static bool contains_ignoring_case(const char *text, const char *part)
{
    const size_t length = strlen(part);
    for (; *text != '\0'; ++text) {
        size_t i = 0;
        while (i < length && tolower((unsigned char)text[i]) == tolower((unsigned char)part[i])) {
            ++i;
        }
        if (i == length) {
            return true;
        }
    }
    return false;
}

/* Whether the selector has the form P:D. */
static bool is_position(const char *selector)
{
    const size_t platform = strspn(selector, "0123456789");
    if (platform == 0 || selector[platform] != ':') {
        return false;
    }
    const char *device = selector + platform + 1;
    const size_t digits = strspn(device, "0123456789");
    return digits > 0 && device[digits] == '\0';
}

static bool position_matches(const char *selector, const char *id)
{
    unsigned long wanted[2];
    unsigned long have[2];
    char *end = NULL;
    wanted[0] = strtoul(selector, &end, 10);
    wanted[1] = strtoul(end + 1, NULL, 10);
    have[0] = strtoul(id, &end, 10);
    have[1] = strtoul(end + 1, NULL, 10);
    return wanted[0] == have[0] && wanted[1] == have[1];
}

static bool matches(const char *selector, const ard_device_info *device)
{
    if (is_position(selector)) {
        return position_matches(selector, device->id);
    }
    for (ard_device_type type = ARD_DEVICE_CPU; type < ARD_DEVICE_OTHER; ++type) {
        if (strcmp(selector, ard_device_type_name(type)) == 0) {
            return device->type == type;
        }
    }
    return contains_ignoring_case(device->name, selector) ||
           contains_ignoring_case(device->platform, selector);
}

static ard_status fail_no_device(const char *selector, const ard_device_info *devices, size_t count)
{
    if (count == 0) {
        return ard__fail(
            ARD_STATUS_NO_DEVICE,
            "this machine has no OpenCL device; install a driver, or PoCL for the CPU");
    }
    char list[2048] = "";
    size_t used = 0;
    for (size_t i = 0; i < count && used + 300 < sizeof list; ++i) {
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s (%s)", i > 0 ? ", " : "",
                                 devices[i].id, devices[i].name);
    }
    return ard__fail(ARD_STATUS_NO_DEVICE,
                     "no device matches \"%.200s\"; expected cpu, gpu, accelerator, part of a "
                     "name, or one of: %s",
                     selector, list);
}

/* The first device that the selector names, or with an empty one the first GPU, else the first. */
static const ard_device_info *choose(const char *selector, const ard_device_info *devices,
                                     size_t count)
{
    const bool any = selector[0] == '\0';
    for (size_t i = 0; i < count; ++i) {
        if (any ? devices[i].type == ARD_DEVICE_GPU : matches(selector, &devices[i])) {
            return &devices[i];
        }
    }
    return any && count > 0 ? &devices[0] : NULL;
}

ard_status ard_device_find(const char *selector, ard_device_info *device)
{
    ARD__CHECK(device != NULL, "ard_device_find: device is NULL");
    const char *wanted = selector != NULL ? selector : "";
    if (wanted[0] == '\0') {
        const char *variable = getenv("ARD_DEVICE");
        wanted = variable != NULL ? variable : "";
    }
    ard_device_info *devices = calloc(MAX_DEVICES, sizeof *devices);
    if (devices == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for the list of devices");
    }
    size_t count = 0;
    ard_status status = ard_device_list(devices, MAX_DEVICES, &count);
    if (status == ARD_STATUS_SUCCESS) {
        const size_t known = count < MAX_DEVICES ? count : MAX_DEVICES;
        const ard_device_info *found = choose(wanted, devices, known);
        if (found != NULL) {
            *device = *found;
        } else {
            status = fail_no_device(wanted, devices, known);
        }
    }
    free(devices);
    return status;
}

/* The place of a device in the list of all; "?" for one that is in none, such as a sub-device. */
static ard_status find_id(cl_device_id handle, char *id, size_t capacity)
{
    snprintf(id, capacity, "?");
    cl_platform_id platforms[MAX_PLATFORMS];
    cl_uint platform_count = 0;
    ARD_TRY(list_platforms(platforms, &platform_count));
    for (cl_uint p = 0; p < platform_count; ++p) {
        cl_device_id handles[MAX_DEVICES_PER_PLATFORM];
        cl_uint device_count = 0;
        ARD_TRY(list_platform_devices(platforms[p], handles, &device_count));
        for (cl_uint d = 0; d < device_count; ++d) {
            if (handles[d] == handle) {
                snprintf(id, capacity, "%u:%u", p, d);
                return ARD_STATUS_SUCCESS;
            }
        }
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard_device_describe(cl_device_id handle, ard_device_info *device)
{
    ARD__CHECK(handle != NULL && device != NULL, "ard_device_describe: an argument is NULL");
    cl_platform_id platform = NULL;
    ard_device_info info;
    ARD_TRY(device_value(handle, CL_DEVICE_PLATFORM, sizeof platform, &platform));
    ARD_TRY(describe(handle, platform, &info));
    ARD_TRY(find_id(handle, info.id, sizeof info.id));
    *device = info;
    return ARD_STATUS_SUCCESS;
}
