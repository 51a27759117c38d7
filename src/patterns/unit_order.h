/* SPDX-License-Identifier: Apache-2.0 */
/* The order of units in memory: with a stride s they lie as
 *     0, s, 2s, ...,  1, 1 + s, 1 + 2s, ...,  2, ...
 * so that the units of a residue class modulo s, and with them those that a pattern keeps whose
 * period divides s, are side by side. Stride 1 is the increasing order. */
#ifndef ARD_UNIT_ORDER_H
#define ARD_UNIT_ORDER_H

#include <stddef.h>

/* Where unit `unit` of `width` lies. */
static inline size_t ard__unit_place(size_t stride, size_t width, size_t unit)
{
    const size_t residue = unit % stride;
    const size_t rest = width % stride; /* as many residues have one unit more */
    return residue * (width / stride) + (residue < rest ? residue : rest) + unit / stride;
}

#endif
