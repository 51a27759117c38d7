/* SPDX-License-Identifier: Apache-2.0 */
#include "data/utf8.h"

#include <stdint.h>

size_t utf8_length(const char *bytes, size_t size)
{
    /* The smallest number that a sequence of each length may stand for. */
    static const uint32_t LEAST[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char lead = (unsigned char)bytes[0];
    if (lead < 0x80) {
        return 1;
    }
    const size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc0 || lead > 0xf4 || length > size) {
        return 0;
    }
    uint32_t number = lead & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; ++i) {
        const unsigned char byte = (unsigned char)bytes[i];
        if ((byte & 0xc0) != 0x80) {
            return 0;
        }
        number = number << 6 | (byte & 0x3f);
    }
    const bool surrogate = number >= 0xd800 && number <= 0xdfff;
    return number >= LEAST[length] && number <= 0x10ffff && !surrogate ? length : 0;
}

bool utf8_valid(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size;) {
        const size_t length = utf8_length(bytes + i, size - i);
        if (length == 0) {
            return false;
        }
        i += length;
    }
    return true;
}
