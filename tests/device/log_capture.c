/* SPDX-License-Identifier: Apache-2.0 */
#include "device/log_capture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/memory.h"
#include "support/unit.h"

static void keep(const ard_log_entry *entry, void *user)
{
    capture *into = user;
    if (into->count < CAPTURE_MOST) {
        captured *kept = &into->entries[into->count];
        kept->kind = entry->kind;
        kept->milliseconds = entry->milliseconds;
        snprintf(kept->line, sizeof kept->line, "%s", entry->line);
        snprintf(kept->operation, sizeof kept->operation, "%s", entry->operation);
    }
    ++into->count;
}

ard_context *capture_context(int level, cl_command_queue queue, capture **into)
{
    ard_context *context = NULL;
    *into = test_alloc(1, sizeof **into);
    const ard_context_options options = {.log = {keep, *into, level}};
    assert_success(queue != NULL ? ard_context_create_from_queue(queue, &options, &context)
                                 : ard_context_create(NULL, &options, &context));
    return context;
}

void capture_destroy(ard_context *context, capture *into)
{
    ard_context_destroy(context);
    assert_true(into->count <= CAPTURE_MOST);
    free(into);
}

void capture_clear(capture *into)
{
    into->count = 0;
}

const captured *capture_get(const capture *from, ard_log_kind kind, size_t index)
{
    for (size_t i = 0; i < from->count; ++i) {
        if (from->entries[i].kind == kind && index-- == 0) {
            return &from->entries[i];
        }
    }
    fail_msg("too few entries of kind %d among %zu", (int)kind, from->count);
    return NULL;
}

size_t capture_count(const capture *from, ard_log_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < from->count; ++i) {
        count += from->entries[i].kind == kind;
    }
    return count;
}

size_t capture_fields(const char *line)
{
    size_t fields = 1;
    for (; *line != '\0'; ++line) {
        fields += *line == ',';
    }
    return fields;
}

void assert_well_formed(const capture *from)
{
    static const struct {
        const char *head;
        size_t fields;
    } expected[] = {
        [ARD_LOG_INFO] = {"ard,info,", 9},   [ARD_LOG_EXEC] = {"ard,exec,", 8},
        [ARD_LOG_ERROR] = {"ard,error,", 6}, [ARD_LOG_COMMAND] = {"ard,command,", 9},
        [ARD_LOG_BUILD] = {"ard,build,", 7}, [ARD_LOG_TUNING] = {"ard,tuning,", 5},
    };
    for (size_t i = 0; i < from->count; ++i) {
        const captured *entry = &from->entries[i];
        const char *head = expected[entry->kind].head;
        if (strncmp(entry->line, head, strlen(head)) != 0 ||
            capture_fields(entry->line) != expected[entry->kind].fields ||
            strchr(entry->line, '\n') != NULL) {
            fail_msg("a line of kind %d: %s", (int)entry->kind, entry->line);
        }
    }
}

void assert_timed_line(const char *line, const char *head)
{
    char *end = NULL;
    const size_t length = strlen(head);
    if (strncmp(line, head, length) != 0 || strtod(line + length, &end) < 0.0 ||
        end == line + length || *end != '\0') {
        fail_msg("\"%s\", expected \"%s\" and a time", line, head);
    }
}

void assert_adds_up(const capture *from)
{
    double sum = 0.0;
    for (size_t i = 0; i < from->count; ++i) {
        const captured *entry = &from->entries[i];
        if (entry->kind == ARD_LOG_COMMAND) {
            sum += entry->milliseconds;
        } else if (entry->kind == ARD_LOG_EXEC) {
            if (!(fabs(sum - entry->milliseconds) < 1e-6)) {
                fail_msg("commands of %.9f ms before %s", sum, entry->line);
            }
            sum = 0.0;
        }
    }
}
