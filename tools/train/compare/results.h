/* SPDX-License-Identifier: Apache-2.0 */
/* What came of the runs of a comparison so far, in memory and in a file. */
#ifndef ARD_COMPARE_RESULTS_H
#define ARD_COMPARE_RESULTS_H

#include "train/compare/description.h"
#include "train/extra.h"
#include "train/result.h"

typedef struct compare_epoch {
    double loss; /* mean over the training samples, with dropout, before each update */
    double train_accuracy;
    evaluation validation;
    double seconds; /* of training steps since the start of the run */
} compare_epoch;

enum { COMPARE_DATE_SIZE = 24 };

/* A whole run. */
typedef struct compare_run {
    size_t setting;
    uint64_t seed;
    char date[COMPARE_DATE_SIZE]; /* when it ended, such as "2026-01-31T23:59:59Z" */
    char *environment;            /* ard_context_environment(); owned */
    compare_epoch *epochs;        /* as many as the setting has; owned */
    size_t epoch_count;
    evaluation test;
    cli_double_list *periods; /* of a setting that is searched by times: the probabilities of the
                                 periods 1.. at the final rate, one a hidden layer; owned */
    uint64_t cost_checksum;   /* and that of the times */
} compare_run;

/* Frees what a run owns. */
void compare_run_destroy(compare_run *run);

typedef struct compare_results {
    description description;
    char data[EXTRA_KIND_SIZE]; /* "builtin" or "idx" */
    uint64_t checksum;          /* of the data */
    size_t train_samples;       /* without those held out */
    size_t test_samples;
    size_t run_count;
    compare_run *runs; /* in the order in which they ended; owned, room for all */
} compare_results;

/* No runs yet. NULL without memory. */
compare_results *results_create(void);

/* NULL is fine. */
void results_destroy(compare_results *results);

/* The run of a setting with a seed, or NULL. */
const compare_run *results_find(const compare_results *results, size_t setting, uint64_t seed);

/* Takes a run over, environment and epochs included. It must not be there yet. */
void results_add(compare_results *results, const compare_run *run);

/* Takes over the runs of `saved`, from the file `path`, so that they count as runs of this
 * description, which must ask for each of them: with the same data, a setting of that name and
 * those values, and that seed. It may have more settings and seeds, and others in place of those
 * without runs. `saved` is empty afterwards. CLI_SUCCESS, or CLI_MISTAKE after a line on what
 * differs. */
int results_adopt(compare_results *results, compare_results *saved, const char *path);

/* The document of the results; NULL without memory. */
cJSON *results_write(const compare_results *results);

/* Reads such a document into empty results, believing nothing. CLI_SUCCESS, or CLI_MISTAKE after a
 * line. */
int results_read(const cJSON *document, const char *path, compare_results *results);

/* The same with files. Reading makes new results. */
int results_load(const char *path, compare_results **results);
int results_save(const char *path, const compare_results *results);

#endif
