/* SPDX-License-Identifier: Apache-2.0 */
#include "tuning/tuning_json.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "core/status_internal.h"

enum { CHECK_DIGITS = 8 };

/* Where the digits of the checksum are; NULL where there are none. Quotes inside of a JSON text
 * have a backslash, so the key is found nowhere else. */
static const char *find_check(const char *text)
{
    static const char key[] = "\"crc32\"";
    for (const char *at = strstr(text, key); at != NULL; at = strstr(at + 1, key)) {
        const char *value = at + strlen(key);
        value += strspn(value, " \t\r\n");
        if (*value != ':') {
            continue;
        }
        ++value;
        value += strspn(value, " \t\r\n");
        if (*value == '"' && strspn(value + 1, "0123456789abcdef") == CHECK_DIGITS &&
            value[1 + CHECK_DIGITS] == '"') {
            return value + 1;
        }
    }
    return NULL;
}

/* The CRC-32 of all bytes with zeros for its own digits. */
static void make_check(const char *text, size_t size, const char *digits,
                       char check[CHECK_DIGITS + 1])
{
    const size_t at = (size_t)(digits - text);
    uLong crc = crc32_z(0, (const unsigned char *)text, at);
    crc = crc32_z(crc, (const unsigned char *)"00000000", CHECK_DIGITS);
    crc = crc32_z(crc, (const unsigned char *)digits + CHECK_DIGITS, size - at - CHECK_DIGITS);
    snprintf(check, CHECK_DIGITS + 1, "%08lx", crc & 0xfffffffful);
}

bool ard__tuning_seal(char *text, size_t size)
{
    const char *digits = find_check(text);
    char check[CHECK_DIGITS + 1];
    if (digits == NULL) {
        return false;
    }
    make_check(text, size, digits, check);
    memcpy(text + (digits - text), check, CHECK_DIGITS);
    return true;
}

ard_status ard__tuning_check_seal(const char *file, const char *text, size_t size)
{
    const char *digits = find_check(text);
    char check[CHECK_DIGITS + 1];
    if (digits == NULL) {
        return ard__fail(ARD_STATUS_FORMAT, "%s: crc32 is missing or not eight hexadecimal digits",
                         file);
    }
    make_check(text, size, digits, check);
    return memcmp(digits, check, CHECK_DIGITS) == 0
               ? ARD_STATUS_SUCCESS
               : ard__fail(ARD_STATUS_FORMAT, "%s is damaged: its checksum does not match", file);
}
