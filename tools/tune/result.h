/* SPDX-License-Identifier: Apache-2.0 */
/* What a run found. */
#ifndef ARD_TUNE_RESULT_H
#define ARD_TUNE_RESULT_H

#include "batched.h"
#include "choices.h"
#include "judge.h"
#include "options.h"

typedef struct engine_result {
    bool tuned;
    judge_counts counts;
    contest_times shipped; /* on the same clock as those below */
    contest_times found;
    double gain; /* time of the shipped parameters relative to the ones found, >= 1 */
} engine_result;

typedef struct tune_result {
    const tune_options *options;
    const char *path; /* of the tuning */
    ard_device_info device;
    tune_shapes shapes;
    ard_tuning shipped;
    ard_tuning tuning; /* what is found */
    engine_result packed;
    engine_result clblast;
    contest_times own;  /* CLBlast's own parameters, on the clock of its others */
    double own_gain;    /* time of its own parameters relative to the shipped ones */
    contest_times base; /* libard's own kernels, on that clock; on CPU devices */
    batched_result batched;
    ard_engine engines[TUNE_MAX_SHAPES]; /* the faster one of each shape; where both are tuned */
    bool engines_chosen;
    size_t read;    /* candidates of an earlier run */
    double seconds; /* that this run took */
} tune_result;

#endif
