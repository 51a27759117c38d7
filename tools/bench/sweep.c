/* SPDX-License-Identifier: Apache-2.0 */
#include "sweep.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "output.h"
#include "probe.h"
#include "sweep_lstm.h"
#include "waiting.h"

enum { SIZES = 4, RATES = 3, LSTM_CASES = RATES * SWEEP_LSTM_PLACEMENTS };
enum { FULL_BATCH = 128, SMALL_BATCH = 32, FEW_REPEATS = 3 };

/* Milliseconds that a device may take, as estimated, before its sweep is cut down: for the
 * networks, and for the language model. */
#define BUDGET 200e3
#define LSTM_BUDGET 150e3

/* Share of its dense speed at which a device is taken to run the smaller compacted products. */
#define COMPACT_SHARE 0.5

static const size_t hidden[SIZES][2] = {{1024, 64}, {1024, 1024}, {2048, 2048}, {4096, 4096}};
static const double rates[RATES] = {0.3, 0.5, 0.7};

/* How much of the sweep a device does. */
typedef struct plan {
    size_t sizes; /* of the networks, the first ones */
    size_t batch; /* of the networks */
    uint32_t repeat;
    size_t lstm_size; /* which one */
    uint32_t lstm_repeat;
    double milliseconds; /* estimated, of the networks */
    double lstm_milliseconds;
} plan;

static ard_status make_case(const bench_options *options, const plan *plan, size_t size,
                            size_t rate, bench_case *kase)
{
    *kase = (bench_case){
        .kind = BENCH_STEP,
        .pattern = ARD_DROPOUT_ROW,
        .batch = plan->batch,
        .layers = 3,
        .widths = {784, hidden[size][0], hidden[size][1], 10},
        .sides = 2,
        .repeat = plan->repeat,
        .seed = options->seed,
        .verify = options->verify,
    };
    return case_set_rates(kase, (const double[]){rates[rate], rates[rate]});
}

static ard_status make_lstm_case(const bench_options *options, const plan *plan, size_t index,
                                 bench_case *kase)
{
    return sweep_lstm_case(options, plan->lstm_size, index / RATES, rates[index % RATES],
                           plan->lstm_repeat, kase);
}

static size_t count_cases(const plan *plan)
{
    return plan->sizes * RATES + LSTM_CASES;
}

/* Case `index` of a plan: first the networks, then the language models. */
static ard_status make_any_case(const bench_options *options, const plan *plan, size_t index,
                                bench_case *kase)
{
    const size_t networks = plan->sizes * RATES;
    return index < networks ? make_case(options, plan, index / RATES, index % RATES, kase)
                            : make_lstm_case(options, plan, index - networks, kase);
}

/* Estimated milliseconds of one case at a speed in operations a millisecond. */
static double estimate(const bench_case *kase, double speed)
{
    draw_set *set = calloc(1, sizeof *set);
    double flops =
        (double)(case_baseline_count(kase) * MEASURE_DENSE_PASSES) * case_flops(kase, NULL);
    if (set != NULL && draws_make(kase, set) == ARD_STATUS_SUCCESS) {
        for (size_t draw = 0; draw < set->count; draw++) {
            flops += case_flops(kase, draws_patterns(set, draw, 0)) / COMPACT_SHARE;
        }
    }
    draws_free(set);
    free(set);
    return (double)(kase->repeat + 1) * flops / speed;
}

/* Fills in what the plan would take. */
static void estimate_plan(const bench_options *options, double speed, plan *plan)
{
    plan->milliseconds = 0;
    for (size_t i = 0; i < plan->sizes * RATES; i++) {
        bench_case kase;
        if (make_case(options, plan, i / RATES, i % RATES, &kase) == ARD_STATUS_SUCCESS) {
            plan->milliseconds += estimate(&kase, speed);
        }
    }
    plan->lstm_milliseconds = 0;
    for (size_t i = 0; i < LSTM_CASES; i++) {
        bench_case kase;
        if (make_lstm_case(options, plan, i, &kase) == ARD_STATUS_SUCCESS) {
            plan->lstm_milliseconds += estimate(&kase, speed);
        }
    }
}

/* The largest plan that fits: first fewer repeats, then a smaller batch, then fewer sizes; of the
 * language model fewer repeats, then a smaller one. */
static plan choose_plan(const bench_options *options, double speed, plan whole)
{
    plan chosen = whole;
    if (!options->repeat_given && chosen.milliseconds > BUDGET) {
        chosen.repeat = FEW_REPEATS;
        estimate_plan(options, speed, &chosen);
    }
    if (chosen.milliseconds > BUDGET) {
        chosen.batch = SMALL_BATCH;
        estimate_plan(options, speed, &chosen);
    }
    while (chosen.milliseconds > BUDGET && chosen.sizes > 1) {
        chosen.sizes--;
        estimate_plan(options, speed, &chosen);
    }
    if (!options->repeat_given && chosen.lstm_milliseconds > LSTM_BUDGET) {
        chosen.lstm_repeat = FEW_REPEATS;
        estimate_plan(options, speed, &chosen);
    }
    while (chosen.lstm_milliseconds > LSTM_BUDGET && chosen.lstm_size + 1 < SWEEP_LSTM_SIZES) {
        chosen.lstm_size++;
        estimate_plan(options, speed, &chosen);
    }
    return chosen;
}

/* Says what was left out of the whole sweep, and why. */
static void explain(const run *run, const char *id, const plan *whole, const plan *chosen)
{
    char omitted[128] = "";
    int length = 0;
    for (size_t i = chosen->sizes; i < whole->sizes; i++) {
        length += snprintf(omitted + length, sizeof omitted - (size_t)length, "%s%zux%zu",
                           i == chosen->sizes ? ", without hidden layers " : " ", hidden[i][0],
                           hidden[i][1]);
    }
    char lstm[SWEEP_LSTM_TEXT];
    char largest[SWEEP_LSTM_TEXT];
    char text[512];
    sweep_lstm_describe(chosen->lstm_size, lstm);
    sweep_lstm_describe(whole->lstm_size, largest);
    snprintf(text, sizeof text,
             "%s: reduced, because all of it would take about %.0f s here: %" PRIu32
             " repeats of %" PRIu32 ", batch %zu of %zu%s; the LSTM %s of %s in %" PRIu32
             " repeats; about %.0f s; --full runs it all",
             id, (whole->milliseconds + whole->lstm_milliseconds) / 1e3, chosen->repeat,
             whole->repeat, chosen->batch, whole->batch, omitted, lstm, largest,
             chosen->lstm_repeat, (chosen->milliseconds + chosen->lstm_milliseconds) / 1e3);
    report_sentence(&run->report, text);
}

static plan whole_plan(const bench_options *options)
{
    return (plan){.sizes = SIZES,
                  .batch = FULL_BATCH,
                  .repeat = options->repeat,
                  .lstm_repeat = options->repeat};
}

/* All cases of a plan. */
static bool run_plan(run *run, ard_context *context, const plan *plan)
{
    const size_t count = count_cases(plan);
    double work = 0;
    bench_case kase;
    for (size_t i = 0; i < count; i++) {
        if (make_any_case(run->options, plan, i, &kase) == ARD_STATUS_SUCCESS) {
            work += pace_work(&kase);
        }
    }
    pace_begin(&run->pace, count, work);
    for (size_t i = 0; i < count; i++) {
        pace_next(&run->pace);
        if (make_any_case(run->options, plan, i, &kase) != ARD_STATUS_SUCCESS) {
            run_note_failure(run, ard_context_device(context)->id, "making a case", BENCH_FAILED);
            continue;
        }
        const size_t kept = run->kept;
        if (!run_case(run, context, &kase)) {
            return false;
        }
        pace_end(&run->pace, pace_work(&kase), run->kept > kept);
    }
    return true;
}

/* Where a document keeps the plan of a device, so that a run that goes on with it does the same
 * cases, however fast the device seems then. */
static const char plan_key[] = "sweep";

static bool keep_plan(run *run, const char *id, const plan *plan)
{
    cJSON *device = document_device(run->report.document, id);
    if (device == NULL) {
        return true;
    }
    cJSON_DeleteItemFromObjectCaseSensitive(device, plan_key);
    cJSON *kept = cJSON_AddObjectToObject(device, plan_key);
    return kept != NULL &&
           cJSON_AddNumberToObject(kept, "asked_repeat", run->options->repeat) != NULL &&
           cJSON_AddNumberToObject(kept, "sizes", (double)plan->sizes) != NULL &&
           cJSON_AddNumberToObject(kept, "batch", (double)plan->batch) != NULL &&
           cJSON_AddNumberToObject(kept, "repeat", plan->repeat) != NULL &&
           cJSON_AddNumberToObject(kept, "lstm_size", (double)plan->lstm_size) != NULL &&
           cJSON_AddNumberToObject(kept, "lstm_repeat", plan->lstm_repeat) != NULL &&
           output_save(&run->report);
}

/* A whole number of a plan that was kept; SIZE_MAX where it is none, or is out of range. */
static size_t recall(const cJSON *kept, const char *key, size_t least, size_t most)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(kept, key);
    const double value = cJSON_IsNumber(item) ? item->valuedouble : -1;
    return value >= (double)least && value <= (double)most ? (size_t)value : SIZE_MAX;
}

/* The plan that was kept for a device; false where there is none for these options. */
static bool recall_plan(const run *run, const char *id, plan *plan)
{
    const cJSON *kept =
        cJSON_GetObjectItemCaseSensitive(document_device(run->report.document, id), plan_key);
    const uint32_t repeat = run->options->repeat;
    if (!run->report.resumed || recall(kept, "asked_repeat", repeat, repeat) == SIZE_MAX) {
        return false;
    }
    const size_t sizes = recall(kept, "sizes", 1, SIZES);
    const size_t batch = recall(kept, "batch", SMALL_BATCH, FULL_BATCH);
    const size_t repeats = recall(kept, "repeat", 1, repeat);
    const size_t lstm_size = recall(kept, "lstm_size", 0, SWEEP_LSTM_SIZES - 1);
    const size_t lstm_repeats = recall(kept, "lstm_repeat", 1, repeat);
    if (sizes == SIZE_MAX || batch == SIZE_MAX || repeats == SIZE_MAX || lstm_size == SIZE_MAX ||
        lstm_repeats == SIZE_MAX) {
        return false;
    }
    *plan = (struct plan){.sizes = sizes,
                          .batch = batch,
                          .repeat = (uint32_t)repeats,
                          .lstm_size = lstm_size,
                          .lstm_repeat = (uint32_t)lstm_repeats};
    return true;
}

bool sweep_device(run *run, ard_context *context)
{
    const bench_options *options = run->options;
    const char *id = ard_context_device(context)->id;
    plan chosen = whole_plan(options);
    if (!options->full && !recall_plan(run, id, &chosen)) {
        double speed = 0;
        waiting_show(id, "measuring how fast it is, after its driver compiled the kernels");
        const bench_outcome outcome = probe_speed(context, options->seed, &speed);
        waiting_hide();
        if (outcome == BENCH_INTERRUPTED) {
            return false;
        }
        if (outcome != BENCH_DONE) {
            run_note_failure(run, id, "a first training step", outcome);
            return true;
        }
        plan whole = chosen;
        estimate_plan(options, speed, &whole);
        chosen = choose_plan(options, speed, whole);
        if (whole.milliseconds > BUDGET || whole.lstm_milliseconds > LSTM_BUDGET) {
            explain(run, id, &whole, &chosen);
        }
        if (!keep_plan(run, id, &chosen)) {
            run->unsaved = true;
            return false;
        }
    }
    return run_plan(run, context, &chosen);
}

void sweep_print_default(const bench_options *options)
{
    const plan whole = whole_plan(options);
    for (size_t i = 0; i < count_cases(&whole); i++) {
        bench_case kase;
        char command[CASE_TEXT];
        if (make_any_case(options, &whole, i, &kase) == ARD_STATUS_SUCCESS) {
            case_command(&kase, NULL, command);
            printf("%s\n", strchr(command, ' ') + 1); /* behind the program's name */
        }
    }
}
