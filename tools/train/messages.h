/* SPDX-License-Identifier: Apache-2.0 */
/* How ard-train says what went wrong. Functions of the tool that can fail print one line through
 * these and return the exit status: CLI_SUCCESS, CLI_FAILURE or CLI_MISTAKE. */
#ifndef ARD_TRAIN_MESSAGES_H
#define ARD_TRAIN_MESSAGES_H

#include <ard/ard.h>

#include "cli.h"

/* For cli_mistake() and cli_failure(). */
extern const cli_program train_messages;

/* A mistake in settings. `origin` says where they stand: NULL on the command line, else a file and
 * what in it, which heads the message, and options in the text ("--max-period") become the keys
 * that they are there ("max_period" in quotes). Returns CLI_MISTAKE. */
int setting_mistake(const char *origin, const char *format, ...) CLI_PRINTF;

/* The same for a run that failed by them. Returns CLI_FAILURE. */
int setting_failure(const char *origin, const char *format, ...) CLI_PRINTF;

/* Prints "ard-train: WHAT: detail" for a failed call of libard. Returns CLI_MISTAKE where the
 * caller's input was wrong, CLI_FAILURE otherwise. */
int report_status(const char *what, ard_status status);

/* The same for settings from somewhere. */
int report_setting_status(const char *origin, const char *what, ard_status status);

/* The same for a failed OpenCL call. Returns CLI_FAILURE. */
int report_opencl(const char *what, cl_int code);

#endif
