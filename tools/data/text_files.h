/* SPDX-License-Identifier: Apache-2.0 */
/* Where the three texts of a corpus are. */
#ifndef ARD_TEXT_FILES_H
#define ARD_TEXT_FILES_H

#include <stdbool.h>

#include "data/dataset.h"

enum { TEXT_FILES = 3, TEXT_PATH_SIZE = 4096 };

/* The paths of the training, the validation and the test text, from a folder or from three paths
 * with commas between them, as corpus_read_words() says. Says what is missing. */
bool text_files_find(const char *path, char paths[TEXT_FILES][TEXT_PATH_SIZE], data_error *error);

#endif
