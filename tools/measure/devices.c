/* SPDX-License-Identifier: Apache-2.0 */
#include "devices.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int no_devices(const cli_program *program)
{
    return cli_failure(program,
                       "this machine has no OpenCL device; install a driver (ICD), such as "
                       "pocl-opencl-icd, which runs on the CPU");
}

static int select_all(const cli_program *program, device_list *list)
{
    size_t count = 0;
    if (ard_device_list(NULL, 0, &count) != ARD_STATUS_SUCCESS) {
        return cli_failure(program, "%s", ard_detail());
    }
    if (count == 0) {
        return no_devices(program);
    }
    list->devices = calloc(count, sizeof *list->devices);
    if (list->devices == NULL) {
        return cli_failure(program, "the host has not enough memory");
    }
    size_t found = 0;
    if (ard_device_list(list->devices, count, &found) != ARD_STATUS_SUCCESS) {
        return cli_failure(program, "%s", ard_detail());
    }
    list->count = found < count ? found : count;
    return CLI_CONTINUE;
}

static int select_one(const cli_program *program, const char *selector, device_list *list)
{
    list->devices = calloc(1, sizeof *list->devices);
    if (list->devices == NULL) {
        return cli_failure(program, "the host has not enough memory");
    }
    const ard_status status = ard_device_find(selector, list->devices);
    size_t count = 0;
    if (status == ARD_STATUS_SUCCESS) {
        list->count = 1;
        return CLI_CONTINUE;
    }
    if (status != ARD_STATUS_NO_DEVICE) {
        return cli_failure(program, "%s", ard_detail());
    }
    if (ard_device_list(NULL, 0, &count) == ARD_STATUS_SUCCESS && count == 0) {
        return no_devices(program);
    }
    return cli_mistake(program, "%s", ard_detail());
}

int devices_select(const cli_program *program, const char *selector, device_list *list)
{
    *list = (device_list){0};
    const int status = selector != NULL && strcmp(selector, "all") == 0
                           ? select_all(program, list)
                           : select_one(program, selector, list);
    if (status != CLI_CONTINUE) {
        devices_free(list);
    }
    return status;
}

void devices_free(device_list *list)
{
    free(list->devices);
    *list = (device_list){0};
}

void devices_describe(const ard_device_info *device, char text[DEVICE_TEXT])
{
    snprintf(text, DEVICE_TEXT, "%s %s (%s, driver %s, %s, %" PRIu32 " compute unit%s)", device->id,
             device->name, device->platform, device->driver, ard_device_type_name(device->type),
             device->compute_units, device->compute_units == 1 ? "" : "s");
}
