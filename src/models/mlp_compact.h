/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of a step's compact weights and gradients, one stretch for all layers.
 *
 * The copies of the layers that need one lie one behind the other, the first layer's last. Backward
 * goes from the last layer to the first, and the gradient of a layer is computed when its own
 * weights, those of the layers behind it and the first layer's are not needed any more: it begins
 * where the layer's copy does or would. So patterns need hardly more memory than the largest
 * gradient, which the dense step needs too.
 *
 * Where a batch is several groups, no weight may change before the last group has read it: behind
 * the copies, which the groups take in turn, the gradients of each group have a stretch of their
 * own. */
#ifndef ARD_MLP_COMPACT_H
#define ARD_MLP_COMPACT_H

#include <stddef.h>

#include "models/mlp_internal.h"

/* Elements, so many that copies begin at whole vectors. */
static inline size_t ard__mlp_compact_round(size_t elements)
{
    return (elements + 15) / 16 * 16;
}

/* Elements that the steps of a network need at the most, whatever they draw. */
size_t ard__mlp_compact_size(const ard_mlp *mlp);

#endif
