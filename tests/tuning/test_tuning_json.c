/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a tuning: what is printed comes back, and whatever is not one is refused with the key
 * in the detail. */
#include "tuning/tuning_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "support/unit.h"
#include "tuning/sample_tuning.h"

/* The objects whose keys are fixed, as the details name them. */
enum { OBJECTS = 6 };
static const char *const places[OBJECTS] = {
    "", "packed.", "clblast.", "clblast.kernels[1].", "choices[0].", "choices[2]."};

static cJSON *get(cJSON *object, const char *key)
{
    cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    assert_non_null(item);
    return item;
}

static cJSON *object_at(cJSON *root, size_t place)
{
    cJSON *const objects[OBJECTS] = {root,
                                     get(root, "packed"),
                                     get(root, "clblast"),
                                     cJSON_GetArrayItem(get(get(root, "clblast"), "kernels"), 1),
                                     cJSON_GetArrayItem(get(root, "choices"), 0),
                                     cJSON_GetArrayItem(get(root, "choices"), 2)};
    assert_non_null(objects[place]);
    return objects[place];
}

static ard__tuning_document sample_document(void)
{
    return (ard__tuning_document){.tuning = sample_tuning(),
                                  .date = "2026-11-25T08:40:07Z",
                                  .device = "a device",
                                  .platform = "a \"platform\"\n",
                                  .driver = "3.1+",
                                  .clblast_version = "1.5.3",
                                  .libard_version = "0.1.0"};
}

/* A valid text as a tree, to be spoilt. */
static cJSON *sample_tree(void)
{
    const ard__tuning_document document = sample_document();
    char *text = NULL;
    assert_success(ard__tuning_print(&document, &text));
    cJSON *root = cJSON_Parse(text);
    assert_non_null(root);
    cJSON_free(text);
    return root;
}

/* Parses the tree with a right checksum, where it has a place for one, and deletes it. */
static ard_status parse_tree(cJSON *root, ard__tuning_document *document)
{
    char *text = cJSON_Print(root);
    assert_non_null(text);
    (void)ard__tuning_seal(text, strlen(text));
    const ard_status status = ard__tuning_parse("FILE", text, strlen(text), document, NULL);
    cJSON_free(text);
    cJSON_Delete(root);
    return status;
}

/* Refused in one line that begins with the file and contains `words`. */
static void assert_refused(cJSON *root, const char *words)
{
    ard__tuning_document document;
    assert_fails(parse_tree(root, &document), ARD_STATUS_FORMAT);
    if (strstr(ard_detail(), words) == NULL || strncmp(ard_detail(), "FILE", 4) != 0 ||
        strchr(ard_detail(), '\n') != NULL) {
        fail_msg("\"%s\" is not FILE and \"%s\" in one line", ard_detail(), words);
    }
}

static void test_round_trip(void **state)
{
    (void)state;
    const ard_tuning tunings[2] = {sample_tuning(), sample_largest_tuning()};
    for (size_t i = 0; i < 2; ++i) {
        ard__tuning_document document = sample_document();
        ard__tuning_document back;
        char *text = NULL;
        document.tuning = tunings[i];
        assert_success(ard__tuning_print(&document, &text));
        assert_success(ard__tuning_parse("FILE", text, strlen(text), &back, NULL));
        assert_same_tuning(&back.tuning, &tunings[i]);
        assert_string_equal(back.tuning.name, tunings[i].name);
        assert_string_equal(back.date, document.date);
        assert_string_equal(back.device, document.device);
        assert_string_equal(back.platform, document.platform);
        assert_string_equal(back.driver, document.driver);
        assert_string_equal(back.clblast_version, document.clblast_version);
        assert_string_equal(back.libard_version, document.libard_version);
        cJSON_free(text);
    }
    ard__tuning_document back;
    assert_success(parse_tree(sample_tree(), &back)); /* the tree is valid before it is spoilt */
}

/* Each key of each object missing, there twice, and of a wrong type. */
static void test_keys(void **state)
{
    (void)state;
    size_t keys = 0;
    for (size_t place = 0; place < OBJECTS; ++place) {
        cJSON *names = sample_tree();
        for (cJSON *item = object_at(names, place)->child; item != NULL; item = item->next) {
            char key[96];
            snprintf(key, sizeof key, "%s%s", places[place], item->string);
            const char *words = strcmp(key, "schema") == 0 ? "it has no schema" : key;
            cJSON *root = sample_tree();
            cJSON_DeleteItemFromObjectCaseSensitive(object_at(root, place), item->string);
            assert_refused(root, words);
            root = sample_tree();
            cJSON_AddItemToObject(object_at(root, place), item->string,
                                  cJSON_Duplicate(item, true));
            assert_refused(root, "is there twice");
            root = sample_tree();
            cJSON_ReplaceItemInObjectCaseSensitive(object_at(root, place), item->string,
                                                   cJSON_IsNumber(item) ? cJSON_CreateString("12")
                                                                        : cJSON_CreateNumber(12));
            assert_refused(root, words);
            root = sample_tree();
            cJSON_ReplaceItemInObjectCaseSensitive(object_at(root, place), item->string,
                                                   cJSON_CreateNull());
            assert_refused(root, words);
            ++keys;
        }
        cJSON_Delete(names);
    }
    assert_int_equal(keys, 13 + 4 + 2 + 2 + 6 + 6);
}

static void test_unknown_keys(void **state)
{
    (void)state;
    for (size_t place = 0; place < OBJECTS; ++place) {
        char words[96];
        cJSON *root = sample_tree();
        cJSON_AddNumberToObject(object_at(root, place), "colour", 3);
        snprintf(words, sizeof words, "%scolour is no key", places[place]);
        assert_refused(root, words);
        root = sample_tree();
        cJSON_AddNumberToObject(object_at(root, place), "two\nlines \x01", 3);
        assert_refused(root, "two?lines ? is no key");
    }
    cJSON *root = sample_tree();
    cJSON_AddNullToObject(root, "serves"); /* of files that ship */
    assert_refused(root, "serves is no key");
}

static void test_numbers(void **state)
{
    static const char *const bad[] = {
        "-1",   "1.5",  "1e300", "1e999", "2147483648", "4294967304", "18446744073709551624",
        "1e-9", "true", "[8]",   "{}"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        cJSON *root = sample_tree();
        cJSON_ReplaceItemInObject(get(root, "packed"), "vector_width", cJSON_CreateRaw(bad[i]));
        assert_refused(root, "packed.vector_width");
        root = sample_tree();
        cJSON_ReplaceItemInObject(object_at(root, 5), "n", cJSON_CreateRaw(bad[i]));
        assert_refused(root, "choices[2].n");
        root = sample_tree();
        cJSON_ReplaceItemInObject(get(object_at(root, 3), "parameters"), "VWM",
                                  cJSON_CreateRaw(bad[i]));
        assert_refused(root, "clblast.kernels[1].parameters.VWM");
    }
    cJSON *root = sample_tree(); /* in range of the type alone */
    cJSON_ReplaceItemInObject(get(root, "packed"), "rows", cJSON_CreateNumber(33));
    assert_refused(root, "packed.rows is 33, expected 1 to 32");
}

static void test_words(void **state)
{
    (void)state;
    cJSON *root = sample_tree();
    cJSON_ReplaceItemInObject(root, "engine", cJSON_CreateString("abacus"));
    assert_refused(root, "engine is not \"clblast\" or \"packed\"");
    root = sample_tree();
    cJSON_ReplaceItemInObject(object_at(root, 4), "engine", cJSON_CreateString("PACKED"));
    assert_refused(root, "choices[0].engine is not");
    root = sample_tree();
    cJSON_ReplaceItemInObject(root, "schema", cJSON_CreateString("ard-tuning-2"));
    assert_refused(root, "schema");
    root = sample_tree();
    cJSON_ReplaceItemInObject(root, "device", cJSON_CreateRaw("\"a\\u0000b\""));
    ard__tuning_document document; /* the text ends there, for cJSON and so for the device's name */
    assert_success(parse_tree(root, &document));
    assert_string_equal(document.device, "a");
}

static void test_lengths(void **state)
{
    (void)state;
    char text[300];
    memset(text, 'x', sizeof text);
    text[ARD_TUNING_NAME] = '\0';
    cJSON *root = sample_tree();
    cJSON_ReplaceItemInObject(root, "name", cJSON_CreateString(text));
    assert_refused(root, "name is longer than 31 bytes");
    root = sample_tree();
    cJSON_ReplaceItemInObject(object_at(root, 3), "name", cJSON_CreateString(text));
    assert_refused(root, "clblast.kernels[1].name is longer");
    root = sample_tree();
    cJSON_AddNumberToObject(get(object_at(root, 3), "parameters"), text, 1);
    assert_refused(root, "clblast.kernels[1].parameters.xxx");
    text[ARD_TUNING_NAME] = 'x';
    text[ARD__TUNING_TEXT] = '\0';
    root = sample_tree();
    cJSON_ReplaceItemInObject(root, "driver", cJSON_CreateString(text));
    assert_refused(root, "driver is longer than 255 bytes");
}

static void test_entries(void **state)
{
    (void)state;
    cJSON *root = sample_tree();
    cJSON *kernels = get(get(root, "clblast"), "kernels");
    while (cJSON_GetArraySize(kernels) <= ARD_TUNING_MAX_KERNELS) {
        cJSON_AddItemToArray(kernels, cJSON_Duplicate(kernels->child, true));
    }
    assert_refused(root, "clblast.kernels has 9 entries, expected 8 at most");
    root = sample_tree();
    cJSON *choices = get(root, "choices");
    while (cJSON_GetArraySize(choices) <= ARD_TUNING_MAX_CHOICES) {
        cJSON_AddItemToArray(choices, cJSON_Duplicate(choices->child, true));
    }
    assert_refused(root, "choices has 65 entries, expected 64 at most");
    root = sample_tree();
    for (int i = 0; i < 5; ++i) {
        const char name[2] = {(char)('a' + i), '\0'};
        cJSON_AddNumberToObject(get(object_at(root, 3), "parameters"), name, 1);
    }
    assert_refused(root, "clblast.kernels[1].parameters has more than 20 entries");
    root = sample_tree();
    cJSON_AddNumberToObject(get(object_at(root, 3), "parameters"), "KWG", 1);
    assert_refused(root, "clblast.kernels[1].parameters.KWG is there twice");
    root = sample_tree();
    cJSON_AddItemToArray(get(root, "choices"), cJSON_CreateNumber(1));
    assert_refused(root, "choices[3] is not an object");
    root = sample_tree();
    cJSON_ReplaceItemInObject(object_at(root, 3), "parameters", cJSON_CreateObject());
    assert_refused(root, "clblast.kernels[1].parameters has 0 entries");
}

static void test_dates(void **state)
{
    static const char *const bad[] = {
        "",
        "2026-11-25",
        "2026-11-25T08:40:07",
        "2026-11-25 08:40:07Z",
        "2026-11-25T08:40:07z",
        "2026-11-25T08:40:07+00:00",
        "2026-11-25T08:40:07ZZ",
        "2026-13-25T08:40:07Z",
        "2026-00-25T08:40:07Z",
        "2026-11-31T08:40:07Z",
        "2026-11-00T08:40:07Z",
        "2026-11-25T24:40:07Z",
        "2026-11-25T08:60:07Z",
        "2026-11-25T08:40:61Z",
        "2026-1x-25T08:40:07Z",
        "26-11-25T08:40:07Z",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        cJSON *root = sample_tree();
        cJSON_ReplaceItemInObject(root, "date", cJSON_CreateString(bad[i]));
        assert_refused(root, "date");
    }
}

static void assert_text_refused(const char *text, size_t size, const char *words)
{
    ard__tuning_document document;
    assert_fails(ard__tuning_parse("FILE", text, size, &document, NULL), ARD_STATUS_FORMAT);
    assert_non_null(strstr(ard_detail(), words));
}

static void test_no_json(void **state)
{
    static const char *const texts[] = {"",      " ",    "{",           "null", "[]",  "12",
                                        "\"x\"", "{} x", "{\"a\": 1,}", "{]",   "\xff"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        assert_text_refused(texts[i], strlen(texts[i]), "not a JSON object");
    }
    assert_text_refused("{}", 2, "no schema");
    assert_text_refused("{}\0 ", 4, "not a JSON object");
    assert_text_refused("{\"schema\": \"ard-tuning-1\"}", 26, "crc32 is missing");
    assert_text_refused("{\"schema\": \"ard-tuning-1\", \"crc32\": \"0000000g\"}", 47,
                        "crc32 is missing");
    enum { DEPTH = 100000 };
    char *deep = malloc(DEPTH + 1);
    assert_non_null(deep);
    memset(deep, '[', DEPTH);
    deep[DEPTH] = '\0';
    assert_text_refused(deep, DEPTH, "not a JSON object");
    free(deep);
}

/* A text that could be taken for the key. */
static void test_seal_is_found(void **state)
{
    (void)state;
    ard__tuning_document document = sample_document();
    ard__tuning_document back;
    char *text = NULL;
    strcpy(document.device, "\"crc32\": \"00000000\"");
    strcpy(document.platform, "crc32");
    assert_success(ard__tuning_print(&document, &text));
    assert_success(ard__tuning_parse("FILE", text, strlen(text), &back, NULL));
    assert_string_equal(back.device, document.device);
    cJSON_free(text);
    char other[] = "{\"crc32\" :\n \"1234\"}";
    assert_false(ard__tuning_seal(other, strlen(other)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),   cmocka_unit_test(test_keys),
        cmocka_unit_test(test_unknown_keys), cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_words),        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_entries),      cmocka_unit_test(test_dates),
        cmocka_unit_test(test_no_json),      cmocka_unit_test(test_seal_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
