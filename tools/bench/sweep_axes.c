/* SPDX-License-Identifier: Apache-2.0 */
#include "sweep_axes.h"

_Static_assert((int)AXIS_COUNT == (int)SWEEP_AXES, "the options have room for each list");

const sweep_axis sweep_axes[AXIS_COUNT] = {
    [AXIS_ENGINE] = {"engine", "ENGINE,...", "what multiplies: packed, clblast",
                     "what the device is tuned for", OF_ALL, false},
    [AXIS_MODEL] = {"model", "MODEL,...",
                    "mlp, lstm: steps of these networks; gemm: the products of one layer", "mlp",
                    OF_ALL, false},
    [AXIS_IN] = {"in", "WIDTH,...", "mlp: inputs", "784", OF_MLP, false},
    [AXIS_HIDDEN] = {"hidden", "WIDTHxWIDTH,...",
                     "networks, each by the widths of its hidden layers; lstm: one width each",
                     "2048x2048; lstm: 650", OF_STEPS, true},
    [AXIS_OUT] = {"out", "WIDTH,...", "mlp: classes", "10", OF_MLP, false},
    [AXIS_LAYERS] = {"layers", "COUNT,...", "lstm: layers", "2", OF_LSTM, false},
    [AXIS_EMBED] = {"embed", "WIDTH,...", "lstm: width of a word's vector", "that of the layers",
                    OF_LSTM, false},
    [AXIS_VOCAB] = {"vocab", "COUNT,...", "lstm: words", "10000", OF_LSTM, false},
    [AXIS_STEPS] = {"steps", "COUNT,...", "lstm: time steps of a window", "35", OF_LSTM, false},
    [AXIS_M] = {"m", "BATCH,...", "gemm: samples in the batch", NULL, OF_GEMM, false},
    [AXIS_N] = {"n", "OUT,...", "gemm: outputs of the layer", NULL, OF_GEMM, false},
    [AXIS_K] = {"k", "IN,...", "gemm: inputs of the layer", NULL, OF_GEMM, false},
    [AXIS_BATCH] = {"batch", "COUNT,...", "samples in the batch; lstm: sequences", "128; lstm: 20",
                    OF_STEPS, false},
    [AXIS_PLACEMENT] = {"placement", "PLACE,...", "lstm: between, recurrent, both: what is dropped",
                        "between", OF_LSTM, false},
    [AXIS_RATE] = {"rate", "P,...",
                   "dropout rates; PxP: one for each hidden layer, or of --placement both for each "
                   "place",
                   "0.3,0.5,0.7", OF_ALL, true},
    [AXIS_PATTERN] = {"pattern", "PATTERN,...", "row, subset, tile, index", "row", OF_ALL, false},
    [AXIS_TILE] = {"tile", "EDGE,...", "rows and columns of a tile", "32", OF_ALL, false},
    [AXIS_NUMBERING] = {"numbering", "NUMBERING,...", "of tiles: diagonal, linear", "diagonal",
                        OF_ALL, false},
    [AXIS_MAX_PERIOD] = {"max-period", "N,...", "longest period drawn; of subsets: the period",
                         "chosen from the rate", OF_ALL, false},
    [AXIS_SCALE] = {"scale", "SCALE,...", "of what is kept: rate, period", "rate", OF_STEPS, false},
    [AXIS_GROUPS] = {"groups", "COUNT,...",
                     "mlp: groups of samples in a batch, each with patterns of its own", "1",
                     OF_MLP, false},
};
