/* SPDX-License-Identifier: Apache-2.0 */
#include "options_raw.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Checks and fills in what both cases take. */
static int check_common(const options_raw *raw)
{
    static const ard_dropout_kind kinds[] = {ARD_DROPOUT_ROW, ARD_DROPOUT_SUBSET, ARD_DROPOUT_TILE,
                                             ARD_DROPOUT_INDEX};
    const bench_options *options = raw->options;
    bench_case *kase = &raw->options->kase;
    kase->pattern = kinds[raw->pattern];
    kase->tile_edge = raw->tile;
    kase->tile_numbering = raw->numbering == 1 ? ARD_TILE_LINEAR : ARD_TILE_DIAGONAL;
    kase->engine = raw->engine_given ? (bench_engine)(raw->engine + 1) : ENGINE_TUNED;
    kase->scale = raw->scale == 1 ? ARD_SCALE_PERIOD : ARD_SCALE_RATE;
    kase->max_period = raw->max_period;
    kase->repeat = options->repeat;
    kase->seed = options->seed;
    kase->verify = options->verify;
    const char *forced = getenv("ARD_ENGINE");
    if (raw->engine_given && forced != NULL && forced[0] != '\0' &&
        strcmp(forced, case_engine_name(kase)) != 0) {
        return cli_mistake(&options_program,
                           "--engine %s contradicts the environment variable ARD_ENGINE=%s",
                           case_engine_name(kase), forced);
    }
    if (kase->pattern != ARD_DROPOUT_TILE && (raw->tile_given || raw->numbering_given)) {
        return cli_mistake(&options_program, "--%s needs --pattern tile",
                           raw->tile_given ? "tile" : "numbering");
    }
    if (kase->pattern == ARD_DROPOUT_INDEX && (raw->max_period_given || raw->period_given)) {
        return cli_mistake(&options_program, "--%s needs --pattern row, subset or tile",
                           raw->period_given ? "period" : "max-period");
    }
    return CLI_CONTINUE;
}

/* Of tiles too few for a period it says what would be right. */
int options_pattern_mistake(const bench_case *kase)
{
    for (size_t side = 0; side < case_dropouts(kase) && kase->pattern == ARD_DROPOUT_TILE; side++) {
        const size_t rows = case_side_rows(kase, side);
        const size_t cols = case_side_cols(kase, side);
        const double rate = kase->dropout[side].rate;
        const uint32_t drawn = case_longest_period(kase, side);
        const uint32_t most =
            ard_tile_max_period(kase->tile_edge, kase->tile_numbering, rows, cols);
        if (drawn > most) {
            char shorter[32] = "";
            if (rate <= 1 - 1.0 / most) {
                snprintf(shorter, sizeof shorter, " or --max-period %" PRIu32, most);
            }
            return cli_mistake(&options_program,
                               "rate %g draws periods up to %" PRIu32 ", which exceeds the %" PRIu32
                               " that %s tiles of edge %" PRIu32 " in [%zu x %zu] weights allow; "
                               "choose a smaller --tile%s",
                               rate, drawn, most, case_numbering_name(kase), kase->tile_edge, rows,
                               cols, shorter);
        }
    }
    return cli_mistake(&options_program, "%s", ard_detail());
}

/* Checks and completes a gemm: the patterns of its sides. */
int options_check_gemm(const options_raw *raw)
{
    bench_case *kase = &raw->options->kase;
    const int common = check_common(raw);
    if (common != CLI_CONTINUE) {
        return common;
    }
    kase->kind = BENCH_GEMM;
    kase->layers = 1;
    kase->sides = kase->pattern == ARD_DROPOUT_TILE ? 1 : 2;
    kase->batch = raw->m;
    kase->widths[0] = raw->k;
    kase->widths[1] = raw->n;
    if (raw->offset_given && !raw->period_given) {
        return cli_mistake(&options_program, "--offset needs --period");
    }
    if (raw->period_given && raw->max_period_given) {
        return cli_mistake(&options_program,
                           "--period fixes the pattern; --max-period is for drawn ones");
    }
    ard_status status;
    if (raw->period_given) {
        status = case_set_fixed(kase, raw->rate, raw->period, raw->offset);
        const double dropped = kase->dropout[0].rate;
        if (status == ARD_STATUS_SUCCESS && raw->rate_given && fabs(dropped - raw->rate) > 1e-9) {
            fprintf(stderr, "%s: the pattern of period %" PRIu32 " drops %.6g, not --rate %.6g\n",
                    options_program.name, raw->period, dropped, raw->rate);
        }
    } else {
        status = case_set_rates(kase, (const double[]){raw->rate, raw->rate});
    }
    return status == ARD_STATUS_SUCCESS ? CLI_CONTINUE : options_pattern_mistake(kase);
}

/* Checks and fills in how the periods of a step are drawn. */
static int check_step_patterns(const options_raw *raw, bench_case *kase)
{
    const int status = options_choose_periods(raw);
    if (status != CLI_CONTINUE) {
        return status;
    }
    if (case_set_rates(kase, raw->rates.values) != ARD_STATUS_SUCCESS ||
        (kase->per_period && case_set_uniform(kase, kase->max_period) != ARD_STATUS_SUCCESS)) {
        return options_pattern_mistake(kase);
    }
    return raw->cost != NULL ? options_use_cost(raw) : CLI_CONTINUE;
}

/* Checks and fills in the groups of samples of a step. */
static int check_groups(const options_raw *raw, bench_case *kase)
{
    bool drops = false;
    for (size_t side = 0; side < kase->sides; side++) {
        drops = drops || raw->rates.values[side] > 0;
    }
    kase->groups = raw->groups;
    if (raw->groups > 1 && (raw->per_period || raw->cost != NULL)) {
        return cli_mistake(&options_program, "--%s is of one pattern a batch; --groups must be 1",
                           raw->per_period ? "per-period" : "cost");
    }
    if (raw->groups > 1 && !drops) {
        return cli_mistake(&options_program,
                           "--groups draws a pattern for each group; --rate 0 has none");
    }
    return CLI_CONTINUE;
}

/* Whether a step's report has room for what it shall show. */
static int check_reports(const options_raw *raw)
{
    const bench_case *kase = &raw->options->kase;
    if (kase->profile && raw->format == FORMAT_CSV) {
        return cli_mistake(&options_program, "--profile needs --format text or json");
    }
    if (kase->memory && raw->format == FORMAT_CSV) {
        return cli_mistake(&options_program, "--memory needs --format text or json");
    }
    return CLI_CONTINUE;
}

/* Checks and completes a step of a multi-layer perceptron: a rate for every hidden layer. */
static int check_mlp(options_raw *raw)
{
    enum { DEFAULT_BATCH = 128 };
    bench_case *kase = &raw->options->kase;
    const size_t hidden = raw->hidden.count;
    if (hidden >= ARD_MLP_MAX_LAYERS) {
        return cli_mistake(&options_program, "--hidden gives %zu layers; at most %d are possible",
                           hidden, ARD_MLP_MAX_LAYERS - 1);
    }
    if (raw->rates.count != 1 && raw->rates.count != hidden) {
        return cli_mistake(&options_program,
                           "--rate gives %zu rates for %zu hidden layers; give one, or one a layer",
                           raw->rates.count, hidden);
    }
    for (size_t i = raw->rates.count; i < hidden; i++) {
        raw->rates.values[i] = raw->rates.values[0];
    }
    kase->kind = BENCH_STEP;
    kase->layers = hidden + 1;
    kase->sides = hidden;
    kase->batch = raw->batch_given ? raw->batch : DEFAULT_BATCH;
    kase->widths[0] = raw->in;
    memcpy(kase->widths + 1, raw->hidden.values, hidden * sizeof kase->widths[0]);
    kase->widths[hidden + 1] = raw->out;
    const int groups = check_groups(raw, kase);
    return groups == CLI_CONTINUE ? check_step_patterns(raw, kase) : groups;
}

int options_check_step(options_raw *raw)
{
    int status = options_check_model(raw);
    if (status == CLI_CONTINUE) {
        status = check_common(raw);
    }
    if (status == CLI_CONTINUE) {
        status = check_reports(raw);
    }
    if (status == CLI_CONTINUE) {
        status = raw->model == MODEL_LSTM ? options_check_lstm(raw) : check_mlp(raw);
    }
    return status;
}

int options_check_output(const options_raw *raw)
{
    const bench_options *options = raw->options;
    if (options->output == NULL && (options->resume || options->overwrite)) {
        return cli_mistake(&options_program, "--%s needs --output",
                           options->resume ? "resume" : "overwrite");
    }
    if (options->resume && options->overwrite) {
        return cli_mistake(&options_program,
                           "--resume keeps the results in the file, --overwrite does not; give one "
                           "of them");
    }
    if (options->resume && raw->per_period) {
        return cli_mistake(&options_program,
                           "--per-period is one case; --resume is of results of several");
    }
    return CLI_CONTINUE;
}

int options_use_cblas(const options_raw *raw)
{
    bench_options *options = raw->options;
    char error[CBLAS_ERROR_TEXT];
    if (raw->cblas == NULL) {
        return CLI_CONTINUE;
    }
    if (raw->per_period) {
        return cli_mistake(&options_program,
                           "--per-period times the periods of the device; --cblas has none");
    }
    if (!cblas_load(raw->cblas, &options->cblas, error)) {
        return cli_mistake(&options_program, "--cblas: %s", error);
    }
    options->kase.cblas = &options->cblas;
    return CLI_CONTINUE;
}
