/* SPDX-License-Identifier: Apache-2.0 */
/* ctrl-C and SIGTERM: the first one asks for a clean stop, a second one ends the program at once.
 */
#ifndef ARD_INTERRUPT_H
#define ARD_INTERRUPT_H

#include <stdbool.h>

/* Exit status of a run that was stopped, as shells give it after ctrl-C. */
enum { INTERRUPT_EXIT = 130 };

/* Starts to listen; to be called before any other thread is there. A SIGINT that the parent chose
 * to ignore stays ignored, so that a background job does not take the ctrl-C of its terminal. */
void interrupt_watch(void);

/* Whether a stop was asked for. */
bool interrupt_requested(void);

#endif
