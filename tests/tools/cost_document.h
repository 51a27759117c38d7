/* SPDX-License-Identifier: Apache-2.0 */
/* A document of times per joint period of a network with two hidden layers, as ard-bench prints
 * one, whose times follow the model exactly. */
#ifndef ARD_TEST_COST_DOCUMENT_H
#define ARD_TEST_COST_DOCUMENT_H

#include <stdbool.h>
#include <stdint.h>

enum { COST_DOCUMENT_SIZE = 4096, COST_DOCUMENT_PERIODS = 3 };

/* The time at periods i and j: 1 + 2/i + 3/j + 4/(i j), and half more where i is 2. */
double cost_document_time(uint32_t i, uint32_t j);

/* The text, of rows or of tiles; conventional dropout takes 9 ms, DropConnect 12. */
void cost_document(bool tiles, char text[COST_DOCUMENT_SIZE]);

/* Replaces the one place where `from` stands. */
void cost_document_replace(char text[COST_DOCUMENT_SIZE], const char *from, const char *to);

#endif
