/* SPDX-License-Identifier: Apache-2.0 */
/* Files of tunings: where they are, written and read back, damaged, and of something else. */
#include <ard/tuning.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "support/folder.h"
#include "support/unit.h"
#include "tuning/sample_tuning.h"
#include "tuning/tuning_json.h"

#define NAME "new/folders/tuning.json"

static void test_round_trip(void **state)
{
    (void)state;
    const ard_device_info device = sample_device();
    const ard_tuning tunings[2] = {sample_tuning(), sample_largest_tuning()};
    test_place f = test_place_create(NAME);
    for (size_t i = 0; i < 2; ++i) {
        ard_tuning back;
        assert_success(ard_tuning_write(f.path, &device, &tunings[i]));
        assert_success(ard_tuning_read(f.path, &device, &back));
        assert_same_tuning(&back, &tunings[i]);
        assert_int_equal(strncmp(back.name, "tuned-20", 8), 0);
        assert_int_equal(strlen(back.name), strlen("tuned-2026-11-25-01234567"));
    }
    char inside[TEST_PATH_CAPACITY];
    test_folder_join(f.folder.path, "new/folders", inside);
    assert_int_equal(test_folder_count(inside, NULL), 1); /* nothing beside it */
    test_place_destroy(&f);
}

/* The name goes by the content; the one that a tuning has is ignored, even where it is none. */
static void test_names(void **state)
{
    (void)state;
    const ard_device_info device = sample_device();
    test_place f = test_place_create(NAME);
    ard_tuning tuning = sample_tuning();
    ard_tuning first;
    ard_tuning second;
    assert_success(ard_tuning_write(f.path, &device, &tuning));
    assert_success(ard_tuning_read(f.path, &device, &first));
    memset(tuning.name, 'x', sizeof tuning.name);
    assert_success(ard_tuning_write(f.path, &device, &tuning));
    assert_success(ard_tuning_read(f.path, &device, &second));
    assert_string_equal(strrchr(first.name, '-'), strrchr(second.name, '-'));
    tuning.packed.rows += 1;
    assert_success(ard_tuning_write(f.path, &device, &tuning));
    assert_success(ard_tuning_read(f.path, &device, &second));
    assert_string_not_equal(strrchr(first.name, '-'), strrchr(second.name, '-'));
    test_place_destroy(&f);
}

/* Reads bytes in the place of a file; the tuning stays untouched. */
static void assert_refused(const test_place *f, const void *bytes, size_t size, ard_status expected)
{
    const ard_device_info device = sample_device();
    ard_tuning tuning;
    memset(&tuning, 7, sizeof tuning);
    const ard_tuning before = tuning;
    test_file_write(f->path, bytes, size);
    assert_fails(ard_tuning_read(f->path, &device, &tuning), expected);
    assert_non_null(strstr(ard_detail(), f->path));
    assert_memory_equal(&tuning, &before, sizeof tuning);
}

static void test_damage(void **state)
{
    (void)state;
    const ard_device_info device = sample_device();
    const ard_tuning tuning = sample_tuning();
    test_place f = test_place_create(NAME);
    size_t size = 0;
    assert_success(ard_tuning_write(f.path, &device, &tuning));
    unsigned char *bytes = test_file_read(f.path, &size);
    for (size_t cut = 0; cut < size; ++cut) {
        assert_refused(&f, bytes, cut, ARD_STATUS_FORMAT);
    }
    for (size_t at = 0; at < size; ++at) {
        bytes[at] ^= (unsigned char)(1u << (at % 8));
        assert_refused(&f, bytes, size, ARD_STATUS_FORMAT);
        bytes[at] ^= (unsigned char)(1u << (at % 8));
    }
    unsigned char *longer = realloc(bytes, size + 1);
    assert_non_null(longer);
    longer[size] = '\n';
    assert_refused(&f, longer, size + 1, ARD_STATUS_FORMAT);
    free(longer);
    test_place_destroy(&f);
}

static void test_sizes_and_kinds(void **state)
{
    (void)state;
    const ard_device_info device = sample_device();
    ard_tuning tuning;
    test_place f = test_place_create(NAME);
    assert_fails(ard_tuning_read(f.path, &device, &tuning), ARD_STATUS_IO); /* there is none */
    assert_non_null(strstr(ard_detail(), f.path));
    assert_fails(ard_tuning_read(f.folder.path, &device, &tuning), ARD_STATUS_IO); /* a folder */
    tuning = sample_tuning();
    assert_success(ard_tuning_write(f.path, &device, &tuning));
    enum { TOO_MANY = (1 << 16) + 1 };
    char *bytes = malloc(TOO_MANY);
    assert_non_null(bytes);
    memset(bytes, ' ', TOO_MANY);
    assert_refused(&f, bytes, TOO_MANY, ARD_STATUS_IO);
    assert_refused(&f, bytes, TOO_MANY - 1, ARD_STATUS_FORMAT);
    free(bytes);
    test_place_destroy(&f);
}

/* Each of the things that a file was written for is another one now. */
static void test_identity(void **state)
{
    static const char *const keys[] = {"device", "platform", "driver", "clblast_version",
                                       "libard_version"};
    static const char *const words[] = {"device", "platform", "driver", "CLBlast", "libard"};
    (void)state;
    const ard_device_info device = sample_device();
    const ard_tuning tuning = sample_tuning();
    test_place f = test_place_create(NAME);
    for (size_t i = 0; i < 5; ++i) {
        size_t size = 0;
        assert_success(ard_tuning_write(f.path, &device, &tuning));
        unsigned char *bytes = test_file_read(f.path, &size);
        cJSON *root = cJSON_ParseWithLength((const char *)bytes, size);
        free(bytes);
        cJSON_ReplaceItemInObject(root, keys[i], cJSON_CreateString("something else"));
        char *text = cJSON_Print(root);
        assert_true(ard__tuning_seal(text, strlen(text)));
        assert_refused(&f, text, strlen(text), ARD_STATUS_MISMATCH);
        assert_non_null(strstr(ard_detail(), words[i]));
        assert_non_null(strstr(ard_detail(), "something else"));
        cJSON_free(text);
        cJSON_Delete(root);
    }
    test_place_destroy(&f);
}

static void test_path(void **state)
{
    (void)state;
    ard_device_info device = sample_device();
    char path[TEST_PATH_CAPACITY];
    char other[TEST_PATH_CAPACITY];
    assert_int_equal(setenv("XDG_CACHE_HOME", "/where/caches/are", 1), 0);
    assert_success(ard_tuning_path(&device, path, sizeof path));
    static const char begin[] = "/where/caches/are/ard/tuning-quantum-abacus-9-";
    assert_int_equal(strncmp(path, begin, strlen(begin)), 0);
    assert_string_equal(path + strlen(begin) + 8, ".json");
    assert_null(strpbrk(path + strlen("/where/caches/are/ard/"), "/ \"\\"));
    strcpy(device.driver, "8"); /* the same file, to be found and refused */
    assert_success(ard_tuning_path(&device, other, sizeof other));
    assert_string_equal(path, other);
    strcpy(device.platform, "another");
    assert_success(ard_tuning_path(&device, other, sizeof other));
    assert_string_not_equal(path, other);
    memset(device.name, '/', sizeof device.name - 1);
    assert_success(ard_tuning_path(&device, other, sizeof other));
    assert_null(strchr(other + strlen("/where/caches/are/ard/"), '/'));
    memset(device.name, 'n', sizeof device.name - 1);
    assert_success(ard_tuning_path(&device, other, sizeof other));
    assert_true(strlen(other) < 100);
    assert_success(ard_tuning_path(&device, path, strlen(other) + 1));
    strcpy(path, "untouched");
    assert_fails(ard_tuning_path(&device, path, strlen(other)), ARD_STATUS_IO);
    assert_string_equal(path, "untouched");
}

static void test_no_home(void **state)
{
    (void)state;
    const ard_device_info device = sample_device();
    char path[TEST_PATH_CAPACITY];
    char *home = getenv("HOME") != NULL ? strdup(getenv("HOME")) : NULL;
    assert_int_equal(unsetenv("XDG_CACHE_HOME"), 0);
    assert_int_equal(setenv("HOME", "/home/of/someone", 1), 0);
    assert_success(ard_tuning_path(&device, path, sizeof path));
    assert_int_equal(strncmp(path, "/home/of/someone/.cache/ard/tuning-", 35), 0);
    assert_int_equal(unsetenv("HOME"), 0);
    assert_fails(ard_tuning_path(&device, path, sizeof path), ARD_STATUS_IO);
    assert_non_null(strstr(ard_detail(), "HOME"));
    if (home != NULL) {
        setenv("HOME", home, 1);
    }
    free(home);
}

static void test_write_errors(void **state)
{
    (void)state;
    const ard_device_info device = sample_device();
    ard_tuning tuning = sample_tuning();
    ard_tuning back;
    test_place f = test_place_create(NAME);
    char below[TEST_PATH_CAPACITY];
    assert_success(ard_tuning_write(f.path, &device, &tuning));
    test_folder_join(f.path, "below", below); /* under a file */
    assert_fails(ard_tuning_write(below, &device, &tuning), ARD_STATUS_IO);
    assert_fails(ard_tuning_write(f.folder.path, &device, &tuning), ARD_STATUS_IO); /* a folder */
    tuning.packed.rows = 0;
    assert_invalid(ard_tuning_write(f.path, &device, &tuning));
    assert_non_null(strstr(ard_detail(), "packed.rows"));
    assert_success(ard_tuning_read(f.path, &device, &back)); /* the earlier one */
    assert_int_equal(back.packed.rows, sample_tuning().packed.rows);
    test_place_destroy(&f);
}

static void test_arguments(void **state)
{
    (void)state;
    const ard_device_info device = sample_device();
    ard_tuning tuning = sample_tuning();
    char path[8];
    assert_invalid(ard_tuning_write(NULL, &device, &tuning));
    assert_invalid(ard_tuning_write("", &device, &tuning));
    assert_invalid(ard_tuning_write("/tmp/x", NULL, &tuning));
    assert_invalid(ard_tuning_write("/tmp/x", &device, NULL));
    assert_invalid(ard_tuning_read(NULL, &device, &tuning));
    assert_invalid(ard_tuning_read("/tmp/x", NULL, &tuning));
    assert_invalid(ard_tuning_read("/tmp/x", &device, NULL));
    assert_invalid(ard_tuning_path(NULL, path, sizeof path));
    assert_invalid(ard_tuning_path(&device, NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_names),
        cmocka_unit_test(test_damage),     cmocka_unit_test(test_sizes_and_kinds),
        cmocka_unit_test(test_identity),   cmocka_unit_test(test_path),
        cmocka_unit_test(test_no_home),    cmocka_unit_test(test_write_errors),
        cmocka_unit_test(test_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
