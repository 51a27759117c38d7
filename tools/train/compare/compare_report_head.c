/* SPDX-License-Identifier: Apache-2.0 */
/* What stands above the table of a comparison. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "train/compare/compare_report.h"
#include "train/compare/description_keys.h"

/* Lines of Markdown would run together. */
static void begin_line(table_format tables)
{
    (void)fputs(tables == TABLES_MARKDOWN ? "- " : "", stdout);
}

static void print_samples(table_format tables, const compare_results *results)
{
    const description *description = &results->description;
    begin_line(tables);
    (void)printf("%zu training, %zu validation and %zu test samples; %zu of %zu runs done\n",
                 results->train_samples, description->validation, results->test_samples,
                 results->run_count, description->setting_count * description->seed_count);
}

static void print_target(table_format tables, const compare_results *results,
                         const compare_summary *summary)
{
    const description *description = &results->description;
    const compare_target *target = &description->target;
    if (target->kind == TARGET_NONE) {
        return;
    }
    begin_line(tables);
    if (target->kind == TARGET_SETTING) {
        (void)printf("target: what %s ends with on the validation samples, less %g points",
                     description->settings[target->setting].name, target->less);
        if (isfinite(summary->target)) {
            (void)printf(": %.2f%%", 100.0 * summary->target);
        }
        (void)printf("\n");
    } else {
        (void)printf("target: %g%% on the validation samples\n", target->percent);
    }
}

typedef enum agreement { NOWHERE_USED, ALL_ALIKE, DIFFERENT } agreement;

/* Whether the settings that use an option agree on its value, which `text` gets. */
static agreement compare_values(const description *description, recorded_option option,
                                char text[SETTING_TEXT_SIZE])
{
    agreement found = NOWHERE_USED;
    for (size_t i = 0; i < description->setting_count; ++i) {
        const train_options *options = &description->settings[i].options;
        char other[SETTING_TEXT_SIZE];
        if (!setting_is_used(options, option)) {
            continue;
        }
        setting_value_text(options, option, found == NOWHERE_USED ? text : other);
        if (found == NOWHERE_USED) {
            found = ALL_ALIKE;
        } else if (strcmp(text, other) != 0) {
            return DIFFERENT;
        }
    }
    return found;
}

/* Options without which nobody could tell what was trained; others are said where they are not the
 * default. Seeds and samples held out have their own places. */
static bool is_said(recorded_option option, const char *text)
{
    char usual[SETTING_TEXT_SIZE];
    const train_options defaults = options_defaults();
    switch (option) {
    case RECORDED_HIDDEN:
    case RECORDED_DROPOUT:
    case RECORDED_RATE:
    case RECORDED_BATCH:
    case RECORDED_LR:
    case RECORDED_MOMENTUM:
    case RECORDED_SCHEDULE:
    case RECORDED_EPOCHS:
        return true;
    case RECORDED_SEED:
    case RECORDED_VALIDATION:
        return false;
    case RECORDED_MAX_PERIOD:
        setting_value_text(&defaults, option, usual);
        return strcmp(text, usual) != 0;
    default:
        setting_text(&defaults, option, usual);
        return strcmp(text, usual) != 0;
    }
}

/* What the settings have in common, and the names of what they have not. */
static void print_options(table_format tables, const compare_results *results)
{
    const description *description = &results->description;
    agreement found[RECORDED_COUNT];
    char text[SETTING_TEXT_SIZE];
    char key[KEY_SIZE];
    begin_line(tables);
    (void)printf("all: data %s, checksum %016" PRIx64, results->data, results->checksum);
    for (recorded_option option = 0; option < RECORDED_COUNT; ++option) {
        found[option] = compare_values(description, option, text);
        if (found[option] == ALL_ALIKE && is_said(option, text)) {
            key_of(option, key);
            (void)printf("; %s %s", key, text);
        }
    }
    const char *separator = "; different: ";
    for (recorded_option option = 0; option < RECORDED_COUNT; ++option) {
        if (found[option] == DIFFERENT) {
            key_of(option, key);
            (void)printf("%s%s", separator, key);
            separator = ", ";
        }
    }
    (void)printf("\n");
}

/* The runs of one environment, the first of which is given. */
static void print_environment(const compare_results *results, const compare_run *first)
{
    const char *from = first->date;
    const char *to = first->date;
    size_t count = 0;
    for (size_t i = 0; i < results->run_count; ++i) {
        const compare_run *run = &results->runs[i];
        if (strcmp(run->environment, first->environment) == 0) {
            from = strcmp(run->date, from) < 0 ? run->date : from;
            to = strcmp(run->date, to) > 0 ? run->date : to;
            ++count;
        }
    }
    /* Days, without the time. */
    (void)printf("%zu run%s, %.10s", count, count == 1 ? "" : "s", from);
    if (strncmp(from, to, 10) != 0) {
        (void)printf(" to %.10s", to);
    }
    (void)printf(": %s\n", first->environment);
}

static void print_environments(table_format tables, const compare_results *results)
{
    for (size_t i = 0; i < results->run_count; ++i) {
        size_t first = 0;
        while (strcmp(results->runs[first].environment, results->runs[i].environment) != 0) {
            ++first;
        }
        if (first == i) {
            begin_line(tables);
            print_environment(results, &results->runs[i]);
        }
    }
}

void compare_report_head(table_format tables, const compare_results *results,
                         const compare_summary *summary)
{
    print_samples(tables, results);
    print_options(tables, results);
    print_environments(tables, results);
    print_target(tables, results, summary);
    (void)printf("\n");
}
