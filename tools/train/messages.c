/* SPDX-License-Identifier: Apache-2.0 */
#include "train/messages.h"

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

int report_status(const char *what, ard_status status)
{
    const char *detail = ard_detail();
    if (detail[0] == '\0') {
        detail = ard_status_string(status);
    }
    return is_mistake(status) ? cli_mistake(&train_messages, "%s: %s", what, detail)
                              : cli_failure(&train_messages, "%s: %s", what, detail);
}

int report_opencl(const char *what, cl_int code)
{
    return cli_failure(&train_messages, "%s: %s", what, ard_opencl_error_name(code));
}
