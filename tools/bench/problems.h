/* SPDX-License-Identifier: Apache-2.0 */
/* The cases of a sweep as command lines, each read by the parser of ard-bench itself. */
#ifndef ARD_BENCH_PROBLEMS_H
#define ARD_BENCH_PROBLEMS_H

#include "options.h"

/* Cases of one sweep, words of one case, and bytes of a word. */
enum { PROBLEMS_MOST = 4096, PROBLEM_WORDS = 128, PROBLEM_WORD = 1024 };

typedef struct problem {
    char *words; /* "step --model mlp ...", everything in it, blanks between */
    uint64_t hash;
    double work; /* about how much there is to compute, to tell how long the rest takes */
} problem;

typedef struct problems {
    size_t count;
    problem *all;
    /* Whether any has it. */
    bool verify, groups, profile, memory;
} problems;

/* Reads a case, of which argv[0] is the program's name, and appends it unless it is there already.
 * CLI_CONTINUE, or the status to end with after a line that begins with `where` unless that is
 * NULL. */
int problems_add(problems *problems, const char *where, int argc, char *const *argv);

/* The case of a problem, which is one; false without memory. */
bool problem_read(const problem *problem, bench_case *kase);

/* Frees what it holds. */
void problems_free(problems *problems);

/* The cases that the options of a sweep name, by lists or a file. Statuses as above. */
int problems_make(const bench_options *options, problems *problems);

/* The parts of it: of lists (problem_lists.c) and of a file (problem_file.c). */
int problems_of_lists(const bench_options *options, problems *problems);
int problems_of_file(const bench_options *options, problems *problems);

/* Splits a list at its commas: element `index` into `value`, or false behind the last one.
 * problems_make() refused elements that are too long. */
bool problem_element(const char *list, size_t index, char value[PROBLEM_WORD]);

#endif
