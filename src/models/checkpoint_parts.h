/* SPDX-License-Identifier: Apache-2.0 */
/* What the checkpoints of all models have. */
#ifndef ARD_CHECKPOINT_PARTS_H
#define ARD_CHECKPOINT_PARTS_H

#include <ard/context.h>
#include <ard/mlp.h>

#include "files/checkpoint_file.h"

typedef enum ard__checkpoint_kind {
    ARD__CHECKPOINT_MLP = 1,
    ARD__CHECKPOINT_LSTM = 2,
} ard__checkpoint_kind;

/* FORMAT unless a sum of hits can be converted to the integer that it is later. It is not held
 * against the tokens or samples: float32 may have rounded it up. */
ard_status ard__checkpoint_check_hits(float hits);

/* Damage that only a model's own checks can see is damage of the file. */
ard_status ard__checkpoint_as_format(ard_status status);

void ard__dropout_put(ard__writer *writer, const ard_dropout *dropout);
void ard__dropout_get(ard__reader *reader, ard_dropout *dropout);

void ard__sgd_options_put(ard__writer *writer, const ard_sgd_options *options);
void ard__sgd_options_get(ard__reader *reader, ard_sgd_options *options);

/* What a file holds before the model itself; borrowed from the reader. */
typedef struct ard__preamble {
    const char *environment;
    size_t environment_size;
    const void *extra;
    size_t extra_size;
} ard__preamble;

/* INVALID_ARGUMENT unless an application's bytes can be stored. */
ard_status ard__preamble_check(const void *extra, size_t extra_size);

void ard__preamble_put(ard__writer *writer, ard__checkpoint_kind kind, const ard_context *context,
                       const void *extra, size_t extra_size);

/* FORMAT, also where the file is that of another kind. */
ard_status ard__preamble_get(ard__reader *reader, ard__checkpoint_kind kind, ard__preamble *found);

/* Keeps a copy of the application's bytes, and a note when the environment is another one. */
ard_status ard__preamble_keep(const ard_context *context, const ard__preamble *found, void **extra,
                              size_t *extra_size, char **resume_note);

#endif
