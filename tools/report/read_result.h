/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of a result that documents of several kinds have. */
#ifndef ARD_REPORT_READ_RESULT_H
#define ARD_REPORT_READ_RESULT_H

#include <stdio.h>

#include "report/checks.h"

/* What identifies the case: device, words, sizes and rates. */
bool read_result_head(report_reader *reader, const cJSON *object, report_result *result);

/* `key`, `key`_min and `key`_max. */
bool read_result_time(report_reader *reader, const cJSON *object, const char *key,
                      report_time *time);

/* Both sides of a profile, where there is one. */
bool read_result_profiles(report_reader *reader, const cJSON *object, report_result *result);

#endif
