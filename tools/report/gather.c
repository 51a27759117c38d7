/* SPDX-License-Identifier: Apache-2.0 */
#include "report/gather.h"

void gather_pictures(const report_data *data, picture_list *list)
{
    gather_speedups(data, list);
    gather_widths(data, list);
    gather_profiles(data, list);
    gather_learning(data, list);
    picture_list_finish(list);
}
