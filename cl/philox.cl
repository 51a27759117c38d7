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
 * ard_purpose in <ard/sampler.h>. ARD_VEC (default 1) is the vector width of the device: with 16
 * there is a function that makes 16 blocks at once, which compilers do not find by themselves. */
#ifndef ARD_VEC
#define ARD_VEC 1
#endif

/* Functions with vectors among their arguments or for a result: panel.cl says why. */
#ifndef INLINE
#define INLINE static inline __attribute__((always_inline))
#endif

#define ARD_PURPOSE_PERIOD 0u
#define ARD_PURPOSE_OFFSET 1u
#define ARD_PURPOSE_RESIDUES 2u
#define ARD_PURPOSE_MASK 3u
#define ARD_PURPOSE_INITIALISATION 4u
#define ARD_PURPOSE_DATA_ORDER 5u

INLINE uint4 ard_philox4x32(uint4 counter, uint2 key)
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
INLINE uint4 ard_draw_words(ulong seed, uint purpose, uint layer, ulong step, uint index)
{
    const uint4 counter =
        (uint4)(index, purpose << 24 | (layer & 0xFFFFFFu), (uint)step, (uint)(step >> 32));
    return ard_philox4x32(counter, (uint2)((uint)seed, (uint)(seed >> 32)));
}

#if ARD_VEC == 16
/* The words of the draws index + 0 .. index + 15, as a stream of 64: words[i] has draws 4 i to
 * 4 i + 3, each with its four words in order. */
INLINE void ard_draw_words_16(ulong seed, uint purpose, uint layer, ulong step, uint index,
                              uint16 words[4])
{
    uint16 x = index + (uint16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    uint16 y = purpose << 24 | (layer & 0xFFFFFFu);
    uint16 z = (uint)step;
    uint16 w = (uint)(step >> 32);
    uint2 key = (uint2)((uint)seed, (uint)(seed >> 32));
    for (int round = 0; round < 10; round++) {
        const uint16 high_x = mul_hi((uint16)(0xD2511F53u), x);
        const uint16 high_z = mul_hi((uint16)(0xCD9E8D57u), z);
        const uint16 low_x = 0xD2511F53u * x;
        const uint16 low_z = 0xCD9E8D57u * z;
        x = high_z ^ y ^ key.x;
        y = low_z;
        z = high_x ^ w ^ key.y;
        w = low_x;
        key += (uint2)(0x9E3779B9u, 0xBB67AE85u);
    }
    words[0] = (uint16)(x.s0, y.s0, z.s0, w.s0, x.s1, y.s1, z.s1, w.s1, x.s2, y.s2, z.s2, w.s2,
                        x.s3, y.s3, z.s3, w.s3);
    words[1] = (uint16)(x.s4, y.s4, z.s4, w.s4, x.s5, y.s5, z.s5, w.s5, x.s6, y.s6, z.s6, w.s6,
                        x.s7, y.s7, z.s7, w.s7);
    words[2] = (uint16)(x.s8, y.s8, z.s8, w.s8, x.s9, y.s9, z.s9, w.s9, x.sa, y.sa, z.sa, w.sa,
                        x.sb, y.sb, z.sb, w.sb);
    words[3] = (uint16)(x.sc, y.sc, z.sc, w.sc, x.sd, y.sd, z.sd, w.sd, x.se, y.se, z.se, w.se,
                        x.sf, y.sf, z.sf, w.sf);
}
#endif
