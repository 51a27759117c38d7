/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/version.h>

#define TEXT_OF(value) #value
#define VERSION_TEXT(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

/* CMake passes its project version, from which the shared library's file name and the packages are
 * made. */
_Static_assert(ARD_VERSION_MAJOR == ARD_PROJECT_MAJOR && ARD_VERSION_MINOR == ARD_PROJECT_MINOR &&
                   ARD_VERSION_PATCH == ARD_PROJECT_PATCH,
               "include/ard/version.h and project(VERSION) in CMakeLists.txt must agree");

const char *ard_version(void)
{
    return VERSION_TEXT(ARD_VERSION_MAJOR, ARD_VERSION_MINOR, ARD_VERSION_PATCH);
}
