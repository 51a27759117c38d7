/* SPDX-License-Identifier: Apache-2.0 */
#include "claim.h"

#include <errno.h>
#include <sys/file.h>
#include <sys/stat.h>

bool claim_holds(FILE *held, const char *path)
{
    struct stat mine;
    struct stat there;
    return held == NULL || fstat(fileno(held), &mine) != 0 || stat(path, &there) != 0 ||
           (mine.st_dev == there.st_dev && mine.st_ino == there.st_ino);
}

int claim_take(const cli_program *program, const char *path, FILE **held)
{
    enum { ATTEMPTS = 8 };
    FILE *file = NULL;
    /* The file that was opened can be an old one by the time it is locked. */
    for (int i = 0; i < ATTEMPTS && (file == NULL || !claim_holds(file, path)); i++) {
        if (file != NULL) {
            (void)fclose(file);
        }
        file = fopen(path, "rbe"); /* e: not for the linkers and compilers that drivers start */
        if (file == NULL) {
            break;
        }
        if (flock(fileno(file), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
            (void)fclose(file);
            return cli_mistake(program, "--output: another process is writing %s", path);
        }
    }
    if (*held != NULL) {
        (void)fclose(*held);
    }
    *held = file;
    return CLI_CONTINUE;
}
