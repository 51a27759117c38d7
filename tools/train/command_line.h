/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of ard-train. */
#ifndef ARD_TRAIN_COMMAND_LINE_H
#define ARD_TRAIN_COMMAND_LINE_H

#include "train/options.h"

/* Reads it. CLI_CONTINUE, or the exit status. */
int command_line_parse(int argc, char *const *argv, train_options *options);

#endif
