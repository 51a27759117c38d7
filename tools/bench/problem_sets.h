/* SPDX-License-Identifier: Apache-2.0 */
/* The sets of problems that are installed beside the program. */
#ifndef ARD_BENCH_PROBLEM_SETS_H
#define ARD_BENCH_PROBLEM_SETS_H

/* Bytes of a path. */
enum { PROBLEM_PATH = 4096 };

/* Where the problems that `name` means are: the file of that name, or else the shipped set.
 * CLI_CONTINUE, or CLI_MISTAKE after a line that lists the shipped ones. */
int problem_set_find(const char *name, char path[PROBLEM_PATH]);

#endif
