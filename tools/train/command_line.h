/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of ard-train. */
#ifndef ARD_TRAIN_COMMAND_LINE_H
#define ARD_TRAIN_COMMAND_LINE_H

#include "train/compare/compare_options.h"
#include "train/lstm/lstm_options.h"
#include "train/options.h"

typedef enum train_command { TRAIN_MLP, TRAIN_LSTM, TRAIN_COMPARE } train_command;

typedef struct command_line {
    train_command command;
    train_options mlp; /* of the command that was given, as the other two */
    lstm_options lstm;
    compare_options comparison;
} command_line;

/* Reads it. CLI_CONTINUE, or the exit status. */
int command_line_parse(int argc, char *const *argv, command_line *line);

#endif
