/* SPDX-License-Identifier: Apache-2.0 */
/* The CBLAS libraries that tests load: small ones of their own, and one of the system's. */
#ifndef ARD_TEST_SYSTEM_CBLAS_H
#define ARD_TEST_SYSTEM_CBLAS_H

#include "bench/cblas_library.h"

/* The name of a library of the system with a CBLAS interface, which `library` becomes; NULL where
 * there is none. */
const char *system_cblas(cblas_library *library);

#endif
