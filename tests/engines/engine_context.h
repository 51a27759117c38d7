/* SPDX-License-Identifier: Apache-2.0 */
/* Contexts of every engine and of every set of parameters that changes what it runs. */
#ifndef ARD_TEST_ENGINE_CONTEXT_H
#define ARD_TEST_ENGINE_CONTEXT_H

#include <ard/context.h>

enum { ENGINE_SETTINGS = 6 };

/* For messages. */
extern const char *const engine_setting_names[ENGINE_SETTINGS];

/* A new context of that setting on the default device; nothing was built in it yet. */
ard_context *engine_context_create(size_t setting);

#endif
