/* SPDX-License-Identifier: Apache-2.0 */
/* What the tools' JSON documents have in common. */
#ifndef ARD_MEASURE_JSON_TEXT_H
#define ARD_MEASURE_JSON_TEXT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>

#include <ard/device.h>

/* A number in six digits; null for what is not finite. */
bool json_add_measure(cJSON *object, const char *key, double value);

/* Adds an item to an array, or frees it: cJSON_AddItemToArray() frees nothing when it fails. NULL
 * fails. */
bool json_append(cJSON *array, cJSON *item);

/* Fills an object with id, name, platform, driver, type and compute_units. */
bool json_fill_device(cJSON *object, const ard_device_info *device);

bool json_print(FILE *output, const cJSON *document);

#endif
