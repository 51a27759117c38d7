/* SPDX-License-Identifier: Apache-2.0 */
/* The cell of an LSTM layer and its derivative.
 *
 *     a = gates + recurrent + bias
 *     i, f, o = sigmoid(a),  g = tanh(a),  c = f c_before + i g,  h = o tanh(c)
 * Gate k of unit j is column k * hidden + j, in the order i, f, g, o. One work-item ARD_VEC units:
 * dimension 0 units, dimension 1 rows. The last one of a row may have fewer; it computes with zeros
 * beyond, so that a unit's value does not depend on where it is.
 *
 * `passing` says what else is written of h for the next time step:
 *     PASS_NOTHING   nothing
 *     PASS_WHOLE     h
 *     PASS_MASKED    mask * h
 *     PASS_PERIODIC  the units j with bit j % period of `residues` set, side by side. 33 <= period
 *                    <= 64, so that the units of a work-item reach into two periods at most
 *     PASS_LISTED    the `kept` units of `list`, which increases, side by side
 * and the derivative takes the gradient of the same.
 *
 * ARD_VEC: 16, or 1 for devices whose work-items are lanes of vectors themselves. */
/* Functions with vectors among their arguments or for a result: panel.cl says why. */
#ifndef INLINE
#define INLINE static inline __attribute__((always_inline))
#endif

#define PASS_NOTHING 0
#define PASS_WHOLE 1
#define PASS_MASKED 2
#define PASS_PERIODIC 3
#define PASS_LISTED 4

#if ARD_VEC == 16
typedef float16 units;
#define AS_INTS(x) as_int16(x)
#define AS_UNITS(x) as_float16(x)
#else
typedef float units;
#define AS_INTS(x) as_int(x)
#define AS_UNITS(x) as_float(x)
#endif

/* The first `count` units from `from` on, and zeros. */
INLINE units load_units(__global const float *from, uint count)
{
#if ARD_VEC == 16
    if (count == ARD_VEC) {
        return vload16(0, from);
    }
    float lanes[ARD_VEC] = {0.0f};
    for (uint k = 0; k < count; ++k) {
        lanes[k] = from[k];
    }
    return vload16(0, lanes);
#else
    return *from;
#endif
}

INLINE void store_units(units values, uint count, __global float *to)
{
#if ARD_VEC == 16
    if (count == ARD_VEC) {
        vstore16(values, 0, to);
        return;
    }
    float lanes[ARD_VEC];
    vstore16(values, 0, lanes);
    for (uint k = 0; k < count; ++k) {
        to[k] = lanes[k];
    }
#else
    *to = values;
#endif
}

/* For y <= 0: e^y is *power * (1 + the result) with *power = 2^n, n the whole number next to
 * y / ln 2. The result is e^r - 1 for the rest r = y - n ln 2, |r| <= ln 2 / 2, by the Taylor
 * series to r^7, whose remainder is below 2^-25 times the result. Adding 1.5 * 2^23 leaves n in
 * the lowest bits of the sum. 355 / 512 is ln 2 but for 2.1e-4; its products with n are exact. */
INLINE units split_exp(units y, units *power)
{
    const units shifted = y * 1.44269504f + 12582912.0f;
    const units n = shifted - 12582912.0f;
    const units r = (y - n * 0.693359375f) + n * 2.12194440e-4f;
    *power = AS_UNITS((AS_INTS(shifted) << 23) + 0x3F800000);
    units series = r * (1.0f / 5040) + 1.0f / 720;
    series = series * r + 1.0f / 120;
    series = series * r + 1.0f / 24;
    series = series * r + 1.0f / 6;
    series = series * r + 0.5f;
    return series * (r * r) + r;
}

/* Below this e^y is no normal float32 and taken as 0. */
#define LEAST_EXPONENT (-87.34f)

/* Both are relatively right to 2 eps, however small they are, as a sweep over the float32 numbers
 * showed where quotients are rounded to the nearest number; to 4 eps with the 2.5 units in the last
 * place that OpenCL allows them. They reach 0 and 1, or -1 and 1, and are NaN for NaN. OpenCL's own
 * functions are no faster on CPU devices, and PoCL's tanh of infinity is 1 - eps / 2.
 *
 * sigmoid(x) = 1 / (1 + e^-x) = e^x / (1 + e^x), by the one whose exponent is not positive. */
INLINE units sigmoid(units x)
{
    const units y = x < 0.0f ? x : -x;
    units power;
    const units rest = split_exp(y, &power);
    const units e = y < LEAST_EXPONENT ? (units)(0.0f) : power + power * rest;
    return (x < 0.0f ? e : (units)(1.0f)) / (1.0f + e);
}

/* tanh(x) = -m / (2 + m) with m = e^(-2x) - 1, for x >= 0. The power is 1 where x is small, so that
 * nothing of m is lost. */
INLINE units hyperbolic_tangent(units x)
{
    const units y = x < 0.0f ? 2.0f * x : -2.0f * x;
    units power;
    const units rest = split_exp(y, &power);
    const units m = y < LEAST_EXPONENT ? (units)(-1.0f) : (power - 1.0f) + power * rest;
    return (x < 0.0f ? m : -m) / (2.0f + m);
}

/* Which of a work-item's units are passed on compact, one bit each, and the place of the first. */
typedef struct kept_units {
    uint bits;
    uint place;
} kept_units;

static inline kept_units find_kept(uint passing, uint j, uint count, uint period, ulong residues,
                                   uint kept, __global const uint *list)
{
    kept_units found = {0, 0};
    if (passing == PASS_PERIODIC) {
        const uint residue = j % period;
        const ulong before = residues & ((1UL << residue) - 1);
        const ulong ahead = residues >> residue;
        const ulong next = residue > 0 ? residues << (period - residue) : 0;
        found.bits = (uint)(ahead | next) & ((1u << count) - 1);
        found.place = j / period * (uint)popcount(residues) + (uint)popcount(before);
    } else if (passing == PASS_LISTED) {
        uint end = kept;
        while (found.place < end) {
            const uint middle = found.place + (end - found.place) / 2;
            if (list[middle] < j) {
                found.place = middle + 1;
            } else {
                end = middle;
            }
        }
        for (uint at = found.place; at < kept && list[at] - j < count; ++at) {
            found.bits |= 1u << (list[at] - j);
        }
    }
    return found;
}

INLINE void store_kept(units values, kept_units found, __global float *to)
{
#if ARD_VEC == 16
    float lanes[ARD_VEC];
    vstore16(values, 0, lanes);
    for (uint bits = found.bits; bits != 0; bits &= bits - 1) {
        to[found.place++] = lanes[31 - clz(bits & -bits)];
    }
#else
    if (found.bits != 0) {
        to[found.place] = values;
    }
#endif
}

/* Zero where a unit is not kept. */
INLINE units load_kept(__global const float *from, kept_units found)
{
#if ARD_VEC == 16
    float lanes[ARD_VEC] = {0.0f};
    for (uint bits = found.bits; bits != 0; bits &= bits - 1) {
        lanes[31 - clz(bits & -bits)] = from[found.place++];
    }
    return vload16(0, lanes);
#else
    return found.bits != 0 ? from[found.place] : 0.0f;
#endif
}

/* c may be c_before. recurrent is read where has_recurrent is 1, bias where has_bias is. */
__kernel void ard_lstm_cell_forward(
    const uint rows, const uint hidden, __global float *gates, const ulong gates_offset,
    const ulong gates_ld, const uint has_recurrent, __global const float *recurrent,
    const ulong recurrent_offset, const ulong recurrent_ld, const uint has_bias,
    __global const float *bias, const ulong bias_offset, __global const float *c_before,
    const ulong c_before_offset, const ulong c_before_ld, __global float *c, const ulong c_offset,
    const ulong c_ld, __global float *h, const ulong h_offset, const ulong h_ld, const uint passing,
    const uint period, const ulong residues, const uint kept, __global const uint *list,
    __global const float *mask, const ulong mask_offset, const ulong mask_ld,
    __global float *passed, const ulong passed_offset, const ulong passed_ld)
{
    const uint j = (uint)get_global_id(0) * ARD_VEC;
    const uint row = (uint)get_global_id(1);
    if (row >= rows || j >= hidden) {
        return;
    }
    const uint count = min(hidden - j, (uint)ARD_VEC);
    __global float *gate = gates + gates_offset + row * gates_ld + j;
    units a[4];
    for (uint k = 0; k < 4; ++k) {
        a[k] = load_units(gate + (size_t)k * hidden, count);
    }
    if (has_recurrent) {
        __global const float *from = recurrent + recurrent_offset + row * recurrent_ld + j;
        for (uint k = 0; k < 4; ++k) {
            a[k] += load_units(from + (size_t)k * hidden, count);
        }
    }
    if (has_bias) {
        for (uint k = 0; k < 4; ++k) {
            a[k] += load_units(bias + bias_offset + (size_t)k * hidden + j, count);
        }
    }
    const units i = sigmoid(a[0]);
    const units f = sigmoid(a[1]);
    const units g = hyperbolic_tangent(a[2]);
    const units o = sigmoid(a[3]);
    const units before = load_units(c_before + c_before_offset + row * c_before_ld + j, count);
    const units state = f * before + i * g;
    const units out = o * hyperbolic_tangent(state);
    store_units(i, count, gate);
    store_units(f, count, gate + (size_t)hidden);
    store_units(g, count, gate + (size_t)2 * hidden);
    store_units(o, count, gate + (size_t)3 * hidden);
    store_units(state, count, c + c_offset + row * c_ld + j);
    store_units(out, count, h + h_offset + row * h_ld + j);

    __global float *to = passed + passed_offset + row * passed_ld;
    if (passing == PASS_WHOLE) {
        store_units(out, count, to + j);
    } else if (passing == PASS_MASKED) {
        store_units(out * load_units(mask + mask_offset + row * mask_ld + j, count), count, to + j);
    } else if (passing != PASS_NOTHING) {
        store_kept(out, find_kept(passing, j, count, period, residues, kept, list), to);
    }
}

/* With tc = tanh(c) and dh the gradient of h from above and from the next time step:
 *     dc = diff_c + dh o (1 - tc^2),  diff_c <- dc f
 *     gates <- dc g i (1 - i),  dc c_before f (1 - f),  dc i (1 - g^2),  dh tc o (1 - o)
 * diff_c is not read where `last` is 1. */
__kernel void ard_lstm_cell_backward(
    const uint rows, const uint hidden, __global float *gates, const ulong gates_offset,
    const ulong gates_ld, __global const float *c_before, const ulong c_before_offset,
    const ulong c_before_ld, __global const float *c, const ulong c_offset, const ulong c_ld,
    __global const float *diff_h, const ulong diff_h_offset, const ulong diff_h_ld,
    const uint passing, const uint period, const ulong residues, const uint kept,
    __global const uint *list, __global const float *mask, const ulong mask_offset,
    const ulong mask_ld, __global const float *diff_passed, const ulong diff_passed_offset,
    const ulong diff_passed_ld, const uint last, __global float *diff_c, const ulong diff_c_offset,
    const ulong diff_c_ld)
{
    const uint j = (uint)get_global_id(0) * ARD_VEC;
    const uint row = (uint)get_global_id(1);
    if (row >= rows || j >= hidden) {
        return;
    }
    const uint count = min(hidden - j, (uint)ARD_VEC);
    units dh = load_units(diff_h + diff_h_offset + row * diff_h_ld + j, count);
    __global const float *next = diff_passed + diff_passed_offset + row * diff_passed_ld;
    if (passing == PASS_WHOLE) {
        dh += load_units(next + j, count);
    } else if (passing == PASS_MASKED) {
        dh +=
            load_units(mask + mask_offset + row * mask_ld + j, count) * load_units(next + j, count);
    } else if (passing != PASS_NOTHING) {
        dh += load_kept(next, find_kept(passing, j, count, period, residues, kept, list));
    }
    __global float *gate = gates + gates_offset + row * gates_ld + j;
    const units i = load_units(gate, count);
    const units f = load_units(gate + (size_t)hidden, count);
    const units g = load_units(gate + (size_t)2 * hidden, count);
    const units o = load_units(gate + (size_t)3 * hidden, count);
    const units before = load_units(c_before + c_before_offset + row * c_before_ld + j, count);
    const units tc = hyperbolic_tangent(load_units(c + c_offset + row * c_ld + j, count));
    __global float *carried = diff_c + diff_c_offset + row * diff_c_ld + j;
    units dc = dh * o * (1.0f - tc * tc);
    if (!last) {
        dc += load_units(carried, count);
    }
    store_units(dc * f, count, carried);
    store_units(dc * g * i * (1.0f - i), count, gate);
    store_units(dc * before * f * (1.0f - f), count, gate + (size_t)hidden);
    store_units(dc * i * (1.0f - g * g), count, gate + (size_t)2 * hidden);
    store_units(dh * tc * o * (1.0f - o), count, gate + (size_t)3 * hidden);
}
