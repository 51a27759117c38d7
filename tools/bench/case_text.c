/* SPDX-License-Identifier: Apache-2.0 */
/* A case in words, and the command line that repeats it. */
#include "case.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const char *case_name(const bench_case *kase)
{
    return kase->kind == BENCH_GEMM ? "gemm" : "step";
}

const char *case_pattern_name(const bench_case *kase)
{
    switch (kase->pattern) {
    case ARD_DROPOUT_SUBSET:
        return "subset";
    case ARD_DROPOUT_TILE:
        return "tile";
    case ARD_DROPOUT_INDEX:
        return "index";
    default:
        return "row";
    }
}

const char *case_numbering_name(const bench_case *kase)
{
    return kase->tile_numbering == ARD_TILE_LINEAR ? "linear" : "diagonal";
}

const char *case_engine_name(const bench_case *kase)
{
    static const char *const names[] = {"", "packed", "clblast"};
    return names[kase->engine];
}

const char *case_scale_name(const bench_case *kase)
{
    return kase->scale == ARD_SCALE_PERIOD ? "period" : "rate";
}

const char *case_model(const bench_case *kase)
{
    if (kase->kind == BENCH_GEMM) {
        return "none";
    }
    return kase->model == MODEL_LSTM ? "lstm" : "mlp";
}

const char *case_baseline_name(bench_baseline baseline)
{
    switch (baseline) {
    case BASELINE_BERNOULLI:
        return "bernoulli";
    case BASELINE_DROPCONNECT:
        return "dropconnect";
    case BASELINE_CBLAS:
        return "cblas";
    default:
        return "none";
    }
}

const char *case_baseline_words(bench_baseline baseline)
{
    switch (baseline) {
    case BASELINE_BERNOULLI:
        return "conventional dropout";
    case BASELINE_DROPCONNECT:
        return "DropConnect";
    case BASELINE_CBLAS:
        return "CBLAS";
    default:
        return "the dense products";
    }
}

/* A text that grows by printf and stops at its end. */
typedef struct words {
    char *text;
    size_t length;
} words;

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void
add(words *words, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const size_t room = CASE_TEXT - words->length;
    const int count = vsnprintf(words->text + words->length, room, format, arguments);
    va_end(arguments);
    if (count > 0) {
        words->length += (size_t)count < room ? (size_t)count : room - 1;
    }
}

/* A rate or a share with the digits that give the same number back. */
static void add_exactly(words *words, double rate)
{
    char text[40];
    snprintf(text, sizeof text, CASE_RATE_FORMAT, rate);
    add(words, strtod(text, NULL) == rate ? CASE_RATE_FORMAT : "%.17g", rate);
}

/* A path as a shell reads it back. */
static void add_quoted(words *words, const char *path)
{
    add(words, "'");
    for (; *path != '\0'; path++) {
        add(words, *path == '\'' ? "'\\%c'" : "%c", *path);
    }
    add(words, "'");
}

/* The rates, comma-separated; a single one where all are equal. */
static void add_rates(words *words, const bench_case *kase, bool exactly)
{
    const size_t rates = case_rate_count(kase);
    size_t count = rates > 0 ? 1 : 0;
    for (size_t i = 1; i < rates; i++) {
        if (case_rate(kase, i) != case_rate(kase, 0)) {
            count = rates;
        }
    }
    for (size_t i = 0; i < count; i++) {
        add(words, "%s", i > 0 ? "," : "");
        if (exactly) {
            add_exactly(words, case_rate(kase, i));
        } else {
            add(words, "%.6g", case_rate(kase, i));
        }
    }
}

static void describe_sizes(words *words, const bench_case *kase)
{
    if (kase->model == MODEL_LSTM) {
        add(words, " %zux%zu, embed %zu, vocab %zu, batch %zu x %zu steps", case_lstm_layers(kase),
            kase->widths[1], kase->widths[0], kase->widths[kase->layers], kase->batch, kase->steps);
        return;
    }
    for (size_t i = 0; i <= kase->layers; i++) {
        add(words, "%s%zu", i == 0 ? " " : "-", kase->widths[i]);
    }
    add(words, ", batch %zu", kase->batch);
}

void case_describe(const bench_case *kase, char text[CASE_TEXT])
{
    words words = {.text = text};
    add(&words, "%s", case_name(kase));
    if (kase->kind == BENCH_STEP) {
        add(&words, " %s", case_model(kase));
    }
    describe_sizes(&words, kase);
    add(&words, ", rate ");
    add_rates(&words, kase, false);
    add(&words, ", %s", case_pattern_name(kase));
    if (kase->pattern == ARD_DROPOUT_TILE) {
        add(&words, " %" PRIu32 " %s", kase->tile_edge, case_numbering_name(kase));
    }
    if (kase->model == MODEL_LSTM) {
        add(&words, ", %s%s%s", case_placement_name(kase), kase->fresh ? ", fresh" : "",
            kase->tied ? ", tied" : "");
    }
    if (kase->fixed.period > 0) {
        add(&words, " period %" PRIu32 " offset %" PRIu32, kase->fixed.period, kase->fixed.offset);
    }
    if (kase->groups > 0) {
        add(&words, ", groups %" PRIu32, kase->groups);
    }
    if (kase->per_period) {
        add(&words, ", periods 1 to %" PRIu32, kase->max_period);
    }
    if (kase->cost.path != NULL) {
        add(&words, ", entropy share %g", kase->cost.entropy_share);
    }
    if (kase->engine != ENGINE_TUNED) {
        add(&words, ", %s", case_engine_name(kase));
    }
}

static void add_sizes(words *words, const bench_case *kase)
{
    if (kase->kind == BENCH_GEMM) {
        add(words, " --m %zu --n %zu --k %zu", kase->batch, kase->widths[1], kase->widths[0]);
        return;
    }
    if (kase->model == MODEL_LSTM) {
        add(words, " --model lstm --layers %zu --hidden %zu --embed %zu --vocab %zu",
            case_lstm_layers(kase), kase->widths[1], kase->widths[0], kase->widths[kase->layers]);
        add(words, " --steps %zu --batch %zu --placement %s%s%s", kase->steps, kase->batch,
            case_placement_name(kase), kase->fresh ? " --fresh" : "", kase->tied ? " --tied" : "");
        return;
    }
    add(words, " --model mlp --in %zu --hidden ", kase->widths[0]);
    for (size_t layer = 1; layer < kase->layers; layer++) {
        add(words, "%s%zu", layer > 1 ? "," : "", kase->widths[layer]);
    }
    add(words, " --out %zu --batch %zu", kase->widths[kase->layers], kase->batch);
}

void case_command(const bench_case *kase, const char *id, char text[CASE_TEXT])
{
    words words = {.text = text};
    add(&words, "ard-bench %s", case_name(kase));
    add_sizes(&words, kase);
    add(&words, " --rate ");
    add_rates(&words, kase, true);
    add(&words, " --pattern %s", case_pattern_name(kase));
    if (kase->pattern == ARD_DROPOUT_TILE) {
        add(&words, " --tile %" PRIu32 " --numbering %s", kase->tile_edge,
            case_numbering_name(kase));
    }
    if (kase->fixed.period > 0) {
        add(&words, " --period %" PRIu32 " --offset %" PRIu32, kase->fixed.period,
            kase->fixed.offset);
    }
    if (kase->max_period > 0) {
        add(&words, " --max-period %" PRIu32, kase->max_period);
    }
    if (kase->groups > 0) {
        add(&words, " --groups %" PRIu32, kase->groups);
    }
    if (kase->per_period) {
        add(&words, " --per-period");
    }
    if (kase->cost.path != NULL) {
        add(&words, " --cost ");
        add_quoted(&words, kase->cost.path);
        add(&words, " --entropy-share ");
        add_exactly(&words, kase->cost.entropy_share);
    }
    if (kase->cblas != NULL) {
        add(&words, " --cblas ");
        add_quoted(&words, kase->cblas->name);
    }
    if (kase->kind == BENCH_STEP) {
        add(&words, " --scale %s", case_scale_name(kase));
    }
    if (kase->engine != ENGINE_TUNED) {
        add(&words, " --engine %s", case_engine_name(kase));
    }
    if (id != NULL) {
        add(&words, " --device %s", id);
    }
    add(&words, " --repeat %" PRIu32 " --seed %" PRIu64 "%s%s%s", kase->repeat, kase->seed,
        kase->verify ? " --verify" : "", kase->profile ? " --profile" : "",
        kase->memory ? " --memory" : "");
}
