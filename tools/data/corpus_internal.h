/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of texts share. */
#ifndef ARD_CORPUS_INTERNAL_H
#define ARD_CORPUS_INTERNAL_H

#include "data/corpus.h"

/* Whether a number of training tokens can be asked for; 0, for all, can. */
bool corpus_check_train_tokens(size_t train_tokens, data_error *error);

#endif
