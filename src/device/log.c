/* SPDX-License-Identifier: Apache-2.0 */
/* Who gets the lines. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ard/version.h>

#include "device/context_internal.h"
#include "device/log_internal.h"

/* Build logs and paths are cut. */
enum { LINE_CAPACITY = 2048, FIELD_CAPACITY = 1024 };

static const char *const kind_names[] = {
    [ARD_LOG_INFO] = "info",       [ARD_LOG_EXEC] = "exec",   [ARD_LOG_ERROR] = "error",
    [ARD_LOG_COMMAND] = "command", [ARD_LOG_BUILD] = "build", [ARD_LOG_TUNING] = "tuning",
};

/* One call, and so one piece even where several threads print. */
static void print(const ard_log_entry *entry, void *user)
{
    char text[LINE_CAPACITY + 1];
    (void)user;
    const int length = snprintf(text, sizeof text, "%s\n", entry->line);
    fwrite(text, 1, (size_t)length, stderr);
}

static ard_status level_of_environment(int *level)
{
    const char *text = getenv("ARD_VERBOSE");
    const bool is_unset = text == NULL || text[0] == '\0';
    ARD__CHECK(is_unset || ((text[0] >= '0' && text[0] <= '2') && text[1] == '\0'),
               "ARD_VERBOSE is \"%.100s\", expected 0, 1 or 2", text);
    *level = is_unset ? 0 : text[0] - '0';
    return ARD_STATUS_SUCCESS;
}

/* The sinks, and the higher of their levels. */
static ard_status find_sinks(const ard_context_options *options, ard_log sinks[2], int *level)
{
    sinks[0] = (ard_log){.function = print};
    sinks[1] = options != NULL ? options->log : (ard_log){.level = 0};
    ARD_TRY(level_of_environment(&sinks[0].level));
    ARD__CHECK(sinks[1].level >= 0 && sinks[1].level <= 2,
               "ard_context_options.log.level is %d, expected 0, 1 or 2", sinks[1].level);
    ARD__CHECK(sinks[1].level == 0 || sinks[1].function != NULL,
               "ard_context_options.log has level %d and no function", sinks[1].level);
    *level = sinks[0].level > sinks[1].level ? sinks[0].level : sinks[1].level;
    return ARD_STATUS_SUCCESS;
}

ard_status ard__log_wanted(const ard_context_options *options, bool *wanted)
{
    ard_log sinks[2];
    int level = 0;
    ARD_TRY(find_sinks(options, sinks, &level));
    *wanted = level > 0;
    return ARD_STATUS_SUCCESS;
}

ard_status ard__log_create(ard_context *context, const ard_context_options *options)
{
    ard_log sinks[2];
    int level = 0;
    ARD_TRY(find_sinks(options, sinks, &level));
    if (level == 0) {
        return ARD_STATUS_SUCCESS;
    }
    bool has_timer = false;
    ARD_TRY(ard__profile_has_timer(context, &has_timer));
    ard__log *log = calloc(1, sizeof *log);
    if (log == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for a log");
    }
    memcpy(log->sinks, sinks, sizeof sinks);
    log->level = level;
    log->device = context->info.id;
    log->timed = context->queue_profiling && has_timer;
    context->log = log;
    context->recording = true;
    return ARD_STATUS_SUCCESS;
}

const char *ard__log_field(char *field, size_t capacity, const char *text)
{
    snprintf(field, capacity, "%s", text[0] != '\0' ? text : "-");
    for (size_t length = strlen(field); length > 1 && field[length - 1] == ' '; --length) {
        field[length - 1] = '\0';
    }
    for (char *c = field; *c != '\0'; ++c) {
        if ((unsigned char)*c < ' ') {
            *c = ' ';
        } else if (*c == ',') {
            *c = ';';
        }
    }
    return field;
}

const char *ard__log_plain(char *number)
{
    char *end = number;
    for (const char *c = number; *c != '\0'; ++c) {
        if (strchr("0123456789+-e", *c) != NULL) {
            *end++ = *c;
        } else if (end == number || end[-1] != '.') {
            *end++ = '.';
        }
    }
    *end = '\0';
    return number;
}

const char *ard__log_time(double milliseconds, ard__log_number text)
{
    snprintf(text, sizeof(ard__log_number), isnan(milliseconds) ? "-" : "%.6f", milliseconds);
    return ard__log_plain(text);
}

static const char *or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

void ard__log_write(const ard__log *log, int level, const ard_log_entry *entry, const char *format,
                    ...)
{
    char line[LINE_CAPACITY];
    va_list arguments;
    va_start(arguments, format);
    const int head =
        snprintf(line, sizeof line, "ard,%s,%s,", kind_names[entry->kind], log->device);
    vsnprintf(line + head, sizeof line - (size_t)head, format, arguments);
    va_end(arguments);
    ard_log_entry whole = *entry;
    whole.line = line;
    whole.device = log->device;
    whole.operation = or_dash(entry->operation);
    whole.shape = or_dash(entry->shape);
    whole.pattern = or_dash(entry->pattern);
    whole.engine = or_dash(entry->engine);
    whole.part = or_dash(entry->part);
    whole.name = or_dash(entry->name);
    whole.detail = or_dash(entry->detail);
    for (size_t i = 0; i < sizeof log->sinks / sizeof log->sinks[0]; ++i) {
        if (log->sinks[i].level >= level) {
            log->sinks[i].function(&whole, log->sinks[i].user);
        }
    }
}

void ard__log_info(const ard_context *context)
{
    char name[256];
    char platform[256];
    char driver[256];
    char tuning[256];
    if (context->log == NULL) {
        return;
    }
    const ard_log_entry entry = {
        .kind = ARD_LOG_INFO,
        .name = ard__log_field(name, sizeof name, context->info.name),
        .detail = ard_version(),
        .milliseconds = NAN,
    };
    ard__log_write(context->log, 1, &entry, "libard %s,%s,%s,%s,%s,%s", entry.detail, entry.name,
                   ard__log_field(platform, sizeof platform, context->info.platform),
                   ard__log_field(driver, sizeof driver, context->info.driver),
                   ard_context_engine(context),
                   ard__log_field(tuning, sizeof tuning, context->tuning.name));
}

void ard__log_tuning(const ard_context *context, const char *choice, const char *detail)
{
    char field[FIELD_CAPACITY];
    if (context->log == NULL) {
        return;
    }
    const ard_log_entry entry = {
        .kind = ARD_LOG_TUNING,
        .name = choice,
        .detail = ard__log_field(field, sizeof field, detail),
        .milliseconds = NAN,
    };
    ard__log_write(context->log, strcmp(choice, "refused") == 0 ? 1 : 2, &entry, "%s,%s", choice,
                   entry.detail);
}

void ard__log_build(const ard_context *context, const char *source, const char *options,
                    const char *cache, double milliseconds)
{
    char field[FIELD_CAPACITY];
    ard__log_number time;
    if (context->log == NULL) {
        return;
    }
    const ard_log_entry entry = {
        .kind = ARD_LOG_BUILD,
        .name = source,
        .detail = ard__log_field(field, sizeof field, options),
        .milliseconds = milliseconds,
    };
    ard__log_write(context->log, 2, &entry, "%s,%s,%s,%s", source, entry.detail, cache,
                   ard__log_time(milliseconds, time));
}
