/* SPDX-License-Identifier: Apache-2.0 */
/* What ard-bench reports of a measurement. */
#ifndef ARD_TEST_BENCH_REPORT_H
#define ARD_TEST_BENCH_REPORT_H

#include "tools/bench_process.h"

/* The first line of CSV, which is the same for every case. */
#define BENCH_COLUMNS                                                                              \
    "device,case,model,pattern,baseline,engine,batch,layers,rates,dense_ms,dense_ms_min,"          \
    "dense_ms_max,ard_ms,ard_ms_min,ard_ms_max,speedup,flop_limit,efficiency,max_error\n"

/* The keys of a JSON document, NULL-ended. */
extern const char *const bench_document_keys[];

/* Fails the test unless the error stream holds nothing but, for cases too small to gain, how to
 * repeat them, in up to `most` lines. */
void bench_assert_quiet(const char *err, size_t most);

double bench_number(const cJSON *result, const char *key);
void bench_assert_text(const cJSON *result, const char *key, const char *expected);
void bench_assert_close(double got, double want, double relative);

/* Runs a measurement on device 0:0 and parses the document, which must have `count` results with
 * exactly these keys, but for those that every result has to repeat its case, and in agreement with
 * themselves. */
cJSON *bench_measure(const char *arguments, const char *const *result_keys, int count);

const cJSON *bench_result(const cJSON *document, int index);

#endif
