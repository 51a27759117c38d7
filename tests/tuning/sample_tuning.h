/* SPDX-License-Identifier: Apache-2.0 */
/* A tuning with something in every place, valid on any device. */
#ifndef ARD_TEST_SAMPLE_TUNING_H
#define ARD_TEST_SAMPLE_TUNING_H

#include <ard/tuning.h>

ard_tuning sample_tuning(void);

/* The largest one that there can be. */
ard_tuning sample_largest_tuning(void);

/* A device that is described and does not exist. */
ard_device_info sample_device(void);

/* Fails unless all values but the names are the same. */
void assert_same_tuning(const ard_tuning *a, const ard_tuning *b);

#endif
