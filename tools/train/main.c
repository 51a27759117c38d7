/* SPDX-License-Identifier: Apache-2.0 */
/* ard-train: trains networks with dropped neurons or weights. */
#include "interrupt.h"
#include "train/command_line.h"
#include "train/compare/compare.h"
#include "train/lstm/lstm_run.h"
#include "train/messages.h"
#include "train/run.h"

static int run(command_line *line)
{
    switch (line->command) {
    case TRAIN_LSTM:
        return lstm_run(&line->lstm);
    case TRAIN_COMPARE:
        return compare_main(&line->comparison);
    default:
        return run_mlp(&line->mlp);
    }
}

int main(int argc, char **argv)
{
    command_line line;
    const int status = command_line_parse(argc, argv, &line);
    if (status != CLI_CONTINUE) {
        return cli_finish(&train_messages, status);
    }
    interrupt_watch();
    return cli_finish(&train_messages, run(&line));
}
