/* SPDX-License-Identifier: Apache-2.0 */
/* Members of a document, read without believing anything. The first mistake is one line that names
 * the file, the member and what was expected; every function answers whether there was none. */
#ifndef ARD_REPORT_CHECKS_H
#define ARD_REPORT_CHECKS_H

#include "cli.h"
#include "report/report_data.h"

/* Sizes that no document of these tools comes near to. */
enum {
    REPORT_MOST_ENTRIES = 20000,
    REPORT_MOST_DEVICES = 256,
    REPORT_MOST_KERNELS = 1000,
    REPORT_MOST_TEXT = 4096, /* bytes of a text */
};

/* The largest time, in milliseconds or seconds, and the largest of other numbers: far from what
 * sums and quotients could overflow with. */
#define REPORT_MOST_TIME 1e12
#define REPORT_MOST_NUMBER 1e30

typedef struct report_reader {
    const cli_program *program; /* heads messages */
    report_data *data;
    const char *path;
    size_t file;    /* its index */
    int status;     /* CLI_CONTINUE, or how to end */
    char place[80]; /* of the object that is read, such as "results[3]." */
} report_reader;

/* Says what a member of the object that is read should be. False. */
bool check_wrong(report_reader *reader, const char *key, const char *expected);

/* Says that there is not enough memory. False. */
bool check_no_memory(report_reader *reader);

/* "" where there is none, or null. */
bool check_text(report_reader *reader, const cJSON *object, const char *key, const char **text);

/* It must be there. */
bool check_word(report_reader *reader, const cJSON *object, const char *key, const char **text);

/* NaN where there is none, or null. */
bool check_number(report_reader *reader, const cJSON *object, const char *key, double least,
                  double most, double *value);

/* It must be there, though it may be null. */
bool check_measure(report_reader *reader, const cJSON *object, const char *key, double least,
                   double most, double *value);

/* NaN also where it is not finite: a run may diverge. */
bool check_any_number(report_reader *reader, const cJSON *object, const char *key, double *value);

/* From `least` to REPORT_MOST_LAYERS numbers of at least 0. */
bool check_numbers(report_reader *reader, const cJSON *object, const char *key, size_t least,
                   double most, report_numbers *numbers);

/* Of at most `most` objects. */
bool check_objects(report_reader *reader, const cJSON *object, const char *key, size_t most,
                   const cJSON **array);

/* Sets the place: of an entry of the document's array `key`, or with `inner` of an array in it. */
void check_enter(report_reader *reader, const char *key, size_t index, const char *inner);

#endif
