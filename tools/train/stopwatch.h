/* SPDX-License-Identifier: Apache-2.0 */
/* Seconds of a clock that never goes back. */
#ifndef ARD_TRAIN_STOPWATCH_H
#define ARD_TRAIN_STOPWATCH_H

double stopwatch_now(void);

#endif
