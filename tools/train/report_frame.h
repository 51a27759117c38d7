/* SPDX-License-Identifier: Apache-2.0 */
/* The report of a run as JSON: what is the same for every model. */
#ifndef ARD_TRAIN_REPORT_FRAME_H
#define ARD_TRAIN_REPORT_FRAME_H

#include <ard/ard.h>

#include "train/json_fields.h"

/* An object with schema, version, model and device, to which a report adds its own; NULL without
 * memory. */
cJSON *report_frame_begin(const char *model, const ard_device_info *device);

/* Adds the value of an option under its name, with "_" for "-"; of every type but lists. */
bool report_frame_option(cJSON *object, const cli_option *option);

/* Prints the object, if it is `good`, and deletes it. CLI_SUCCESS, or CLI_FAILURE without memory.
 */
int report_frame_end(cJSON *root, bool good);

#endif
