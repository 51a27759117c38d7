/* SPDX-License-Identifier: Apache-2.0 */
/* ard-train: trains networks with dropped neurons or weights. */
#include "interrupt.h"
#include "train/command_line.h"
#include "train/messages.h"
#include "train/run.h"

int main(int argc, char **argv)
{
    train_options options;
    const int status = command_line_parse(argc, argv, &options);
    if (status != CLI_CONTINUE) {
        return cli_finish(&train_messages, status);
    }
    interrupt_watch();
    return cli_finish(&train_messages, run_mlp(&options));
}
