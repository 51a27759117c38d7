/* SPDX-License-Identifier: Apache-2.0 */
/* What a comparison is asked to do: settings that are trained side by side.
 *
 * It is a JSON object. Its keys are those of the options of `ard-train mlp`, with "_" for "-":
 * beside "settings" they hold for all of these, in a setting for that one. An array of numbers
 * stands for a list. Nothing unknown, given twice or of another type is accepted. */
#ifndef ARD_COMPARE_DESCRIPTION_H
#define ARD_COMPARE_DESCRIPTION_H

#include <cjson/cJSON.h>

#include "train/options.h"
#include "train/settings.h"

enum {
    COMPARE_MAX_SETTINGS = 64,
    COMPARE_MAX_SEEDS = 64,
    COMPARE_NAME_SIZE = 41,
    COMPARE_PATH_SIZE = 1024,
    COMPARE_ORIGIN_SIZE = 256,
};

typedef struct compare_setting {
    char name[COMPARE_NAME_SIZE];     /* printable ASCII, good for tables and paths of keys */
    char origin[COMPARE_ORIGIN_SIZE]; /* file and name, for messages */
    char cost[COMPARE_PATH_SIZE];     /* what the options' is */
    train_options options;            /* checked; their origin is the one above */
} compare_setting;

/* Validation accuracy that is waited for. */
typedef enum target_kind { TARGET_NONE, TARGET_ACCURACY, TARGET_SETTING } target_kind;

typedef struct compare_target {
    target_kind kind;
    double percent; /* TARGET_ACCURACY */
    size_t setting; /* TARGET_SETTING: what this one ends with on average, */
    double less;    /* and that many points less */
} compare_target;

/* It points into itself: not to be copied. */
typedef struct description {
    char data[COMPARE_PATH_SIZE]; /* "" where none is named */
    size_t validation;            /* samples held out, at least 1 */
    size_t seed_count;
    uint64_t seeds[COMPARE_MAX_SEEDS];
    size_t baseline; /* index of the setting that the others are compared with */
    compare_target target;
    size_t setting_count;
    compare_setting settings[COMPARE_MAX_SETTINGS];
} description;

/* Reads a parsed document. `path` names its file in messages. CLI_SUCCESS, or CLI_MISTAKE after a
 * line that names the key. Large: allocate it. */
int description_read(const cJSON *document, const char *path, description *made);

/* A document whose text reads back as the same description, with everything in the settings that
 * they leave to the common part or to defaults. NULL without memory. */
cJSON *description_write(const description *made);

/* The value of an option in a setting, in words where it has none of its own. */
void setting_value_text(const train_options *options, recorded_option option,
                        char text[SETTING_TEXT_SIZE]);

/* The index of a setting, or setting_count. */
size_t description_find(const description *made, const char *name);

bool description_has_seed(const description *made, uint64_t seed);

/* Whether runs of a setting of `saved`, from the results `path`, are runs under `now`: there is a
 * setting of that name, wherever it stands, with the same values and samples held out. CLI_SUCCESS,
 * or CLI_MISTAKE after a line on what differs. */
int description_match(const description *saved, size_t setting, const description *now,
                      const char *path);

#endif
