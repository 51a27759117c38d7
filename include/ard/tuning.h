/* SPDX-License-Identifier: Apache-2.0 */
/* What a device multiplies best with: parameters of both engines, and which engine serves which
 * product. ard-tune measures it; a context uses, in this order,
 *     1. the tuning of its options, if given;
 *     2. the file that the environment variable ARD_TUNING names (ARD_TUNING=none: no file), or
 *        without it the device's file in the user's cache, $XDG_CACHE_HOME/ard or ~/.cache/ard;
 *     3. the one that ships in the library for a device of this kind;
 *     4. defaults by the width of the device's vectors, with libard's own kernels on CPU devices
 * whose native width is above 1 and CLBlast on others. A file that is damaged, of another schema,
 * or written for another device, driver, CLBlast or libard is not used: ard_context_tuning_refused
 * says why, and the next in the list serves. */
#ifndef ARD_TUNING_H
#define ARD_TUNING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/device.h>
#include <ard/status.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    ARD_TUNING_MAX_KERNELS = 8,     /* of CLBlast */
    ARD_TUNING_MAX_PARAMETERS = 20, /* of one of them */
    ARD_TUNING_MAX_CHOICES = 64,
    ARD_TUNING_NAME = 32, /* bytes of a name, its end included */
};

/* What multiplies. */
typedef enum ard_engine {
    ARD_ENGINE_CLBLAST = 0, /* CLBlast */
    ARD_ENGINE_PACKED = 1,  /* libard's own kernels */
} ard_engine;

/* Block sizes of libard's own kernels, the macros of cl/packed.cl. */
typedef struct ard_packed_parameters {
    uint32_t vector_width; /* floats: 4, 8 or 16 */
    uint32_t vectors;      /* in the columns of a strip, 1..8 */
    uint32_t rows;         /* of a block, 1..32 */
    uint32_t depth;        /* k of a panel, 16..4096, a multiple of vector_width; a panel of depth x
                              vectors x vector_width floats fits the device's local memory */
} ard_packed_parameters;

/* All parameters of one of CLBlast's kernels, as CLBlastOverrideParameters takes them. */
typedef struct ard_clblast_kernel {
    char name[ARD_TUNING_NAME]; /* "Xgemm", "XgemmDirect", "GemmRoutine", "Copy", "Pad", ... */
    size_t count;               /* of its parameters */
    char parameters[ARD_TUNING_MAX_PARAMETERS][ARD_TUNING_NAME]; /* their names, [count] */
    size_t values[ARD_TUNING_MAX_PARAMETERS];                    /* [count] */
} ard_clblast_kernel;

/* The engine for a product [m x k] [k x n] and for those near it. */
typedef struct ard_engine_choice {
    size_t m;          /* of a product [m x k] [k x n] */
    size_t n;          /* likewise */
    size_t k;          /* likewise */
    bool a_transposed; /* stored the other way round */
    bool b_transposed; /* likewise */
    ard_engine engine; /* that serves products near this one */
} ard_engine_choice;

/* A plain value. */
typedef struct ard_tuning {
    char name[ARD_TUNING_NAME];   /* recorded in environments and checkpoints */
    ard_packed_parameters packed; /* block sizes of libard's own kernels */
    bool strided_batched; /* whether CLBlast runs equal products faster in one call than in turn */
    size_t clblast_count; /* kernels whose parameters are overridden; 0: CLBlast's own serve */
    ard_clblast_kernel clblast[ARD_TUNING_MAX_KERNELS]; /* [clblast_count] */
    ard_engine engine;   /* for all products, where there are no choices */
    size_t choice_count; /* 0: `engine` serves all */
    ard_engine_choice choices[ARD_TUNING_MAX_CHOICES]; /* [choice_count] */
} ard_tuning;

/* The tuning that a context on the device would use without a file: 3 or 4 of the list above.
 * OPENCL. */
ARD_API ard_status ard_tuning_shipped(const ard_device_info *device, ard_tuning *tuning);

/* The device's file in the user's cache, NUL-terminated into `path`. IO: there is no home folder,
 * or the path is longer than `capacity`. */
ARD_API ard_status ard_tuning_path(const ard_device_info *device, char *path, size_t capacity);

/* Reads a file. IO (cannot be read, larger than 64 KiB), FORMAT (not one of ours, damaged, of
 * another schema, values out of range), MISMATCH (another device, driver, CLBlast or libard; the
 * detail says which). */
ARD_API ard_status ard_tuning_read(const char *path, const ard_device_info *device,
                                   ard_tuning *tuning);

/* Writes a file for the device, dated now, with folders that are missing; afterwards there is the
 * whole new file or the earlier one untouched. The name is made from the date and the content, the
 * one in `tuning` is ignored. IO, INVALID_ARGUMENT, OUT_OF_MEMORY. */
ARD_API ard_status ard_tuning_write(const char *path, const ard_device_info *device,
                                    const ard_tuning *tuning);

/* Which engine a tuning says for a product: that of the choice whose sizes are nearest, by the sum
 * of |log2| of the ratios, among those of the same transpositions if there are any. */
ARD_API ard_engine ard_tuning_engine(const ard_tuning *tuning, size_t m, size_t n, size_t k,
                                     bool a_transposed, bool b_transposed);

#ifdef __cplusplus
}
#endif

#endif
