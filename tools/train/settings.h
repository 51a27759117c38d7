/* SPDX-License-Identifier: Apache-2.0 */
/* Options as text: for comparing what was given with what a checkpoint records, and for reports. */
#ifndef ARD_TRAIN_SETTINGS_H
#define ARD_TRAIN_SETTINGS_H

#include "train/options.h"

enum { SETTING_TEXT_SIZE = 2048 };

/* The name of an option without its dashes. */
const char *setting_name(recorded_option option);

/* The value of an option as it would be written on the command line; what is
 * the same for all layers is written once. */
void setting_text(const train_options *options, recorded_option option,
                  char text[SETTING_TEXT_SIZE]);

/* Whether the option has a meaning together with the others. */
bool setting_is_used(const train_options *options, recorded_option option);

/* The widths of all layers, such as "784-512-512-10". */
void setting_layers(size_t inputs, const cli_size_list *hidden, size_t classes,
                    char text[SETTING_TEXT_SIZE]);

#endif
