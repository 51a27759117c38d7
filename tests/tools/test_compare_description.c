/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptions of comparisons: what settings inherit, what is written reads back, what is no
 * description. The messages are tested where a user sees them, in test_compare.sh. */
#include "train/compare/description.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "support/unit.h"

static const char EXAMPLE[] =
    "{\"data\": \"builtin\", \"validation\": 500, \"seeds\": [3, 1, 9007199254740992],"
    " \"hidden\": [64, 32], \"rate\": 0.25, \"epochs\": 5, \"lr\": 0.1, \"tile\": 8,"
    " \"schedule\": \"step\", \"lr_factor\": 0.30000000000000004,"
    " \"settings\": [{\"name\": \"base\", \"dropout\": \"bernoulli\"},"
    " {\"name\": \"rows, wide\", \"dropout\": \"row\", \"rate\": [0.5, 0.1], \"max_period\": 4,"
    "  \"search\": \"sgd\", \"scale\": \"period\", \"groups\": 4, \"epochs\": 7, \"lr_factor\": "
    "0.5},"
    " {\"name\": \"tiles\", \"dropout\": \"tile\", \"hidden\": 128, \"numbering\": \"linear\","
    "  \"schedule\": \"cosine\", \"lr_final\": 1e-5, \"batch\": 1000000,"
    "  \"rate_schedule\": \"exponential\", \"search\": \"cost\", \"cost\": \"a b.json\","
    "  \"entropy_share\": 0.25}"
    ", {\"name\": \"none\", \"dropout\": \"none\"}],"
    " \"baseline\": \"tiles\", \"target\": {\"setting\": \"base\", \"less\": 0.1}}";

/* Reads text, which must be JSON. */
static int read_text(const char *text, description *made)
{
    cJSON *document = cJSON_Parse(text);
    if (document == NULL) {
        fail_msg("not JSON: %s", text);
    }
    const int status = description_read(document, "d.json", made);
    cJSON_Delete(document);
    return status;
}

static description *read_example(void)
{
    description *made = calloc(1, sizeof *made);
    assert_non_null(made);
    assert_int_equal(read_text(EXAMPLE, made), CLI_SUCCESS);
    return made;
}

static void test_common_part(void **state)
{
    (void)state;
    description *made = read_example();
    assert_string_equal(made->data, "builtin");
    assert_int_equal(made->validation, 500);
    assert_int_equal(made->seed_count, 3);
    assert_true(made->seeds[0] == 3 && made->seeds[1] == 1);
    assert_true(made->seeds[2] == UINT64_C(9007199254740992));
    assert_true(description_has_seed(made, 1));
    assert_false(description_has_seed(made, 2));
    assert_int_equal(made->setting_count, 4);
    assert_int_equal(made->baseline, 2);
    assert_int_equal(made->target.kind, TARGET_SETTING);
    assert_int_equal(made->target.setting, 0);
    assert_true(made->target.less == 0.1);
    assert_int_equal(description_find(made, "tiles"), 2);
    assert_int_equal(description_find(made, "tile"), 4);
    free(made);
}

static void test_settings_inherit(void **state)
{
    (void)state;
    description *made = read_example();
    const train_options *base = &made->settings[0].options;
    assert_int_equal(base->dropout, ARD_DROPOUT_BERNOULLI);
    assert_int_equal(base->hidden.count, 2);
    assert_int_equal(base->hidden.values[1], 32);
    assert_int_equal(base->rate.count, 2);
    assert_true(base->rate.values[1] == 0.25);
    assert_int_equal(base->epochs, 5);
    assert_true(base->lr_factor == 0.1 + 0.2);
    assert_true(base->momentum == options_defaults().momentum);
    assert_int_equal(base->validation, 500);

    const train_options *rows = &made->settings[1].options;
    assert_true(rows->rate.values[0] == 0.5 && rows->rate.values[1] == 0.1);
    assert_int_equal(rows->max_period, 4);
    assert_int_equal(rows->search, SEARCH_SGD);
    assert_int_equal(rows->scale, ARD_SCALE_PERIOD);
    assert_int_equal(rows->groups, 4);
    assert_int_equal(rows->epochs, 7);
    assert_int_equal(rows->rate_schedule, RATE_CONSTANT);
    assert_null(rows->cost);
    assert_true(rows->lr_factor == 0.5 && rows->lr == 0.1);

    const train_options *tiles = &made->settings[2].options;
    assert_int_equal(tiles->hidden.count, 1);
    assert_int_equal(tiles->rate.count, 1);
    assert_int_equal(tiles->tile, 8);
    assert_int_equal(tiles->groups, 1);
    assert_int_equal(tiles->numbering, ARD_TILE_LINEAR);
    assert_int_equal(tiles->schedule, ARD_SCHEDULE_COSINE);
    assert_int_equal(tiles->batch, 1000000);
    assert_int_equal(tiles->rate_schedule, RATE_EXPONENTIAL);
    assert_int_equal(tiles->rate_epochs, 5); /* all of them */
    assert_int_equal(tiles->search, SEARCH_COST);
    assert_string_equal(tiles->cost, "a b.json");
    assert_true(tiles->entropy_share == 0.25);
    free(made);
}

static int match_all(const description *saved, const description *now)
{
    int status = CLI_SUCCESS;
    for (size_t i = 0; status == CLI_SUCCESS && i < saved->setting_count; ++i) {
        status = description_match(saved, i, now, "r.json");
    }
    return status;
}

/* The order of keys and the defaults that are spelled out do not matter to what is read. */
static void test_round_trip(void **state)
{
    (void)state;
    description *made = read_example();
    description *again = calloc(1, sizeof *again);
    assert_non_null(again);
    cJSON *first = description_write(made);
    assert_non_null(first);
    char *before = cJSON_Print(first);
    assert_int_equal(read_text(before, again), CLI_SUCCESS);
    assert_int_equal(match_all(made, again), CLI_SUCCESS);
    assert_int_equal(match_all(again, made), CLI_SUCCESS);
    cJSON *second = description_write(again);
    char *after = cJSON_Print(second);
    assert_string_equal(before, after);
    assert_non_null(strstr(before, "9007199254740992"));
    free(before);
    free(after);
    cJSON_Delete(first);
    cJSON_Delete(second);
    free(made);
    free(again);
}

static void test_other_targets(void **state)
{
    (void)state;
    description *made = calloc(1, sizeof *made);
    assert_non_null(made);
    assert_int_equal(read_text("{\"validation\": 1, \"seeds\": [0], \"target\": 97.5,"
                               " \"settings\": [{\"name\": \"a\"}]}",
                               made),
                     CLI_SUCCESS);
    assert_int_equal(made->target.kind, TARGET_ACCURACY);
    assert_true(made->target.percent == 97.5);
    assert_int_equal(made->baseline, 0);
    assert_string_equal(made->data, "");
    assert_int_equal(made->settings[0].options.dropout, ARD_DROPOUT_SUBSET);
    assert_int_equal(
        read_text("{\"validation\": 1, \"seeds\": [0], \"target\": {\"setting\": \"a\"},"
                  " \"settings\": [{\"name\": \"a\"}]}",
                  made),
        CLI_SUCCESS);
    assert_true(made->target.less == 0.0);
    free(made);
}

/* Reads the example with its first `from` replaced, and with no target where that may refer to what
 * is no more. */
static int read_changed(const char *const change[2], bool target, description *made)
{
    char text[4096];
    const char *place = strstr(EXAMPLE, change[0]);
    if (place == NULL) {
        fail_msg("the example does not hold %s", change[0]);
        return CLI_FAILURE;
    }
    (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(place - EXAMPLE), EXAMPLE, change[1],
                   place + strlen(change[0]));
    if (!target) {
        char *end = strstr(text, ", \"target\"");
        assert_non_null(end);
        memcpy(end, "}", 2);
    }
    return read_text(text, made);
}

static void test_mistakes(void **state)
{
    (void)state;
    static const char *const CHANGES[][2] = {
        {"\"lr\": 0.1", "\"lr\": \"0.1\""},
        {"\"lr\": 0.1", "\"lr\": [0.1]"},
        {"\"lr\": 0.1", "\"lr\": true"},
        {"\"lr\": 0.1", "\"lr\": null"},
        {"\"lr\": 0.1", "\"lr\": 0"},
        {"\"lr\": 0.1", "\"lr\": 1e999"},
        {"\"lr\": 0.1", "\"lr\": {}"},
        {"\"lr\": 0.1", "\"lr\": 0.1, \"lr\": 0.1"},
        {"\"lr\": 0.1", "\"seed\": 1"},
        {"\"lr\": 0.1", "\"LR\": 0.1"},
        {"\"lr\": 0.1", "\"\": 0.1"},
        {"\"epochs\": 5", "\"epochs\": 5.5"},
        {"\"epochs\": 5", "\"epochs\": 0"},
        {"\"epochs\": 5", "\"epochs\": -1"},
        {"[64, 32]", "[]"},
        {"[64, 32]", "[64, \"32\"]"},
        {"[64, 32]", "[64, [32]]"},
        {"[64, 32]", "\"64,32\""},
        {"[64, 32]", "[64, 0]"},
        {"[64, 32]", "[64, 32, 16]"}, /* two rates in a setting */
        {"\"step\"", "\"steps\""},
        {"\"step\"", "1"},
        {"\"dropout\": \"bernoulli\"", "\"dropout\": \"bernoulli\", \"max_period\": 4"},
        {"\"dropout\": \"bernoulli\"", "\"dropout\": \"bernoulli\", \"seeds\": [1]"},
        {"\"dropout\": \"bernoulli\"", "\"dropout\": \"bernoulli\", \"dropout\": \"row\""},
        {"\"max_period\"", "\"max-period\""},
        {"\"dropout\": \"bernoulli\"", "\"dropout\": \"bernoulli\", \"groups\": 2"},
        {"\"groups\": 4", "\"groups\": 0"},
        {"\"groups\": 4", "\"groups\": 256"},
        {"\"groups\": 4", "\"groups\": \"4\""},
        {"\"groups\": 4", "\"groups\": [4]"},
        {"\"name\": \"base\", ", ""},
        {"\"name\": \"base\"", "\"name\": \"\""},
        {"\"name\": \"base\"", "\"name\": \"a|b\""},
        {"\"name\": \"base\"", "\"name\": \" a\""},
        {"\"name\": \"base\"", "\"name\": \"tiles\""},
        {"\"name\": \"base\"", "\"name\": 1"},
        {"\"name\": \"base\"", "\"name\": \"01234567890123456789012345678901234567890\""},
        {"\"baseline\": \"tiles\"", "\"baseline\": \"tile\""},
        {"\"baseline\": \"tiles\"", "\"baseline\": 0"},
        {"{\"setting\": \"base\", \"less\": 0.1}", "0.97"},
        {"{\"setting\": \"base\", \"less\": 0.1}", "101"},
        {"{\"setting\": \"base\", \"less\": 0.1}", "\"97\""},
        {"{\"setting\": \"base\", \"less\": 0.1}", "{}"},
        {"\"less\": 0.1", "\"less\": -1"},
        {"\"less\": 0.1", "\"more\": 1"},
        {"\"less\": 0.1", "\"less\": 1, \"less\": 1"},
        {"[3, 1, 9007199254740992]", "[]"},
        {"[3, 1, 9007199254740992]", "[3, 3]"},
        {"[3, 1, 9007199254740992]", "[1.5]"},
        {"[3, 1, 9007199254740992]", "[-1]"},
        {"[3, 1, 9007199254740992]", "[1e16]"},
        {"[3, 1, 9007199254740992]", "[\"1\"]"},
        {"[3, 1, 9007199254740992]", "3"},
        {"\"seeds\": [3, 1, 9007199254740992],", ""},
        {"\"validation\": 500", "\"validation\": 0"},
        {"\"validation\": 500", "\"validation\": \"500\""},
        {"\"validation\": 500,", ""},
        {"\"builtin\"", "\"\""},
        {"\"builtin\"", "[\"builtin\"]"},
        {"{\"name\": \"base\", \"dropout\": \"bernoulli\"}", "\"base\""},
        {"{\"name\": \"base\", \"dropout\": \"bernoulli\"}", "[[]]"},
        {"\"settings\"", "\"setting\""},
    };
    description *made = calloc(1, sizeof *made);
    assert_non_null(made);
    for (size_t i = 0; i < sizeof CHANGES / sizeof CHANGES[0]; ++i) {
        if (read_changed(CHANGES[i], true, made) != CLI_MISTAKE) {
            fail_msg("%s in place of %s is no mistake", CHANGES[i][1], CHANGES[i][0]);
        }
    }
    assert_int_equal(read_text("[]", made), CLI_MISTAKE);
    assert_int_equal(read_text("\"x\"", made), CLI_MISTAKE);
    assert_int_equal(description_read(NULL, "d.json", made), CLI_MISTAKE);
    free(made);
}

/* What makes runs other ones, and what only their report. */
static void test_match(void **state)
{
    (void)state;
    static const char *const OTHER[][2] = {
        {"\"validation\": 500", "\"validation\": 501"},
        {"\"lr\": 0.1", "\"lr\": 0.10000000000000002"},
        {"\"epochs\": 5", "\"epochs\": 6"},
        {"\"tile\": 8", "\"tile\": 9"},
        {"\"search\": \"sgd\"", "\"search\": \"exact\""},
        {"\"max_period\": 4", "\"max_period\": 5"},
        {"\"max_period\": 4", "\"weight_decay\": 0"},
        {"\"scale\": \"period\"", "\"scale\": \"rate\""},
        {"\"groups\": 4", "\"groups\": 5"},
        {"\"groups\": 4, ", ""},
        {"[0.5, 0.1]", "[0.1, 0.5]"},
        {"\"name\": \"base\"", "\"name\": \"basis\""},
    };
    static const char *const SAME[][2] = {
        {"\"baseline\": \"tiles\"", "\"baseline\": \"base\""},
        {"\"less\": 0.1", "\"less\": 2"},
        {"[3, 1, 9007199254740992]", "[1, 2, 3]"},
        {"\"builtin\"", "\"elsewhere\""},
    };
    static const char *const NO_USE[] = {"\"dropout\": \"none\"",
                                         "\"dropout\": \"none\", \"rate\": 0.7"};
    description *made = read_example();
    description *other = calloc(1, sizeof *other);
    assert_non_null(other);
    for (size_t i = 0; i < sizeof OTHER / sizeof OTHER[0]; ++i) {
        assert_int_equal(read_changed(OTHER[i], false, other), CLI_SUCCESS);
        if (match_all(made, other) != CLI_MISTAKE || match_all(other, made) != CLI_MISTAKE) {
            fail_msg("%s in place of %s is the same", OTHER[i][1], OTHER[i][0]);
        }
    }
    for (size_t i = 0; i < sizeof SAME / sizeof SAME[0]; ++i) {
        assert_int_equal(read_changed(SAME[i], true, other), CLI_SUCCESS);
        assert_int_equal(match_all(made, other), CLI_SUCCESS);
    }
    assert_int_equal(read_changed(NO_USE, true, other), CLI_MISTAKE);
    free(made);
    free(other);
}

/* Settings may come anew, and stand elsewhere; one that is missing is named. */
static void test_match_by_name(void **state)
{
    (void)state;
    static const char *const LESS[] = {", {\"name\": \"none\", \"dropout\": \"none\"}", ""};
    description *made = read_example();
    description *other = calloc(1, sizeof *other);
    assert_non_null(other);
    assert_int_equal(read_changed(LESS, false, other), CLI_SUCCESS);
    assert_int_equal(other->setting_count, made->setting_count - 1);
    assert_int_equal(match_all(other, made), CLI_SUCCESS);
    assert_int_equal(match_all(made, other), CLI_MISTAKE);
    const compare_setting first = made->settings[0];
    made->settings[0] = made->settings[1];
    made->settings[1] = first;
    assert_int_equal(match_all(other, made), CLI_SUCCESS);
    made->settings[1].options.epochs++;
    assert_int_equal(match_all(other, made), CLI_MISTAKE);
    free(made);
    free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_common_part),   cmocka_unit_test(test_settings_inherit),
        cmocka_unit_test(test_round_trip),    cmocka_unit_test(test_other_targets),
        cmocka_unit_test(test_mistakes),      cmocka_unit_test(test_match),
        cmocka_unit_test(test_match_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
