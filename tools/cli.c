/* SPDX-License-Identifier: Apache-2.0 */
#include "cli_internal.h"

#include <stdarg.h>
#include <string.h>

enum { MAX_OPTIONS = 64, MESSAGE_CAPACITY = 1024 };

/* The two tables in force: of the command (or of the program without one), and the common one. */
enum { OWN, COMMON, TABLES };

typedef struct parser {
    const cli_program *program;
    const cli_command *command;
    const cli_option *tables[TABLES];
    bool given[TABLES][MAX_OPTIONS];
    bool own_given;     /* an option of the OWN table was given: a command comes too late */
    bool operand_given; /* the command's */
    int argc;
    char *const *argv;
    int next; /* index of the next argument */
} parser;

static FILE *error_stream(const cli_program *program)
{
    return program->error != NULL ? program->error : stderr;
}

/* Begins a message. */
static void print_head(const cli_program *program)
{
    fprintf(error_stream(program), "%s: ", program->name);
    if (program->where != NULL) {
        fprintf(error_stream(program), "%s: ", program->where);
    }
}

int cli_mistake(const cli_program *program, const char *format, ...)
{
    char message[MESSAGE_CAPACITY];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    /* What was typed is quoted in it and may hold anything; the message stays one line. */
    for (char *c = message; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7F) {
            *c = '?';
        }
    }
    print_head(program);
    fprintf(error_stream(program), "%s\n", message);
    return CLI_MISTAKE;
}

int cli_failure(const cli_program *program, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_head(program);
    vfprintf(error_stream(program), format, arguments);
    fputc('\n', error_stream(program));
    va_end(arguments);
    return CLI_FAILURE;
}

int cli_finish(const cli_program *program, int status)
{
    FILE *output = program->output != NULL ? program->output : stdout;
    const bool failed = fflush(output) != 0 || ferror(output) != 0;
    if (failed && status == CLI_SUCCESS) {
        return cli_failure(program, "the output could not be written");
    }
    return status;
}

static int print_help(const parser *state)
{
    const cli_program *program = state->program;
    cli__print_help(program, state->command, program->output != NULL ? program->output : stdout);
    return cli_finish(program, CLI_SUCCESS);
}

static int print_version(const parser *state)
{
    const cli_program *program = state->program;
    FILE *output = program->output != NULL ? program->output : stdout;
    fprintf(output, "%s %s\n", program->name, program->version);
    return cli_finish(program, CLI_SUCCESS);
}

/* The option with this name (of `length` letters), or with this letter where `name` is NULL; NULL
 * when there is none. */
static const cli_option *find_option(parser *state, const char *name, size_t length, char letter)
{
    for (int table = 0; table < TABLES; table++) {
        const cli_option *options = state->tables[table];
        for (size_t i = 0; options != NULL && options[i].name != NULL; i++) {
            const bool matches = name != NULL ? strlen(options[i].name) == length &&
                                                    memcmp(options[i].name, name, length) == 0
                                              : options[i].letter == letter;
            if (matches) {
                state->own_given = state->own_given || table == OWN;
                if (i < MAX_OPTIONS) {
                    state->given[table][i] = true;
                }
                return &options[i];
            }
        }
    }
    return NULL;
}

static int unknown_option(const parser *state, const char *name, size_t length)
{
    const char *words[TABLES * MAX_OPTIONS + 3];
    size_t count = 0;
    for (int table = 0; table < TABLES; table++) {
        const cli_option *options = state->tables[table];
        for (size_t i = 0; options != NULL && options[i].name != NULL && i < MAX_OPTIONS; i++) {
            words[count++] = options[i].name;
        }
    }
    words[count++] = "help";
    words[count++] = "version";
    words[count] = NULL;
    char text[64];
    (void)snprintf(text, sizeof text, "%.*s", (int)(length < 63 ? length : 63), name);
    const char *nearest = cli_nearest(text, words);
    const char *command = state->command != NULL ? state->command->name : "";
    if (nearest != NULL) {
        return cli_mistake(state->program, "unknown option '--%s'; did you mean '--%s'?", text,
                           nearest);
    }
    return cli_mistake(state->program, "unknown option '--%s'; '%s%s%s --help' lists them", text,
                       state->program->name, command[0] != '\0' ? " " : "", command);
}

static int store_value(const parser *state, const cli_option *option, const char *text)
{
    char expected[CLI_EXPECTED_CAPACITY];
    if (text[0] == '\0') {
        return cli_mistake(state->program, "--%s needs a value", option->name);
    }
    if (!cli_store(option, text, expected)) {
        return cli_mistake(state->program, "--%s: '%.100s' is not %s", option->name, text,
                           expected);
    }
    if (option->given != NULL) {
        *option->given = true;
    }
    return CLI_CONTINUE;
}

/* An argument that is meant as an option, not as the value of the one before it: negative numbers
 * are values. */
static bool looks_like_option(const char *argument)
{
    return argument[0] == '-' && argument[1] != '\0' &&
           strchr(".0123456789", argument[1]) == NULL && strcmp(argument, "-inf") != 0;
}

/* Takes the next argument as the option's value. */
static int store_next(parser *state, const cli_option *option)
{
    if (state->next >= state->argc || looks_like_option(state->argv[state->next])) {
        return cli_mistake(state->program, "--%s needs a value", option->name);
    }
    return store_value(state, option, state->argv[state->next++]);
}

/* What --help=man and --help=bash are for is the installed tree, so --help does not list them. */
static int print_for_installation(const parser *state, const char *what)
{
    const cli_program *program = state->program;
    FILE *output = program->output != NULL ? program->output : stdout;
    if (strcmp(what, "man") == 0) {
        cli__print_manual(program, output);
    } else if (strcmp(what, "bash") == 0) {
        cli__print_completion(program, output);
    } else {
        return cli_mistake(program, "--help takes no value");
    }
    return cli_finish(program, CLI_SUCCESS);
}

/* --help and --version; any other name is unknown. */
static int parse_built_in(const parser *state, const char *name, size_t length)
{
    const bool help = length == 4 && memcmp(name, "help", 4) == 0;
    const bool version = length == 7 && memcmp(name, "version", 7) == 0;
    if (!help && !version) {
        return unknown_option(state, name, length);
    }
    if (name[length] == '=') {
        return help ? print_for_installation(state, name + length + 1)
                    : cli_mistake(state->program, "--version takes no value");
    }
    return help ? print_help(state) : print_version(state);
}

/* `argument` is "--name" or "--name=value". */
static int parse_long(parser *state, const char *argument)
{
    const char *name = argument + 2;
    const size_t length = strcspn(name, "=");
    const cli_option *option = find_option(state, name, length, 0);
    if (option == NULL) {
        return parse_built_in(state, name, length);
    }
    if (name[length] == '=' && option->type == CLI_FLAG) {
        return cli_mistake(state->program, "--%s takes no value", option->name);
    }
    if (name[length] == '=') {
        return store_value(state, option, name + length + 1);
    }
    return option->type == CLI_FLAG ? store_value(state, option, "set") : store_next(state, option);
}

/* `argument` is "-x", "-xvalue", "-x" of an option whose value follows, or several flags "-xyz". */
static int parse_short(parser *state, const char *argument)
{
    for (const char *letter = argument + 1; *letter != '\0'; letter++) {
        const cli_option *option = find_option(state, NULL, 0, *letter);
        if (option == NULL && *letter == 'h') {
            return print_help(state);
        }
        if (option == NULL) {
            return cli_mistake(state->program, "unknown option '-%c'; '%s --help' lists them",
                               *letter, state->program->name);
        }
        if (option->type != CLI_FLAG) {
            return letter[1] != '\0' ? store_value(state, option, letter + 1)
                                     : store_next(state, option);
        }
        (void)store_value(state, option, "set");
    }
    return CLI_CONTINUE;
}

static int unknown_command(const cli_program *program, const char *name)
{
    const char *words[MAX_OPTIONS + 1] = {NULL};
    for (size_t i = 0; i < MAX_OPTIONS && program->commands[i].name != NULL; i++) {
        words[i] = program->commands[i].name;
    }
    const char *nearest = cli_nearest(name, words);
    if (nearest != NULL) {
        return cli_mistake(program, "unknown command '%.100s'; did you mean '%s'?", name, nearest);
    }
    return cli_mistake(program, "unknown command '%.100s'; '%s --help' lists them", name,
                       program->name);
}

static size_t most_operands(const cli_command *command)
{
    return command->most_operands != 0 ? command->most_operands : CLI_MAX_OPERANDS;
}

/* One of several operands. */
static int store_operand(const parser *state, const char *name)
{
    cli_operands *operands = state->command->operands;
    if (name[0] == '\0') {
        return cli_mistake(state->program, "unexpected argument ''");
    }
    if (operands->count == most_operands(state->command)) {
        return cli_mistake(state->program, "unexpected argument '%.100s': '%s %s' takes %zu of %s",
                           name, state->program->name, state->command->name, operands->count,
                           state->command->operand_name);
    }
    operands->values[operands->count++] = name;
    return CLI_CONTINUE;
}

/* From here on its options are in force, and the common ones where it takes those. */
static int take_command(parser *state, const cli_command *command)
{
    const cli_option *common = state->tables[COMMON];
    for (size_t i = 0; command->alone && common != NULL && common[i].name != NULL; i++) {
        if (state->given[COMMON][i]) {
            return cli_mistake(state->program, "--%s does not go with %s", common[i].name,
                               command->name);
        }
    }
    state->command = command;
    state->tables[OWN] = command->options;
    state->tables[COMMON] = command->alone ? NULL : common;
    return CLI_CONTINUE;
}

/* An argument that is no option: the command, or what it is about. */
static int parse_word(parser *state, const char *name)
{
    const cli_program *program = state->program;
    if (state->command != NULL && state->command->operands != NULL) {
        return store_operand(state, name);
    }
    if (state->command != NULL && state->command->operand != NULL && !state->operand_given &&
        name[0] != '\0') {
        *state->command->operand = name;
        state->operand_given = true;
        return CLI_CONTINUE;
    }
    if (program->commands == NULL || state->command != NULL) {
        return cli_mistake(program, "unexpected argument '%.100s'", name);
    }
    for (const cli_command *command = program->commands; command->name != NULL; command++) {
        if (strcmp(command->name, name) == 0 && state->own_given) {
            return cli_mistake(program, "the command '%s' must come before its options", name);
        }
        if (strcmp(command->name, name) == 0) {
            return take_command(state, command);
        }
    }
    return unknown_command(program, name);
}

/* Says that an option is missing, with its help on one line. */
static int missing_option(const cli_program *program, const cli_option *option)
{
    char help[MESSAGE_CAPACITY];
    (void)snprintf(help, sizeof help, "%s", option->help);
    for (char *c = help; *c != '\0'; c++) {
        *c = *c == '\n' ? ' ' : *c;
    }
    return cli_mistake(program, "--%s is missing: %s", option->name, help);
}

/* What is missing once all arguments were read. */
static int check_required(const parser *state)
{
    const cli_program *program = state->program;
    if (program->command_required && state->command == NULL) {
        return cli_mistake(program, "a command is missing; '%s --help' lists them", program->name);
    }
    const cli_command *command = state->command;
    if (command != NULL && command->operands != NULL &&
        command->operands->count < command->least_operands) {
        return cli_mistake(program, "'%s %s' needs %s; '%s %s --help' explains it", program->name,
                           command->name, command->operand_name, program->name, command->name);
    }
    for (int table = 0; table < TABLES; table++) {
        const cli_option *options = state->tables[table];
        for (size_t i = 0; options != NULL && options[i].name != NULL && i < MAX_OPTIONS; i++) {
            if ((options[i].flags & CLI_REQUIRED) != 0 && !state->given[table][i]) {
                return missing_option(program, &options[i]);
            }
        }
    }
    return CLI_CONTINUE;
}

int cli_parse(const cli_program *program, int argc, char *const *argv, const cli_command **command)
{
    parser state = {.program = program,
                    .tables = {program->options, program->common},
                    .argc = argc,
                    .argv = argv,
                    .next = 1};
    int status = CLI_CONTINUE;
    while (status == CLI_CONTINUE && state.next < argc) {
        const char *argument = argv[state.next++];
        if (argument[0] == '-' && argument[1] == '-') {
            status = parse_long(&state, argument);
        } else if (argument[0] == '-' && argument[1] != '\0') {
            status = parse_short(&state, argument);
        } else {
            status = parse_word(&state, argument);
        }
    }
    if (status == CLI_CONTINUE) {
        status = check_required(&state);
    }
    if (status == CLI_CONTINUE && command != NULL) {
        *command = state.command;
    }
    return status;
}
