/* SPDX-License-Identifier: Apache-2.0 */
/* That parts of options are the same, in all that a run depends on. */
#ifndef ARD_TEST_SAME_OPTIONS_H
#define ARD_TEST_SAME_OPTIONS_H

#include <ard/mlp.h>
#include <ard/sgd.h>

void assert_same_dropout(const ard_dropout *actual, const ard_dropout *expected);
void assert_same_sgd(const ard_sgd_options *actual, const ard_sgd_options *expected);

#endif
