/* SPDX-License-Identifier: Apache-2.0 */
/* The version of libard: of these headers at compile time, of the linked library at run time. */
#ifndef ARD_VERSION_H
#define ARD_VERSION_H

#include <ard/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of the headers. While the major version is 0, a new minor version may change the interface. */
#define ARD_VERSION_MAJOR 0
#define ARD_VERSION_MINOR 1 /* raised when the interface grows or changes */
#define ARD_VERSION_PATCH 0 /* raised for corrections */

/* Of the library that runs, as "MAJOR.MINOR.PATCH". Static storage. */
ARD_API const char *ard_version(void);

#ifdef __cplusplus
}
#endif

#endif
