/* SPDX-License-Identifier: Apache-2.0 */
/* What a run that a signal stopped says at its end. */
#ifndef ARD_TRAIN_INTERRUPTED_H
#define ARD_TRAIN_INTERRUPTED_H

#include <stdint.h>

/* `save` is where the checkpoint went, NULL: nowhere. Returns INTERRUPT_EXIT. */
int interrupted_after(uint64_t step, const char *save);

#endif
