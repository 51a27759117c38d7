/* SPDX-License-Identifier: Apache-2.0 */
/* A tuning as a value: whether it is one, what it says, and a checksum of it. */
#ifndef ARD_TUNING_INTERNAL_H
#define ARD_TUNING_INTERNAL_H

#include <ard/tuning.h>

/* Bounds beside those that tuning.h names. */
enum {
    ARD__TUNING_MOST_VECTORS = 8,
    ARD__TUNING_MOST_ROWS = 32,
    ARD__TUNING_LEAST_DEPTH = 16,
    ARD__TUNING_MOST_DEPTH = 4096,
    ARD__TUNING_MOST_VALUE = INT32_MAX, /* of a size of a choice, of a parameter of CLBlast */
};

/* INVALID_ARGUMENT unless all values are in range, all names are texts and none is there twice; the
 * detail names the value as a file has it: "packed.rows is 33, expected 1 to 32". */
ard_status ard__tuning_check(const ard_tuning *tuning);

/* Whether some product goes to the engine. */
bool ard__tuning_names_engine(const ard_tuning *tuning, ard_engine engine);

/* Whether both have the same name and the same parameters in the same order. */
bool ard__clblast_kernel_equal(const ard_clblast_kernel *a, const ard_clblast_kernel *b);

/* CRC-32s of the values: of everything but the name, and of some kernels of CLBlast. */
uint32_t ard__tuning_checksum(const ard_tuning *tuning);
uint32_t ard__clblast_checksum(const ard_clblast_kernel *kernels, size_t count);

/* ard_tuning_shipped by what it asks of a device. */
ard_status ard__tuning_shipped_for(const char *platform, ard_device_type type, size_t vector_width,
                                   ard_tuning *tuning);

/* "packed" or "clblast". */
const char *ard__engine_name(ard_engine engine);

#endif
