/* SPDX-License-Identifier: Apache-2.0 */
/* Compiled programs on disk, in $XDG_CACHE_HOME/ard or ~/.cache/ard.
 *
 * An entry is found by a hash of everything that it depends on and carries the whole of it, so that
 * a collision, damage or a file of somebody else is noticed; then the program is built again. The
 * cache never makes a call fail. ARD_CACHE=never|auto|always says whether it is used; auto, the
 * default, leaves it out where the driver caches by itself (PoCL, NVIDIA). */
#ifndef ARD_PROGRAM_CACHE_H
#define ARD_PROGRAM_CACHE_H

#include <stdbool.h>

#include <ard/context.h>

typedef struct ard__program_source {
    const char *name;
    const char *common; /* "" where there is none */
    const char *text;
    const char *options;
} ard__program_source;

/* INVALID_ARGUMENT when ARD_CACHE is set to something else. */
ard_status ard__program_cache_check(void);

bool ard__program_cache_wanted(const ard_context *context);

/* Loads and builds the cached program; false where there is none that fits. */
bool ard__program_cache_load(ard_context *context, const ard__program_source *source,
                             cl_program *program);

/* Stores a built program; quietly does nothing where it cannot. */
void ard__program_cache_store(ard_context *context, const ard__program_source *source,
                              cl_program program);

#endif
