/* SPDX-License-Identifier: Apache-2.0 */
#include "train/step_window.h"

#include "train/messages.h"

int step_window_push(step_window *window, cl_event event)
{
    cl_event *slot = &window->events[window->next];
    cl_int code = CL_SUCCESS;
    if (*slot != NULL) {
        code = clWaitForEvents(1, slot);
        (void)clReleaseEvent(*slot);
    }
    *slot = event;
    window->next = (window->next + 1) % STEP_WINDOW_SIZE;
    return code == CL_SUCCESS ? CLI_SUCCESS : report_opencl("training step", code);
}

void step_window_clear(step_window *window)
{
    for (size_t i = 0; i < STEP_WINDOW_SIZE; ++i) {
        if (window->events[i] != NULL) {
            (void)clReleaseEvent(window->events[i]);
        }
    }
    *window = (step_window){.next = 0};
}
