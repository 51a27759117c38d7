/* SPDX-License-Identifier: Apache-2.0 */
/* Whether settings that are searched by times are what they were in earlier results. */
#ifndef ARD_COMPARE_TIMES_H
#define ARD_COMPARE_TIMES_H

#include "train/compare/results.h"

/* For results that go on with runs from the file `path`: CLI_SUCCESS, or after a line CLI_MISTAKE
 * where a file of times cannot be read or has others than the runs. */
int compare_times_check(const compare_results *results, const char *path);

#endif
