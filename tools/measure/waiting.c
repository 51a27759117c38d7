/* SPDX-License-Identifier: Apache-2.0 */
#include "waiting.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool on_terminal(void)
{
    const char *term = getenv("TERM");
    return isatty(STDERR_FILENO) != 0 && term != NULL && strcmp(term, "dumb") != 0;
}

void waiting_show(const char *label, const char *what)
{
    if (on_terminal()) {
        fprintf(stderr, "\r%s: %s\033[K", label, what);
        fflush(stderr);
    }
}

void waiting_hide(void)
{
    if (on_terminal()) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
}
