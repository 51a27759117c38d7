/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints that were saved somewhere else. */
#ifndef ARD_TEST_ELSEWHERE_H
#define ARD_TEST_ELSEWHERE_H

#include <ard/context.h>

/* The environment of a machine that there is not. */
extern const char elsewhere_environment[];

/* Makes a checkpoint of this context's look as if it were saved there. */
void elsewhere_move(ard_context *context, const char *path);

/* Fails unless a note names both environments. */
void elsewhere_assert_noted(const ard_context *context, const char *note);

#endif
