/* SPDX-License-Identifier: Apache-2.0 */
/* The report as comma-separated values (RFC 4180, lines ended by LF): what is drawn. Accuracies are
 * in percent and their differences in points; what there is none of is empty. */
#include <string.h>

#include "train/compare/compare_report.h"

static void print_name(const char *name)
{
    const bool quoted = strpbrk(name, ",\"\r\n") != NULL;
    if (quoted) {
        (void)putchar('"');
    }
    for (; *name != '\0'; ++name) {
        (void)fputs(*name == '"' ? "\"" : "", stdout);
        (void)putchar(*name);
    }
    if (quoted) {
        (void)putchar('"');
    }
}

/* The next column, and the one after it. */
static void print_statistic(double unit, const statistic *value)
{
    (void)putchar(',');
    if (value->count > 0) {
        (void)printf("%.8g", unit * value->mean);
    }
    (void)putchar(',');
    if (value->count > 1) {
        (void)printf("%.8g", unit * value->error);
    }
}

static void print_epoch(const compare_results *results, size_t setting, size_t epoch)
{
    epoch_summary summary;
    summary_of_epoch(results, setting, epoch, &summary);
    print_name(results->description.settings[setting].name);
    (void)printf(",%zu,%zu,%.8g", epoch + 1, summary.seconds.count, summary.seconds.mean);
    print_statistic(100.0, &summary.validation);
    print_statistic(1.0, &summary.loss);
    (void)putchar('\n');
}

/* Settings without runs have no curve. */
static void print_curves(const compare_results *results, const compare_summary *summary)
{
    const description *description = &results->description;
    (void)puts("setting,epoch,runs,seconds,validation_accuracy,validation_accuracy_error,loss,"
               "loss_error");
    for (size_t i = 0; i < description->setting_count; ++i) {
        const size_t epochs =
            summary->settings[i].validation.count > 0 ? description->settings[i].options.epochs : 0;
        for (size_t epoch = 0; epoch < epochs; ++epoch) {
            print_epoch(results, i, epoch);
        }
    }
}

/* All settings, that which is the baseline with it. */
static void print_differences(const compare_results *results, const compare_summary *summary)
{
    const description *description = &results->description;
    (void)puts("setting,baseline,runs,validation_difference,validation_difference_error,"
               "test_difference,test_difference_error");
    for (size_t i = 0; i < description->setting_count; ++i) {
        const setting_summary *setting = &summary->settings[i];
        print_name(description->settings[i].name);
        (void)putchar(',');
        print_name(description->settings[description->baseline].name);
        (void)printf(",%zu", setting->validation_difference.count);
        print_statistic(100.0, &setting->validation_difference);
        print_statistic(100.0, &setting->test_difference);
        (void)putchar('\n');
    }
}

void compare_report_csv(csv_content content, const compare_results *results,
                        const compare_summary *summary)
{
    if (content == CSV_CURVES) {
        print_curves(results, summary);
    } else {
        print_differences(results, summary);
    }
}
