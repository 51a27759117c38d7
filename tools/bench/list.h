/* SPDX-License-Identifier: Apache-2.0 */
/* `ard-bench list`. */
#ifndef ARD_BENCH_LIST_H
#define ARD_BENCH_LIST_H

#include "options.h"

/* Shows the devices; the exit status. */
int list_devices(const bench_options *options);

#endif
