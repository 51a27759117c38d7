/* SPDX-License-Identifier: Apache-2.0 */
#include "options_report.h"

#include <string.h>

enum { MOST_TOLERANCE = 1000 };

static const char *const plot_formats[] = {"svg", "png", NULL};

const char options_about_report[] =
    "Reads what 'ard-bench --format json' and 'ard-train --format json' print, and the\n"
    "results of 'ard-train compare', and writes one HTML page with the devices, pictures\n"
    "and tables. It needs nothing else: no script, no style and no font of elsewhere.\n"
    "A page and pictures that are there are written over.\n\n"
    "Exit status: 0 written; 1 it could not be written; 2 a mistake in the command line\n"
    "or in a file, and nothing is written.\n";

const char options_about_compare[] =
    "Pairs the cases of two files of results, and prints for each by how much the new times\n"
    "differ: new / old, so that more than 1 is slower. A case is slower where its median is\n"
    "beyond the tolerance and no pass of the new run was as quick as one of the old run;\n"
    "beyond it with ranges that overlap it is unclear.\n\n"
    "Exit status: 0 nothing is slower; 1 something is; 2 a mistake in the command line or\n"
    "in a file, or the files have no case in common.\n";

void options_make_report(options_raw *raw, cli_option table[MOST_OPTIONS])
{
    report_options *report = &raw->options->report;
    const cli_option options[] = {
        {.name = "output",
         .metavar = "PAGE",
         .type = CLI_STRING,
         .target = &report->output,
         .help = "the page; - writes it to the standard output",
         .default_text = "report.html"},
        {.name = "title",
         .metavar = "TEXT",
         .type = CLI_STRING,
         .target = &report->title,
         .help = "of the page",
         .default_text = "Approximate random dropout: results"},
        {.name = "plot",
         .type = CLI_ENUM,
         .target = &report->plot_format,
         .given = &report->plots,
         .names = plot_formats,
         .help = "write each picture as a file, too; png needs the program rsvg-convert"},
        {.name = "plot-dir",
         .metavar = "DIR",
         .type = CLI_STRING,
         .target = &report->plot_dir,
         .help = "folder of these files, made if it is missing",
         .default_text = "that of the page"},
        {0},
    };
    memcpy(table, options, sizeof options);
}

void options_make_compare(options_raw *raw, cli_option table[MOST_OPTIONS])
{
    const cli_option options[] = {
        {.name = "tolerance",
         .metavar = "PERCENT",
         .type = CLI_DOUBLE,
         .target = &raw->options->compare.tolerance,
         .minimum = 0,
         .maximum = MOST_TOLERANCE,
         .help = "by which a time may differ",
         .default_text = "5"},
        FORMAT_OPTION,
        {0},
    };
    memcpy(table, options, sizeof options);
}

int options_check_report(options_raw *raw)
{
    report_options *report = &raw->options->report;
    raw->options->command = COMMAND_REPORT;
    report->files = &raw->options->files;
    if (report->output == NULL) {
        report->output = "report.html";
    }
    if (report->title == NULL) {
        report->title = "Approximate random dropout: results";
    }
    if (report->plot_dir != NULL && !report->plots) {
        return cli_mistake(&options_program, "--plot-dir needs --plot svg or png");
    }
    return CLI_CONTINUE;
}

int options_check_compare(options_raw *raw)
{
    raw->options->command = COMMAND_COMPARE;
    raw->options->compare.files = &raw->options->files;
    raw->options->compare.format = (compare_format)raw->format;
    return CLI_CONTINUE;
}
