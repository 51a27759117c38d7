/* SPDX-License-Identifier: Apache-2.0 */
#include "data/checksum.h"

static const uint64_t PRIME = UINT64_C(0x100000001b3);

uint64_t checksum_bytes(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < count; ++i) {
        hash = (hash ^ at[i]) * PRIME;
    }
    return hash;
}

uint64_t checksum_size(uint64_t hash, size_t size)
{
    for (unsigned shift = 0; shift < 64; shift += 8) {
        hash = (hash ^ (((uint64_t)size >> shift) & 0xffu)) * PRIME;
    }
    return hash;
}

uint64_t checksum_words(uint64_t hash, const uint32_t *words, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        for (unsigned shift = 0; shift < 32; shift += 8) {
            hash = (hash ^ ((words[i] >> shift) & 0xffu)) * PRIME;
        }
    }
    return hash;
}
