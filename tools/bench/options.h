/* SPDX-License-Identifier: Apache-2.0 */
/* ard-bench's command line. */
#ifndef ARD_BENCH_OPTIONS_H
#define ARD_BENCH_OPTIONS_H

#include "case.h"
#include "cli.h"
#include "report/compare_command.h"
#include "report/report_command.h"

typedef enum bench_command {
    COMMAND_SWEEP, /* also without a command */
    COMMAND_LIST,
    COMMAND_GEMM,
    COMMAND_STEP,
    COMMAND_REPORT,
    COMMAND_COMPARE,
} bench_command;

typedef enum bench_format {
    FORMAT_TEXT,
    FORMAT_CSV,
    FORMAT_JSON,
} bench_format;

/* Options of a sweep that take several values: sweep_axes.h says which. */
enum { SWEEP_AXES = 21 };

/* What a sweep is to measure. */
typedef struct bench_sweep {
    const char *problems;         /* a file or the name of a shipped set; NULL: not given */
    const char *axes[SWEEP_AXES]; /* lists as they were typed; NULL: not given */
    bool fresh, tied, profile, memory;
    bool dry_run;
} bench_sweep;

typedef struct bench_options {
    bench_command command;
    bench_format format;
    const char *device; /* NULL: not given */
    uint32_t repeat;
    bool repeat_given;
    uint64_t seed;
    bool verify;
    bool full;
    bench_sweep sweep;
    const char *output; /* a file for the results; NULL: not given */
    bool resume;        /* with the results that are in it */
    bool overwrite;
    bench_case kase;     /* of gemm and step */
    cblas_library cblas; /* of the case, where it has one */
    cli_operands files;  /* of report and compare */
    report_options report;
    compare_options compare;
} bench_options;

/* Heads the messages of cli_mistake() and cli_failure(). Its `where` is that of the problem that is
 * being read. */
extern cli_program options_program;

/* Whether the options describe the cases of a sweep, which is the default one otherwise. */
bool options_name_cases(const bench_options *options);

/* Reads the command line, or the words of a problem. CLI_CONTINUE, or the status to end with. */
int options_parse(int argc, char *const *argv, bench_options *options);

#endif
