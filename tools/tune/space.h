/* SPDX-License-Identifier: Apache-2.0 */
/* A set of parameters that are searched together, and what of it a device allows. */
#ifndef ARD_TUNE_SPACE_H
#define ARD_TUNE_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/tuning.h>

/* What legality depends on. */
typedef struct tune_limits {
    size_t vector_width; /* floats of the device's vectors: 4, 8 or 16 */
    size_t registers;    /* vectors that its registers hold */
    size_t local_memory; /* bytes */
    size_t group_size;   /* work-items of a group */
} tune_limits;

/* Values of all parameters of a space, in its order. */
typedef struct tune_point {
    size_t values[ARD_TUNING_MAX_PARAMETERS];
} tune_point;

typedef struct tune_parameter {
    const char *name;
    size_t count;
    const size_t *values; /* increasing */
} tune_parameter;

/* The last two members of a parameter, from its values. */
#define SPACE_VALUES(...)                                                                          \
    sizeof((const size_t[]){__VA_ARGS__}) / sizeof(size_t), (const size_t[])                       \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

typedef struct tune_space {
    const char *name; /* of CLBlast's kernel; "packed" */
    size_t count;
    tune_parameter parameters[ARD_TUNING_MAX_PARAMETERS];
    tune_point start; /* where the search begins if a tuning has no values for it */
    bool (*legal)(const tune_limits *limits, const size_t *values);
    ard_engine engine;
    double weight; /* of its share of the engine's time */
} tune_space;

/* libard's own kernels; and CLBlast's, in the order in which they are searched. */
extern const tune_space packed_space;
extern const tune_space clblast_spaces[];
enum { CLBLAST_SPACES = 7 };

/* Copies the point's values into a tuning; a kernel of CLBlast that it lacks is added. */
void space_apply(const tune_space *space, const tune_point *point, ard_tuning *tuning);

/* The point of a tuning; false, `*point` untouched, when it lacks the kernel or a parameter. */
bool space_point(const tune_space *space, const ard_tuning *tuning, tune_point *point);

/* Points that differ from `point` in one parameter, then in two by one step each, the latter in an
 * order drawn by `seed`; legal ones alone. Stores up to `capacity` and returns how many. */
size_t space_neighbours(const tune_space *space, const tune_limits *limits, const tune_point *point,
                        uint64_t seed, tune_point *neighbours, size_t capacity);

/* Draw `index` of the random legal points; false when none was found. */
bool space_random(const tune_space *space, const tune_limits *limits, uint64_t seed, uint32_t index,
                  tune_point *point);

/* The number of legal points: exact for small spaces, from a sample for large ones. */
double space_size(const tune_space *space, const tune_limits *limits, bool *exact);

#endif
