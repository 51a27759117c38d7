/* SPDX-License-Identifier: Apache-2.0 */
/* What a log says of a language model. */
#include <stdio.h>

#include "core/integers.h"
#include "device/operation.h"
#include "models/lstm_internal.h"

/* The patterns of the recurrent products; fresh ones by their time steps. */
static void describe_recurrent(ard__description *description, const ard_lstm *lstm, size_t steps,
                               const ard_layer_pattern *patterns)
{
    const ard_lstm_options *options = &lstm->options;
    for (size_t layer = 0; layer < options->layers; ++layer) {
        for (size_t step = 0; step < (options->fresh ? steps : 1); ++step) {
            char role[64];
            if (options->fresh) {
                snprintf(role, sizeof role, "recurrent%zu.step%zu", layer + 1, step + 1);
            } else {
                snprintf(role, sizeof role, "recurrent%zu", layer + 1);
            }
            ard__describe_dropout(description, role, &lstm->recurrent,
                                  ard__lstm_recurrent_pattern(lstm, patterns, layer, step),
                                  options->hidden);
        }
    }
}

static void describe_between(ard__description *description, const ard_lstm *lstm,
                             const ard_layer_pattern *patterns)
{
    for (size_t site = 0; site <= lstm->options.layers; ++site) {
        char role[48];
        snprintf(role, sizeof role, "between%zu", site);
        ard__describe_dropout(description, role, &lstm->between[site], &patterns[site],
                              ard__lstm_width(&lstm->options, site));
    }
}

ard_status ard__lstm_end(ard_context *context, const ard_lstm *lstm, size_t batch, size_t steps,
                         const ard_layer_pattern *patterns, ard_status status)
{
    ard__description *description = ard__operation_end(context, status);
    if (description == NULL) {
        return status;
    }
    if (batch > 0) {
        ard__describe_shape(description, "%zux%zu:", steps, batch);
    } else if (steps > 0) {
        ard__describe_shape(description, "%zu:", steps);
    }
    ard__describe_shape(description, "%zu-%zu", lstm->options.vocabulary, lstm->options.embedding);
    for (size_t layer = 0; layer < lstm->options.layers; ++layer) {
        ard__describe_shape(description, "-%zu", lstm->options.hidden);
    }
    if (patterns != NULL) {
        describe_between(description, lstm, patterns);
        describe_recurrent(description, lstm, steps, patterns);
    }
    ard__operation_describe(context);
    return status;
}
