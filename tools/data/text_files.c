/* SPDX-License-Identifier: Apache-2.0 */
#include "data/text_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { LAYOUTS = 3 };

/* The first one of which a folder has a file is the one that must be complete. */
static const char *const NAMES[LAYOUTS][TEXT_FILES] = {
    {"wiki.train.tokens", "wiki.valid.tokens", "wiki.test.tokens"},
    {"ptb.train.txt", "ptb.valid.txt", "ptb.test.txt"},
    {"train.txt", "valid.txt", "test.txt"},
};

/* The path of a file of the folder, plain or packed; false where there is none. */
static bool find_file(const char *folder, const char *name, char path[TEXT_PATH_SIZE])
{
    static const char *const ENDINGS[] = {"", ".gz"};
    for (size_t i = 0; i < sizeof ENDINGS / sizeof ENDINGS[0]; ++i) {
        const int length = snprintf(path, TEXT_PATH_SIZE, "%s/%s%s", folder, name, ENDINGS[i]);
        struct stat status;
        if (length > 0 && length < TEXT_PATH_SIZE && stat(path, &status) == 0) {
            return true;
        }
    }
    return false;
}

static bool find_in_folder(const char *folder, char paths[TEXT_FILES][TEXT_PATH_SIZE],
                           data_error *error)
{
    for (size_t layout = 0; layout < LAYOUTS; ++layout) {
        const char *missing = NULL;
        const char *found = NULL;
        for (size_t i = 0; i < TEXT_FILES; ++i) {
            if (find_file(folder, NAMES[layout][i], paths[i])) {
                found = NAMES[layout][i];
            } else {
                missing = NAMES[layout][i];
            }
        }
        if (missing == NULL) {
            return true;
        }
        if (found != NULL) {
            return data_fail(error, "%s: missing %s (plain or .gz) beside %s", folder, missing,
                             found);
        }
    }
    return data_fail(error,
                     "%s: no text; expected wiki.train.tokens, ptb.train.txt or train.txt (plain "
                     "or .gz), and beside it the same for valid and test",
                     folder);
}

static bool split(const char *list, char paths[TEXT_FILES][TEXT_PATH_SIZE])
{
    const char *at = list;
    for (size_t i = 0; i < TEXT_FILES; ++i) {
        const size_t length = strcspn(at, ",");
        const bool last = i + 1 == TEXT_FILES;
        if (length == 0 || length >= TEXT_PATH_SIZE || (at[length] == '\0') != last) {
            return false;
        }
        memcpy(paths[i], at, length);
        paths[i][length] = '\0';
        at += length + 1;
    }
    return true;
}

bool text_files_find(const char *path, char paths[TEXT_FILES][TEXT_PATH_SIZE], data_error *error)
{
    struct stat status;
    const bool exists = stat(path, &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) {
        return find_in_folder(path, paths, error);
    }
    if (!exists && strchr(path, ',') == NULL) {
        return data_fail(error, "%s: %s", path, strerror(errno));
    }
    return split(path, paths) ||
           data_fail(error, "%s: expected a folder, or three files, as in TRAIN,VALID,TEST", path);
}
