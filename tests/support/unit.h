/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka with the headers that it needs before it, and checks of an ard_status that show the
 * detail. */
#ifndef ARD_TEST_UNIT_H
#define ARD_TEST_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ard/status.h>

/* Fails the test with the library's detail unless the call succeeds. */
#define assert_success(call)                                                                       \
    do {                                                                                           \
        const ard_status unit_status = (call);                                                     \
        if (unit_status != ARD_STATUS_SUCCESS) {                                                   \
            fail_msg("%s: %s: %s", #call, ard_status_name(unit_status), ard_detail());             \
        }                                                                                          \
    } while (0)

/* Fails the test unless the call fails with `expected` and a detail. The detail is that of this
 * call if a call before left another one, so tests of what it says read ard_detail() themselves. */
#define assert_fails(call, expected)                                                               \
    do {                                                                                           \
        const ard_status unit_status = (call);                                                     \
        if (unit_status != (expected)) {                                                           \
            fail_msg("%s: %s, expected %s (%s)", #call, ard_status_name(unit_status),              \
                     ard_status_name(expected), ard_detail());                                     \
        }                                                                                          \
        assert_true(ard_detail()[0] != '\0');                                                      \
    } while (0)

#define assert_invalid(call) assert_fails(call, ARD_STATUS_INVALID_ARGUMENT)

#endif
