/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as text that loses nothing. */
#ifndef ARD_TRAIN_NUMBER_TEXT_H
#define ARD_TRAIN_NUMBER_TEXT_H

enum { NUMBER_TEXT_SIZE = 32 };

/* The shortest text, of six digits or more, that reads back as the same number; whole numbers up to
 * 2^53 without an exponent. */
void number_text(double value, char text[NUMBER_TEXT_SIZE]);

#endif
