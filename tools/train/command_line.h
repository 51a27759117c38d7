/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of ard-train. */
#ifndef ARD_TRAIN_COMMAND_LINE_H
#define ARD_TRAIN_COMMAND_LINE_H

#include "train/compare/compare_options.h"
#include "train/options.h"

typedef struct command_line {
    bool compare;               /* `ard-train compare`, else `ard-train mlp` */
    train_options mlp;          /* of the one */
    compare_options comparison; /* and of the other */
} command_line;

/* Reads it. CLI_CONTINUE, or the exit status. */
int command_line_parse(int argc, char *const *argv, command_line *line);

#endif
