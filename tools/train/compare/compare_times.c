/* SPDX-License-Identifier: Apache-2.0 */
#include "train/compare/compare_times.h"

#include <stdlib.h>

#include "cost/cost_file.h"
#include "train/messages.h"

static int check_runs(const compare_results *results, const char *path, size_t setting,
                      cost_file *file)
{
    const compare_setting *now = &results->description.settings[setting];
    char error[COST_ERROR_TEXT];
    bool read = false;
    for (size_t i = 0; i < results->run_count; ++i) {
        const compare_run *run = &results->runs[i];
        if (run->setting != setting) {
            continue;
        }
        if (!read && !cost_file_read(now->cost, file, error)) {
            return cli_mistake(&train_messages, "%s: \"cost\": %s", now->origin, error);
        }
        read = true;
        if (run->cost_checksum != file->checksum) {
            return cli_mistake(&train_messages,
                               "%s: \"cost\": the times in '%.200s' are not those that the "
                               "results in %.200s are for",
                               now->origin, now->cost, path);
        }
    }
    return CLI_SUCCESS;
}

int compare_times_check(const compare_results *results, const char *path)
{
    cost_file *file = malloc(sizeof *file);
    int status = CLI_SUCCESS;
    if (file == NULL) {
        return cli_failure(&train_messages, "not enough memory");
    }
    for (size_t i = 0; status == CLI_SUCCESS && i < results->description.setting_count; ++i) {
        if (options_uses_cost(&results->description.settings[i].options)) {
            status = check_runs(results, path, i, file);
        }
    }
    free(file);
    return status;
}
