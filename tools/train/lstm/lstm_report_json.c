/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "train/lstm/lstm_report.h"
#include "train/lstm/lstm_text.h"
#include "train/report_frame.h"

/* Every function answers whether all went in. */

static bool add_text(cJSON *object, const lstm_options *options, const corpus *text)
{
    return fields_add_text(object, "data", options->data) &&
           fields_add_whole(object, "vocabulary", text->words.count) &&
           fields_add_whole(object, "training_text", text->train_count) &&
           fields_add_whole(object, "validation_text", text->valid_count) &&
           fields_add_whole(object, "test_text", text->test_count) &&
           fields_add_whole(object, "validation_unknown", text->unknown_valid) &&
           fields_add_whole(object, "test_unknown", text->unknown_test);
}

/* Those that have a meaning, under their names on the command line. */
static bool add_settings(cJSON *root, const lstm_options *options, const corpus *text)
{
    cJSON *object = cJSON_AddObjectToObject(root, "settings");
    bool good = object != NULL && add_text(object, options, text);
    cli_option table[LSTM_TABLE_SIZE];
    lstm_options shown = *options;
    lstm_options_table(&shown, table);
    for (lstm_setting setting = 0; good && setting < LSTM_SETTINGS; ++setting) {
        if (lstm_options_uses(options, setting)) {
            good = report_frame_option(object, lstm_options_find(table, &shown, setting));
        }
    }
    return good && fields_add_text(object, "save", options->save) &&
           fields_add_text(object, "resume", options->resume);
}

static bool append_epoch(cJSON *array, const lstm_epoch *epoch)
{
    cJSON *object = cJSON_CreateObject();
    return fields_append(array, object) && fields_add_whole(object, "epoch", epoch->epoch) &&
           fields_add_number(object, "loss", epoch->loss) &&
           fields_add_number(object, "perplexity", lstm_perplexity(epoch->loss)) &&
           fields_add_number(object, "validation_loss", epoch->validation_loss) &&
           fields_add_number(object, "validation_perplexity",
                             lstm_perplexity(epoch->validation_loss)) &&
           fields_add_number(object, "learning_rate", epoch->rate) &&
           fields_add_number(object, "seconds", epoch->seconds) &&
           fields_add_number(object, "tokens_per_second", (double)epoch->tokens / epoch->seconds);
}

static bool add_epochs(cJSON *root, const lstm_outcome *outcome)
{
    cJSON *array = cJSON_AddArrayToObject(root, "epochs");
    bool good = array != NULL;
    for (size_t i = 0; good && i < outcome->epoch_count; ++i) {
        good = append_epoch(array, &outcome->epochs[i]);
    }
    return good;
}

/* Null where it is not known. */
static bool add_known(cJSON *root, const char *name, bool known, double value)
{
    return known ? fields_add_number(root, name, value) : cJSON_AddNullToObject(root, name) != NULL;
}

/* Of a text that was drawn: what no model can better, in the long run and on the test text. */
static bool add_floor(cJSON *root, const corpus *text)
{
    return !isfinite(text->entropy) ||
           (fields_add_number(root, "perplexity_floor", lstm_perplexity(text->entropy)) &&
            fields_add_number(root, "test_perplexity_floor",
                              lstm_perplexity(text->surprisal_test)));
}

static bool add_result(cJSON *root, const corpus *text, const lstm_outcome *outcome)
{
    const bool best = outcome->best_epoch > 0;
    return add_epochs(root, outcome) && fields_add_whole(root, "first_step", outcome->first_step) &&
           fields_add_whole(root, "steps", outcome->steps) &&
           fields_add_bool(root, "interrupted", outcome->interrupted) &&
           add_known(root, "best_epoch", best, (double)outcome->best_epoch) &&
           add_known(root, "best_validation_perplexity", best, lstm_perplexity(outcome->best)) &&
           add_known(root, "test_loss", outcome->tested, outcome->test_loss) &&
           add_known(root, "test_perplexity", outcome->tested,
                     lstm_perplexity(outcome->test_loss)) &&
           add_floor(root, text) && fields_add_number(root, "seconds", outcome->seconds) &&
           fields_add_number(root, "total_seconds", outcome->total_seconds);
}

int lstm_report_json(const lstm_options *options, const ard_device_info *device, const corpus *text,
                     const lstm_outcome *outcome)
{
    cJSON *root = report_frame_begin("lstm", device);
    return report_frame_end(root, root != NULL && add_settings(root, options, text) &&
                                      add_result(root, text, outcome));
}
