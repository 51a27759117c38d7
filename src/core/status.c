/* SPDX-License-Identifier: Apache-2.0 */
#include "core/status_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char detail[ARD__DETAIL_CAPACITY];

const char *ard_status_name(ard_status status)
{
    switch (status) {
#define NAME_CASE(name, value, sentence)                                                           \
    case ARD_STATUS_##name:                                                                        \
        return #name;
        ARD_STATUS_MAP(NAME_CASE)
#undef NAME_CASE
    }
    return "UNKNOWN";
}

const char *ard_status_string(ard_status status)
{
    switch (status) {
#define SENTENCE_CASE(name, value, sentence)                                                       \
    case ARD_STATUS_##name:                                                                        \
        return sentence;
        ARD_STATUS_MAP(SENTENCE_CASE)
#undef SENTENCE_CASE
    }
    return "unknown status";
}

const char *ard_detail(void)
{
    return detail;
}

ard_status ard__fail(ard_status status, const char *format, ...)
{
    /* The arguments may quote the previous detail, so the new one is made beside it. */
    char text[ARD__DETAIL_CAPACITY];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    memcpy(detail, length < 0 ? "" : text, length < 0 ? 1 : strlen(text) + 1);
    return status;
}
