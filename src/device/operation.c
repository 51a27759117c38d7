/* SPDX-License-Identifier: Apache-2.0 */
#include "device/operation.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Adds to a text of so many bytes; what has no room is cut and marked. */
static void add_arguments(char *text, size_t capacity, const char *format, va_list arguments)
{
    static const char cut[] = "...";
    const size_t used = strlen(text);
    const int length = vsnprintf(text + used, capacity - used, format, arguments);
    if (length < 0 || (size_t)length >= capacity - used) {
        memcpy(text + capacity - sizeof cut, cut, sizeof cut);
    }
}

static void add(char *text, size_t capacity, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;

static void add(char *text, size_t capacity, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_arguments(text, capacity, format, arguments);
    va_end(arguments);
}

void ard__operation_enter(ard__log *log, const char *name)
{
    if (log->depth == 0) {
        log->described = (ard__description){.operation = name};
    }
    if (log->depth < ARD__LOG_MOST_NAMES) {
        log->names[log->depth] = name;
    }
    ++log->depth;
}

static void log_error(const ard__log *log, ard_status status, const char *detail)
{
    char field[1024];
    const ard_log_entry entry = {
        .kind = ARD_LOG_ERROR,
        .operation = log->described.operation,
        .detail = ard__log_field(field, sizeof field, detail),
        .status = status,
        .milliseconds = NAN,
    };
    ard__log_write(log, 1, &entry, "%s,%s,%s", entry.operation, ard_status_name(status),
                   entry.detail);
}

/* Who gets the lines may call libard with other contexts; the detail stays that of this failure. */
static void end_failed(ard__log *log, ard_status status)
{
    char detail[ARD__DETAIL_CAPACITY];
    snprintf(detail, sizeof detail, "%s", ard_detail());
    ard__log_end(log, NULL);
    log_error(log, status, detail);
    ard__fail(status, "%s", detail);
}

ard__description *ard__operation_leave(ard__log *log, ard_status status)
{
    --log->depth;
    if (log->depth > 0) {
        return NULL;
    }
    if (status == ARD_STATUS_SUCCESS) {
        return &log->described;
    }
    end_failed(log, status);
    return NULL;
}

void ard__operation_describe(ard_context *context)
{
    ard__description *description = &context->log->described;
    char *const fields[] = {description->shape, description->engine};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; ++i) {
        if (fields[i][0] == '\0') {
            memcpy(fields[i], "-", sizeof "-");
        }
    }
    if (description->pattern[0] == '\0') {
        memcpy(description->pattern, "dense", sizeof "dense");
    }
    ard__log_end(context->log, description);
}

void ard__log_engine(ard_context *context, const char *name)
{
    if (context->log == NULL) {
        return;
    }
    char *engine = context->log->described.engine;
    if (strstr(engine, name) == NULL) {
        add(engine, sizeof context->log->described.engine, "%s%s", engine[0] != '\0' ? "+" : "",
            name);
    }
}

void ard__describe_shape(ard__description *description, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_arguments(description->shape, sizeof description->shape, format, arguments);
    va_end(arguments);
}

/* Begins the pattern of a role. */
static void add_role(ard__description *description, const char *role)
{
    add(description->pattern, sizeof description->pattern,
        "%s%s=", description->pattern[0] != '\0' ? ";" : "", role);
}

static uint32_t first_residue(uint64_t residues)
{
    uint32_t residue = 0;
    while ((residues >> residue & 1) == 0) {
        ++residue;
    }
    return residue;
}

void ard__describe_pattern(ard__description *description, const char *role,
                           const ard_pattern *pattern, size_t width)
{
    char *text = description->pattern;
    const size_t capacity = sizeof description->pattern;
    if (pattern == NULL || ard_pattern_is_all(pattern)) {
        return;
    }
    add_role(description, role);
    if (ard_pattern_is_index(pattern)) {
        add(text, capacity, "index/%uof%zu", pattern->count, width);
    } else if (ard_pattern_residue_count(pattern) == 1) {
        add(text, capacity, "row/%u@%u", pattern->period, first_residue(pattern->residues));
    } else {
        add(text, capacity, "subset/%u:0x%llx", pattern->period,
            (unsigned long long)pattern->residues);
    }
}

void ard__describe_tile(ard__description *description, const char *role,
                        const ard_tile_pattern *tile)
{
    if (tile == NULL || ard_tile_is_all(tile)) {
        return;
    }
    add_role(description, role);
    add(description->pattern, sizeof description->pattern, "tile%u%s/%u@%u", tile->edge,
        tile->numbering == ARD_TILE_LINEAR ? "-linear" : "", tile->period, tile->offset);
}

void ard__describe_rate(ard__description *description, const char *role, const char *what,
                        double rate)
{
    ard__log_number number;
    snprintf(number, sizeof number, "%g", rate);
    add_role(description, role);
    add(description->pattern, sizeof description->pattern, "%s/%s", what, ard__log_plain(number));
}

ard_status ard__operation_end_matrix(ard_context *context, size_t rows, size_t cols,
                                     const ard_pattern *row_pattern, const ard_pattern *col_pattern,
                                     const ard_tile_pattern *tile, ard_status status)
{
    ard__description *description = ard__operation_end(context, status);
    if (description != NULL) {
        ard__describe_shape(description, "%zux%zu", rows, cols);
        ard__describe_pattern(description, "rows", row_pattern, rows);
        ard__describe_pattern(description, "cols", col_pattern, cols);
        ard__describe_tile(description, "weights", tile);
        ard__operation_describe(context);
    }
    return status;
}

ard_status ard__operation_end_plain(ard_context *context, ard_status status)
{
    if (ard__operation_end(context, status) != NULL) {
        ard__operation_describe(context);
    }
    return status;
}
