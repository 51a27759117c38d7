/* SPDX-License-Identifier: Apache-2.0 */
#include "train/open_device.h"

#include <stdio.h>

#include "train/messages.h"

int open_device(const char *device, ard_context **context)
{
    const ard_status status = ard_context_create(device, NULL, context);
    if (status == ARD_STATUS_SUCCESS) {
        const char *refused = ard_context_tuning_refused(*context);
        if (refused[0] != '\0') {
            fprintf(stderr, "%s: %s\n", train_messages.name, refused);
        }
        return CLI_SUCCESS;
    }
    if (status == ARD_STATUS_NO_DEVICE && device != NULL) {
        return cli_mistake(&train_messages, "--device: %s", ard_detail());
    }
    return cli_failure(&train_messages, "device: %s", ard_detail());
}
