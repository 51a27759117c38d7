/* SPDX-License-Identifier: Apache-2.0 */
/* The text of --help, made from the same tables that the parser reads. */
#include "cli_internal.h"

#include <ctype.h>
#include <string.h>

/* Where the explanations begin, and where lines end. */
enum { HELP_COLUMN = 26, LINE_COLUMNS = 80 };

const cli_option cli__built_in[] = {
    {.name = "help", .letter = 'h', .help = "print this text and exit"},
    {.name = "version", .help = "print the version and exit"},
    {0},
};

static bool has_options(const cli_option *options)
{
    return options != NULL && options[0].name != NULL;
}

/* Prints words from `column` on, breaking lines before LINE_COLUMNS and at '\n', indented to
 * HELP_COLUMN. */
static void print_wrapped(FILE *stream, const char *text, int *column)
{
    while (*text != '\0') {
        if (*text == '\n' || *text == ' ') {
            *column = *text == '\n' ? LINE_COLUMNS : *column;
            text++;
            continue;
        }
        const int length = (int)strcspn(text, " \n");
        if (*column + 1 + length > LINE_COLUMNS && *column > HELP_COLUMN) {
            fprintf(stream, "\n%*s", HELP_COLUMN, "");
            *column = HELP_COLUMN;
        } else if (*column > HELP_COLUMN) {
            fputc(' ', stream);
            ++*column;
        }
        fprintf(stream, "%.*s", length, text);
        *column += length;
        text += length;
    }
}

/* The value's name behind the option's: its metavar, or the words of an enumeration. */
static int print_metavar(FILE *stream, const cli_option *option)
{
    if (option->type == CLI_FLAG) {
        return 0;
    }
    if (option->metavar != NULL || option->type != CLI_ENUM) {
        return fprintf(stream, " %s", option->metavar != NULL ? option->metavar : "VALUE");
    }
    int printed = 0;
    for (size_t i = 0; option->names[i] != NULL; i++) {
        printed += fprintf(stream, "%s%s", i == 0 ? " " : "|", option->names[i]);
    }
    return printed;
}

static void print_option(FILE *stream, const cli_option *option)
{
    int column = option->letter != 0 ? fprintf(stream, "  -%c, ", option->letter)
                                     : fprintf(stream, "      ");
    column += fprintf(stream, "--%s", option->name);
    column += print_metavar(stream, option);
    if (column + 2 > HELP_COLUMN) {
        fputc('\n', stream);
        column = 0;
    }
    fprintf(stream, "%*s", HELP_COLUMN - column, "");
    column = HELP_COLUMN;
    print_wrapped(stream, option->help != NULL ? option->help : "", &column);
    if ((option->flags & CLI_REQUIRED) != 0) {
        print_wrapped(stream, "(required)", &column);
    }
    if (option->default_text != NULL) {
        char text[128];
        (void)snprintf(text, sizeof text, "(default: %s)", option->default_text);
        print_wrapped(stream, text, &column);
    }
    fputc('\n', stream);
}

static void print_options(FILE *stream, const char *title, const cli_option *options)
{
    if (has_options(options)) {
        fprintf(stream, "\n%s:\n", title);
        for (const cli_option *option = options; option->name != NULL; option++) {
            print_option(stream, option);
        }
    }
}

static void print_commands(FILE *stream, const cli_program *program)
{
    if (program->commands == NULL) {
        return;
    }
    fputs("\nCommands:\n", stream);
    for (const cli_command *command = program->commands; command->name != NULL; command++) {
        int column = fprintf(stream, "  %-*s", HELP_COLUMN - 2, command->name);
        print_wrapped(stream, command->summary != NULL ? command->summary : "", &column);
        fputc('\n', stream);
    }
    fprintf(stream, "\n'%s COMMAND --help' explains a command.\n", program->name);
}

void cli__print_help(const cli_program *program, const cli_command *command, FILE *stream)
{
    const char *summary = command != NULL ? command->summary : program->summary;
    const char *description = command != NULL ? command->description : program->description;
    fprintf(stream, "Usage: %s", program->name);
    if (command != NULL) {
        fprintf(stream, " %s", command->name);
        if (command->operand_name != NULL) {
            fprintf(stream, " %s", command->operand_name);
        }
    } else if (program->commands != NULL) {
        fputs(program->command_required ? " COMMAND" : " [COMMAND]", stream);
    }
    fputs(" [OPTION]...\n", stream);
    if (summary != NULL && summary[0] != '\0') {
        fprintf(stream, "%c%s.\n", toupper((unsigned char)summary[0]), summary + 1);
    }
    if (description != NULL && description[0] != '\0') {
        const bool ended = description[strlen(description) - 1] == '\n';
        fprintf(stream, "\n%s%s", description, ended ? "" : "\n");
    }
    if (command == NULL) {
        print_commands(stream, program);
    }
    print_options(stream, "Options", command != NULL ? command->options : program->options);
    if (command == NULL || !command->alone) {
        print_options(stream, "Common options", program->common);
    }
    print_options(stream, "Help", cli__built_in);
}
