/* SPDX-License-Identifier: Apache-2.0 */
#include "train/option_values.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "train/messages.h"
#include "train/number_text.h"

static void number(double value, char text[OPTION_TEXT_SIZE])
{
    char digits[NUMBER_TEXT_SIZE];
    number_text(value, digits);
    (void)snprintf(text, OPTION_TEXT_SIZE, "%s", digits);
}

static void string(const char *value, char text[OPTION_TEXT_SIZE])
{
    (void)snprintf(text, OPTION_TEXT_SIZE, "%s", value != NULL ? value : "");
}

void option_text(const cli_option *option, char text[OPTION_TEXT_SIZE])
{
    const void *value = option->target;
    switch (option->type) {
    case CLI_FLAG:
        string(*(const bool *)value ? "on" : "off", text);
        break;
    case CLI_STRING:
        string(*(const char *const *)value, text);
        break;
    case CLI_ENUM:
        string(option->names[*(const int *)value], text);
        break;
    case CLI_INT:
        (void)snprintf(text, OPTION_TEXT_SIZE, "%d", *(const int *)value);
        break;
    case CLI_U32:
        (void)snprintf(text, OPTION_TEXT_SIZE, "%" PRIu32, *(const uint32_t *)value);
        break;
    case CLI_U64:
        (void)snprintf(text, OPTION_TEXT_SIZE, "%" PRIu64, *(const uint64_t *)value);
        break;
    case CLI_SIZE:
        (void)snprintf(text, OPTION_TEXT_SIZE, "%zu", *(const size_t *)value);
        break;
    case CLI_DOUBLE:
        number(*(const double *)value, text);
        break;
    default:
        assert(!"lists have no text here");
        text[0] = '\0';
        break;
    }
}

static size_t size_of(cli_type type)
{
    switch (type) {
    case CLI_FLAG:
        return sizeof(bool);
    case CLI_STRING:
        return sizeof(const char *);
    case CLI_ENUM:
    case CLI_INT:
        return sizeof(int);
    case CLI_U32:
        return sizeof(uint32_t);
    case CLI_U64:
        return sizeof(uint64_t);
    case CLI_SIZE:
        return sizeof(size_t);
    case CLI_DOUBLE:
        return sizeof(double);
    default:
        assert(!"lists are not copied here");
        return 0;
    }
}

void option_copy(const cli_option *src, const cli_option *dst)
{
    assert(src->type == dst->type);
    memcpy(dst->target, src->target, size_of(src->type));
}

int option_compare(const cli_option *recorded, const cli_option *given)
{
    char there[OPTION_TEXT_SIZE];
    char here[OPTION_TEXT_SIZE];
    option_text(recorded, there);
    option_text(given, here);
    if (strcmp(there, here) == 0) {
        return CLI_SUCCESS;
    }
    return given->type == CLI_FLAG
               ? cli_mistake(&train_messages,
                             "--%s contradicts the checkpoint, which was made without", given->name)
               : cli_mistake(&train_messages,
                             "--%s %s contradicts the checkpoint, which was made with %s",
                             given->name, here, there);
}
