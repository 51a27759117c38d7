/* SPDX-License-Identifier: Apache-2.0 */
/* The files of tuning/ as they were when the library was built. */
#ifndef ARD_TUNING_TEXTS_H
#define ARD_TUNING_TEXTS_H

#include <stddef.h>

typedef struct ard__tuning_text {
    const char *name; /* the file's */
    const char *text; /* ends with a NUL */
    size_t length;    /* without it */
} ard__tuning_text;

extern const ard__tuning_text ard__tuning_texts[];
extern const size_t ard__tuning_text_count;

#endif
