/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text_buffer.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char REPLACEMENT[] = "\xEF\xBF\xBD";
static const char ELLIPSIS[] = "\xE2\x80\xA6";
static const char UNKNOWN[] = "\xE2\x80\x93";

enum { LEAST_CAPACITY = 4096 };

/* Room for `more` bytes and the NUL. */
static bool reserve(text_buffer *buffer, size_t more)
{
    if (buffer->failed || more >= SIZE_MAX / 2 - buffer->size) {
        buffer->failed = true;
        return false;
    }
    const size_t needed = buffer->size + more + 1;
    if (needed <= buffer->capacity) {
        return true;
    }
    size_t capacity = buffer->capacity > 0 ? buffer->capacity : LEAST_CAPACITY;
    while (capacity < needed) {
        capacity *= 2;
    }
    char *data = realloc(buffer->data, capacity);
    buffer->failed = data == NULL;
    if (data != NULL) {
        buffer->data = data;
        buffer->capacity = capacity;
    }
    return data != NULL;
}

static void add_bytes(text_buffer *buffer, const char *bytes, size_t size)
{
    if (reserve(buffer, size)) {
        memcpy(buffer->data + buffer->size, bytes, size);
        buffer->size += size;
        buffer->data[buffer->size] = '\0';
    }
}

void text_add(text_buffer *buffer, const char *text)
{
    add_bytes(buffer, text, strlen(text));
}

void text_addf(text_buffer *buffer, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof text) {
        buffer->failed = true;
        return;
    }
    add_bytes(buffer, text, (size_t)length);
}

/* Bytes of the character at the beginning of the text; 0 where that is not UTF-8 or what XML
 * forbids. */
static size_t character_size(const char *text)
{
    const unsigned char *c = (const unsigned char *)text;
    if (c[0] < 0x80) {
        return (c[0] >= 0x20 && c[0] != 0x7F) || c[0] == '\n' || c[0] == '\t' ? 1 : 0;
    }
    const size_t size = c[0] >= 0xF0 ? 4 : c[0] >= 0xE0 ? 3 : 2;
    uint32_t code = c[0] & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((c[i] & 0xC0) != 0x80) {
            return 0;
        }
        code = code << 6 | (c[i] & 0x3Fu);
    }
    const uint32_t least = size == 4 ? 0x10000 : size == 3 ? 0x800 : 0x80;
    const bool allowed = c[0] >= 0xC2 && c[0] < 0xF5 && code >= least && code <= 0x10FFFF &&
                         !(code >= 0xD800 && code <= 0xDFFF) && !(code >= 0x80 && code < 0xA0) &&
                         code != 0xFFFE && code != 0xFFFF;
    return allowed ? size : 0;
}

static void add_character(text_buffer *buffer, const char *text, size_t size)
{
    switch (*text) {
    case '&':
        text_add(buffer, "&amp;");
        break;
    case '<':
        text_add(buffer, "&lt;");
        break;
    case '>':
        text_add(buffer, "&gt;");
        break;
    case '"':
        text_add(buffer, "&quot;");
        break;
    case '\'':
        text_add(buffer, "&#39;");
        break;
    default:
        add_bytes(buffer, size > 0 ? text : REPLACEMENT, size > 0 ? size : strlen(REPLACEMENT));
    }
}

void text_add_escaped(text_buffer *buffer, const char *text)
{
    text_add_cut(buffer, text, SIZE_MAX);
}

void text_add_cut(text_buffer *buffer, const char *text, size_t most)
{
    size_t done = 0;
    for (; *text != '\0' && done < most; done++) {
        const size_t size = character_size(text);
        add_character(buffer, text, size);
        text += size > 0 ? size : 1;
    }
    if (*text != '\0') {
        text_add(buffer, ELLIPSIS);
    }
}

void text_number(char text[TEXT_NUMBER], double value)
{
    if (!isfinite(value)) {
        snprintf(text, TEXT_NUMBER, "%s", UNKNOWN);
    } else if (fabs(value) >= 9999.5 && fabs(value) < 1e9) {
        snprintf(text, TEXT_NUMBER, "%.0f", value);
    } else {
        snprintf(text, TEXT_NUMBER, "%.4g", value == 0 ? 0 : value); /* not "-0" */
    }
}

void text_add_number(text_buffer *buffer, double value)
{
    char text[TEXT_NUMBER];
    text_number(text, value);
    text_add(buffer, text);
}

size_t text_length(const char *text)
{
    size_t length = 0;
    for (; *text != '\0'; length++) {
        const size_t size = character_size(text);
        text += size > 0 ? size : 1;
    }
    return length;
}

void text_free(text_buffer *buffer)
{
    free(buffer->data);
    *buffer = (text_buffer){0};
}
