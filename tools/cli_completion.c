/* SPDX-License-Identifier: Apache-2.0 */
/* Completion of a tool's command line for bash, made from the tables that the parser reads, for
 * --help=bash. The function needs nothing but bash. */
#include <ctype.h>
#include <string.h>

#include "cli_internal.h"

static const char INTRODUCTION[] =
    "    local current=${COMP_WORDS[COMP_CWORD]} previous='' command=''\n"
    "    local options='' words='' action='' IFS=$' \\t\\n'\n"
    "    [ \"$COMP_CWORD\" -lt 1 ] || previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "    # bash makes three words of --name=value.\n"
    "    if [ \"$current\" = '=' ]; then\n"
    "        current=''\n"
    "    elif [ \"$previous\" = '=' ]; then\n"
    "        previous=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    fi\n";

static const char CONCLUSION[] = "    if [[ $current == -* || -z $words$action ]]; then\n"
                                 "        words=$options\n"
                                 "        action=''\n"
                                 "    fi\n"
                                 "    mapfile -t COMPREPLY < <(compgen ${action:+-A \"$action\"} "
                                 "-W \"$words\" -- \"$current\")\n"
                                 "    if [ -n \"$action\" ]; then\n"
                                 "        compopt -o filenames 2>/dev/null\n"
                                 "    fi\n"
                                 "    return 0\n"
                                 "}\n";

/* The functions are named like the tools, without hyphens. */
static void print_function(FILE *stream, const cli_program *program)
{
    fputc('_', stream);
    for (const char *letter = program->name; *letter != '\0'; letter++) {
        fputc(isalnum((unsigned char)*letter) != 0 ? *letter : '_', stream);
    }
}

/* The action of compgen for what a metavar or an operand stands for; NULL: none. */
static const char *action_of(const char *metavar)
{
    if (strstr(metavar, "FILE") != NULL || strstr(metavar, ".json") != NULL ||
        strstr(metavar, "LIBRARY") != NULL) {
        return "file";
    }
    return strstr(metavar, "DIR") != NULL ? "directory" : NULL;
}

/* The parts of a metavar that are words to be typed, such as "builtin" of DIR|builtin. */
static void print_words_of(FILE *stream, const char *metavar)
{
    for (const char *part = metavar; *part != '\0';) {
        const size_t length = strcspn(part, "|");
        if (strspn(part, "abcdefghijklmnopqrstuvwxyz-") == length) {
            fprintf(stream, " %.*s", (int)length, part);
        }
        part += length + (part[length] == '|' ? 1 : 0);
    }
}

/* What the value of an option may be. */
static void print_value(FILE *stream, const cli_option *option)
{
    const char *metavar = option->metavar != NULL ? option->metavar : "";
    fputs(" words='", stream);
    if (option->type == CLI_ENUM) {
        for (size_t i = 0; option->names[i] != NULL; i++) {
            fprintf(stream, " %s", option->names[i]);
        }
    } else if (strcmp(option->name, "device") == 0) {
        fputs(" cpu gpu", stream); /* the other ways to name one depend on the machine */
    } else {
        print_words_of(stream, metavar);
    }
    fputc('\'', stream);
    if (option->type == CLI_STRING && action_of(metavar) != NULL) {
        fprintf(stream, " action='%s'", action_of(metavar));
    }
}

/* A branch for each option that has a value, of the command or, "", of none. */
static void print_values(FILE *stream, const char *command, const cli_option *options)
{
    for (const cli_option *option = options; option != NULL && option->name != NULL; option++) {
        if (option->type == CLI_FLAG) {
            continue;
        }
        fprintf(stream, "    '%s --%s'", command, option->name);
        if (option->letter != 0) {
            fprintf(stream, " | '%s -%c'", command, option->letter);
        }
        fputc(')', stream);
        print_value(stream, option);
        fputs(" ;;\n", stream);
    }
}

static void print_names(FILE *stream, const cli_option *options)
{
    for (const cli_option *option = options; option != NULL && option->name != NULL; option++) {
        fprintf(stream, " --%s", option->name);
    }
}

/* All that may stand behind a command, or behind the program where `command` is NULL. */
static void print_branches(FILE *stream, const cli_program *program, const cli_command *command)
{
    const char *name = command != NULL ? command->name : "";
    const cli_option *options = command != NULL ? command->options : program->options;
    const cli_option *common = command != NULL && command->alone ? NULL : program->common;
    print_values(stream, name, options);
    print_values(stream, name, common);
    fprintf(stream, "    '%s '*)\n        options='", name);
    print_names(stream, options);
    print_names(stream, common);
    print_names(stream, cli__built_in);
    fputs("'\n", stream);
    if (command == NULL && program->commands != NULL) {
        fputs("        words='", stream);
        for (const cli_command *each = program->commands; each->name != NULL; each++) {
            fprintf(stream, " %s", each->name);
        }
        fputs("'\n", stream);
    } else if (command != NULL && command->operand_name != NULL) {
        fputs("        action='file'\n", stream); /* what the operands of all tools are */
    }
    fputs("        ;;\n", stream);
}

/* Finds the command among the words before. */
static void print_search(FILE *stream, const cli_program *program)
{
    if (program->commands == NULL) {
        return;
    }
    fputs("    local i\n    for ((i = 1; i < COMP_CWORD; i++)); do\n        case ${COMP_WORDS[i]} "
          "in\n        ",
          stream);
    for (const cli_command *command = program->commands; command->name != NULL; command++) {
        fprintf(stream, "%s%s", command == program->commands ? "" : " | ", command->name);
    }
    fputs(") command=${COMP_WORDS[i]} && break ;;\n        esac\n    done\n", stream);
}

void cli__print_completion(const cli_program *program, FILE *stream)
{
    fprintf(stream, "# shellcheck shell=bash\n# Completion for bash, made by %s --help=bash.\n",
            program->name);
    print_function(stream, program);
    fprintf(stream, "()\n{\n%s", INTRODUCTION);
    print_search(stream, program);
    fputs("    case \"$command $previous\" in\n", stream);
    for (const cli_command *command = program->commands; command != NULL && command->name != NULL;
         command++) {
        print_branches(stream, program, command);
    }
    print_branches(stream, program, NULL);
    fprintf(stream, "    esac\n%scomplete -F ", CONCLUSION);
    print_function(stream, program);
    fprintf(stream, " %s\n", program->name);
}
