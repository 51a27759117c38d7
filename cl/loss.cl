/* SPDX-License-Identifier: Apache-2.0 */
/* Softmax cross-entropy from integer labels.
 *
 *     p = softmax(z),   loss = ln(sum exp(z - max)) + max - z[label],   diff = (p - onehot(label))
 * / batch */

/* One work-item a row; the rows can be a part of the batch. row_totals[i] gets the loss of row i
 * and row_totals[rows + i] whether its largest logit is the label's. diff may be logits: a row is
 * read before it is written. A label out of range gives a NaN loss and a zero gradient. */
__kernel void ard_softmax_cross_entropy(const uint rows, const uint batch, const uint classes,
                                        __global const float *logits, const ulong logits_offset,
                                        const ulong logits_ld, __global const int *restrict labels,
                                        const ulong labels_offset, const uint has_diff,
                                        __global float *diff, const ulong diff_offset,
                                        const ulong diff_ld, __global float *restrict row_totals)
{
    const uint i = (uint)get_global_id(0);
    if (i >= rows) {
        return;
    }
    __global const float *z = logits + logits_offset + i * logits_ld;
    __global float *d = diff + diff_offset + i * diff_ld;
    const int label = labels[labels_offset + i];
    const bool valid = label >= 0 && (uint)label < classes;
    float largest = z[0];
    uint best = 0;
    for (uint c = 1; c < classes; ++c) {
        if (z[c] > largest) {
            largest = z[c];
            best = c;
        }
    }
    float sum = 0.0f;
    for (uint c = 0; c < classes; ++c) {
        sum += exp(z[c] - largest);
    }
    row_totals[i] = valid ? log(sum) + (largest - z[label]) : NAN;
    row_totals[(size_t)rows + i] = valid && best == (uint)label && !isnan(sum) ? 1.0f : 0.0f;
    if (has_diff) {
        const float weight = valid ? 1.0f / (float)batch : 0.0f;
        const float factor = weight / sum;
        for (uint c = 0; c < classes; ++c) {
            const float p = valid ? exp(z[c] - largest) * factor : 0.0f;
            d[c] = valid && c == (uint)label ? p - weight : p;
        }
    }
}

/* totals[0] += sum of the losses, totals[1] += sum of the hits, in the order of the rows. One
 * work-item a total. */
__kernel void ard_loss_totals(const uint rows, __global const float *restrict row_totals,
                              __global float *restrict totals, const ulong totals_offset)
{
    const uint which = (uint)get_global_id(0);
    if (which < 2) {
        float sum = 0.0f;
        for (uint i = 0; i < rows; ++i) {
            sum += row_totals[(size_t)which * rows + i];
        }
        totals[totals_offset + which] += sum;
    }
}
