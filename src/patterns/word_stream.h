/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a draw one after another: four of its index, four of the next index, and so on.
 * Several numbers taken from one stream never share a word, however many of them a rejection used
 * up. */
#ifndef ARD_WORD_STREAM_H
#define ARD_WORD_STREAM_H

#include <ard/sampler.h>

typedef struct ard__word_stream {
    ard_draw draw; /* `index` is that of the next block */
    uint32_t words[4];
    uint32_t used; /* of `words` */
} ard__word_stream;

/* The stream that begins at the draw's index. */
ard__word_stream ard__word_stream_start(ard_draw draw);

uint32_t ard__word_stream_next(ard__word_stream *stream);

/* A uniform integer in 0..bound-1 without bias; bound >= 1. */
uint32_t ard__word_stream_below(ard__word_stream *stream, uint32_t bound);

#endif
