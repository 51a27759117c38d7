/* SPDX-License-Identifier: Apache-2.0 */
#include "problem_sets.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"

enum { MOST_SETS = 32, NAME = 64, LIST = 768 };

static const char ending[] = ".txt";

/* The folder of the sets: beside the program, wherever its tree was moved to, or where it was to be
 * installed. False where the path is too long. */
static bool find_folder(char folder[PROBLEM_PATH])
{
    char program[PROBLEM_PATH];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length > 0) {
        program[length] = '\0';
        char *slash = strrchr(program, '/');
        if (slash != NULL) {
            *slash = '\0';
        }
        const int size =
            snprintf(folder, PROBLEM_PATH, "%.2000s/%s", program, ARD_PROBLEMS_FROM_PROGRAM);
        if (size < PROBLEM_PATH && access(folder, R_OK) == 0) {
            return true;
        }
    }
    return snprintf(folder, PROBLEM_PATH, "%s", ARD_PROBLEMS_INSTALLED) < PROBLEM_PATH;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* The names of the sets in a folder, in alphabetical order; how many. */
static size_t list_sets(const char *folder, char names[MOST_SETS][NAME])
{
    size_t count = 0;
    DIR *directory = opendir(folder);
    const struct dirent *entry = NULL;
    while (directory != NULL && count < MOST_SETS && (entry = readdir(directory)) != NULL) {
        const size_t length = strlen(entry->d_name);
        const size_t end = strlen(ending);
        if (length > end && length - end < NAME &&
            strcmp(entry->d_name + length - end, ending) == 0) {
            snprintf(names[count++], NAME, "%.*s", (int)(length - end), entry->d_name);
        }
    }
    if (directory != NULL) {
        closedir(directory);
    }
    qsort(names, count, sizeof names[0], compare_names);
    return count;
}

/* Says what there is instead of `name`. */
static int unknown_set(const char *folder, const char *name, const char *why)
{
    char names[MOST_SETS][NAME];
    char list[LIST] = "";
    const size_t count = list_sets(folder, names);
    size_t length = 0;
    for (size_t i = 0; i < count && length < sizeof list; i++) {
        length += (size_t)snprintf(list + length, sizeof list - length, "%s%s", i == 0 ? "" : ", ",
                                   names[i]);
    }
    if (count == 0) {
        return cli_mistake(&options_program, "--problems: cannot read %.200s: %s", name, why);
    }
    return cli_mistake(&options_program,
                       "--problems: cannot read %.200s: %s; the sets that are shipped are %s", name,
                       why, list);
}

int problem_set_find(const char *name, char path[PROBLEM_PATH])
{
    char folder[PROBLEM_PATH];
    if (access(name, F_OK) == 0 && snprintf(path, PROBLEM_PATH, "%s", name) < PROBLEM_PATH) {
        return CLI_CONTINUE;
    }
    const char *why = strerror(errno);
    if (!find_folder(folder)) {
        return cli_mistake(&options_program, "--problems: cannot read %.200s: %s", name, why);
    }
    /* A name, not a way out of the folder. */
    if (strchr(name, '/') == NULL &&
        snprintf(path, PROBLEM_PATH, "%.3000s/%.200s%s", folder, name, ending) < PROBLEM_PATH &&
        access(path, F_OK) == 0) {
        return CLI_CONTINUE;
    }
    return unknown_set(folder, name, why);
}
