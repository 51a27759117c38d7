/* SPDX-License-Identifier: Apache-2.0 */
/* What makes two results those of one case. */
#ifndef ARD_REPORT_IDENTITY_H
#define ARD_REPORT_IDENTITY_H

#include "report/report_data.h"
#include "report/text_buffer.h"

/* Writes all keys of a result, in the order of their names, with their values, but for the times,
 * what is computed from them, and how they were measured. The device stands with its name and
 * platform instead of its id. `engine`: whether the engine is part of it. */
void identity_write(const report_data *data, const report_result *result, bool engine,
                    text_buffer *text);

#endif
