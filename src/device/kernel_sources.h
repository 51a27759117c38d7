/* SPDX-License-Identifier: Apache-2.0 */
/* The texts of cl/ as they were when the library was built; no file of the source tree is read at
 * run time. */
#ifndef ARD_KERNEL_SOURCES_H
#define ARD_KERNEL_SOURCES_H

#include <stddef.h>

typedef struct ard__kernel_source {
    const char *name; /* the file's, such as "compact.cl" */
    const char *text; /* begins with `#line 1 "cl/NAME"`, so that build logs name the file; ends
                         with a NUL */
    size_t length;    /* of the text, without the NUL */
} ard__kernel_source;

extern const ard__kernel_source ard__kernel_sources[];
extern const size_t ard__kernel_source_count;

#endif
