/* SPDX-License-Identifier: Apache-2.0 */
/* ard-bench's command line. */
#ifndef ARD_BENCH_OPTIONS_H
#define ARD_BENCH_OPTIONS_H

#include "case.h"
#include "cli.h"

typedef enum bench_command {
    COMMAND_SWEEP, /* no command given */
    COMMAND_LIST,
    COMMAND_GEMM,
    COMMAND_STEP,
} bench_command;

typedef enum bench_format {
    FORMAT_TEXT,
    FORMAT_CSV,
    FORMAT_JSON,
} bench_format;

typedef struct bench_options {
    bench_command command;
    bench_format format;
    const char *device; /* NULL: not given */
    uint32_t repeat;
    bool repeat_given;
    uint64_t seed;
    bool verify;
    bool full;
    bench_case kase;     /* of gemm and step */
    cblas_library cblas; /* of the case, where it has one */
} bench_options;

/* Heads the messages of cli_mistake() and cli_failure(). */
extern const cli_program options_program;

/* Reads the command line. CLI_CONTINUE, or the status to end with. */
int options_parse(int argc, char *const *argv, bench_options *options);

#endif
