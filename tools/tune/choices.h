/* SPDX-License-Identifier: Apache-2.0 */
/* Which engine serves which product. */
#ifndef ARD_TUNE_CHOICES_H
#define ARD_TUNE_CHOICES_H

#include <ard/tuning.h>

#include "times.h"

/* Times this near each other are a tie. */
#define CHOICES_TIE 0.03

/* The engine of a product; in a tie libard's own on CPU devices, CLBlast elsewhere. */
ard_engine choices_engine(double packed, double clblast, ard_device_type type);

/* Sets the engine and the choices of a tuning from the times of both engines. Where all products
 * go to one engine there are no choices. Where they are more than a tuning holds, those that the
 * others already imply are left out, and then those of the least difference. */
void choices_make(const tune_shapes *shapes, const contest_times *packed,
                  const contest_times *clblast, ard_device_type type, ard_tuning *tuning);

#endif
