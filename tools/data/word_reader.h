/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a file and the ends of its lines, one after the other. A display of progress while
 * it takes long. */
#ifndef ARD_WORD_READER_H
#define ARD_WORD_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/byte_stream.h"
#include "progress.h"

enum { WORD_READER_LONGEST = 1 << 16, WORD_READER_CHUNK = 1 << 16 };

typedef enum word_kind { WORD_KIND_WORD, WORD_KIND_LINE_END, WORD_KIND_FILE_END } word_kind;

typedef struct word_reader {
    const char *path;
    byte_stream *stream;
    progress bar;
    uint64_t line;  /* of what word_reader_next gave last, from 1 on */
    size_t length;  /* of the word it gave */
    bool line_over; /* it gave the end of `line` */
    bool line_open; /* there are bytes on the line that is being read */
    size_t used;    /* of `chunk` */
    size_t filled;
    char chunk[WORD_READER_CHUNK];
    char word[WORD_READER_LONGEST];
} word_reader;

/* Opens a file, plain or gzip. `path` must outlive the reader. NULL with the reason. */
word_reader *word_reader_open(const char *path, data_error *error);

/* NULL is fine. */
void word_reader_close(word_reader *reader);

/* The next word, in `word` [length]; or the end of a line, of the last one too where it ends with
 * the file; or, from then on, the end of the file. False with the reason for what cannot be read,
 * for a NUL byte and for a word longer than WORD_READER_LONGEST. */
bool word_reader_next(word_reader *reader, word_kind *kind, data_error *error);

#endif
