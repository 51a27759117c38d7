/* SPDX-License-Identifier: Apache-2.0 */
/* The devices that a run is about. */
#ifndef ARD_MEASURE_DEVICES_H
#define ARD_MEASURE_DEVICES_H

#include <ard/ard.h>

#include "cli.h"

typedef struct device_list {
    size_t count;
    ard_device_info *devices;
} device_list;

/* The device that `selector` names, or all for "all"; NULL takes ARD_DEVICE or the default device.
 * CLI_CONTINUE; CLI_MISTAKE after a line that lists the devices, for a name that fits none;
 * CLI_FAILURE after a line, for a machine that has none. `program` heads the lines. */
int devices_select(const cli_program *program, const char *selector, device_list *list);
void devices_free(device_list *list);

/* Room for what devices_describe() makes. */
enum { DEVICE_TEXT = 1024 };

/* "0:0 NAME (PLATFORM, driver 3.1, cpu, 2 compute units)". */
void devices_describe(const ard_device_info *device, char text[DEVICE_TEXT]);

#endif
