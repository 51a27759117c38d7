/* SPDX-License-Identifier: Apache-2.0 */
#include "files/cache_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool ard__cache_path(const char *name, char *path, size_t capacity)
{
    const char *base = getenv("XDG_CACHE_HOME");
    int length = 0;
    if (base != NULL && base[0] == '/') {
        length = snprintf(path, capacity, "%s/ard/%s", base, name);
    } else {
        const char *home = getenv("HOME");
        if (home == NULL || home[0] == '\0') {
            return false;
        }
        length = snprintf(path, capacity, "%s/.cache/ard/%s", home, name);
    }
    return length > 0 && (size_t)length < capacity;
}

void ard__make_folders(const char *path)
{
    char folder[4096];
    const size_t length = strlen(path);
    if (length == 0 || length >= sizeof folder) {
        return;
    }
    memcpy(folder, path, length + 1);
    for (char *slash = strchr(folder + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(folder, 0700);
        *slash = '/';
    }
}
