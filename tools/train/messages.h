/* SPDX-License-Identifier: Apache-2.0 */
/* How ard-train says what went wrong. Functions of the tool that can fail print one line through
 * these and return the exit status: CLI_SUCCESS, CLI_FAILURE or CLI_MISTAKE. */
#ifndef ARD_TRAIN_MESSAGES_H
#define ARD_TRAIN_MESSAGES_H

#include <ard/ard.h>

#include "cli.h"

/* For cli_mistake() and cli_failure(). */
extern const cli_program train_messages;

/* Prints "ard-train: WHAT: detail" for a failed call of libard. Returns CLI_MISTAKE where the
 * caller's input was wrong, CLI_FAILURE otherwise. */
int report_status(const char *what, ard_status status);

/* The same for a failed OpenCL call. Returns CLI_FAILURE. */
int report_opencl(const char *what, cl_int code);

#endif
