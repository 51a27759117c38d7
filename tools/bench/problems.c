/* SPDX-License-Identifier: Apache-2.0 */
#include "problems.h"

#include <stdlib.h>
#include <string.h>

#include "pace.h"
#include "sweep_axes.h"

static int no_memory(void)
{
    return cli_failure(&options_program, "the host has not enough memory");
}

/* FNV-1a. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    }
    return hash;
}

static bool is_there(const problems *problems, const char *words, uint64_t hash)
{
    for (size_t i = 0; i < problems->count; i++) {
        if (problems->all[i].hash == hash && strcmp(problems->all[i].words, words) == 0) {
            return true;
        }
    }
    return false;
}

static bool append(problems *problems, const bench_case *kase, const char *words, uint64_t hash)
{
    if (problems->all == NULL) {
        problems->all = calloc(PROBLEMS_MOST, sizeof *problems->all);
    }
    const size_t size = strlen(words) + 1;
    char *copy = problems->all != NULL ? malloc(size) : NULL;
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, words, size);
    problems->all[problems->count++] = (problem){
        .words = copy,
        .hash = hash,
        .work = pace_work(kase),
    };
    problems->verify = problems->verify || kase->verify;
    problems->groups = problems->groups || kase->groups > 0;
    problems->profile = problems->profile || kase->profile;
    problems->memory = problems->memory || kase->memory;
    return true;
}

static int take(problems *problems, const bench_case *kase)
{
    char text[CASE_TEXT];
    case_command(kase, NULL, text);
    const char *words = strchr(text, ' ') + 1; /* behind the program's name */
    const uint64_t hash = hash_of(words);
    if (is_there(problems, words, hash)) {
        return CLI_CONTINUE;
    }
    if (problems->count == PROBLEMS_MOST) {
        return cli_mistake(&options_program, "a sweep has at most %d cases", PROBLEMS_MOST);
    }
    return append(problems, kase, words, hash) ? CLI_CONTINUE : no_memory();
}

int problems_add(problems *problems, const char *where, int argc, char *const *argv)
{
    bench_options *options = calloc(1, sizeof *options);
    if (options == NULL) {
        return no_memory();
    }
    options_program.where = where;
    int status = options_parse(argc, argv, options);
    if (status == CLI_CONTINUE) {
        status = take(problems, &options->kase);
    }
    options_program.where = NULL;
    free(options);
    return status;
}

bool problem_read(const problem *problem, bench_case *kase)
{
    char *argv[PROBLEM_WORDS + 1] = {(char *)options_program.name};
    char text[CASE_TEXT];
    int argc = 1;
    bench_options *options = calloc(1, sizeof *options);
    if (options == NULL) {
        return false;
    }
    snprintf(text, sizeof text, "%s", problem->words);
    char *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word != NULL && argc < PROBLEM_WORDS;
         word = strtok_r(NULL, " ", &rest)) {
        argv[argc++] = word;
    }
    const bool good = options_parse(argc, argv, options) == CLI_CONTINUE;
    *kase = options->kase;
    free(options);
    return good;
}

void problems_free(problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        free(problems->all[i].words);
    }
    free(problems->all);
    *problems = (struct problems){0};
}

bool problem_element(const char *list, size_t index, char value[PROBLEM_WORD])
{
    for (; index > 0; index--) {
        list = strchr(list, ',');
        if (list == NULL) {
            return false;
        }
        list++;
    }
    const size_t length = strcspn(list, ",");
    if (length >= PROBLEM_WORD) {
        return false;
    }
    memcpy(value, list, length);
    value[length] = '\0';
    return true;
}

/* Values that no word has room for would end their lists. */
static int check_lengths(const bench_sweep *sweep)
{
    for (size_t i = 0; i < AXIS_COUNT; i++) {
        size_t length = 0;
        for (const char *c = sweep->axes[i]; c != NULL && *c != '\0'; c++) {
            length = *c == ',' ? 0 : length + 1;
            if (length >= PROBLEM_WORD) {
                return cli_mistake(&options_program, "--%s: a value has more than %d letters",
                                   sweep_axes[i].name, PROBLEM_WORD - 1);
            }
        }
    }
    return CLI_CONTINUE;
}

int problems_make(const bench_options *options, problems *problems)
{
    int status = check_lengths(&options->sweep);
    if (status == CLI_CONTINUE) {
        status = options->sweep.problems != NULL ? problems_of_file(options, problems)
                                                 : problems_of_lists(options, problems);
    }
    if (status == CLI_CONTINUE && options->format == FORMAT_CSV &&
        (problems->profile || problems->memory)) {
        return cli_mistake(&options_program, "--%s needs --format text or json",
                           problems->profile ? "profile" : "memory");
    }
    return status;
}
