/* SPDX-License-Identifier: Apache-2.0 */
/* A file of results has one writer: each holds a lock on the file that is there. Since every
 * writing puts a new file in the place of the last one, the lock moves along. It ends with the
 * process, however that ends, and leaves nothing behind. */
#ifndef ARD_BENCH_CLAIM_H
#define ARD_BENCH_CLAIM_H

#include <stdbool.h>
#include <stdio.h>

#include "cli.h"

/* Takes the file, in the place of the one in `*held`, which may be NULL and becomes NULL where
 * there is no file or none that can be read. fclose() gives it back. CLI_CONTINUE, or CLI_MISTAKE
 * after a line, `*held` untouched: another process has it. Where files cannot be locked nobody is
 * refused. */
int claim_take(const cli_program *program, const char *path, FILE **held);

/* Whether no other file than the one that is held has come to be at `path`. */
bool claim_holds(FILE *held, const char *path);

#endif
