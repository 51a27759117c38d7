/* SPDX-License-Identifier: Apache-2.0 */
/* Small host data on its way to the device, without waiting.
 *
 * A non-blocking write needs its source to stay until it has run. The ring keeps a copy; it waits
 * only when the host is a whole ring ahead of the device. */
#ifndef ARD_UPLOAD_H
#define ARD_UPLOAD_H

#include <stddef.h>

#include <ard/context.h>

enum { ARD__UPLOAD_SLOTS = 256 };

typedef struct ard__upload_slot {
    void *data;
    size_t capacity;
    cl_event event; /* of the write that reads `data`, or NULL */
} ard__upload_slot;

typedef struct ard__upload_ring {
    ard__upload_slot slots[ARD__UPLOAD_SLOTS];
    size_t next;
} ard__upload_ring;

/* Memory for `bytes` of host data, to be filled by the caller and sent by ard__upload_send; valid
 * until then. */
ard_status ard__upload_begin(ard_context *context, size_t bytes, void **data);

/* Enqueues the copy of what ard__upload_begin gave to `buffer`, from byte `offset` on. */
ard_status ard__upload_send(ard_context *context, size_t bytes, cl_mem buffer, size_t offset);

void ard__upload_clear(ard__upload_ring *ring);

#endif
