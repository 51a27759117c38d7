/* SPDX-License-Identifier: Apache-2.0 */
#include "train/lstm/lstm_windows.h"

#include <assert.h>

lstm_windows lstm_windows_cut(const uint32_t *tokens, size_t count, size_t batch, size_t steps)
{
    assert(count > batch);
    const size_t length = (count - 1) / batch;
    return (lstm_windows){.tokens = tokens,
                          .batch = batch,
                          .steps = steps < length ? steps : length,
                          .length = length,
                          .count = length / steps + (length % steps != 0)};
}

size_t lstm_windows_until(const lstm_windows *windows, size_t count)
{
    return count >= windows->count ? windows->length : count * windows->steps;
}

size_t lstm_windows_fill(const lstm_windows *windows, size_t index, uint32_t *tokens,
                         uint32_t *targets)
{
    assert(index < windows->count);
    const size_t first = lstm_windows_until(windows, index);
    const size_t end = lstm_windows_until(windows, index + 1);
    for (size_t b = 0; b < windows->batch; ++b) {
        const uint32_t *stretch = windows->tokens + b * windows->length;
        for (size_t t = first; t < end; ++t) {
            tokens[(t - first) * windows->batch + b] = stretch[t];
            targets[(t - first) * windows->batch + b] = stretch[t + 1];
        }
    }
    return end - first;
}
