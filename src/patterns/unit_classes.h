/* SPDX-License-Identifier: Apache-2.0 */
/* Classes of the units along one dimension of a parameter, such that patterns keep or drop all
 * units of a class together: a residue of the unit, for row patterns, and a residue of its tile.
 *
 *     class = unit % units + units * ((unit / edge) % tiles) */
#ifndef ARD_UNIT_CLASSES_H
#define ARD_UNIT_CLASSES_H

#include <stddef.h>
#include <stdint.h>

/* 1, any edge, 1: a single class. */
typedef struct ard__unit_classes {
    uint32_t units;
    uint32_t edge;
    uint32_t tiles;
} ard__unit_classes;

static inline uint32_t ard__unit_class(const ard__unit_classes *classes, size_t unit)
{
    return (uint32_t)(unit % classes->units +
                      classes->units * (unit / classes->edge % classes->tiles));
}

static inline uint32_t ard__unit_class_count(const ard__unit_classes *classes)
{
    return classes->units * classes->tiles;
}

#endif
