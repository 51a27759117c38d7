/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/compare_example.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "support/unit.h"

compare_results *example_create(const char *target)
{
    char text[512];
    compare_results *results = results_create();
    assert_non_null(results);
    (void)snprintf(text, sizeof text,
                   "{\"validation\": 1000, \"seeds\": [1, 2, 3], \"epochs\": 3, \"target\": %s,"
                   " \"settings\": [{\"name\": \"base\", \"dropout\": \"bernoulli\"},"
                   " {\"name\": \"rows\"}]}",
                   target);
    cJSON *document = cJSON_Parse(text);
    assert_non_null(document);
    assert_int_equal(description_read(document, "d.json", &results->description), CLI_SUCCESS);
    cJSON_Delete(document);
    (void)snprintf(results->data, sizeof results->data, "builtin");
    results->checksum = UINT64_C(0xfedcba9876543210);
    results->train_samples = 9000;
    results->test_samples = 2000;
    return results;
}

void example_add(compare_results *results, size_t setting, uint64_t seed,
                 const double validation[3], double test, double seconds)
{
    compare_run run = {.setting = setting,
                       .seed = seed,
                       .date = "2026-01-31T23:59:59Z",
                       .environment = strdup("a device, \"quoted\""),
                       .epochs = calloc(3, sizeof *run.epochs),
                       .epoch_count = 3,
                       .test = {.loss = 0.1 + 0.2, .accuracy = test / 100.0}};
    assert_non_null(run.environment);
    assert_non_null(run.epochs);
    for (size_t i = 0; i < 3; ++i) {
        run.epochs[i] =
            (compare_epoch){.loss = 1.0 / (double)(3 + i),
                            .train_accuracy = 0.9,
                            .validation = {.loss = 0.5, .accuracy = validation[i] / 100.0},
                            .seconds = seconds * (double)(i + 1)};
    }
    results_add(results, &run);
}
