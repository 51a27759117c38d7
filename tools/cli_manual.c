/* SPDX-License-Identifier: Apache-2.0 */
/* What a manual page can know from the tables that the parser reads, in man(7), for --help=man. */
#include <ctype.h>
#include <string.h>

#include "cli_internal.h"

/* Where lines of text end; escapes make some of them a little longer than they look. */
enum { LINE_COLUMNS = 70 };

static bool has_options(const cli_option *options)
{
    return options != NULL && options[0].name != NULL;
}

/* Letters that troff would print as others: hyphens that are to be copied, quotes. */
static int print_letter(FILE *stream, char letter)
{
    static const struct {
        char letter;
        const char *escape;
    } ESCAPES[] = {{'\\', "\\e"}, {'-', "\\-"}, {'\'', "\\(aq"}, {'`', "\\(ga"}, {'^', "\\(ha"}};
    for (size_t i = 0; i < sizeof ESCAPES / sizeof *ESCAPES; i++) {
        if (letter == ESCAPES[i].letter) {
            return fprintf(stream, "%s", ESCAPES[i].escape);
        }
    }
    fputc(letter, stream);
    return 1;
}

/* `first` says that the text begins a line, where a full stop would begin a request. */
static int print_letters(FILE *stream, const char *text, size_t length, bool first)
{
    int columns = first && length > 0 && text[0] == '.' ? fprintf(stream, "\\&") : 0;
    for (size_t i = 0; i < length; i++) {
        columns += print_letter(stream, text[i]);
    }
    return columns;
}

static void print_bold(FILE *stream, const char *before, const char *text)
{
    fputs("\\fB", stream);
    print_letters(stream, before, strlen(before), false);
    print_letters(stream, text, strlen(text), false);
    fputs("\\fR", stream);
}

/* Words until `end`, a line break after each sentence. What follows begins a line. */
static void print_words(FILE *stream, const char *text, const char *end)
{
    int column = 0;
    while (text < end) {
        text += strspn(text, " \n");
        if (text >= end) {
            break; /* blanks can reach beyond it */
        }
        const size_t length = strcspn(text, " \n");
        const bool full = column > 0 && column + (int)length + 1 > LINE_COLUMNS;
        if (column > 0) {
            fputc(full ? '\n' : ' ', stream);
        }
        column = full ? 0 : column;
        column += 1 + print_letters(stream, text, length, column == 0);
        text += length;
        if (text[-1] == '.' || text[-1] == '?') {
            fputc('\n', stream);
            column = 0;
        }
    }
    if (column > 0) {
        fputc('\n', stream);
    }
}

/* Lines that begin with a blank are an example and stay as they are, up to the next other one. */
static const char *print_example(FILE *stream, const char *text)
{
    fputs(".PP\n.nf\n", stream);
    while (*text == ' ') {
        const size_t length = strcspn(text, "\n");
        print_letters(stream, text, length, false);
        fputc('\n', stream);
        text += length + (text[length] == '\n' ? 1 : 0);
    }
    fputs(".fi\n", stream);
    return text;
}

/* Paragraphs are separated by empty lines. */
static void print_description(FILE *stream, const char *text)
{
    while (text != NULL && *text != '\0') {
        if (*text == '\n') {
            text++;
        } else if (*text == ' ') {
            text = print_example(stream, text);
        } else {
            const char *gap = strstr(text, "\n\n");
            const char *end = gap != NULL ? gap : text + strlen(text);
            fputs(".PP\n", stream);
            print_words(stream, text, end);
            text = end;
        }
    }
}

static void print_summary(FILE *stream, const char *summary)
{
    if (summary != NULL && summary[0] != '\0') {
        fputc(toupper((unsigned char)summary[0]), stream);
        print_letters(stream, summary + 1, strlen(summary) - 1, false);
        fputs(".\n", stream);
    }
}

static void print_value(FILE *stream, const cli_option *option)
{
    if (option->type == CLI_FLAG) {
        return;
    }
    fputc(' ', stream);
    if (option->metavar != NULL || option->type != CLI_ENUM) {
        const char *value = option->metavar != NULL ? option->metavar : "VALUE";
        fputs("\\fI", stream);
        print_letters(stream, value, strlen(value), false);
        fputs("\\fR", stream);
        return;
    }
    for (size_t i = 0; option->names[i] != NULL; i++) {
        fputs(i == 0 ? "" : "|", stream);
        print_bold(stream, "", option->names[i]);
    }
}

/* The lines of an explanation stay lines; what is added to the last one is what --help adds. */
static void print_explanation(FILE *stream, const cli_option *option)
{
    const char *line = option->help != NULL ? option->help : "";
    for (const char *end = strchr(line, '\n'); end != NULL; end = strchr(line, '\n')) {
        print_words(stream, line, end);
        fputs(".br\n", stream);
        line = end + 1;
    }
    char text[1024];
    (void)snprintf(text, sizeof text, "%s%s%s%s%s", line,
                   (option->flags & CLI_REQUIRED) != 0 ? " (required)" : "",
                   option->default_text != NULL ? " (default: " : "",
                   option->default_text != NULL ? option->default_text : "",
                   option->default_text != NULL ? ")" : "");
    print_words(stream, text, text + strlen(text));
}

static void print_options(FILE *stream, const cli_option *options)
{
    for (const cli_option *option = options; option != NULL && option->name != NULL; option++) {
        const char letter[2] = {option->letter, '\0'};
        fputs(".TP\n", stream);
        if (option->letter != 0) {
            print_bold(stream, "-", letter);
            fputs(", ", stream);
        }
        print_bold(stream, "--", option->name);
        print_value(stream, option);
        fputc('\n', stream);
        print_explanation(stream, option);
    }
}

/* The line of "Usage:", of a command or of the program. */
static void print_usage(FILE *stream, const cli_program *program, const cli_command *command)
{
    print_bold(stream, "", program->name);
    if (command != NULL) {
        fputc(' ', stream);
        print_bold(stream, "", command->name);
        if (command->operand_name != NULL) {
            fprintf(stream, " \\fI%s\\fR", command->operand_name);
        }
    }
    fputs(" [\\fIOPTION\\fR]...\n", stream);
}

static void print_synopsis(FILE *stream, const cli_program *program)
{
    fputs(".SH SYNOPSIS\n", stream);
    bool first = true;
    if (program->commands == NULL || !program->command_required) {
        print_usage(stream, program, NULL);
        first = false;
    }
    for (const cli_command *command = program->commands; command != NULL && command->name != NULL;
         command++) {
        fputs(first ? "" : ".br\n", stream);
        print_usage(stream, program, command);
        first = false;
    }
}

static void print_commands(FILE *stream, const cli_program *program)
{
    if (program->commands == NULL) {
        return;
    }
    fputs(".SH COMMANDS\n", stream);
    for (const cli_command *command = program->commands; command->name != NULL; command++) {
        fputs(".SS ", stream);
        print_letters(stream, command->name, strlen(command->name), false);
        fputc('\n', stream);
        print_summary(stream, command->summary);
        print_description(stream, command->description);
        print_options(stream, command->options);
    }
}

/* The commands that the common options do not go with. */
static void print_exceptions(FILE *stream, const cli_program *program)
{
    bool first = true;
    for (const cli_command *command = program->commands; command->name != NULL; command++) {
        if (command->alone) {
            fputs(first ? " but " : " and ", stream);
            print_letters(stream, command->name, strlen(command->name), false);
            first = false;
        }
    }
}

void cli__print_manual(const cli_program *program, FILE *stream)
{
    fputs(".TH ", stream);
    for (const char *letter = program->name; *letter != '\0'; letter++) {
        print_letter(stream, (char)toupper((unsigned char)*letter));
    }
    fprintf(stream, " 1 \"@DATE@\" \"libard %s\" \"libard manual\"\n.SH NAME\n", program->version);
    print_letters(stream, program->name, strlen(program->name), false);
    fputs(" \\-\n", stream);
    print_words(stream, program->summary, program->summary + strlen(program->summary));
    print_synopsis(stream, program);
    fputs(".SH DESCRIPTION\n", stream);
    print_summary(stream, program->summary);
    print_description(stream, program->description);
    print_commands(stream, program);
    fputs(".SH OPTIONS\n", stream);
    if (program->commands != NULL && has_options(program->options)) {
        fputs("Without a command:\n", stream);
    }
    print_options(stream, program->options);
    if (program->commands != NULL) {
        fprintf(stream, "%sWith every command", has_options(program->options) ? ".PP\n" : "");
        print_exceptions(stream, program);
        fprintf(stream, "%s:\n", program->command_required ? "" : ", and without one");
    }
    print_options(stream, program->common);
    print_options(stream, cli__built_in);
}
