/* SPDX-License-Identifier: Apache-2.0 */
/* The device programs and kernels of libard, as two tables. */
#ifndef ARD_KERNELS_H
#define ARD_KERNELS_H

/* X(ID, common source or NULL, source, build options): a program is built at its first use in a
 * context. AGES says how sgd.cl finds out how many steps a weight was skipped. */
#define ARD__PROGRAM_MAP(X)                                                                        \
    X(COMPACT, NULL, "compact.cl", "")                                                             \
    X(LINEAR, "philox.cl", "linear.cl", "")                                                        \
    X(LOSS, NULL, "loss.cl", "")                                                                   \
    X(LSTM_CELL, NULL, "lstm_cell.cl", "")                                                         \
    X(LOSS_LANES, NULL, "loss_lanes.cl", "")                                                       \
    X(BATCH, NULL, "batch.cl", "")                                                                 \
    X(PACKED, "panel.cl", "packed.cl", "")                                                         \
    X(PANELS, "panel.cl", "panels.cl", "")                                                         \
    X(EMBEDDING, NULL, "embedding.cl", "")                                                         \
    X(REFERENCE, NULL, "reference.cl", "")                                                         \
    X(SGD_FRESH, NULL, "sgd.cl", "-DAGES=0")                                                       \
    X(SGD_CLASSES, NULL, "sgd.cl", "-DAGES=1")                                                     \
    X(SGD_ELEMENTS, NULL, "sgd.cl", "-DAGES=2")                                                    \
    X(SGD_CLIP, NULL, "sgd_clip.cl", "")                                                           \
    X(SGD_PLAIN, NULL, "sgd_plain.cl", "")                                                         \
    X(SGD_RUNS_FRESH, NULL, "sgd_runs.cl", "-DAGES=0")                                             \
    X(SGD_RUNS_CLASSES, NULL, "sgd_runs.cl", "-DAGES=1")

/* X(ID, program, function) */
#define ARD__KERNEL_MAP(X)                                                                         \
    X(COMPACT, COMPACT, "ard_compact")                                                             \
    X(COMPACT_RUNS, COMPACT, "ard_compact_runs")                                                   \
    X(EXPAND, COMPACT, "ard_expand")                                                               \
    X(CLEAR, COMPACT, "ard_clear")                                                                 \
    X(FORWARD_ACTIVATION, LINEAR, "ard_forward_activation")                                        \
    X(FORWARD_BERNOULLI, LINEAR, "ard_forward_bernoulli")                                          \
    X(BACKWARD_ACTIVATION, LINEAR, "ard_backward_activation")                                      \
    X(MASK, LINEAR, "ard_mask")                                                                    \
    X(SUM_ROWS, LINEAR, "ard_sum_rows")                                                            \
    X(SOFTMAX, LOSS, "ard_softmax_cross_entropy")                                                  \
    X(SOFTMAX_LANES, LOSS_LANES, "ard_softmax_cross_entropy")                                      \
    X(LOSS_TOTALS, LOSS, "ard_loss_totals")                                                        \
    X(LSTM_CELL_FORWARD, LSTM_CELL, "ard_lstm_cell_forward")                                       \
    X(LSTM_CELL_BACKWARD, LSTM_CELL, "ard_lstm_cell_backward")                                     \
    X(BATCH_GATHER, BATCH, "ard_batch_gather")                                                     \
    X(EMBEDDING_FORWARD, EMBEDDING, "ard_embedding_forward")                                       \
    X(EMBEDDING_BACKWARD, EMBEDDING, "ard_embedding_backward")                                     \
    X(PACK, PACKED, "ard_pack")                                                                    \
    X(MULTIPLY, PACKED, "ard_multiply")                                                            \
    X(PACK_PANELS, PANELS, "ard_pack_panels")                                                      \
    X(MULTIPLY_PANELS, PANELS, "ard_multiply_panels")                                              \
    X(REFERENCE, REFERENCE, "ard_reference")                                                       \
    X(SQUARE_SUMS, SGD_CLIP, "ard_square_sums")                                                    \
    X(CLIP_FACTOR, SGD_CLIP, "ard_clip_factor")                                                    \
    X(DESCEND, SGD_PLAIN, "ard_descend")                                                           \
    X(DESCEND_RUNS, SGD_PLAIN, "ard_descend_runs")                                                 \
    X(DESCEND_DENSE, SGD_PLAIN, "ard_descend_dense")                                               \
    X(UPDATE_DENSE, SGD_FRESH, "ard_update_dense")                                                 \
    X(UPDATE_FRESH, SGD_FRESH, "ard_update")                                                       \
    X(UPDATE_CLASSES, SGD_CLASSES, "ard_update")                                                   \
    X(UPDATE_ELEMENTS, SGD_ELEMENTS, "ard_update")                                                 \
    X(UPDATE_AGAIN_FRESH, SGD_FRESH, "ard_update_again")                                           \
    X(UPDATE_AGAIN_CLASSES, SGD_CLASSES, "ard_update_again")                                       \
    X(UPDATE_AGAIN_ELEMENTS, SGD_ELEMENTS, "ard_update_again")                                     \
    X(GATHER_FRESH, SGD_FRESH, "ard_gather")                                                       \
    X(GATHER_CLASSES, SGD_CLASSES, "ard_gather")                                                   \
    X(GATHER_ELEMENTS, SGD_ELEMENTS, "ard_gather")                                                 \
    X(UPDATE_RUNS_FRESH, SGD_RUNS_FRESH, "ard_update_runs")                                        \
    X(UPDATE_RUNS_CLASSES, SGD_RUNS_CLASSES, "ard_update_runs")                                    \
    X(UPDATE_AGAIN_RUNS_FRESH, SGD_RUNS_FRESH, "ard_update_again_runs")                            \
    X(UPDATE_AGAIN_RUNS_CLASSES, SGD_RUNS_CLASSES, "ard_update_again_runs")                        \
    X(GATHER_RUNS_FRESH, SGD_RUNS_FRESH, "ard_gather_runs")                                        \
    X(GATHER_RUNS_CLASSES, SGD_RUNS_CLASSES, "ard_gather_runs")                                    \
    X(SWEEP_RUNS, SGD_RUNS_CLASSES, "ard_sweep_runs")                                              \
    X(SWEEP_CLASSES, SGD_CLASSES, "ard_sweep")                                                     \
    X(SWEEP_ELEMENTS, SGD_ELEMENTS, "ard_sweep")

typedef enum ard__program_id {
#define ARD__PROGRAM_ENUM(id, common, source, options) ARD__PROGRAM_##id,
    ARD__PROGRAM_MAP(ARD__PROGRAM_ENUM)
#undef ARD__PROGRAM_ENUM
        ARD__PROGRAM_COUNT
} ard__program_id;

typedef enum ard__kernel_id {
#define ARD__KERNEL_ENUM(id, program, function) ARD__KERNEL_##id,
    ARD__KERNEL_MAP(ARD__KERNEL_ENUM)
#undef ARD__KERNEL_ENUM
        ARD__KERNEL_COUNT
} ard__kernel_id;

#endif
