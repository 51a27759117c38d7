/* SPDX-License-Identifier: Apache-2.0 */
/* The four files of MNIST, or of a data set stored like it, in one folder. */
#ifndef ARD_MNIST_H
#define ARD_MNIST_H

#include "data/dataset.h"

/* Reads train-images, train-labels, t10k-images and t10k-labels, each spelled -idx3-ubyte or
 * .idx3-ubyte (idx1 for labels), plain or with .gz. Says which are missing; checks that each image
 * has a label, that labels are 0..9, and that both halves have pictures of one size. */
bool mnist_read(const char *folder, dataset_pair *pair, data_error *error);

#endif
