/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "report/case_words.h"
#include "report/page.h"
#include "report/read_epochs.h"

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void add_best(text_buffer *buffer, const report_data *data)
{
    const report_result *best = NULL;
    size_t slower = 0;
    for (size_t i = 0; i < data->result_count; i++) {
        const report_result *result = &data->results[i];
        if (isfinite(result->speedup) && (best == NULL || result->speedup > best->speedup)) {
            best = result;
        }
        slower += result->speedup < 1 ? 1 : 0;
    }
    if (best == NULL) {
        return;
    }
    char words[CASE_WORDS];
    text_addf(buffer, " The best case is <b>%.3g times</b> as fast as its baseline", best->speedup);
    if (isfinite(best->flop_limit)) {
        text_addf(buffer, ", where arithmetic alone would allow %.3g times", best->flop_limit);
    }
    text_add(buffer, ": ");
    case_pattern(best, words);
    text_add_escaped(buffer, words);
    text_add(buffer, " against ");
    text_add_escaped(buffer, best->baseline);
    case_rates(best, words);
    text_add(buffer, " at rate ");
    text_add_escaped(buffer, words);
    case_network(best, words);
    text_add(buffer, ", ");
    text_add_escaped(buffer, words);
    case_device(data, best->device, words);
    text_add(buffer, ", on ");
    text_add_escaped(buffer, words);
    text_addf(buffer, ". %zu of %zu results %s slower than the baseline.", slower,
              data->result_count, slower == 1 ? "is" : "are");
}

/* The best run of a kind by its test score. */
static void add_best_run(text_buffer *buffer, const report_data *data, bool lstm)
{
    const report_run *best = NULL;
    for (size_t i = 0; i < data->run_count; i++) {
        const report_run *run = &data->runs[i];
        if (read_run_is_lstm(run) == lstm && isfinite(run->test_score) &&
            (best == NULL ||
             (lstm ? run->test_score < best->test_score : run->test_score > best->test_score))) {
            best = run;
        }
    }
    if (best != NULL) {
        text_addf(buffer, " The best test %s is <b>", lstm ? "perplexity" : "accuracy");
        text_add_number(buffer, best->test_score);
        text_addf(buffer, "%s</b>: ", lstm ? "" : " %");
        text_add_escaped(buffer, best->name);
        text_add(buffer, ", ");
        text_add_escaped(buffer, best->group);
        text_add(buffer, ".");
    }
}

void page_summary(text_buffer *buffer, const report_data *data)
{
    text_addf(buffer, "<p class=\"lead\">%zu result%s", data->result_count,
              plural(data->result_count));
    if (data->period_count > 0) {
        text_addf(buffer, ", %zu table%s of times by periods", data->period_count,
                  plural(data->period_count));
    }
    if (data->run_count > 0) {
        text_addf(buffer, ", %zu training run%s", data->run_count, plural(data->run_count));
    }
    text_addf(buffer, ", on %zu device%s.", data->device_count, plural(data->device_count));
    add_best(buffer, data);
    add_best_run(buffer, data, false);
    add_best_run(buffer, data, true);
    text_add(buffer, "</p>\n");
}
