/* SPDX-License-Identifier: Apache-2.0 */
/* 64-bit fingerprints (FNV-1a) of data, the same on every host: whether a resumed run has the data
 * that it was started with. Begin with CHECKSUM_BEGIN and pass on what comes back. */
#ifndef ARD_CHECKSUM_H
#define ARD_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#define CHECKSUM_BEGIN UINT64_C(0xcbf29ce484222325)

uint64_t checksum_bytes(uint64_t hash, const void *bytes, size_t count);

/* Sizes and words go in byte by byte, lowest first, so that the byte order of the host does not
 * matter. */
uint64_t checksum_size(uint64_t hash, size_t size);
uint64_t checksum_words(uint64_t hash, const uint32_t *words, size_t count);

#endif
