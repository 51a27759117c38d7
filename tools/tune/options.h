/* SPDX-License-Identifier: Apache-2.0 */
/* ard-tune's command line. */
#ifndef ARD_TUNE_OPTIONS_H
#define ARD_TUNE_OPTIONS_H

#include "cli.h"

typedef enum tune_engines {
    TUNE_BOTH,
    TUNE_PACKED,
    TUNE_CLBLAST,
} tune_engines;

typedef enum tune_format {
    TUNE_TEXT,
    TUNE_JSON,
} tune_format;

typedef struct tune_options {
    const char *device; /* NULL: the default one */
    const char *output; /* NULL: the device's file in the user's cache */
    double minutes;
    size_t candidates; /* of an engine, at most; 0: no limit */
    tune_engines engines;
    cli_size_list batches;
    cli_size_list widths; /* count 0: the usual layers */
    uint64_t seed;
    tune_format format;
    bool dry_run;
    bool resume;
    bool quiet;
} tune_options;

/* Heads the messages of cli_mistake() and cli_failure(). */
extern const cli_program tune_program;

/* Reads the command line. CLI_CONTINUE, or the status to end with. */
int options_parse(int argc, char *const *argv, tune_options *options);

/* The word of the command line for what is tuned. */
const char *options_engines_name(tune_engines engines);

#endif
