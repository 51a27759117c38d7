/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/cost_document.h"

#include "support/unit.h"

#include <stdio.h>
#include <string.h>

double cost_document_time(uint32_t i, uint32_t j)
{
    return 1 + 2.0 / i + 3.0 / j + 4.0 / (i * j) + (i == 2 ? 0.5 : 0);
}

void cost_document(bool tiles, char text[COST_DOCUMENT_SIZE])
{
    int length = snprintf(
        text, COST_DOCUMENT_SIZE,
        "{\"schema\": 1, \"version\": \"0\", \"devices\": [{\"id\": \"1:0\", \"name\": \"other\"}, "
        "{\"id\": \"0:0\", \"name\": \"a device\"}], \"per_period\": [{\"device\": \"0:0\", "
        "\"case\": \"step\", \"model\": \"mlp\", \"pattern\": \"%s\", \"batch\": 7, "
        "\"layers\": [19, 31, 24, 5], %s\"max_period\": 3, \"unit\": \"ms\", \"baselines\": "
        "[{\"baseline\": \"bernoulli\", \"ms\": 9}%s], \"times\": [",
        tiles ? "tile" : "row", tiles ? "\"tile\": 4, \"numbering\": \"linear\", " : "",
        tiles ? ", {\"baseline\": \"dropconnect\", \"ms\": 12}" : "");
    for (uint32_t i = 1; i <= COST_DOCUMENT_PERIODS; i++) {
        for (uint32_t j = 1; j <= COST_DOCUMENT_PERIODS; j++) {
            length += snprintf(text + length, COST_DOCUMENT_SIZE - (size_t)length,
                               "%s{\"periods\": [%u, %u], \"ms\": %.17g}", i * j > 1 ? ", " : "", i,
                               j, cost_document_time(i, j));
        }
    }
    length += snprintf(text + length, COST_DOCUMENT_SIZE - (size_t)length, "]}]}\n");
    assert_true(length < COST_DOCUMENT_SIZE);
}

void cost_document_replace(char text[COST_DOCUMENT_SIZE], const char *from, const char *to)
{
    char *at = strstr(text, from);
    assert_non_null(at);
    assert_null(strstr(at + 1, from));
    assert_true(strlen(text) - strlen(from) + strlen(to) < COST_DOCUMENT_SIZE);
    memmove(at + strlen(to), at + strlen(from), strlen(at + strlen(from)) + 1);
    memcpy(at, to, strlen(to));
}
