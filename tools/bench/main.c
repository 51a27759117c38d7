/* SPDX-License-Identifier: Apache-2.0 */
/* ard-bench: what approximate random dropout saves, on every OpenCL device of the machine. */
#include <stdlib.h>

#include "interrupt.h"
#include "list.h"
#include "run.h"

static int measure_devices(const bench_options *options)
{
    const char *selector = options->device;
    interrupt_watch();
    if (selector == NULL && options->command == COMMAND_SWEEP) {
        selector = "all";
    }
    device_list list;
    int status = devices_select(&options_program, selector, &list);
    if (status == CLI_CONTINUE) {
        status = run_all(options, &list);
        devices_free(&list);
    }
    return status;
}

int main(int argc, char **argv)
{
    bench_options *options = calloc(1, sizeof *options);
    if (options == NULL) {
        return cli_failure(&options_program, "the host has not enough memory");
    }
    int status = options_parse(argc, argv, options);
    if (status == CLI_CONTINUE) {
        status =
            options->command == COMMAND_LIST ? list_devices(options) : measure_devices(options);
        status = cli_finish(&options_program, status);
    }
    free(options);
    return status;
}
