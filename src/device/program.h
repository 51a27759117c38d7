/* SPDX-License-Identifier: Apache-2.0 */
/* Compiled programs of a context. */
#ifndef ARD_PROGRAM_H
#define ARD_PROGRAM_H

#include <ard/context.h>

#include "device/kernels.h"

/* The program of an id, borrowed from the context: built from the embedded sources at its first
 * use, or taken from the disk cache. BUILD with the build log as detail. */
ard_status ard__program_get(ard_context *context, ard__program_id id, cl_program *program);

#endif
