/* SPDX-License-Identifier: Apache-2.0 */
/* Random words on the device: Philox 4x32 with 10 rounds, bit for bit ard_philox4x32() and
 * ard_draw_words() of the host.
 *
 * Formula of a round (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3",
 * SC 2011), with the multipliers M and the key increments W below:
 *
 *     {x, y, z, w} <- {hi(M1 z) ^ y ^ k0, lo(M1 z), hi(M0 x) ^ w ^ k1, lo(M0 x)}
 *     {k0, k1} <- {k0 + W0, k1 + W1}
 *
 * Mapping: counter = {index, purpose << 24 | layer, step low, step high},
 *          key = {seed low, seed high}.
 *
 * Functions only: this text is put in front of kernel files that draw. The purposes are those of
 * ard_purpose in <ard/sampler.h>. No macro is read. */
#define ARD_PURPOSE_PERIOD 0u
#define ARD_PURPOSE_OFFSET 1u
#define ARD_PURPOSE_RESIDUES 2u
#define ARD_PURPOSE_MASK 3u
#define ARD_PURPOSE_INITIALISATION 4u
#define ARD_PURPOSE_DATA_ORDER 5u

static inline uint4 ard_philox4x32(uint4 counter, uint2 key)
{
    const uint multiplier_0 = 0xD2511F53u;
    const uint multiplier_1 = 0xCD9E8D57u;
    for (int round = 0; round < 10; round++) {
        counter =
            (uint4)(mul_hi(multiplier_1, counter.z) ^ counter.y ^ key.x, multiplier_1 * counter.z,
                    mul_hi(multiplier_0, counter.x) ^ counter.w ^ key.y, multiplier_0 * counter.x);
        key += (uint2)(0x9E3779B9u, 0xBB67AE85u);
    }
    return counter;
}

/* The four words of the draw (seed, purpose, layer, step, index); layer < 2^24. */
static inline uint4 ard_draw_words(ulong seed, uint purpose, uint layer, ulong step, uint index)
{
    const uint4 counter =
        (uint4)(index, purpose << 24 | (layer & 0xFFFFFFu), (uint)step, (uint)(step >> 32));
    return ard_philox4x32(counter, (uint2)((uint)seed, (uint)(seed >> 32)));
}
