/* SPDX-License-Identifier: Apache-2.0 */
#include "report/read_files.h"

#include <string.h>

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* Not every document has the environment. */
static bool agree(const char *a, const char *b)
{
    return a[0] == '\0' || b[0] == '\0' || same(a, b);
}

/* Whether two documents mean one device: everything but the dates is the same. Two of one document
 * differ by their ids. */
static bool is_same_device(const report_device *a, const report_device *b)
{
    const bool units =
        a->compute_units == b->compute_units ||
        (a->compute_units != a->compute_units && b->compute_units != b->compute_units);
    return units && same(a->id, b->id) && same(a->name, b->name) &&
           same(a->platform, b->platform) && same(a->driver, b->driver) && same(a->type, b->type) &&
           same(a->version, b->version) && agree(a->environment, b->environment);
}

/* Takes over what another document says of a device. */
static void complete(report_device *device, const report_device *other)
{
    if (device->environment[0] == '\0') {
        device->environment = other->environment;
    }
    if (other->first_date[0] != '\0' &&
        (device->first_date[0] == '\0' || strcmp(other->first_date, device->first_date) < 0)) {
        device->first_date = other->first_date;
    }
    if (strcmp(other->last_date, device->last_date) > 0) {
        device->last_date = other->last_date;
    }
}

bool read_add_device(report_reader *reader, const report_device *device, size_t *index)
{
    report_data *data = reader->data;
    for (size_t i = 0; i < data->device_count; i++) {
        if (is_same_device(&data->devices[i], device)) {
            complete(&data->devices[i], device);
            *index = i;
            return true;
        }
    }
    report_device *devices = report_append(data->devices, data->device_count, sizeof *devices);
    if (devices == NULL) {
        return check_no_memory(reader);
    }
    data->devices = devices;
    *index = data->device_count++;
    devices[*index] = *device;
    return true;
}

bool read_device_keys(report_reader *reader, const cJSON *object, report_device *device)
{
    return check_text(reader, object, "id", &device->id) &&
           check_word(reader, object, "name", &device->name) &&
           check_text(reader, object, "platform", &device->platform) &&
           check_text(reader, object, "driver", &device->driver) &&
           check_text(reader, object, "type", &device->type) &&
           check_text(reader, object, "environment", &device->environment) &&
           check_number(reader, object, "compute_units", 0, REPORT_MOST_NUMBER,
                        &device->compute_units);
}

bool read_devices(report_reader *reader, const cJSON *document)
{
    const cJSON *array = NULL;
    const cJSON *item = NULL;
    report_device device = {0};
    size_t number = 0;
    if (!check_text(reader, document, "version", &device.version) ||
        !check_text(reader, document, "date", &device.first_date) ||
        !check_objects(reader, document, "devices", REPORT_MOST_DEVICES, &array)) {
        return false;
    }
    device.last_date = device.first_date;
    cJSON_ArrayForEach(item, array)
    {
        size_t index = 0;
        check_enter(reader, "devices", number++, "");
        if (!read_device_keys(reader, item, &device) || !read_add_device(reader, &device, &index)) {
            return false;
        }
    }
    reader->place[0] = '\0';
    return true;
}
