/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* dladdr() */
#include "cblas_library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Values of the CBLAS interface. */
enum { ROW_MAJOR = 101, NO_TRANSPOSE = 111, TRANSPOSE = 112 };

void cblas_multiply(const cblas_library *library, const cblas_product *product)
{
    const size_t lda = product->a_transposed ? product->m : product->k;
    const size_t ldb = product->b_transposed ? product->k : product->n;
    library->sgemm(ROW_MAJOR, product->a_transposed ? TRANSPOSE : NO_TRANSPOSE,
                   product->b_transposed ? TRANSPOSE : NO_TRANSPOSE, (int)product->m,
                   (int)product->n, (int)product->k, 1.0F, product->a, (int)lda, product->b,
                   (int)ldb, product->beta, product->c, (int)product->n);
}

/* Whether [2 x 3] times the transpose of [2 x 3], plus twice something, is right; all is exact. */
static bool multiplies(const cblas_library *library)
{
    static const float a[] = {1, 2, 3, 4, 5, 6};
    static const float b[] = {1, 0, -1, 2, 1, 3};
    static const float want[] = {0, 15, 2, 33};
    float c[] = {1, 1, 2, 1};
    cblas_multiply(
        library,
        &(cblas_product){
            .b_transposed = true, .m = 2, .n = 2, .k = 3, .a = a, .b = b, .beta = 2, .c = c});
    return memcmp(c, want, sizeof want) == 0;
}

/* The text of an error is kept until it is asked for once more. */
static void forget_errors(void)
{
    while (dlerror() != NULL) {
    }
}

/* The address of a function, by way of memcpy() because C does not convert it. */
static bool find(void *handle, const char *symbol, void *function, size_t size)
{
    void *address = dlsym(handle, symbol);
    memcpy(function, &address, size);
    forget_errors();
    return address != NULL;
}

static void find_path(const char *name, cblas_sgemm_call *sgemm, char path[CBLAS_PATH])
{
    Dl_info info = {0};
    void *address = NULL;
    memcpy(&address, &sgemm, sizeof address);
    const bool found = dladdr(address, &info) != 0 && info.dli_fname != NULL;
    snprintf(path, CBLAS_PATH, "%s", found ? info.dli_fname : name);
}

/* OpenBLAS says how it was built, and some builds take 64-bit integers under the same names. */
static bool takes_wide_integers(void *handle)
{
    const char *(*config)(void) = NULL;
    return find(handle, "openblas_get_config", &config, sizeof config) &&
           strstr(config(), "USE64BITINT") != NULL;
}

/* Finds what is needed of a library that was opened. False after a line on why. */
static bool find_functions(void *handle, cblas_library *library, char error[CBLAS_ERROR_TEXT])
{
    if (!find(handle, "cblas_sgemm", &library->sgemm, sizeof library->sgemm)) {
        snprintf(error, CBLAS_ERROR_TEXT,
                 "%s: it has no cblas_sgemm; give a library with the CBLAS interface such as "
                 "libopenblas.so.0",
                 library->name);
        return false;
    }
    if (takes_wide_integers(handle)) {
        snprintf(error, CBLAS_ERROR_TEXT,
                 "%s: it takes 64-bit integers; give a build with 32-bit ones", library->name);
        return false;
    }
    find(handle, "openblas_get_num_threads", &library->thread_count, sizeof library->thread_count);
    find_path(library->name, library->sgemm, library->path);
    return true;
}

bool cblas_load(const char *name, cblas_library *library, char error[CBLAS_ERROR_TEXT])
{
    cblas_library made = {.name = name};
    void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        snprintf(error, CBLAS_ERROR_TEXT, "%s; give a library such as libopenblas.so.0", dlerror());
        forget_errors();
        return false;
    }
    if (!find_functions(handle, &made, error)) {
        dlclose(handle);
        return false;
    }
    if (!multiplies(&made)) {
        snprintf(error, CBLAS_ERROR_TEXT, "%s: its cblas_sgemm multiplies wrongly", name);
        return false;
    }
    *library = made;
    return true;
}

size_t cblas_threads(const cblas_library *library)
{
    const long count = library->thread_count != NULL ? (long)library->thread_count()
                                                     : sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : (size_t)count;
}
