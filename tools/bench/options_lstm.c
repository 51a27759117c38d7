/* SPDX-License-Identifier: Apache-2.0 */
/* A step of --model lstm. */
#include <ard/lstm.h>

#include "options_raw.h"

int options_check_model(const options_raw *raw)
{
    const options_raw_lstm *lstm = &raw->lstm;
    const struct {
        const char *name;
        bool given;
        bench_model model;
    } options[] = {
        {"in", raw->in_given, MODEL_MLP},
        {"out", raw->out_given, MODEL_MLP},
        {"groups", raw->groups > 0, MODEL_MLP},
        {"per-period", raw->per_period, MODEL_MLP},
        {"cost", raw->cost != NULL, MODEL_MLP},
        {"entropy-share", raw->entropy_share_given, MODEL_MLP},
        {"cblas", raw->cblas != NULL, MODEL_MLP},
        {"layers", lstm->layers_given, MODEL_LSTM},
        {"embed", lstm->embed_given, MODEL_LSTM},
        {"vocab", lstm->vocab_given, MODEL_LSTM},
        {"steps", lstm->steps_given, MODEL_LSTM},
        {"placement", lstm->placement_given, MODEL_LSTM},
        {"fresh", lstm->fresh, MODEL_LSTM},
        {"tied", lstm->tied, MODEL_LSTM},
    };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (options[i].given && (int)options[i].model != raw->model) {
            return cli_mistake(&options_program, "--%s needs --model %s", options[i].name,
                               options[i].model == MODEL_LSTM ? "lstm" : "mlp");
        }
    }
    return CLI_CONTINUE;
}

/* What contradicts itself. */
static int check_together(const options_raw *raw, const bench_case *kase)
{
    if (raw->hidden_given && raw->hidden.count != 1) {
        return cli_mistake(&options_program,
                           "--hidden gives %zu widths; with --model lstm all --layers have one",
                           raw->hidden.count);
    }
    if (raw->rates.count > case_rate_count(kase)) {
        return cli_mistake(&options_program,
                           "--rate gives %zu rates; with --model lstm give one, or with "
                           "--placement both two",
                           raw->rates.count);
    }
    if (kase->tied && kase->widths[0] != kase->widths[1]) {
        return cli_mistake(&options_program,
                           "--tied needs --embed %zu, the width of the layers, not %zu",
                           kase->widths[1], kase->widths[0]);
    }
    if (kase->tied && kase->pattern == ARD_DROPOUT_TILE &&
        case_lstm_drops(kase, PLACEMENT_BETWEEN)) {
        return cli_mistake(&options_program,
                           "--tied needs --pattern row, subset or index, or --placement recurrent");
    }
    return CLI_CONTINUE;
}

static int check_fresh(const bench_case *kase)
{
    if (!kase->fresh) {
        return CLI_CONTINUE;
    }
    if (!case_lstm_drops(kase, PLACEMENT_RECURRENT)) {
        return cli_mistake(&options_program, "--fresh needs --placement recurrent or both");
    }
    if (kase->pattern == ARD_DROPOUT_TILE) {
        return cli_mistake(&options_program, "--fresh needs --pattern row, subset or index");
    }
    if (kase->steps > ARD_LSTM_MAX_FRESH_STEPS) {
        return cli_mistake(&options_program, "--fresh allows at most %d --steps, not %zu",
                           ARD_LSTM_MAX_FRESH_STEPS, kase->steps);
    }
    return CLI_CONTINUE;
}

/* The sizes, and what drops where. */
static void fill_in(const options_raw *raw, bench_case *kase)
{
    enum { DEFAULT_BATCH = 20, DEFAULT_HIDDEN = 650 };
    const options_raw_lstm *lstm = &raw->lstm;
    const size_t hidden = raw->hidden_given ? raw->hidden.values[0] : DEFAULT_HIDDEN;
    kase->kind = BENCH_STEP;
    kase->model = MODEL_LSTM;
    kase->layers = lstm->layers + 1;
    kase->batch = raw->batch_given ? raw->batch : DEFAULT_BATCH;
    kase->steps = lstm->steps;
    kase->placement = (bench_placement)lstm->placement;
    kase->fresh = lstm->fresh;
    kase->tied = lstm->tied;
    kase->widths[0] = lstm->embed_given ? lstm->embed : hidden;
    for (size_t layer = 1; layer <= lstm->layers; layer++) {
        kase->widths[layer] = hidden;
    }
    kase->widths[kase->layers] = lstm->vocab;
}

int options_check_lstm(const options_raw *raw)
{
    bench_case *kase = &raw->options->kase;
    fill_in(raw, kase);
    int status = check_together(raw, kase);
    if (status == CLI_CONTINUE) {
        status = check_fresh(kase);
    }
    if (status != CLI_CONTINUE) {
        return status;
    }
    kase->sides = case_lstm_sides(kase);
    const double between = raw->rates.values[0];
    const double recurrent = raw->rates.values[raw->rates.count - 1];
    return case_lstm_set_rates(kase, between, recurrent) == ARD_STATUS_SUCCESS
               ? CLI_CONTINUE
               : options_pattern_mistake(kase);
}
