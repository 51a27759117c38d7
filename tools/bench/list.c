/* SPDX-License-Identifier: Apache-2.0 */
#include "list.h"

#include "report.h"

int list_devices(const bench_options *options)
{
    device_list list;
    int status =
        devices_select(&options_program, options->device != NULL ? options->device : "all", &list);
    /* A machine without devices has an empty list, which a reader of JSON or CSV may expect. */
    if (status != CLI_MISTAKE && !report_list(options->format, stdout, &list)) {
        status = cli_failure(&options_program, "the host has not enough memory for the report");
    }
    devices_free(&list);
    return status == CLI_CONTINUE ? CLI_SUCCESS : status;
}
