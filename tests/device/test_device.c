/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/device.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/unit.h"

enum { CAPACITY = 64 };

/* Every test starts without a default from outside. */
static int unset_default(void **state)
{
    (void)state;
    return unsetenv("ARD_DEVICE");
}

static size_t list_devices(ard_device_info devices[CAPACITY])
{
    size_t count = 0;
    assert_success(ard_device_list(devices, CAPACITY, &count));
    assert_true(count >= 1); /* without a device nothing here is tested */
    return count < CAPACITY ? count : CAPACITY;
}

static void test_list(void **state)
{
    (void)state;
    ard_device_info devices[CAPACITY];
    const size_t count = list_devices(devices);
    for (size_t i = 0; i < count; ++i) {
        unsigned platform = 0;
        unsigned device = 0;
        assert_int_equal(sscanf(devices[i].id, "%u:%u", &platform, &device), 2);
        assert_true(devices[i].name[0] != '\0');
        assert_true(devices[i].platform[0] != '\0');
        assert_true(devices[i].driver[0] != '\0');
        assert_true(devices[i].compute_units >= 1);
        assert_true(devices[i].global_memory >= devices[i].max_allocation);
        assert_true(devices[i].max_allocation > 0);
        assert_non_null(devices[i].handle);
        for (size_t j = 0; j < i; ++j) {
            assert_string_not_equal(devices[i].id, devices[j].id);
        }
    }
}

static void test_list_capacity(void **state)
{
    (void)state;
    ard_device_info devices[CAPACITY];
    ard_device_info few[2];
    const size_t count = list_devices(devices);
    size_t counted = 0;
    assert_success(ard_device_list(NULL, 0, &counted));
    assert_int_equal(counted, count);
    memset(few, 0x5a, sizeof few);
    assert_success(ard_device_list(few, 1, &counted));
    assert_int_equal(counted, count);
    assert_string_equal(few[0].id, devices[0].id);
    assert_int_equal((unsigned char)few[1].id[0], 0x5a);
}

static void test_type_names(void **state)
{
    (void)state;
    assert_string_equal(ard_device_type_name(ARD_DEVICE_CPU), "cpu");
    assert_string_equal(ard_device_type_name(ARD_DEVICE_GPU), "gpu");
    assert_string_equal(ard_device_type_name(ARD_DEVICE_ACCELERATOR), "accelerator");
    assert_string_equal(ard_device_type_name(ARD_DEVICE_OTHER), "other");
    assert_string_equal(ard_device_type_name((ard_device_type)99), "other");
}

static void assert_finds(const char *selector, const ard_device_info *expected)
{
    ard_device_info found;
    assert_success(ard_device_find(selector, &found));
    assert_string_equal(found.id, expected->id);
    assert_ptr_equal(found.handle, expected->handle);
    assert_string_equal(found.name, expected->name);
}

/* The first device whose own or platform's name contains that of `of`, in upper case. */
static const ard_device_info *first_named(const ard_device_info *devices, size_t count,
                                          const char *name)
{
    for (size_t i = 0; i < count; ++i) {
        if (strstr(devices[i].name, name) != NULL || strstr(devices[i].platform, name) != NULL) {
            return &devices[i];
        }
    }
    return NULL;
}

static void test_find(void **state)
{
    (void)state;
    ard_device_info devices[CAPACITY];
    const size_t count = list_devices(devices);
    for (size_t i = 0; i < count; ++i) {
        char upper[256];
        assert_finds(devices[i].id, &devices[i]);
        for (size_t c = 0; c < sizeof upper; ++c) {
            upper[c] = (char)toupper((unsigned char)devices[i].name[c]);
        }
        assert_finds(upper, first_named(devices, count, devices[i].name));
        assert_finds(devices[i].platform, first_named(devices, count, devices[i].platform));
        assert_finds(devices[i].name + 3, first_named(devices, count, devices[i].name + 3));
    }
}

static void test_find_by_type(void **state)
{
    (void)state;
    ard_device_info devices[CAPACITY];
    const size_t count = list_devices(devices);
    for (int type = ARD_DEVICE_CPU; type <= ARD_DEVICE_ACCELERATOR; ++type) {
        const char *name = ard_device_type_name((ard_device_type)type);
        const ard_device_info *first = NULL;
        for (size_t i = count; i-- > 0;) {
            first = (int)devices[i].type == type ? &devices[i] : first;
        }
        if (first != NULL) {
            assert_finds(name, first);
        } else {
            ard_device_info found;
            assert_fails(ard_device_find(name, &found), ARD_STATUS_NO_DEVICE);
        }
    }
}

static void test_default(void **state)
{
    (void)state;
    ard_device_info devices[CAPACITY];
    const size_t count = list_devices(devices);
    const ard_device_info *expected = &devices[0];
    for (size_t i = count; i-- > 0;) {
        expected = devices[i].type == ARD_DEVICE_GPU ? &devices[i] : expected;
    }
    assert_finds(NULL, expected);
    assert_finds("", expected);
    const ard_device_info *last = &devices[count - 1];
    assert_int_equal(setenv("ARD_DEVICE", last->id, 1), 0);
    assert_finds(NULL, last);
    assert_finds("", last);
    assert_finds(devices[0].id, &devices[0]); /* what is said goes before */
    assert_int_equal(setenv("ARD_DEVICE", "", 1), 0);
    assert_finds(NULL, expected);
    assert_int_equal(setenv("ARD_DEVICE", "no such thing", 1), 0);
    ard_device_info found;
    assert_fails(ard_device_find(NULL, &found), ARD_STATUS_NO_DEVICE);
    assert_non_null(strstr(ard_detail(), "no such thing"));
}

static void test_no_match(void **state)
{
    (void)state;
    static const char *const selectors[] = {
        "99:0",  "0:99",  "99999999999999999999:0", "0:", ":0", "0:0x", "-1:0",
        "0:0:0", "cpux!", "no such device"};
    ard_device_info devices[CAPACITY];
    list_devices(devices);
    for (size_t i = 0; i < sizeof selectors / sizeof selectors[0]; ++i) {
        ard_device_info found = {.compute_units = 77};
        assert_fails(ard_device_find(selectors[i], &found), ARD_STATUS_NO_DEVICE);
        assert_non_null(strstr(ard_detail(), selectors[i]));  /* what came */
        assert_non_null(strstr(ard_detail(), devices[0].id)); /* what there is */
        assert_int_equal(found.compute_units, 77);
    }
}

static void test_describe(void **state)
{
    (void)state;
    ard_device_info devices[CAPACITY];
    const size_t count = list_devices(devices);
    for (size_t i = 0; i < count; ++i) {
        ard_device_info described;
        assert_success(ard_device_describe(devices[i].handle, &described));
        assert_string_equal(described.id, devices[i].id);
        assert_string_equal(described.name, devices[i].name);
        assert_string_equal(described.platform, devices[i].platform);
        assert_string_equal(described.driver, devices[i].driver);
        assert_int_equal(described.type, devices[i].type);
        assert_true(described.max_allocation == devices[i].max_allocation);
    }
}

static void test_null(void **state)
{
    (void)state;
    ard_device_info device;
    ard_device_info devices[CAPACITY];
    size_t count = 0;
    list_devices(devices);
    assert_invalid(ard_device_list(devices, CAPACITY, NULL));
    assert_invalid(ard_device_list(NULL, 1, &count));
    assert_invalid(ard_device_find("0:0", NULL));
    assert_invalid(ard_device_describe(NULL, &device));
    assert_invalid(ard_device_describe(devices[0].handle, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_list, unset_default),
        cmocka_unit_test_setup(test_list_capacity, unset_default),
        cmocka_unit_test_setup(test_type_names, unset_default),
        cmocka_unit_test_setup(test_find, unset_default),
        cmocka_unit_test_setup(test_find_by_type, unset_default),
        cmocka_unit_test_setup(test_default, unset_default),
        cmocka_unit_test_setup(test_no_match, unset_default),
        cmocka_unit_test_setup(test_describe, unset_default),
        cmocka_unit_test_setup(test_null, unset_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
