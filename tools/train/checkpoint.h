/* SPDX-License-Identifier: Apache-2.0 */
/* Saving a run. */
#ifndef ARD_TRAIN_CHECKPOINT_H
#define ARD_TRAIN_CHECKPOINT_H

#include <ard/ard.h>

#include "train/extra.h"

/* Finds out before hours of training whether a file can be written at `path`. Leaves nothing. */
int checkpoint_probe(const char *path);

/* Blocks. */
int checkpoint_save(ard_mlp *mlp, const char *path, const train_extra *extra);

#endif
