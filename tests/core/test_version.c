/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include <ard/version.h>

#include "support/unit.h"

static void test_library_and_headers_agree(void **state)
{
    (void)state;
    char expected[64];
    (void)snprintf(expected, sizeof expected, "%d.%d.%d", ARD_VERSION_MAJOR, ARD_VERSION_MINOR,
                   ARD_VERSION_PATCH);
    assert_string_equal(ard_version(), expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_library_and_headers_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
