/* SPDX-License-Identifier: Apache-2.0 */
/* Where libard keeps files of the user's between runs: $XDG_CACHE_HOME/ard or ~/.cache/ard. */
#ifndef ARD_CACHE_FOLDER_H
#define ARD_CACHE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

/* The path of `name` in the folder; false where there is no home or the path is longer than
 * `capacity`. */
bool ard__cache_path(const char *name, char *path, size_t capacity);

/* Makes the folders of `path`, all but its last part, where they are missing. Whether that went
 * well is seen when the file is made. */
void ard__make_folders(const char *path);

#endif
