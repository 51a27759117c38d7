/* SPDX-License-Identifier: Apache-2.0 */
#include "device/upload.h"

#include <stdlib.h>

#include "device/context_internal.h"
#include "device/profile_internal.h"

ard_status ard__upload_begin(ard_context *context, size_t bytes, void **data)
{
    ard__upload_slot *slot = &context->uploads.slots[context->uploads.next];
    if (slot->event != NULL) {
        const cl_int code = clWaitForEvents(1, &slot->event);
        clReleaseEvent(slot->event);
        slot->event = NULL;
        if (code != CL_SUCCESS) {
            return ard__fail_opencl(code, "clWaitForEvents");
        }
    }
    if (slot->capacity < bytes) {
        void *grown = malloc(bytes);
        if (grown == NULL) {
            return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for an upload of %zu bytes",
                             bytes);
        }
        free(slot->data);
        slot->data = grown;
        slot->capacity = bytes;
    }
    *data = slot->data;
    return ARD_STATUS_SUCCESS;
}

/* Records a write whose event the ring keeps too. */
static ard_status share_event(ard_context *context, cl_event event, size_t bytes)
{
    const ard__work work = ard__work_copy(bytes);
    const cl_int code = clRetainEvent(event);
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clRetainEvent");
    }
    ard__profile_record(context, event, "write", &work);
    return ARD_STATUS_SUCCESS;
}

ard_status ard__upload_send(ard_context *context, size_t bytes, cl_mem buffer, size_t offset)
{
    ard__upload_ring *ring = &context->uploads;
    ard__upload_slot *slot = &ring->slots[ring->next];
    ARD_TRY(ard__order(context));
    const cl_int code = clEnqueueWriteBuffer(context->queue, buffer, CL_FALSE, offset, bytes,
                                             slot->data, 0, NULL, &slot->event);
    if (code != CL_SUCCESS) {
        slot->event = NULL;
        return ard__fail_opencl(code, "clEnqueueWriteBuffer");
    }
    ring->next = (ring->next + 1) % ARD__UPLOAD_SLOTS;
    return context->recording ? share_event(context, slot->event, bytes) : ARD_STATUS_SUCCESS;
}

void ard__upload_clear(ard__upload_ring *ring)
{
    for (size_t i = 0; i < ARD__UPLOAD_SLOTS; ++i) {
        ard__upload_slot *slot = &ring->slots[i];
        if (slot->event != NULL) {
            clWaitForEvents(1, &slot->event);
            clReleaseEvent(slot->event);
        }
        free(slot->data);
    }
    *ring = (ard__upload_ring){0};
}
