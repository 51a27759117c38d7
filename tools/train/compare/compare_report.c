/* SPDX-License-Identifier: Apache-2.0 */
#include "train/compare/compare_report.h"

#include <stdlib.h>

#include "train/compare/table.h"
#include "train/messages.h"

/* Accuracies and their differences are shares of 1, written in percent and points. */
typedef enum number_style { STYLE_SHARE, STYLE_DIFFERENCE, STYLE_PLAIN } number_style;

static void write_number(number_style style, double value, char text[TABLE_CELL_SIZE / 3])
{
    const size_t size = TABLE_CELL_SIZE / 3;
    switch (style) {
    case STYLE_SHARE:
        (void)snprintf(text, size, "%.2f", 100.0 * value);
        break;
    case STYLE_DIFFERENCE:
        (void)snprintf(text, size, "%+.2f", 100.0 * value);
        break;
    case STYLE_PLAIN:
        (void)snprintf(text, size, value >= 100.0 ? "%.0f" : "%.3g", value);
        break;
    }
}

/* "97.41 +- 0.05", "97.41" of a single value, "-" of none. */
static void write_statistic(number_style style, const char *plus_minus, const statistic *value,
                            char cell[TABLE_CELL_SIZE])
{
    char mean[TABLE_CELL_SIZE / 3] = "-";
    char error[TABLE_CELL_SIZE / 3] = "";
    if (value->count > 0) {
        write_number(style, value->mean, mean);
    }
    if (value->count > 1 && style == STYLE_PLAIN) {
        (void)snprintf(error, sizeof error, value->error >= 100.0 ? "%.0f" : "%.2g", value->error);
    } else if (value->count > 1) {
        write_number(STYLE_SHARE, value->error, error);
    }
    (void)snprintf(cell, TABLE_CELL_SIZE, "%s%s%s", mean, error[0] != '\0' ? plus_minus : "",
                   error);
}

/* Of a setting that did not always reach the target there is no fair mean. */
static void write_target(const char *plus_minus, size_t runs, const statistic *value,
                         char cell[TABLE_CELL_SIZE])
{
    if (value->count == runs) {
        write_statistic(STYLE_PLAIN, plus_minus, value, cell);
    } else {
        (void)snprintf(cell, TABLE_CELL_SIZE, "-");
    }
}

static size_t write_heading(const compare_results *results, table_row *row)
{
    static const char *const NAMES[] = {"setting", "seeds", "validation %", "test %"};
    const description *description = &results->description;
    size_t column = 0;
    for (; column < sizeof NAMES / sizeof NAMES[0]; ++column) {
        (void)snprintf(row->cells[column], TABLE_CELL_SIZE, "%s", NAMES[column]);
    }
    if (description->setting_count > 1) {
        const char *baseline = description->settings[description->baseline].name;
        (void)snprintf(row->cells[column++], TABLE_CELL_SIZE, "validation - %s", baseline);
        (void)snprintf(row->cells[column++], TABLE_CELL_SIZE, "test - %s", baseline);
    }
    (void)snprintf(row->cells[column++], TABLE_CELL_SIZE, "s/epoch");
    if (description->target.kind != TARGET_NONE) {
        (void)snprintf(row->cells[column++], TABLE_CELL_SIZE, "reached by");
        (void)snprintf(row->cells[column++], TABLE_CELL_SIZE, "epochs to target");
        (void)snprintf(row->cells[column++], TABLE_CELL_SIZE, "s to target");
    }
    return column;
}

static void write_row(const compare_results *results, size_t setting, const char *plus_minus,
                      const setting_summary *summary, table_row *row)
{
    const description *description = &results->description;
    const size_t runs = summary->test.count;
    size_t column = 0;
    (void)snprintf(row->cells[column++], TABLE_CELL_SIZE, "%s",
                   description->settings[setting].name);
    (void)snprintf(row->cells[column++], TABLE_CELL_SIZE, "%zu", runs);
    write_statistic(STYLE_SHARE, plus_minus, &summary->validation, row->cells[column++]);
    write_statistic(STYLE_SHARE, plus_minus, &summary->test, row->cells[column++]);
    if (description->setting_count > 1 && setting == description->baseline) {
        (void)snprintf(row->cells[column++], TABLE_CELL_SIZE, "-");
        (void)snprintf(row->cells[column++], TABLE_CELL_SIZE, "-");
    } else if (description->setting_count > 1) {
        write_statistic(STYLE_DIFFERENCE, plus_minus, &summary->validation_difference,
                        row->cells[column++]);
        write_statistic(STYLE_DIFFERENCE, plus_minus, &summary->test_difference,
                        row->cells[column++]);
    }
    write_statistic(STYLE_PLAIN, plus_minus, &summary->epoch_seconds, row->cells[column++]);
    if (description->target.kind != TARGET_NONE) {
        (void)snprintf(row->cells[column++], TABLE_CELL_SIZE, "%zu of %zu",
                       summary->target_epochs.count, runs);
        write_target(plus_minus, runs, &summary->target_epochs, row->cells[column++]);
        write_target(plus_minus, runs, &summary->target_seconds, row->cells[column++]);
    }
}

void compare_report_text(table_format tables, const compare_results *results,
                         const compare_summary *summary)
{
    table_row rows[COMPARE_MAX_SETTINGS + 1];
    const size_t settings = results->description.setting_count;
    const char *plus_minus = tables == TABLES_MARKDOWN ? " \302\261 " : " +- ";
    const size_t columns = write_heading(results, &rows[0]);
    for (size_t i = 0; i < settings; ++i) {
        write_row(results, i, plus_minus, &summary->settings[i], &rows[i + 1]);
    }
    compare_report_head(tables, results, summary);
    if (tables == TABLES_MARKDOWN) {
        table_print_markdown(stdout, rows, settings + 1, columns);
    } else {
        table_print_text(stdout, rows, settings + 1, columns);
    }
}

int compare_report(const compare_options *options, const compare_results *results)
{
    compare_summary *summary = calloc(1, sizeof *summary);
    bool good = summary != NULL;
    if (good) {
        summary_make(results, summary);
    }
    if (good && options->csv_given) {
        compare_report_csv((csv_content)options->csv, results, summary);
    } else if (good && options->format != 0) {
        good = compare_report_json(results, summary);
    } else if (good) {
        compare_report_text((table_format)options->tables, results, summary);
    }
    free(summary);
    return good ? CLI_SUCCESS : cli_failure(&train_messages, "not enough memory for the report");
}
