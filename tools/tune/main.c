/* SPDX-License-Identifier: Apache-2.0 */
/* ard-tune: finds what an OpenCL device multiplies fastest with, for libard to use. */
#include <stdlib.h>

#include "interrupt.h"
#include "run.h"

int main(int argc, char **argv)
{
    tune_options *options = calloc(1, sizeof *options);
    if (options == NULL) {
        return cli_failure(&tune_program, "the host has not enough memory");
    }
    int status = options_parse(argc, argv, options);
    if (status == CLI_CONTINUE) {
        /* It would force one engine on contexts that are to measure the other. */
        (void)unsetenv("ARD_ENGINE");
        interrupt_watch();
        status = cli_finish(&tune_program, run_tune(options));
    }
    free(options);
    return status;
}
