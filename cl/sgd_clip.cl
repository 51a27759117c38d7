/* SPDX-License-Identifier: Apache-2.0 */
/* The global norm of a step's gradients, and the factor that limits it.
 *
 * Matrices are cut into chunks of whole stretches of at most CHUNK columns, or of several rows
 * where these are narrower (src/optimizer/sgd_clip.c), the same on every device. In a chunk the
 * squares of the columns j of one j % LANES are added in the order of rows and columns, and then
 * the lanes by halves: lane l + lane (l + 32), then l + (l + 16), and so on. ARD_VEC (default 1) is
 * the vector width of the device: with 16 a chunk is one work-item with its lanes in four vectors,
 * otherwise a work-group. */
#define LANES 64
#define CHUNK 4096

#ifndef ARD_VEC
#define ARD_VEC 1
#endif

/* Functions with vectors among their arguments or for a result: panel.cl says why. */
#ifndef INLINE
#define INLINE static inline __attribute__((always_inline))
#endif

#if ARD_VEC == 16
/* sum + the squares of the first `count` values, at most 16; nothing else is read. */
INLINE float16 add_squares(const float16 sum, const uint count, __global const float *src)
{
    if (count >= 16) {
        const float16 x = vload16(0, src);
        return sum + x * x;
    }
    float first[16] = {0.0f};
    for (uint k = 0; k < count; ++k) {
        first[k] = src[k];
    }
    const float16 x = vload16(0, first);
    return sum + x * x;
}
#endif

/* sums[sums_at + c] = the sum of the squares in chunk c of src [rows x cols], of which `across`
 * cover a stretch of chunk_rows rows. */
__kernel void ard_square_sums(const ulong rows, const ulong cols, const ulong chunk_rows,
                              const ulong across, __global const float *restrict src,
                              const ulong src_offset, const ulong src_ld,
                              __global float *restrict sums, const ulong sums_at)
{
    const ulong chunk = get_group_id(0);
    const ulong first_row = chunk / across * chunk_rows;
    const ulong end_row = min(first_row + chunk_rows, rows);
    const ulong first_col = chunk % across * CHUNK;
    const uint width = (uint)min((ulong)CHUNK, cols - first_col);
    __global const float *from = src + src_offset + first_col;
#if ARD_VEC == 16
    float16 s0 = 0.0f;
    float16 s1 = 0.0f;
    float16 s2 = 0.0f;
    float16 s3 = 0.0f;
    for (ulong i = first_row; i < end_row; ++i) {
        __global const float *row = from + i * src_ld;
        uint j = 0;
        for (; j + LANES <= width; j += LANES) {
            s0 = add_squares(s0, 16, row + j);
            s1 = add_squares(s1, 16, row + j + 16);
            s2 = add_squares(s2, 16, row + j + 32);
            s3 = add_squares(s3, 16, row + j + 48);
        }
        const uint left = width - j;
        s0 = left > 0 ? add_squares(s0, left, row + j) : s0;
        s1 = left > 16 ? add_squares(s1, left - 16, row + j + 16) : s1;
        s2 = left > 32 ? add_squares(s2, left - 32, row + j + 32) : s2;
        s3 = left > 48 ? add_squares(s3, left - 48, row + j + 48) : s3;
    }
    const float16 by_16 = (s0 + s2) + (s1 + s3);
    const float8 by_8 = by_16.lo + by_16.hi;
    const float4 by_4 = by_8.lo + by_8.hi;
    const float2 by_2 = by_4.lo + by_4.hi;
    sums[sums_at + chunk] = by_2.x + by_2.y;
#else
    __local float lanes[LANES];
    const uint local_id = (uint)get_local_id(0);
    const uint local_size = (uint)get_local_size(0);
    for (uint lane = local_id; lane < LANES; lane += local_size) {
        float sum = 0.0f;
        for (ulong i = first_row; i < end_row; ++i) {
            for (uint j = lane; j < width; j += LANES) {
                const float x = from[i * src_ld + j];
                sum += x * x;
            }
        }
        lanes[lane] = sum;
    }
    for (uint half_of = LANES / 2; half_of > 0; half_of /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        for (uint lane = local_id; lane < half_of; lane += local_size) {
            lanes[lane] += lanes[lane + half_of];
        }
    }
    if (local_id == 0) {
        sums[sums_at + chunk] = lanes[0];
    }
#endif
}

/* The sum of two numbers that are sums of a float and a small remainder (Knuth's two-sum). */
INLINE float2 add_exactly(const float2 a, const float2 b)
{
    const float sum = a.x + b.x;
    const float of_b = sum - a.x;
    const float rest = (a.x - (sum - of_b)) + (b.x - of_b);
    return (float2)(sum, a.y + b.y + rest);
}

/* One work-group. clip[0] = min(1, max_norm / norm), NaN where the norm is not finite; clip[1] +
 * clip[2] = norm^2, the sum of all chunks. */
__kernel void ard_clip_factor(const ulong count, __global const float *restrict sums,
                              const float max_norm, __global float *restrict clip)
{
    __local float2 lanes[LANES];
    const uint local_id = (uint)get_local_id(0);
    for (uint lane = local_id; lane < LANES; lane += (uint)get_local_size(0)) {
        float2 sum = (float2)(0.0f, 0.0f);
        for (ulong i = lane; i < count; i += LANES) {
            sum = add_exactly(sum, (float2)(sums[i], 0.0f));
        }
        lanes[lane] = sum;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    if (local_id == 0) {
        float2 total = lanes[0];
        for (uint lane = 1; lane < LANES; ++lane) {
            total = add_exactly(total, lanes[lane]);
        }
        const float norm = sqrt(total.x + total.y);
        const float factor = norm > max_norm ? max_norm / norm : 1.0f;
        clip[0] = isfinite(total.x) ? factor : NAN;
        clip[1] = total.x;
        clip[2] = total.y;
    }
}
