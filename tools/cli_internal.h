/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of cli.c share: reading a value, printing the help and what is like it. */
#ifndef ARD_CLI_INTERNAL_H
#define ARD_CLI_INTERNAL_H

#include "cli.h"

/* Writes what the option accepts, for a text that it does not. */
void cli__describe(const cli_option *option, const char *text,
                   char expected[CLI_EXPECTED_CAPACITY]);

/* The value range of a numeric option: the type's own, narrowed by the option's bounds. */
typedef struct cli__range {
    double minimum;
    double maximum;
    bool has_minimum; /* worth mentioning: given by the option, or 0 of an unsigned type */
    bool has_maximum;
} cli__range;

cli__range cli__range_of(const cli_option *option);

/* The largest value of an integer type. */
uint64_t cli__type_maximum(cli_type type);

/* The text of --help: of a command, or of the program when `command` is NULL. */
void cli__print_help(const cli_program *program, const cli_command *command, FILE *stream);

/* --help and --version, as --help shows them. */
extern const cli_option cli__built_in[];

/* What is made from the same tables for the installed tree: --help=man prints the manual page of
 * the program with all its commands, "@DATE@" in place of its date; --help=bash prints a function
 * that completes its command lines. */
void cli__print_manual(const cli_program *program, FILE *stream);
void cli__print_completion(const cli_program *program, FILE *stream);

#endif
