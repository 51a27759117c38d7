/* SPDX-License-Identifier: Apache-2.0 */
/* Values of the options of a command line's table, by which settings are compared with those of a
 * checkpoint: as text, and from one table to another. Of every type but lists. */
#ifndef ARD_TRAIN_OPTION_VALUES_H
#define ARD_TRAIN_OPTION_VALUES_H

#include "cli.h"

enum { OPTION_TEXT_SIZE = 1024 };

/* The value as it would be written on the command line; of a flag "on" or "off", nothing for a text
 * that is NULL. */
void option_text(const cli_option *option, char text[OPTION_TEXT_SIZE]);

/* Gives `dst` the value of `src`, an option of the same type. */
void option_copy(const cli_option *src, const cli_option *dst);

/* Whether what was given is what a checkpoint records: CLI_SUCCESS, or CLI_MISTAKE after a line. */
int option_compare(const cli_option *recorded, const cli_option *given);

#endif
