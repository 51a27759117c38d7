/* SPDX-License-Identifier: Apache-2.0 */
/* Softmax cross-entropy as in loss.cl, for GPUs: `lanes` work-items side by side share a row and
 * meet in local memory.
 *
 * A group has get_local_size(0) / lanes rows; lanes divides the size, which is at most
 * LARGEST_GROUP. Lane l takes the columns l, l + lanes, ... and the lanes are joined in a tree, so
 * that an order of adding belongs to the number of classes. */
#define LARGEST_GROUP 64

/* part[first] = the sum of part[first .. first + lanes). */
static inline void join_sums(__local float *part, uint item, uint lane, uint lanes)
{
    for (uint n = lanes; n > 1; n = (n + 1) / 2) {
        const uint half_way = (n + 1) / 2;
        barrier(CLK_LOCAL_MEM_FENCE);
        if (lane + half_way < n) {
            part[item] += part[item + half_way];
        }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
}

/* The same for the largest value and, of equal ones, the smallest column. */
static inline void join_largest(__local float *part, __local uint *column, uint item, uint lane,
                                uint lanes)
{
    for (uint n = lanes; n > 1; n = (n + 1) / 2) {
        const uint other = item + (n + 1) / 2;
        barrier(CLK_LOCAL_MEM_FENCE);
        if (lane + (n + 1) / 2 < n &&
            (part[other] > part[item] ||
             (part[other] == part[item] && column[other] < column[item]))) {
            part[item] = part[other];
            column[item] = column[other];
        }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
}

__kernel void ard_softmax_cross_entropy(const uint rows, const uint batch, const uint classes,
                                        const uint lanes, __global const float *logits,
                                        const ulong logits_offset, const ulong logits_ld,
                                        __global const int *restrict labels,
                                        const ulong labels_offset, const uint has_diff,
                                        __global float *diff, const ulong diff_offset,
                                        const ulong diff_ld, __global float *restrict row_totals)
{
    __local float part[LARGEST_GROUP];
    __local uint column[LARGEST_GROUP];
    const uint item = (uint)get_local_id(0);
    const uint lane = item % lanes;
    const uint first = item - lane;
    const uint row = (uint)get_group_id(0) * ((uint)get_local_size(0) / lanes) + item / lanes;
    /* Items behind the last row meet the others at the barriers, with no columns. */
    const uint count = row < rows ? classes : 0;
    const size_t i = row < rows ? row : 0;
    __global const float *z = logits + logits_offset + i * logits_ld;
    __global float *d = diff + diff_offset + i * diff_ld;
    const int label = labels[labels_offset + i];
    const bool valid = row < rows && label >= 0 && (uint)label < classes;

    part[item] = -INFINITY;
    column[item] = classes;
    for (uint c = lane; c < count; c += lanes) {
        if (z[c] > part[item]) {
            part[item] = z[c];
            column[item] = c;
        }
    }
    join_largest(part, column, item, lane, lanes);
    const float largest = part[first];
    const bool hit = valid && column[first] == (uint)label;
    const float below = valid ? largest - z[label] : NAN;
    /* Where diff is logits, the label's lane will write what the others have read here. */
    barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);

    float sum = 0.0f;
    for (uint c = lane; c < count; c += lanes) {
        sum += exp(z[c] - largest);
    }
    part[item] = sum;
    join_sums(part, item, lane, lanes);
    sum = part[first];
    if (lane == 0 && row < rows) {
        row_totals[row] = log(sum) + below;
        row_totals[(size_t)rows + row] = hit && !isnan(sum) ? 1.0f : 0.0f;
    }
    if (has_diff) {
        const float weight = valid ? 1.0f / (float)batch : 0.0f;
        const float factor = weight / sum;
        for (uint c = lane; c < count; c += lanes) {
            const float p = valid ? exp(z[c] - largest) * factor : 0.0f;
            d[c] = valid && c == (uint)label ? p - weight : p;
        }
    }
}
