/* SPDX-License-Identifier: Apache-2.0 */
/* How code inside libard reports a failure: set the thread's detail, return the status. */
#ifndef ARD_STATUS_INTERNAL_H
#define ARD_STATUS_INTERNAL_H

#include <ard/status.h>

/* Bytes of a detail with its end. Build logs are the longest; anything beyond this is cut. */
enum { ARD__DETAIL_CAPACITY = 8192 };

/* Sets the thread's detail text (printf-style, cut at its capacity) and returns `status`, so that
 * `return ard__fail(...)` is one statement. */
ard_status ard__fail(ard_status status, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* Fails with OPENCL (or DEVICE_OUT_OF_MEMORY, OUT_OF_MEMORY where the code says so), naming the
 * call and the code. */
ard_status ard__fail_opencl(int code, const char *call);

/* Fails with CLBLAST (or the matching memory status), naming the routine and the code. */
ard_status ard__fail_clblast(int code, const char *routine);

/* Returns from the calling function when `expression` is not a success. Only where nothing is held.
 */
#define ARD_TRY(expression)                                                                        \
    do {                                                                                           \
        const ard_status ard__try_status = (expression);                                           \
        if (ard__try_status != ARD_STATUS_SUCCESS) {                                               \
            return ard__try_status;                                                                \
        }                                                                                          \
    } while (0)

/* Fails with INVALID_ARGUMENT unless the condition holds; the rest is a printf-style detail. */
#define ARD__CHECK(condition, ...)                                                                 \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            return ard__fail(ARD_STATUS_INVALID_ARGUMENT, __VA_ARGS__);                            \
        }                                                                                          \
    } while (0)

#endif
