/* SPDX-License-Identifier: Apache-2.0 */
/* A batch out of a data set on the device: dst[i] = src[order[first + i]], labels alike.
 *
 * One work-item an element: dimension 0 columns, dimension 1 samples of the batch. A sample number
 * outside the data set gives a row of zeros and the label -1. */
__kernel void ard_batch_gather(const uint batch, const uint width, const uint samples,
                               __global const uint *restrict order, const ulong first,
                               __global const float *restrict src, const ulong src_offset,
                               const ulong src_ld, __global const int *restrict src_labels,
                               const ulong src_labels_offset, __global float *restrict dst,
                               const ulong dst_offset, const ulong dst_ld,
                               __global int *restrict dst_labels, const ulong dst_labels_offset)
{
    const uint j = (uint)get_global_id(0);
    const uint i = (uint)get_global_id(1);
    if (i >= batch || j >= width) {
        return;
    }
    const uint sample = order[first + i];
    const bool known = sample < samples;
    dst[dst_offset + i * dst_ld + j] = known ? src[src_offset + sample * src_ld + j] : 0.0f;
    if (j == 0) {
        dst_labels[dst_labels_offset + i] = known ? src_labels[src_labels_offset + sample] : -1;
    }
}
