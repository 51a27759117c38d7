/* SPDX-License-Identifier: Apache-2.0 */
#include "json_text.h"

#include <math.h>

bool json_add_measure(cJSON *object, const char *key, double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.6g", value);
    cJSON *added = isfinite(value) ? cJSON_AddRawToObject(object, key, text)
                                   : cJSON_AddNullToObject(object, key);
    return added != NULL;
}

bool json_append(cJSON *array, cJSON *item)
{
    if (item != NULL && cJSON_AddItemToArray(array, item)) {
        return true;
    }
    cJSON_Delete(item);
    return false;
}

bool json_fill_device(cJSON *object, const ard_device_info *device)
{
    return cJSON_AddStringToObject(object, "id", device->id) != NULL &&
           cJSON_AddStringToObject(object, "name", device->name) != NULL &&
           cJSON_AddStringToObject(object, "platform", device->platform) != NULL &&
           cJSON_AddStringToObject(object, "driver", device->driver) != NULL &&
           cJSON_AddStringToObject(object, "type", ard_device_type_name(device->type)) != NULL &&
           cJSON_AddNumberToObject(object, "compute_units", device->compute_units) != NULL;
}

bool json_print(FILE *output, const cJSON *document)
{
    char *text = cJSON_Print(document);
    if (text == NULL) {
        return false;
    }
    fprintf(output, "%s\n", text);
    cJSON_free(text);
    return true;
}
