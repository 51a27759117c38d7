/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the host a few steps ahead of the device, no further: deep enough that the device never
 * waits, shallow enough that progress is true and ctrl-C is answered soon. */
#ifndef ARD_TRAIN_STEP_WINDOW_H
#define ARD_TRAIN_STEP_WINDOW_H

#include <stddef.h>

#include <ard/opencl.h>

enum { STEP_WINDOW_SIZE = 8 };

/* Zero-initialised: empty. */
typedef struct step_window {
    cl_event events[STEP_WINDOW_SIZE];
    size_t next;
} step_window;

/* Takes over the event of a step, and waits for the step STEP_WINDOW_SIZE before it. */
int step_window_push(step_window *window, cl_event event);

/* Releases what it holds without waiting. */
void step_window_clear(step_window *window);

#endif
