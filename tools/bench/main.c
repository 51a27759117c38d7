/* SPDX-License-Identifier: Apache-2.0 */
/* ard-bench: what approximate random dropout saves, on every OpenCL device of the machine. */
#include <stdlib.h>

#include "interrupt.h"
#include "list.h"
#include "output.h"
#include "run.h"
#include "sweep_problems.h"

static int measure_devices(const bench_options *options, const problems *problems)
{
    const char *selector = options->device;
    interrupt_watch();
    if (selector == NULL && options->command == COMMAND_SWEEP) {
        selector = "all";
    }
    device_list list;
    int status = output_check(options);
    if (status == CLI_CONTINUE) {
        status = devices_select(&options_program, selector, &list);
    }
    if (status == CLI_CONTINUE) {
        status = run_all(options, problems, &list);
        devices_free(&list);
    }
    return status;
}

/* Finds out what is to be measured, and measures it. */
static int run_command(const bench_options *options)
{
    problems problems = {0};
    int status = CLI_CONTINUE;
    if (options->command == COMMAND_SWEEP && options_name_cases(options)) {
        status = problems_make(options, &problems);
    }
    if (status == CLI_CONTINUE) {
        status = options->sweep.dry_run ? sweep_print(options, &problems)
                                        : measure_devices(options, &problems);
    }
    problems_free(&problems);
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
        switch (options->command) {
        case COMMAND_LIST:
            status = list_devices(options);
            break;
        case COMMAND_REPORT:
            status = report_run_command(&options_program, &options->report);
            break;
        case COMMAND_COMPARE:
            status = compare_run_command(&options_program, &options->compare);
            break;
        default:
            status = run_command(options);
        }
        status = cli_finish(&options_program, status);
    }
    free(options);
    return status;
}
