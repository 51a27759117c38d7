/* SPDX-License-Identifier: Apache-2.0 */
#include "train/setup.h"

#include <stdio.h>
#include <string.h>

#include "data/digits.h"
#include "data/mnist.h"
#include "train/messages.h"
#include "train/open_device.h"

int setup_load(train_setup *setup, const char *origin, const char *data)
{
    data_error error;
    const bool builtin = strcmp(data, "builtin") == 0;
    if (builtin ? !digits_builtin(&setup->data, &error) : !mnist_read(data, &setup->data, &error)) {
        return origin == NULL
                   ? cli_mistake(&train_messages, "--data: %s", error.text)
                   : cli_mistake(&train_messages, "%s: \"data\": %s", origin, error.text);
    }
    (void)snprintf(setup->facts.data, sizeof setup->facts.data, "%s", builtin ? "builtin" : "idx");
    setup->facts.samples = setup->data.train.samples;
    setup->facts.checksum = dataset_pair_checksum(&setup->data);
    return CLI_SUCCESS;
}

int setup_hold_out(train_setup *setup, const char *origin, size_t count)
{
    dataset *train = &setup->data.train;
    if (count >= train->samples) {
        return setting_mistake(origin, "--validation %zu: there are only %zu training samples",
                               count, train->samples);
    }
    const size_t left = train->samples - count;
    setup->held = (dataset){.samples = count,
                            .rows = train->rows,
                            .cols = train->cols,
                            .pixels = train->pixels + left * train->rows * train->cols,
                            .classes = train->classes + left};
    train->samples = left;
    setup->facts.samples = left;
    setup->facts.validation = count;
    return CLI_SUCCESS;
}

int setup_open(train_setup *setup, const char *device)
{
    return open_device(device, &setup->context);
}

int setup_upload(train_setup *setup)
{
    int result = device_set_create(setup->context, &setup->data.train, &setup->train);
    if (result == CLI_SUCCESS && setup->held.samples > 0) {
        result = device_set_create(setup->context, &setup->held, &setup->validation);
    }
    return result == CLI_SUCCESS
               ? device_set_create(setup->context, &setup->data.test, &setup->test)
               : result;
}

void setup_destroy(train_setup *setup)
{
    device_set_destroy(&setup->test);
    device_set_destroy(&setup->validation);
    device_set_destroy(&setup->train);
    ard_context_destroy(setup->context);
    dataset_pair_destroy(&setup->data);
    *setup = (train_setup){.context = NULL};
}
