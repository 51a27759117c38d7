/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a command line through cli_parse() and keeps what it printed. */
#ifndef ARD_TEST_CLI_FIXTURE_H
#define ARD_TEST_CLI_FIXTURE_H

#include "cli.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { CLI_ARGUMENTS = 8 };

typedef struct cli_result {
    int status;
    const char *command; /* its name, or NULL */
    char output[8192];
    char error[1024];
} cli_result;

/* Parses up to CLI_ARGUMENTS - 1 arguments, ended by NULL; the program's streams are replaced. */
cli_result cli_run(cli_program program, char *const arguments[CLI_ARGUMENTS]);

/* Status CLI_MISTAKE, nothing on the output, this whole message on the error stream. */
void assert_mistake(const cli_result *result, const char *message);

#endif
