/* SPDX-License-Identifier: Apache-2.0 */
/* Text that grows, and how texts and numbers stand in HTML and SVG.
 *
 * The first failure for want of memory is remembered, and nothing is added afterwards, so that a
 * long row of additions needs one check at its end. */
#ifndef ARD_REPORT_TEXT_BUFFER_H
#define ARD_REPORT_TEXT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct text_buffer {
    char *data; /* ended by NUL; NULL while nothing was added */
    size_t size;
    size_t capacity;
    bool failed; /* no memory */
} text_buffer;

void text_add(text_buffer *buffer, const char *text);

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void text_addf(text_buffer *buffer, const char *format, ...);

/* As the content of an element or of an attribute in double quotes. What is no UTF-8, and control
 * characters, become U+FFFD, so that the document stays well-formed whatever the text holds. */
void text_add_escaped(text_buffer *buffer, const char *text);

/* The first `most` characters of the text, with an ellipsis where that is not all. */
void text_add_cut(text_buffer *buffer, const char *text, size_t most);

enum { TEXT_NUMBER = 40 };

/* A number as people read it: four digits at least where there are so many, no exponent between
 * 1e-4 and 1e9; an en dash for what is not known. */
void text_number(char text[TEXT_NUMBER], double value);
void text_add_number(text_buffer *buffer, double value);

/* Characters in the text, which may be no UTF-8. */
size_t text_length(const char *text);

void text_free(text_buffer *buffer);

#endif
