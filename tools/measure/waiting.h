/* SPDX-License-Identifier: Apache-2.0 */
/* A line on a terminal while a driver compiles and no progress can be told. Silent in a pipe. */
#ifndef ARD_MEASURE_WAITING_H
#define ARD_MEASURE_WAITING_H

/* Shows "LABEL: WHAT" on stderr; a progress bar may take its place. */
void waiting_show(const char *label, const char *what);
void waiting_hide(void);

#endif
