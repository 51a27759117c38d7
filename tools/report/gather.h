/* SPDX-License-Identifier: Apache-2.0 */
/* The pictures that data allow. */
#ifndef ARD_REPORT_GATHER_H
#define ARD_REPORT_GATHER_H

#include "report/picture.h"
#include "report/report_data.h"

/* All of them, section by section. Free the list, also after a failure. */
void gather_pictures(const report_data *data, picture_list *list);

void gather_speedups(const report_data *data, picture_list *list);
void gather_widths(const report_data *data, picture_list *list);
void gather_profiles(const report_data *data, picture_list *list);
void gather_learning(const report_data *data, picture_list *list);

#endif
