/* SPDX-License-Identifier: Apache-2.0 */
/* The kept units of a pattern as a list.
 *
 * With q residues kept of every period, kept unit j is
 *     (j / q) * period + (residue number j % q of the set, in increasing order),
 * because a width that ends inside a period cuts the list, never reorders it.
 * One work-item a kept unit.
 *     list[j]         = unit j
 *     list[width + j] = unit j % classes, its residue class for tables of ages */
__kernel void ard_indices(const uint period, const ulong residues, const uint kept,
                          const uint count, const uint width, const uint classes,
                          __global uint *restrict list)
{
    const uint j = (uint)get_global_id(0);
    if (j >= count) {
        return;
    }
    uint left = j % kept;
    uint residue = 0;
    while (left > 0 || ((residues >> residue) & 1) == 0) {
        left -= (uint)((residues >> residue) & 1);
        ++residue;
    }
    const uint unit = j / kept * period + residue;
    list[j] = unit;
    list[(size_t)width + j] = unit % classes;
}
