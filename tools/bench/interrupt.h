/* SPDX-License-Identifier: Apache-2.0 */
/* ctrl-C: the first one asks for a clean stop, a second one ends the program at once. */
#ifndef ARD_BENCH_INTERRUPT_H
#define ARD_BENCH_INTERRUPT_H

#include <stdbool.h>

/* Exit status of a run that was interrupted, as shells give it. */
enum { INTERRUPT_EXIT = 130 };

void interrupt_watch(void);
bool interrupt_requested(void);

#endif
