/* SPDX-License-Identifier: Apache-2.0 */
/* The step case: a training step of a model with patterns against one with conventional dropout. */
#ifndef ARD_BENCH_STEP_H
#define ARD_BENCH_STEP_H

#include "measure.h"
#include "profiling.h"

/* What a kind of model does; its networks and its input are its own. */
typedef struct step_model {
    /* Makes the input of a step. Also after a failure destroy_input() must follow, which takes
     * NULL. */
    bench_outcome (*create_input)(ard_context *context, const bench_case *kase, void **input);
    void (*destroy_input)(void *input);
    /* Makes the network of a case with dropout of a kind: its pattern's, or a baseline's at the
     * same rates. NULL after a failure, which destroy() takes. */
    ard_status (*create)(ard_context *context, const bench_case *kase, ard_dropout_kind kind,
                         void **network);
    void (*destroy)(void *network);
    /* Enqueues a step with these patterns (NULL: as it draws itself). */
    ard_status (*step)(void *network, void *input, const ard_layer_pattern *patterns);
    /* Floating point operations of the products of a step (NULL patterns: dense). */
    ard_status (*flops)(void *network, void *input, const ard_layer_pattern *patterns,
                        double *flops);
    /* Runs some steps on the device and in double precision on the host and compares parameters and
     * loss after each. */
    bench_outcome (*verify)(ard_context *context, const draw_set *set, const char *label,
                            bench_error *error);
    /* The CBLAS baseline, with the parameters of a network; all NULL where a model has none. Also
     * after a failure destroy_host() must follow, which takes NULL. */
    bench_outcome (*create_host)(const bench_case *kase, void *network, void **host);
    void (*step_host)(void *host, void *input);
    void (*destroy_host)(void *host);
} step_model;

extern const step_model step_mlp;
extern const step_model step_lstm;

/* That of a case. */
const step_model *step_model_of(const bench_case *kase);

/* Measures, after verifying where the case asks for it; a result for each baseline, and where
 * `milliseconds` is not NULL the time of each pass, as measure() gives them. */
bench_outcome step_run(ard_context *context, const draw_set *set, const char *label,
                       bench_result *results, double *milliseconds);

/* Profiles the same steps on the device `id`, on a context of its own. */
bench_outcome step_profile(const char *id, const draw_set *set, const char *label,
                           bench_profile *profile);

/* The kind of dropout of a baseline on the device. */
ard_dropout_kind step_baseline_kind(bench_baseline baseline);

#endif
