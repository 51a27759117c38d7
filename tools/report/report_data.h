/* SPDX-License-Identifier: Apache-2.0 */
/* What a report is about: devices, results of ard-bench, and runs of ard-train, of all its files.
 *
 * Texts and JSON items are those of the documents, which the data own. Numbers that a document does
 * not have, or has as null, are NaN; texts are "". */
#ifndef ARD_REPORT_DATA_H
#define ARD_REPORT_DATA_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct report_device {
    const char *id, *name, *platform, *driver, *type;
    const char *version;                /* of libard */
    const char *environment;            /* driver, engine and tuning, where recorded */
    const char *first_date, *last_date; /* of the runs on it, where recorded */
    double compute_units;
} report_device;

enum { REPORT_MOST_LAYERS = 65 };

typedef struct report_numbers {
    size_t count;
    double values[REPORT_MOST_LAYERS];
} report_numbers;

/* Milliseconds. */
typedef struct report_time {
    double median, min, max;
} report_time;

typedef struct report_kernel {
    const char *name;
    double launches, ms, share, gflop_s, gb_s;
} report_kernel;

/* One side of a profile. */
typedef struct report_profile {
    double host_ms;         /* outside of the device */
    report_kernel *kernels; /* owned; NULL: there is no profile */
    size_t count;
} report_profile;

typedef struct report_result {
    size_t device; /* index */
    size_t file;
    const cJSON *object;
    const char *kind, *model, *pattern, *engine, *baseline;
    const char *numbering, *placement;
    double batch, tile, groups, steps, max_period, period, offset, entropy_share;
    bool fresh, tied;
    report_numbers layers, rates;
    report_time dense, ard;
    double speedup, flop_limit, efficiency, max_error, predicted;
    report_profile dense_profile, ard_profile;
} report_result;

/* Times of joint periods. */
typedef struct report_joint {
    report_numbers periods;
    report_time time;
    double fitted;
} report_joint;

typedef struct report_periods {
    report_result head;   /* what identifies the case, and as dense its first baseline */
    report_joint *joints; /* owned */
    size_t count;
} report_periods;

typedef struct report_epoch {
    double epoch;
    double train_loss, loss;   /* of training, and of validation or test */
    double train_score, score; /* accuracy in per cent, or perplexity of a language model */
    double seconds;            /* of training since the beginning of the run */
} report_epoch;

/* A run of training. */
typedef struct report_run {
    size_t device; /* index; REPORT_NO_DEVICE where the document names none */
    size_t file;
    const char *model;
    const char *data;
    const char *held; /* what `loss` and `score` are of: "validation" or "test" */
    char name[160];   /* of the setting */
    char group[160];  /* runs of one picture have the same */
    double seed;
    const char *date;
    report_epoch *epochs; /* owned */
    size_t count;
    double test_loss, test_score, seconds;
    bool interrupted;
} report_run;

#define REPORT_NO_DEVICE ((size_t)-1)

typedef struct report_file {
    const char *path;
    cJSON *document; /* owned */
} report_file;

typedef struct report_data {
    report_file *files;
    report_device *devices;
    report_result *results;
    report_periods *periods;
    report_run *runs;
    char **texts; /* owned: parts of the documents' texts */
    size_t text_count;
    size_t file_count, device_count, result_count, period_count, run_count;
} report_data;

/* Makes room for one more item at the end of an array of `count` items of `size` bytes, and zeroes
 * it. NULL without memory; the array is still there. */
void *report_append(void *items, size_t count, size_t size);

/* A copy of the first `size` bytes of a text, which the data own; NULL without memory. */
const char *report_keep_text(report_data *data, const char *text, size_t size);

void report_data_free(report_data *data);

#endif
