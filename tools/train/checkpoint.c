/* SPDX-License-Identifier: Apache-2.0 */
#include "train/checkpoint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "train/messages.h"

int checkpoint_probe(const char *path)
{
    static const char SUFFIX[] = ".XXXXXX";
    struct stat status;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
        return cli_failure(&train_messages, "--save: %s is not a regular file", path);
    }
    const size_t length = strlen(path);
    char *beside = malloc(length + sizeof SUFFIX);
    if (beside == NULL) {
        return cli_failure(&train_messages, "not enough memory");
    }
    memcpy(beside, path, length);
    memcpy(beside + length, SUFFIX, sizeof SUFFIX);
    int result = CLI_SUCCESS;
    const int file = mkstemp(beside);
    if (file < 0) {
        result = cli_failure(&train_messages, "--save: cannot write %s: %s", path, strerror(errno));
    } else {
        (void)close(file);
        (void)unlink(beside);
    }
    free(beside);
    return result;
}

int checkpoint_save(ard_mlp *mlp, const char *path, const train_extra *extra)
{
    char *text = extra_write(extra);
    if (text == NULL) {
        return cli_failure(&train_messages, "not enough memory to save");
    }
    const ard_status status = ard_mlp_save(mlp, path, text, strlen(text));
    free(text);
    if (status != ARD_STATUS_SUCCESS) {
        return cli_failure(&train_messages, "--save: %s", ard_detail());
    }
    return CLI_SUCCESS;
}
