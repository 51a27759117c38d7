/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines of the tools: one table of options drives both the parser and --help.
 *
 * A tool describes itself by a cli_program, calls cli_parse(), goes on when that says CLI_CONTINUE:
 *
 *     double rate = 0.5;
 *     const cli_option options[] = {
 *         {.name = "rate", .metavar = "P", .type = CLI_DOUBLE, .target = &rate,
 *          .minimum = 0, .maximum = 1, .help = "target dropout rate", .default_text = "0.5"},
 *         {0},
 *     };
 *     const cli_program program = {
 *         .name = "ard-x", .version = "0.1", .summary = "does x", .options = options};
 *     const int status = cli_parse(&program, argc, argv, NULL);
 *     if (status != CLI_CONTINUE) {
 *         return status;
 *     }
 *
 * Accepted: `--name value`, `--name=value`, `-x value`, `-xvalue`, and for every program `--help`,
 * `-h` and `--version`. Letters of flags may be joined. A value that begins with "-" and is no
 * number must be written `--name=value`. Names are never abbreviated. An option given twice keeps
 * its last value. A mistake is one line on the error stream that says what was wrong and what would
 * be right; nothing here exits. */
#ifndef ARD_CLI_H
#define ARD_CLI_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What cli_parse() answers: go on, or end the program with this exit status. */
enum {
    CLI_CONTINUE = -1,
    CLI_SUCCESS = 0, /* --help or --version was printed */
    CLI_FAILURE = 1, /* the run failed */
    CLI_MISTAKE = 2, /* the command line is wrong; one line was printed */
};

enum { CLI_MAX_LIST = 64, CLI_MAX_OPERANDS = 1024 };

/* Values of `--hidden 2048,2048` and `--rate 0.5,0.5`: at least one, at most CLI_MAX_LIST. */
typedef struct cli_size_list {
    size_t count;
    size_t values[CLI_MAX_LIST];
} cli_size_list;

typedef struct cli_double_list {
    size_t count;
    double values[CLI_MAX_LIST];
} cli_double_list;

/* Arguments that are no options, such as "FILE...", in their order. They point into argv. */
typedef struct cli_operands {
    size_t count;
    const char *values[CLI_MAX_OPERANDS];
} cli_operands;

/* The type of a value and of what `target` points to. Numbers are read strictly: the whole text,
 * decimal, in range, no blanks, no NaN or infinity (unless CLI_ALLOW_NONFINITE). */
typedef enum cli_type {
    CLI_FLAG,        /* bool: no value; set to true */
    CLI_STRING,      /* const char *: points into argv, never empty */
    CLI_ENUM,        /* int (not an enum type): the index into `names` */
    CLI_INT,         /* int */
    CLI_U32,         /* uint32_t */
    CLI_U64,         /* uint64_t */
    CLI_SIZE,        /* size_t */
    CLI_DOUBLE,      /* double */
    CLI_SIZE_LIST,   /* cli_size_list: comma-separated */
    CLI_DOUBLE_LIST, /* cli_double_list: comma-separated */
} cli_type;

/* Bits of cli_option.flags. */
enum {
    CLI_REQUIRED = 1,        /* leaving the option out is a mistake */
    CLI_ABOVE_MINIMUM = 2,   /* the minimum itself is not allowed */
    CLI_BELOW_MAXIMUM = 4,   /* the maximum itself is not allowed */
    CLI_ALLOW_NONFINITE = 8, /* "nan", "inf" and "-inf" are accepted */
};

/* For a bound on one side only: `.minimum = 1, .maximum = CLI_NO_LIMIT`. */
#define CLI_NO_LIMIT HUGE_VAL

/* One option; zero-initialise what is not needed. A table ends with an entry whose name is NULL. */
typedef struct cli_option {
    const char *name;    /* long name, without the dashes */
    char letter;         /* short name, or 0 */
    const char *metavar; /* the value in --help, such as "P"; NULL: none, or a|b|c for an enum */
    cli_type type;       /* what the value is */
    void *target;        /* where it goes; untouched when the option is not given */
    bool *given;         /* set to true when the option is given; may be NULL */
    const char *const *names; /* CLI_ENUM: the words, ended by NULL */
    double minimum;           /* of a number or each number of a list; both zero: the type's own */
    double maximum;           /* CLI_NO_LIMIT for none; bounds are exact up to 2^53 */
    unsigned flags;           /* CLI_REQUIRED and the others */
    const char *help;         /* what it does, lower case, no full stop; "\n" breaks the line */
    const char *default_text; /* shown as "(default: ...)"; NULL for none */
} cli_option;

/* A subcommand. A table of them ends with an entry whose name is NULL. */
typedef struct cli_command {
    const char *name;
    const char *summary;       /* one line, lower case, no full stop */
    const char *description;   /* text after the usage line, printed as it is; may be NULL */
    const cli_option *options; /* its own options; may be NULL */
    const char *operand_name;  /* of one argument that is no option, such as "FILE"; NULL: none */
    const char **operand;      /* where it goes; points into argv, untouched when not given */
    cli_operands *operands;    /* of several instead, with an operand_name such as "FILE..." */
    size_t least_operands;     /* fewer of these are a mistake */
    size_t most_operands;      /* more, too; 0: CLI_MAX_OPERANDS */
    bool alone;                /* the program's common options are not accepted */
} cli_command;

typedef struct cli_program {
    const char *name;            /* such as "ard-search": heads every message */
    const char *where;           /* what the message is about, such as "FILE:12"; NULL: none */
    const char *version;         /* printed by --version */
    const char *summary;         /* one line, lower case, no full stop */
    const char *description;     /* text after the usage line, printed as it is; may be NULL */
    const cli_option *options;   /* accepted where no command is given; may be NULL */
    const cli_option *common;    /* accepted with none and with every command that is not `alone`;
                                    may be NULL */
    const cli_command *commands; /* may be NULL */
    bool command_required;       /* running without a command is a mistake */
    FILE *output;                /* for --help and --version; NULL: stdout */
    FILE *error;                 /* for mistakes; NULL: stderr */
} cli_program;

/* Reads the command line into the targets. `*command` gets the command given or NULL; `command` may
 * be NULL for a program without commands. Common options may stand before the command. Returns
 * CLI_CONTINUE, CLI_SUCCESS after --help or --version, or CLI_MISTAKE. */
int cli_parse(const cli_program *program, int argc, char *const *argv, const cli_command **command);

#if defined(__GNUC__)
#define CLI_PRINTF __attribute__((format(printf, 2, 3)))
#else
#define CLI_PRINTF
#endif

/* Print "name: message", or "name: where: message", as one line on the error stream; return
 * CLI_MISTAKE or CLI_FAILURE, so that `return cli_mistake(...)` is one statement. For what a table
 * cannot check and a run that failed.
 */
int cli_mistake(const cli_program *program, const char *format, ...) CLI_PRINTF;
int cli_failure(const cli_program *program, const char *format, ...) CLI_PRINTF;

/* For the end of main: flushes the output and turns an otherwise good status into CLI_FAILURE, with
 * its message, when what was printed could not be written (a full disk, say). */
int cli_finish(const cli_program *program, int status);

/* Strict readers, for syntaxes that the table does not cover. False, `*value` untouched, unless the
 * whole text is one finite number of the type. */
bool cli_read_double(const char *text, double *value);
bool cli_read_u64(const char *text, uint64_t *value);

/* Room for what cli_store() expects. */
enum { CLI_EXPECTED_CAPACITY = 256 };

/* Reads `text` as the option's type into its target, as cli_parse() does: for values that come from
 * somewhere else than a command line. On failure the target is untouched and `expected` gets what
 * would be right, such as "a number from 0 to 1". */
bool cli_store(const cli_option *option, const char *text, char expected[CLI_EXPECTED_CAPACITY]);

/* The word of the NULL-ended list that is nearest to `text`, or NULL when none is near enough to
 * suggest. */
const char *cli_nearest(const char *text, const char *const *words);

#endif
