/* SPDX-License-Identifier: Apache-2.0 */
/* Philox 4x32 with 10 rounds: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1,
 * 2, 3", SC 2011. cl/philox.cl is the same on the device. */
#include "patterns/word_stream.h"

enum { ROUNDS = 10 };

/* The two multipliers and the two key increments (golden ratio, sqrt(3) - 1) of the paper. */
static const uint32_t MULTIPLIER_0 = UINT32_C(0xD2511F53);
static const uint32_t MULTIPLIER_1 = UINT32_C(0xCD9E8D57);
static const uint32_t INCREMENT_0 = UINT32_C(0x9E3779B9);
static const uint32_t INCREMENT_1 = UINT32_C(0xBB67AE85);

void ard_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t words[4])
{
    uint32_t x[4] = {counter[0], counter[1], counter[2], counter[3]};
    uint32_t key_0 = key[0];
    uint32_t key_1 = key[1];
    for (int round = 0; round < ROUNDS; round++) {
        const uint64_t product_0 = (uint64_t)MULTIPLIER_0 * x[0];
        const uint64_t product_1 = (uint64_t)MULTIPLIER_1 * x[2];
        x[0] = (uint32_t)(product_1 >> 32) ^ x[1] ^ key_0;
        x[1] = (uint32_t)product_1;
        x[2] = (uint32_t)(product_0 >> 32) ^ x[3] ^ key_1;
        x[3] = (uint32_t)product_0;
        key_0 += INCREMENT_0;
        key_1 += INCREMENT_1;
    }
    for (int i = 0; i < 4; i++) {
        words[i] = x[i];
    }
}

void ard_draw_words(const ard_draw *draw, uint32_t words[4])
{
    const uint32_t purpose = (uint32_t)draw->purpose << 24;
    const uint32_t counter[4] = {draw->index, purpose | (draw->layer & UINT32_C(0xFFFFFF)),
                                 (uint32_t)draw->step, (uint32_t)(draw->step >> 32)};
    const uint32_t key[2] = {(uint32_t)draw->seed, (uint32_t)(draw->seed >> 32)};
    ard_philox4x32(counter, key, words);
}

ard__word_stream ard__word_stream_start(ard_draw draw)
{
    return (ard__word_stream){.draw = draw, .used = 4};
}

uint32_t ard__word_stream_next(ard__word_stream *stream)
{
    if (stream->used == 4) {
        ard_draw_words(&stream->draw, stream->words);
        stream->draw.index++;
        stream->used = 0;
    }
    return stream->words[stream->used++];
}

uint32_t ard__word_stream_below(ard__word_stream *stream, uint32_t bound)
{
    if (bound <= 1) {
        return 0;
    }
    /* word * bound / 2^32 takes each value for floor(2^32 / bound) words or one more; refusing the
     * 2^32 mod bound products with the lowest fractions leaves exactly the former (Lemire, "Fast
     * random integer generation in an interval", 2019). */
    const uint32_t refused = (0U - bound) % bound;
    uint64_t product = 0;
    do {
        product = (uint64_t)ard__word_stream_next(stream) * bound;
    } while ((uint32_t)product < refused);
    return (uint32_t)(product >> 32);
}

uint32_t ard_draw_below(const ard_draw *draw, uint32_t bound)
{
    ard__word_stream stream = ard__word_stream_start(*draw);
    return ard__word_stream_below(&stream, bound);
}
