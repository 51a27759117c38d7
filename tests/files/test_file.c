/* SPDX-License-Identifier: Apache-2.0 */
#include "files/file.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ard/status.h>

#include "support/folder.h"
#include "support/memory.h"
#include "support/unit.h"

#define NAME "file"

static void test_round_trip(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 4095, 4096, 1000003};
    test_place f = test_place_create(NAME);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        unsigned char *bytes = test_alloc(sizes[i], 1);
        void *back = NULL;
        size_t size = 99;
        for (size_t j = 0; j < sizes[i]; ++j) {
            bytes[j] = (unsigned char)(j % 251);
        }
        assert_success(ard__file_write(f.path, bytes, sizes[i]));
        assert_success(ard__file_read(f.path, sizes[i], &back, &size));
        assert_int_equal(size, sizes[i]);
        assert_memory_equal(back, bytes, size);
        assert_int_equal(((char *)back)[size], '\0');
        assert_int_equal(test_folder_count(f.folder.path, NULL), 1); /* nothing beside it */
        free(bytes);
        free(back);
    }
    test_place_destroy(&f);
}

static void test_read_errors(void **state)
{
    (void)state;
    test_place f = test_place_create(NAME);
    void *data = &f;
    size_t size = 17;
    assert_fails(ard__file_read(f.path, 100, &data, &size), ARD_STATUS_IO);
    assert_non_null(strstr(ard_detail(), f.path));
    assert_success(ard__file_write(f.path, "12345", 5));
    assert_fails(ard__file_read(f.path, 4, &data, &size), ARD_STATUS_IO);
    assert_fails(ard__file_read(f.folder.path, 100, &data, &size), ARD_STATUS_IO);
    assert_fails(ard__file_read("/dev/zero", 100, &data, &size), ARD_STATUS_IO);
    assert_fails(ard__file_read("", 100, &data, &size), ARD_STATUS_IO);
    assert_ptr_equal(data, &f);
    assert_int_equal(size, 17);
    test_place_destroy(&f);
}

/* Opening a pipe that nobody writes to must not hang. */
static void test_pipe(void **state)
{
    (void)state;
    test_place f = test_place_create(NAME);
    void *data = NULL;
    size_t size = 0;
    assert_int_equal(mkfifo(f.path, 0600), 0);
    alarm(60);
    assert_fails(ard__file_read(f.path, 100, &data, &size), ARD_STATUS_IO);
    alarm(0);
    test_place_destroy(&f);
}

static void test_write_replaces(void **state)
{
    (void)state;
    test_place f = test_place_create(NAME);
    void *data = NULL;
    size_t size = 0;
    assert_success(ard__file_write(f.path, "a long first text", 17));
    assert_success(ard__file_write(f.path, "short", 5));
    assert_success(ard__file_read(f.path, 100, &data, &size));
    assert_int_equal(size, 5);
    assert_memory_equal(data, "short", 5);
    free(data);
    test_place_destroy(&f);
}

static void test_write_errors(void **state)
{
    (void)state;
    test_place f = test_place_create(NAME);
    char elsewhere[TEST_PATH_CAPACITY];
    assert_success(ard__file_write(f.path, "first", 5));
    test_folder_join(f.folder.path, "missing/file", elsewhere);
    assert_fails(ard__file_write(elsewhere, "x", 1), ARD_STATUS_IO);
    assert_non_null(strstr(ard_detail(), elsewhere));
    test_folder_join(f.path, "below", elsewhere);
    assert_fails(ard__file_write(elsewhere, "x", 1), ARD_STATUS_IO);
    test_folder_join(f.folder.path, "folder", elsewhere);
    assert_int_equal(mkdir(elsewhere, 0700), 0);
    assert_fails(ard__file_write(elsewhere, "x", 1), ARD_STATUS_IO);
    char *endless = test_alloc(9000, 1);
    memset(endless, 'x', 8999);
    assert_fails(ard__file_write(endless, "x", 1), ARD_STATUS_IO);
    assert_int_equal(test_folder_count(f.folder.path, NULL), 2);
    free(endless);
    test_place_destroy(&f);
}

/* A write that fails in the middle leaves the earlier file and nothing beside it. */
static void test_interrupted_write(void **state)
{
    (void)state;
    test_place f = test_place_create(NAME);
    char *text = test_alloc(100000, 1);
    void *data = NULL;
    size_t size = 0;
    struct rlimit limit;
    assert_success(ard__file_write(f.path, "first", 5));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    const struct rlimit small = {.rlim_cur = 5000, .rlim_max = limit.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const ard_status status = ard__file_write(f.path, text, 100000);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(status, ARD_STATUS_IO);
    assert_success(ard__file_read(f.path, 100, &data, &size));
    assert_int_equal(size, 5);
    assert_memory_equal(data, "first", 5);
    assert_int_equal(test_folder_count(f.folder.path, NULL), 1);
    free(data);
    free(text);
    test_place_destroy(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),   cmocka_unit_test(test_read_errors),
        cmocka_unit_test(test_pipe),         cmocka_unit_test(test_write_replaces),
        cmocka_unit_test(test_write_errors), cmocka_unit_test(test_interrupted_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
