/* SPDX-License-Identifier: Apache-2.0 */
/* Files of problems: a case a line, in the words of a command line. */
#include <stdlib.h>
#include <string.h>

#include "measure/text_file.h"
#include "problem_sets.h"
#include "problems.h"
#include "sweep_axes.h"

enum { MOST_MEBIBYTES = 1, WHERE = 256 };

/* What the lines get besides their own words. */
typedef struct reading {
    const bench_options *options;
    problems *problems;
    char engine[PROBLEM_WORD]; /* "": none */
    char repeat[24], seed[24];
} reading;

static int mistake(const char *where, const char *what, const char *word)
{
    return cli_mistake(&options_program, "%s: '%.100s' %s", where, word, what);
}

/* Words that are no part of a case, with or without a value behind "=". */
static int check_word(const char *where, const char *word)
{
    static const struct {
        const char *name;
        const char *why;
    } refused[] = {
        {"--device", "is of the whole sweep; give it on the command line"},
        {"--format", "is of the whole sweep; give it on the command line"},
        {"--output", "is of the whole sweep; give it on the command line"},
        {"--resume", "is of the whole sweep; give it on the command line"},
        {"--overwrite", "is of the whole sweep; give it on the command line"},
        {"--per-period", "is not for sweeps; run it by itself"},
        {"--cost", "is not for sweeps; run it by itself"},
        {"--entropy-share", "is not for sweeps; run it by itself"},
        {"--cblas", "is not for sweeps; run it by itself"},
        {"--help", "is no part of a problem"},
        {"--version", "is no part of a problem"},
    };
    const size_t length = strcspn(word, "=");
    if (strncmp(word, "-h", 2) == 0) { /* letters may follow */
        return mistake(where, "is no part of a problem", word);
    }
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        if (strlen(refused[i].name) == length && strncmp(word, refused[i].name, length) == 0) {
            return mistake(where, refused[i].why, word);
        }
    }
    return CLI_CONTINUE;
}

/* Puts what the sweep says of all cases behind the first two words, where a line's own options come
 * later and prevail; the number of words then. */
static int begin_line(const reading *reading, char *command, char *argv[PROBLEM_WORDS + 1])
{
    const bench_options *options = reading->options;
    const bool step = strcmp(command, "step") == 0;
    int argc = 0;
    argv[argc++] = (char *)options_program.name;
    argv[argc++] = command;
    argv[argc++] = "--repeat";
    argv[argc++] = (char *)reading->repeat;
    argv[argc++] = "--seed";
    argv[argc++] = (char *)reading->seed;
    if (reading->engine[0] != '\0') {
        argv[argc++] = "--engine";
        argv[argc++] = (char *)reading->engine;
    }
    if (options->verify) {
        argv[argc++] = "--verify";
    }
    if (step && options->sweep.profile) {
        argv[argc++] = "--profile";
    }
    if (step && options->sweep.memory) {
        argv[argc++] = "--memory";
    }
    return argc;
}

/* Reads a line, without its end and its comment. */
static int read_line(const reading *reading, const char *where, char *text)
{
    static const char blanks[] = " \t\r\f\v";
    char *argv[PROBLEM_WORDS + 1];
    char *rest = NULL;
    char *word = strtok_r(text, blanks, &rest);
    if (word == NULL) {
        return CLI_CONTINUE;
    }
    if (strcmp(word, "step") != 0 && strcmp(word, "gemm") != 0) {
        return mistake(where, "is not step or gemm, which a problem begins with", word);
    }
    int argc = begin_line(reading, word, argv);
    while ((word = strtok_r(NULL, blanks, &rest)) != NULL) {
        if (argc == PROBLEM_WORDS) {
            return cli_mistake(&options_program, "%s: more than %d words", where, PROBLEM_WORDS);
        }
        const int status = check_word(where, word);
        if (status != CLI_CONTINUE) {
            return status;
        }
        argv[argc++] = word;
    }
    const int status = problems_add(reading->problems, where, argc, argv);
    return status == CLI_SUCCESS ? CLI_MISTAKE : status;
}

/* The end of a line, before its comment: one that begins a word. */
static size_t length_of(const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (line[i] == '#' && (i == 0 || strchr(" \t", line[i - 1]) != NULL)) {
            return i;
        }
    }
    return length;
}

/* Reads all lines; `text` stays. */
static int read_lines(const reading *reading, const char *path, const char *text)
{
    int status = CLI_CONTINUE;
    size_t number = 0;
    while (*text != '\0' && status == CLI_CONTINUE) {
        char where[WHERE];
        const size_t whole = strcspn(text, "\n");
        const size_t length = length_of(text, whole);
        snprintf(where, sizeof where, "%.200s:%zu", path, ++number);
        for (char *c = where; *c != '\0'; c++) {
            *c = (unsigned char)*c < ' ' || *c == 0x7F ? '?' : *c;
        }
        char *line = calloc(length + 1, 1);
        if (line == NULL) {
            return cli_failure(&options_program, "the host has not enough memory");
        }
        memcpy(line, text, length);
        status = read_line(reading, where, line);
        free(line);
        text += text[whole] == '\n' ? whole + 1 : whole;
    }
    return status;
}

/* Reads all lines for each engine, one after the other. */
static int read_engines(reading *reading, const char *path, const char *text)
{
    const char *engines = reading->options->sweep.axes[AXIS_ENGINE];
    if (engines == NULL) {
        return read_lines(reading, path, text);
    }
    int status = CLI_CONTINUE;
    for (size_t i = 0; status == CLI_CONTINUE && problem_element(engines, i, reading->engine);
         i++) {
        if (strcmp(reading->engine, "packed") != 0 && strcmp(reading->engine, "clblast") != 0) {
            return cli_mistake(&options_program, "--engine: '%.100s' is not packed or clblast",
                               reading->engine);
        }
        status = read_lines(reading, path, text);
    }
    return status;
}

int problems_of_file(const bench_options *options, problems *problems)
{
    reading reading = {.options = options, .problems = problems};
    char path[PROBLEM_PATH];
    char *text = NULL;
    snprintf(reading.repeat, sizeof reading.repeat, "%lu", (unsigned long)options->repeat);
    snprintf(reading.seed, sizeof reading.seed, "%llu", (unsigned long long)options->seed);
    int status = problem_set_find(options->sweep.problems, path);
    if (status != CLI_CONTINUE) {
        return status;
    }
    if (text_file_read(&options_program, path, MOST_MEBIBYTES, &text) != CLI_SUCCESS) {
        return CLI_MISTAKE;
    }
    status = read_engines(&reading, path, text);
    free(text);
    if (status == CLI_CONTINUE && problems->count == 0) {
        return cli_mistake(&options_program,
                           "%s has no problem; a line is the words of one, such as 'step --hidden "
                           "64 --rate 0.5'",
                           path);
    }
    return status;
}
