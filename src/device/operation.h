/* SPDX-License-Identifier: Apache-2.0 */
/* The operations that are logged: what an application calls and what works on the device.
 *
 *     ard__operation_begin(context, "linear_forward");
 *     const ard_status status = ...;
 *     ard__description *described = ard__operation_end(context, status);
 *     if (described != NULL) {
 *         ard__describe_shape(described, "%zux%zu", rows, cols);
 *         ard__operation_describe(context);
 *     }
 *
 * An operation inside another is a part of it, and only the outermost is described. All of it costs
 * a test of a pointer where nothing is logged. */
#ifndef ARD_OPERATION_H
#define ARD_OPERATION_H

#include <ard/linear.h>

#include "device/context_internal.h"
#include "device/log_internal.h"

/* `name` is static. The context may be NULL, as in a call that is about to fail. */
void ard__operation_enter(ard__log *log, const char *name);

static inline void ard__operation_begin(const ard_context *context, const char *name)
{
    if (context != NULL && context->log != NULL) {
        ard__operation_enter(context->log, name);
    }
}

/* Ends what ard__operation_begin began: what is to be filled in, or NULL where there is nothing to
 * describe: nothing is logged, the operation is a part of another, or it failed, which is then
 * logged. */
ard__description *ard__operation_leave(ard__log *log, ard_status status);

static inline ard__description *ard__operation_end(const ard_context *context, ard_status status)
{
    return context != NULL && context->log != NULL ? ard__operation_leave(context->log, status)
                                                   : NULL;
}

/* Logs the operation as it was described. */
void ard__operation_describe(ard_context *context);

/* Ends an operation that works on a matrix [rows x cols], or (NULL: all) on what the patterns keep
 * of it. Returns the status. */
ard_status ard__operation_end_matrix(ard_context *context, size_t rows, size_t cols,
                                     const ard_pattern *row_pattern, const ard_pattern *col_pattern,
                                     const ard_tile_pattern *tile, ard_status status);

/* Ends an operation without a shape. Returns the status. */
ard_status ard__operation_end_plain(ard_context *context, ard_status status);

/* Adds to the shape. */
void ard__describe_shape(ard__description *description, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* Add "role=what" to the patterns, unless (or where it is NULL) everything is kept. */
void ard__describe_pattern(ard__description *description, const char *role,
                           const ard_pattern *pattern, size_t width);
void ard__describe_tile(ard__description *description, const char *role,
                        const ard_tile_pattern *tile);
void ard__describe_rate(ard__description *description, const char *role, const char *what,
                        double rate);

#endif
