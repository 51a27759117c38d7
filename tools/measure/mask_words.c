/* SPDX-License-Identifier: Apache-2.0 */
#include "mask_words.h"

#include <math.h>

bool mask_keeps(const ard_bernoulli *mask, uint64_t element)
{
    uint32_t words[4];
    const ard_draw draw = {.seed = mask->seed,
                           .step = mask->step,
                           .layer = mask->layer,
                           .purpose = ARD_PURPOSE_MASK,
                           .index = (uint32_t)(element / 4)};
    ard_draw_words(&draw, words);
    return words[element % 4] >= floor(mask->rate * 4294967296.0 + 0.5);
}
