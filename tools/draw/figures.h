/* SPDX-License-Identifier: Apache-2.0 */
/* The pictures of docs/figures. */
#ifndef ARD_DRAW_FIGURES_H
#define ARD_DRAW_FIGURES_H

#include <stdio.h>

#include <ard/status.h>

/* Three weight matrices around two layers with row patterns, before and after compaction. */
ard_status draw_rows(FILE *file);

/* Tile patterns, diagonal and linear, before and after. */
ard_status draw_tiles(FILE *file);

/* Which neurons a row of steps keeps, by each kind of dropout. */
ard_status draw_steps(FILE *file);

#endif
