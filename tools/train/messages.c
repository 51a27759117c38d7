/* SPDX-License-Identifier: Apache-2.0 */
#include "train/messages.h"

#include <stdarg.h>
#include <string.h>

const cli_program train_messages = {.name = "ard-train"};

static bool is_mistake(ard_status status)
{
    switch (status) {
    case ARD_STATUS_INVALID_ARGUMENT:
    case ARD_STATUS_INVALID_PATTERN:
    case ARD_STATUS_INVALID_RATE:
    case ARD_STATUS_FORMAT:
        return true;
    default:
        return false;
    }
}

/* Writes `text` with "--some-name" as "\"some_name\"". */
static void respell(const char *text, char *dst, size_t size)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyz-";
    size_t used = 0;
    for (const char *c = text; *c != '\0' && used + 2 < size;) {
        const size_t length = strncmp(c, "--", 2) == 0 ? strspn(c + 2, LETTERS) : 0;
        const bool fits = length > 0 && used + length + 3 < size;
        if (fits) {
            dst[used++] = '"';
            for (size_t i = 0; i < length; ++i) {
                dst[used++] = c[2 + i] == '-' ? '_' : c[2 + i];
            }
            dst[used++] = '"';
        } else {
            dst[used++] = *c;
        }
        c += fits ? length + 2 : 1;
    }
    dst[used] = '\0';
}

enum { MESSAGE_SIZE = 1024 };

static void write_message(const char *origin, const char *format, va_list arguments,
                          char message[MESSAGE_SIZE])
{
    char text[MESSAGE_SIZE];
    char keys[MESSAGE_SIZE];
    (void)vsnprintf(text, sizeof text, format, arguments);
    respell(text, keys, sizeof keys);
    (void)snprintf(message, MESSAGE_SIZE, "%.500s%s%.500s", origin != NULL ? origin : "",
                   origin != NULL ? ": " : "", origin != NULL ? keys : text);
}

int setting_mistake(const char *origin, const char *format, ...)
{
    char message[MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    write_message(origin, format, arguments, message);
    va_end(arguments);
    return cli_mistake(&train_messages, "%s", message);
}

int setting_failure(const char *origin, const char *format, ...)
{
    char message[MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    write_message(origin, format, arguments, message);
    va_end(arguments);
    return cli_failure(&train_messages, "%s", message);
}

int report_status(const char *what, ard_status status)
{
    return report_setting_status(NULL, what, status);
}

int report_setting_status(const char *origin, const char *what, ard_status status)
{
    const char *before = origin != NULL ? origin : "";
    const char *between = origin != NULL ? ": " : "";
    const char *detail = ard_detail();
    if (detail[0] == '\0') {
        detail = ard_status_string(status);
    }
    return is_mistake(status)
               ? cli_mistake(&train_messages, "%s%s%s: %s", before, between, what, detail)
               : cli_failure(&train_messages, "%s%s%s: %s", before, between, what, detail);
}

int report_opencl(const char *what, cl_int code)
{
    return cli_failure(&train_messages, "%s: %s", what, ard_opencl_error_name(code));
}
