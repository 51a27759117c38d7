/* SPDX-License-Identifier: Apache-2.0 */
/* Several settings trained side by side. */
#ifndef ARD_COMPARE_COMPARE_H
#define ARD_COMPARE_COMPARE_H

#include "train/compare/compare_options.h"

/* `ard-train compare`, from files to report. Returns the exit status. */
int compare_main(const compare_options *options);

#endif
