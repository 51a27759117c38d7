/* SPDX-License-Identifier: Apache-2.0 */
/* What a call of libard answers: a status, and a sentence that says more.
 *
 * Every function that can fail returns an ard_status. On failure its outputs are untouched (handles
 * become NULL) and ard_detail() holds, for the calling thread, what came and what was expected.
 * Nothing in libard exits or aborts, and it prints only where ARD_VERBOSE asks for it (log.h). */
#ifndef ARD_STATUS_H
#define ARD_STATUS_H

#include <ard/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(NAME, value, sentence): the one list from which the enumeration, the names and the sentences
 * are made. */
#define ARD_STATUS_MAP(X)                                                                          \
    X(SUCCESS, 0, "success")                                                                       \
    X(INVALID_ARGUMENT, 1, "an argument is NULL, out of range or contradicts another")             \
    X(INVALID_PATTERN, 2, "the pattern is malformed or keeps nothing of this width")               \
    X(INVALID_RATE, 3, "the rate cannot be reached")                                               \
    X(OUT_OF_MEMORY, 4, "the host has not enough memory")                                          \
    X(DEVICE_OUT_OF_MEMORY, 5, "the device has not enough memory")                                 \
    X(NO_DEVICE, 6, "no OpenCL device matches")                                                    \
    X(OPENCL, 7, "an OpenCL call failed")                                                          \
    X(CLBLAST, 8, "a CLBlast call failed")                                                         \
    X(BUILD, 9, "a kernel program did not build")                                                  \
    X(IO, 10, "a file could not be read or written")                                               \
    X(FORMAT, 11, "a file is damaged or of another format")                                        \
    X(MISMATCH, 12, "two things that must agree do not")                                           \
    X(UNSUPPORTED, 13, "the device or driver lacks something that is needed")

/* What every call answers: 0 if all is well. ARD_STATUS_MAP says what each stands for. */
typedef enum ard_status {
#define ARD__STATUS_ENUM(name, value, sentence) ARD_STATUS_##name = (value),
    ARD_STATUS_MAP(ARD__STATUS_ENUM)
#undef ARD__STATUS_ENUM
} ard_status;

/* The constant's name without its prefix, such as "INVALID_RATE"; "UNKNOWN" for any other value.
 * Static storage. */
ARD_API const char *ard_status_name(ard_status status);

/* One lower-case sentence without a full stop. Static storage; never NULL. */
ARD_API const char *ard_status_string(ard_status status);

/* What was wrong in the last failed call of this thread and what was expected: sizes, rates,
 * device, the OpenCL or CLBlast code by name. Static storage a thread, valid until the thread's
 * next failing call;
 * "" before the first failure; never NULL. A successful call does not clear it. */
ARD_API const char *ard_detail(void);

/* The name of an OpenCL error code, such as "CL_OUT_OF_RESOURCES"; "CL_UNKNOWN" for any other.
 * Static storage. */
ARD_API const char *ard_opencl_error_name(int code);

/* The name of a CLBlast status code, such as "CLBlastInvalidLeadDimA"; "CLBlastUnknown" for any
 * other. Static storage. */
ARD_API const char *ard_clblast_error_name(int code);

#ifdef __cplusplus
}
#endif

#endif
