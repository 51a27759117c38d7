/* SPDX-License-Identifier: Apache-2.0 */
#include "train/report_frame.h"

#include <stdio.h>

#include "train/messages.h"
#include "train/option_values.h"

static bool add_device(cJSON *root, const ard_device_info *device)
{
    cJSON *object = cJSON_AddObjectToObject(root, "device");
    return object != NULL && fields_add_text(object, "id", device->id) &&
           fields_add_text(object, "name", device->name) &&
           fields_add_text(object, "platform", device->platform) &&
           fields_add_text(object, "driver", device->driver) &&
           fields_add_text(object, "type", ard_device_type_name(device->type)) &&
           fields_add_number(object, "compute_units", device->compute_units);
}

cJSON *report_frame_begin(const char *model, const ard_device_info *device)
{
    cJSON *root = cJSON_CreateObject();
    if (root != NULL && fields_add_text(root, "schema", "ard-train-1") &&
        fields_add_text(root, "version", ard_version()) && fields_add_text(root, "model", model) &&
        add_device(root, device)) {
        return root;
    }
    cJSON_Delete(root);
    return NULL;
}

enum { NAME_SIZE = 64 };

static void respell(const char *name, char key[NAME_SIZE])
{
    size_t length = 0;
    for (; name[length] != '\0' && length + 1 < NAME_SIZE; ++length) {
        key[length] = name[length] == '-' ? '_' : name[length];
    }
    key[length] = '\0';
}

bool report_frame_option(cJSON *object, const cli_option *option)
{
    char key[NAME_SIZE];
    char text[OPTION_TEXT_SIZE];
    respell(option->name, key);
    option_text(option, text);
    switch (option->type) {
    case CLI_FLAG:
        return fields_add_bool(object, key, *(const bool *)option->target);
    case CLI_STRING:
        return fields_add_text(object, key, *(const char *const *)option->target);
    case CLI_ENUM:
        return fields_add_text(object, key, text);
    default:
        return cJSON_AddRawToObject(object, key, text) != NULL;
    }
}

int report_frame_end(cJSON *root, bool good)
{
    char *text = good ? cJSON_Print(root) : NULL;
    cJSON_Delete(root);
    if (text == NULL) {
        return cli_failure(&train_messages, "not enough memory for the report");
    }
    (void)printf("%s\n", text);
    cJSON_free(text);
    return CLI_SUCCESS;
}
