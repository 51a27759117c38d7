/* SPDX-License-Identifier: Apache-2.0 */
/* CLBlast's kernels that take part in a product, with the constraints of its own tuners
 * (src/tuning/kernels of CLBlast 1.5.3). */
#include "space.h"

/* Sums of a work-item; more take minutes to compile and live in memory. */
enum { MOST_SUMS = 256 };

static bool divides(size_t divisor, size_t value)
{
    return divisor > 0 && value % divisor == 0;
}

static bool any(const tune_limits *limits, const size_t *v)
{
    (void)limits;
    (void)v;
    return true;
}

enum { GEMMK, KREG, KWG, KWI, MDIMA, MDIMC, MWG, NDIMB, NDIMC, NWG, SA, SB, STRM, STRN, VWM, VWN };

/* What kernel 0, with tiles in local memory, and kernel 1, with tiles in registers, ask for. */
static bool fits_its_kernel(const size_t *v)
{
    const size_t group = v[MDIMC] * v[NDIMC];
    if (v[GEMMK] == 1) {
        return divides(v[VWN], v[KREG]) && v[MDIMA] == v[MDIMC] && v[NDIMB] == v[NDIMC] &&
               v[KWG] == 1 && v[KWI] == 1 && v[SA] + v[SB] + v[STRM] + v[STRN] == 0;
    }
    return v[KREG] == 1 && v[KWG] > 1 && divides(v[MDIMA], group) && divides(v[NDIMB], group) &&
           divides(group / v[MDIMA], v[KWG]) && divides(group / v[NDIMB], v[KWG]);
}

static bool xgemm(const tune_limits *limits, const size_t *v)
{
    return divides(v[KWI], v[KWG]) && divides(v[MDIMC] * v[VWM], v[MWG]) &&
           divides(v[NDIMC] * v[VWN], v[NWG]) && divides(v[MDIMA] * v[VWM], v[MWG]) &&
           divides(v[NDIMB] * v[VWN], v[NWG]) && v[MDIMC] * v[NDIMC] <= limits->group_size &&
           (v[MWG] / v[MDIMC]) * (v[NWG] / v[NDIMC]) <= MOST_SUMS &&
           v[KWG] * (v[SA] * v[MWG] + v[SB] * v[NWG]) * sizeof(float) <= limits->local_memory &&
           fits_its_kernel(v);
}

enum { KWID, MDIMAD, MDIMCD, NDIMBD, NDIMCD, PADA, PADB, VWMD, VWND, WGD };

static bool xgemm_direct(const tune_limits *limits, const size_t *v)
{
    const size_t group = v[MDIMCD] * v[NDIMCD];
    return divides(v[KWID], v[WGD]) && divides(v[MDIMCD] * v[VWMD], v[WGD]) &&
           divides(v[NDIMCD] * v[VWND], v[WGD]) && divides(v[MDIMAD] * v[VWMD], v[WGD]) &&
           divides(v[NDIMBD] * v[VWND], v[WGD]) && divides(v[MDIMAD], group) &&
           divides(v[NDIMBD], group) && divides(group / v[MDIMAD], v[WGD]) &&
           divides(group / v[NDIMBD], v[WGD]) && group <= limits->group_size &&
           (v[WGD] / v[MDIMCD]) * (v[WGD] / v[NDIMCD]) <= MOST_SUMS &&
           v[WGD] * (2 * v[WGD] + v[PADA] + v[PADB]) * sizeof(float) <= limits->local_memory;
}

/* Of Copy and Pad the first two parameters are those of the group. */
static bool copy(const tune_limits *limits, const size_t *v)
{
    return v[0] * v[1] <= limits->group_size;
}

enum { TRA_DIM, TRA_PAD, TRA_SHUFFLE, TRA_WPT };

static bool transpose(const tune_limits *limits, const size_t *v)
{
    const size_t edge = v[TRA_WPT] * v[TRA_DIM];
    return v[TRA_DIM] * v[TRA_DIM] <= limits->group_size &&
           v[TRA_WPT] * edge * (v[TRA_DIM] + v[TRA_PAD]) * sizeof(float) <= limits->local_memory;
}

enum { PADTRA_PAD, PADTRA_TILE, PADTRA_WPT };

static bool padtranspose(const tune_limits *limits, const size_t *v)
{
    const size_t edge = v[PADTRA_WPT] * v[PADTRA_TILE];
    return v[PADTRA_TILE] * v[PADTRA_TILE] <= limits->group_size &&
           edge * (edge + v[PADTRA_PAD]) * sizeof(float) <= limits->local_memory;
}

/* Lists of values that several parameters have. */
#define FLAG SPACE_VALUES(0, 1)
#define GROUP_SIDE SPACE_VALUES(2, 4, 8, 16, 32)
#define POWERS SPACE_VALUES(1, 2, 4, 8)

const tune_space clblast_spaces[] = {
    {.name = "GemmRoutine",
     .count = 1,
     .parameters = {{"XGEMM_MIN_INDIRECT_SIZE",
                     SPACE_VALUES(1, 64, 128, 256, 384, 512, 768, 1024)}},
     .start = {{384}},
     .legal = any,
     .weight = 1},
    {.name = "Xgemm",
     .count = 16,
     .parameters = {{"GEMMK", FLAG},
                    {"KREG", POWERS},
                    {"KWG", SPACE_VALUES(1, 16, 32, 64)},
                    {"KWI", POWERS},
                    {"MDIMA", GROUP_SIDE},
                    {"MDIMC", GROUP_SIDE},
                    {"MWG", SPACE_VALUES(16, 32, 64, 128)},
                    {"NDIMB", GROUP_SIDE},
                    {"NDIMC", GROUP_SIDE},
                    {"NWG", SPACE_VALUES(16, 32, 64, 128)},
                    {"SA", FLAG},
                    {"SB", FLAG},
                    {"STRM", FLAG},
                    {"STRN", FLAG},
                    {"VWM", POWERS},
                    {"VWN", POWERS}},
     .start = {{0, 1, 16, 2, 8, 8, 64, 8, 8, 64, 1, 1, 0, 0, 4, 4}},
     .legal = xgemm,
     .weight = 8},
    {.name = "XgemmDirect",
     .count = 10,
     .parameters = {{"KWID", POWERS},
                    {"MDIMAD", SPACE_VALUES(8, 16, 32)},
                    {"MDIMCD", SPACE_VALUES(8, 16, 32)},
                    {"NDIMBD", SPACE_VALUES(8, 16, 32)},
                    {"NDIMCD", SPACE_VALUES(8, 16, 32)},
                    {"PADA", FLAG},
                    {"PADB", FLAG},
                    {"VWMD", POWERS},
                    {"VWND", POWERS},
                    {"WGD", SPACE_VALUES(8, 16, 32, 64)}},
     .start = {{2, 8, 8, 8, 8, 1, 1, 2, 2, 32}},
     .legal = xgemm_direct,
     .weight = 2},
    {.name = "Copy",
     .count = 4,
     .parameters = {{"COPY_DIMX", SPACE_VALUES(8, 16, 32)},
                    {"COPY_DIMY", SPACE_VALUES(8, 16, 32)},
                    {"COPY_VW", POWERS},
                    {"COPY_WPT", POWERS}},
     .start = {{8, 8, 4, 1}},
     .legal = copy,
     .weight = 1},
    {.name = "Pad",
     .count = 4,
     .parameters = {{"PAD_DIMX", SPACE_VALUES(8, 16, 32)},
                    {"PAD_DIMY", SPACE_VALUES(8, 16, 32)},
                    {"PAD_WPTX", SPACE_VALUES(1, 2, 4)},
                    {"PAD_WPTY", SPACE_VALUES(1, 2, 4)}},
     .start = {{8, 8, 2, 1}},
     .legal = copy,
     .weight = 1},
    {.name = "Transpose",
     .count = 4,
     .parameters = {{"TRA_DIM", SPACE_VALUES(4, 8, 16, 32)},
                    {"TRA_PAD", FLAG},
                    {"TRA_SHUFFLE", FLAG},
                    {"TRA_WPT", SPACE_VALUES(1, 2, 4, 8, 16)}},
     .start = {{8, 1, 0, 4}},
     .legal = transpose,
     .weight = 1},
    {.name = "Padtranspose",
     .count = 3,
     .parameters = {{"PADTRA_PAD", FLAG},
                    {"PADTRA_TILE", SPACE_VALUES(8, 16, 32)},
                    {"PADTRA_WPT", SPACE_VALUES(1, 2, 4, 8)}},
     .start = {{1, 16, 2}},
     .legal = padtranspose,
     .weight = 1},
};
