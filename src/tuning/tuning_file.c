/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/tuning.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include <cjson/cJSON.h>

#include <ard/version.h>

#include "core/status_internal.h"
#include "engines/clblast_engine.h"
#include "files/cache_folder.h"
#include "files/file.h"
#include "tuning/tuning_internal.h"
#include "tuning/tuning_json.h"

/* Several times what a tuning of all kernels, parameters and choices takes. */
enum { MAX_FILE_BYTES = 1 << 16 };

enum { NAME_PART = 48 }; /* characters of a device's name in a file's */

/* The device's name as part of a file's, and a checksum of all of it and the platform's. The driver
 * is left out: a file of an earlier one is to be found, and refused. */
static void name_file(const ard_device_info *device, char *name, size_t capacity)
{
    char part[NAME_PART + 1];
    size_t used = 0;
    for (const char *c = device->name; *c != '\0' && used < NAME_PART; ++c) {
        if (isalnum((unsigned char)*c)) {
            part[used++] = (char)tolower((unsigned char)*c);
        } else if (used > 0 && part[used - 1] != '-') {
            part[used++] = '-';
        }
    }
    part[used] = '\0';
    uLong check = crc32_z(0, (const unsigned char *)device->name, strlen(device->name) + 1);
    check = crc32_z(check, (const unsigned char *)device->platform, strlen(device->platform));
    snprintf(name, capacity, "tuning-%s%s%08lx.json", part,
             used > 0 && part[used - 1] != '-' ? "-" : "", check & 0xfffffffful);
}

ard_status ard_tuning_path(const ard_device_info *device, char *path, size_t capacity)
{
    ARD__CHECK(device != NULL && path != NULL, "ard_tuning_path: an argument is NULL");
    char name[NAME_PART + 32];
    char whole[4096];
    name_file(device, name, sizeof name);
    if (!ard__cache_path(name, whole, sizeof whole)) {
        return ard__fail(ARD_STATUS_IO,
                         "there is no home folder for the tuning of %s, or its path "
                         "is too long; expected HOME or XDG_CACHE_HOME",
                         device->name);
    }
    if (strlen(whole) >= capacity) {
        return ard__fail(ARD_STATUS_IO,
                         "the path of the tuning has %zu bytes, expected less than "
                         "%zu",
                         strlen(whole), capacity);
    }
    memcpy(path, whole, strlen(whole) + 1);
    return ARD_STATUS_SUCCESS;
}

/* MISMATCH unless the file was written for this device and by this library. */
static ard_status check_identity(const char *path, const ard__tuning_document *document,
                                 const ard_device_info *device)
{
    const struct {
        const char *what;
        const char *file;
        const char *here;
    } facts[] = {{"device", document->device, device->name},
                 {"platform", document->platform, device->platform},
                 {"driver", document->driver, device->driver},
                 {"CLBlast", document->clblast_version, ard__clblast_version()},
                 {"libard", document->libard_version, ard_version()}};
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; ++i) {
        if (strcmp(facts[i].file, facts[i].here) != 0) {
            return ard__fail(ARD_STATUS_MISMATCH, "%s is for %s \"%s\", here it is \"%s\"", path,
                             facts[i].what, facts[i].file, facts[i].here);
        }
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard_tuning_read(const char *path, const ard_device_info *device, ard_tuning *tuning)
{
    ARD__CHECK(path != NULL && device != NULL && tuning != NULL,
               "ard_tuning_read: an argument is NULL");
    ard__tuning_document document;
    void *text = NULL;
    size_t size = 0;
    ARD_TRY(ard__file_read(path, MAX_FILE_BYTES, &text, &size));
    const ard_status status = ard__tuning_parse(path, text, size, &document, NULL);
    free(text);
    ARD_TRY(status);
    ARD_TRY(check_identity(path, &document, device));
    *tuning = document.tuning;
    return ARD_STATUS_SUCCESS;
}

/* The moment and the name that the tuning gets by it. */
static ard_status date_now(ard__tuning_document *document)
{
    const time_t now = time(NULL);
    struct tm utc;
    if (now == (time_t)-1 || gmtime_r(&now, &utc) == NULL || utc.tm_year < 0 ||
        utc.tm_year > 9999 - 1900) {
        return ard__fail(ARD_STATUS_IO, "the system does not know the time");
    }
    strftime(document->date, sizeof document->date, "%Y-%m-%dT%H:%M:%SZ", &utc);
    snprintf(document->tuning.name, sizeof document->tuning.name, "tuned-%.10s-%08x",
             document->date, ard__tuning_checksum(&document->tuning));
    return ARD_STATUS_SUCCESS;
}

ard_status ard_tuning_write(const char *path, const ard_device_info *device,
                            const ard_tuning *tuning)
{
    ARD__CHECK(path != NULL && path[0] != '\0' && device != NULL && tuning != NULL,
               "ard_tuning_write: an argument is NULL or the path is empty");
    ard__tuning_document document = {.tuning = *tuning};
    char *text = NULL;
    document.tuning.name[0] = '\0';
    ARD_TRY(ard__tuning_check(&document.tuning));
    ARD_TRY(date_now(&document));
    snprintf(document.device, sizeof document.device, "%s", device->name);
    snprintf(document.platform, sizeof document.platform, "%s", device->platform);
    snprintf(document.driver, sizeof document.driver, "%s", device->driver);
    snprintf(document.clblast_version, sizeof document.clblast_version, "%s",
             ard__clblast_version());
    snprintf(document.libard_version, sizeof document.libard_version, "%s", ard_version());
    ARD_TRY(ard__tuning_print(&document, &text));
    ard__make_folders(path);
    const ard_status status = ard__file_write(path, text, strlen(text));
    cJSON_free(text);
    return status;
}
