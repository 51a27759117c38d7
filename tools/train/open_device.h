/* SPDX-License-Identifier: Apache-2.0 */
/* The device of a run. */
#ifndef ARD_TRAIN_OPEN_DEVICE_H
#define ARD_TRAIN_OPEN_DEVICE_H

#include <ard/ard.h>

/* Opens what --device names (NULL: the default) and says on standard error where a tuning was
 * refused. */
int open_device(const char *device, ard_context **context);

#endif
