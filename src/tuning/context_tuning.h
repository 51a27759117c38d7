/* SPDX-License-Identifier: Apache-2.0 */
/* Which tuning a context uses; the order is in tuning.h. */
#ifndef ARD_CONTEXT_TUNING_H
#define ARD_CONTEXT_TUNING_H

#include <ard/context.h>

/* Sets the tuning of a context whose device is described, the engine that ARD_ENGINE forces and
 * what was refused; configures CLBlast if it may run. `text` gets what of it the bits of a result
 * depend on, for the environment. */
ard_status ard__context_tune(ard_context *context, const ard_context_options *options, char *text,
                             size_t capacity);

#endif
