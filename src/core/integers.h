/* SPDX-License-Identifier: Apache-2.0 */
/* Whole-number helpers. */
#ifndef ARD_INTEGERS_H
#define ARD_INTEGERS_H

#include <stddef.h>
#include <stdint.h>

/* gcd(0, b) = b. */
static inline uint32_t ard__greatest_common_divisor(uint32_t a, uint32_t b)
{
    while (b != 0) {
        const uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* a / b, rounded up. */
static inline size_t ard__divide_up(size_t a, size_t b)
{
    return a / b + (a % b != 0 ? 1 : 0);
}

static inline size_t ard__smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static inline size_t ard__larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

#endif
