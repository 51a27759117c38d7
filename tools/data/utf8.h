/* SPDX-License-Identifier: Apache-2.0 */
/* Where one character of UTF-8 ends and the next one begins. */
#ifndef ARD_UTF8_H
#define ARD_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes of the character at the beginning of `bytes` [size >= 1], 1 to 4; 0 where there is none
 * of the standard's (RFC 3629: no overlong form, surrogate or number above 0x10ffff). */
size_t utf8_length(const char *bytes, size_t size);

/* Whether all of it is UTF-8. */
bool utf8_valid(const char *bytes, size_t size);

#endif
