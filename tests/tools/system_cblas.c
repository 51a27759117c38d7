/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/system_cblas.h"

const char *system_cblas(cblas_library *library)
{
    static const char *const names[] = {"libopenblas.so.0", "libopenblas.so", "libmkl_rt.so",
                                        "libblis.so.4", "libblis.so"};
    char error[CBLAS_ERROR_TEXT];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (cblas_load(names[i], library, error)) {
            return names[i];
        }
    }
    return NULL;
}
