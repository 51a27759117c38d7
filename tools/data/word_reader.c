/* SPDX-License-Identifier: Apache-2.0 */
#include "data/word_reader.h"

#include <inttypes.h>
#include <stdlib.h>

word_reader *word_reader_open(const char *path, data_error *error)
{
    /* Not cleared: the buffers are large. */
    word_reader *reader = malloc(sizeof *reader);
    if (reader == NULL) {
        data_fail(error, "%s: not enough memory to read it", path);
        return NULL;
    }
    reader->path = path;
    reader->line = 1;
    reader->length = 0;
    reader->line_over = false;
    reader->line_open = false;
    reader->used = 0;
    reader->filled = 0;
    reader->stream = byte_stream_open(path, error);
    if (reader->stream == NULL) {
        free(reader);
        return NULL;
    }
    progress_start(&reader->bar, "reading", NULL, byte_stream_size(reader->stream));
    return reader;
}

void word_reader_close(word_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    progress_finish(&reader->bar);
    byte_stream_close(reader->stream);
    free(reader);
}

/* Another chunk where this one is used up; nothing comes at the end of the file. */
static bool refill(word_reader *reader, data_error *error)
{
    if (reader->used < reader->filled) {
        return true;
    }
    reader->used = 0;
    progress_update(&reader->bar, byte_stream_position(reader->stream), reader->path);
    return byte_stream_read(reader->stream, reader->chunk, WORD_READER_CHUNK, &reader->filled,
                            error);
}

/* As isspace() in the C locale, but for the end of a line. */
static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r' && byte != '\n');
}

static bool append(word_reader *reader, char byte, data_error *error)
{
    if (byte == '\0') {
        return data_fail(error, "%s:%" PRIu64 ": a NUL byte; expected text", reader->path,
                         reader->line);
    }
    if (reader->length == WORD_READER_LONGEST) {
        return data_fail(error,
                         "%s:%" PRIu64 ": a word of more than %d bytes; expected words between "
                         "white space",
                         reader->path, reader->line, WORD_READER_LONGEST);
    }
    reader->word[reader->length++] = byte;
    return true;
}

/* What there is when no word began before the end of the line or file. */
static word_kind end_of_line(word_reader *reader)
{
    const bool newline = reader->used < reader->filled;
    if (!newline && !reader->line_open) {
        return WORD_KIND_FILE_END;
    }
    reader->used += newline;
    reader->line_over = true;
    reader->line_open = false;
    return WORD_KIND_LINE_END;
}

bool word_reader_next(word_reader *reader, word_kind *kind, data_error *error)
{
    reader->line += reader->line_over;
    reader->line_over = false;
    reader->length = 0;
    for (;;) {
        if (!refill(reader, error)) {
            return false;
        }
        const bool ended = reader->filled == 0 || reader->chunk[reader->used] == '\n';
        if (ended && reader->length == 0) {
            *kind = end_of_line(reader);
            return true;
        }
        if (ended) {
            *kind = WORD_KIND_WORD;
            return true;
        }
        const char byte = reader->chunk[reader->used++];
        reader->line_open = true;
        if (is_blank(byte)) {
            if (reader->length > 0) {
                *kind = WORD_KIND_WORD;
                return true;
            }
        } else if (!append(reader, byte, error)) {
            return false;
        }
    }
}
