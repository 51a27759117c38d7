/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a case can fit into memory at all, before anything is made for it. */
#ifndef ARD_BENCH_NEEDS_H
#define ARD_BENCH_NEEDS_H

#include "case.h"

enum { NEEDS_TEXT = 256 };

/* True where the matrices that a case cannot do without fit; otherwise `why` says what is too
 * large. What a case takes in the end is more. */
bool needs_fit(const ard_device_info *device, const bench_case *kase, char why[NEEDS_TEXT]);

#endif
