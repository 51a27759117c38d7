/* SPDX-License-Identifier: Apache-2.0 */
/* Compiled programs on disk: found again, rebuilt when damaged, never in the way. */
#include <ard/context.h>

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <ard/compact.h>

#include "support/device.h"
#include "support/folder.h"
#include "support/memory.h"
#include "support/unit.h"

/* The header of an entry: magic, bytes of the key, bytes of the binary, checksum of both. */
enum { KEY_BYTES_AT = 8, BINARY_BYTES_AT = 16, CHECK_AT = 24, HEADER = 32 };

enum { PROCESSES = 4 };

extern char **environ;

/* Runs a kernel in a new context and checks what it does; 0 if all is well. */
static int use_kernel(void)
{
    ard_context *context = NULL;
    if (ard_context_create(NULL, NULL, &context) != ARD_STATUS_SUCCESS) {
        return 1;
    }
    const float values[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    const ard_pattern outer = {.period = 2, .residues = 1};
    float got[4] = {0};
    ard_matrix src = {0};
    ard_matrix dst = {0};
    const float expected[4] = {1, 3, 7, 9};
    const int well =
        ard_matrix_create(context, 3, 3, &src) == ARD_STATUS_SUCCESS &&
        ard_matrix_create(context, 2, 2, &dst) == ARD_STATUS_SUCCESS &&
        ard_matrix_write(context, 3, 3, values, &src) == ARD_STATUS_SUCCESS &&
        ard_compact(context, 3, 3, &outer, &outer, &src, &dst, NULL) == ARD_STATUS_SUCCESS &&
        ard_matrix_read(context, 2, 2, &dst, got) == ARD_STATUS_SUCCESS &&
        memcmp(got, expected, sizeof got) == 0;
    ard_matrix_destroy(&src);
    ard_matrix_destroy(&dst);
    ard_context_destroy(context);
    return well ? 0 : 1;
}

static void assert_works(void)
{
    if (use_kernel() != 0) {
        fail_msg("the kernel does not work: %s", ard_detail());
    }
}

/* A new empty cache that is always used. */
typedef struct cache {
    test_folder base;
    char folder[TEST_PATH_CAPACITY]; /* where the entries go */
} cache;

static cache make_cache(const char *mode)
{
    cache c = {.base = test_folder_create()};
    test_folder_join(c.base.path, "ard", c.folder);
    assert_int_equal(setenv("XDG_CACHE_HOME", c.base.path, 1), 0);
    assert_int_equal(setenv("ARD_CACHE", mode, 1), 0);
    return c;
}

static void drop_cache(cache *c)
{
    unsetenv("ARD_CACHE");
    test_folder_destroy(&c->base);
}

/* The number of entries, the first one's path. */
static size_t find_entry(const cache *c, char path[TEST_PATH_CAPACITY])
{
    char name[TEST_PATH_CAPACITY];
    const size_t count = test_folder_count(c->folder, name);
    assert_true(count >= 1);
    test_folder_join(c->folder, name, path);
    return count;
}

static ino_t identity(const char *path)
{
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    return info.st_ino;
}

static void test_entries_are_reused(void **state)
{
    (void)state;
    cache c = make_cache("always");
    char path[TEST_PATH_CAPACITY];
    assert_works();
    const size_t count = find_entry(&c, path);
    const ino_t before = identity(path);
    for (int i = 0; i < 3; ++i) {
        assert_works();
        assert_int_equal(find_entry(&c, path), count);
        assert_true(identity(path) == before); /* rebuilding would have renamed a new file to it */
    }
    drop_cache(&c);
}

/* Puts `bytes` in the place of the entry; afterwards a valid one of the same size stands there. */
static void check_rebuilt(const char *path, const unsigned char *bytes, size_t size,
                          size_t valid_size)
{
    test_file_write(path, bytes, size);
    const ino_t damaged = identity(path);
    assert_works();
    size_t now_size = 0;
    unsigned char *now = test_file_read(path, &now_size);
    assert_int_equal(now_size, valid_size);
    assert_memory_equal(now, "ARDPROG", 7);
    free(now);
    const ino_t rebuilt = identity(path);
    assert_true(rebuilt != damaged || size == 0);
    assert_works();
    assert_true(identity(path) == rebuilt);
}

static void test_damaged_entries(void **state)
{
    (void)state;
    cache c = make_cache("always");
    char path[TEST_PATH_CAPACITY];
    assert_works();
    const size_t count = find_entry(&c, path);
    size_t size = 0;
    unsigned char *bytes = test_file_read(path, &size);
    unsigned char *longer = test_alloc(size + 1, 1);
    memcpy(longer, bytes, size);
    const size_t cuts[] = {0, 1, 7, 8, 31, 32, 33, size / 2, size - 1};
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; ++i) {
        check_rebuilt(path, bytes, cuts[i], size);
    }
    check_rebuilt(path, longer, size + 1, size);
    for (size_t at = 0; at < size; at += at < HEADER ? 3 : size / 12) {
        bytes[at] ^= (unsigned char)(1u << (at % 8));
        check_rebuilt(path, bytes, size, size);
        bytes[at] ^= (unsigned char)(1u << (at % 8));
    }
    memset(longer, 0xff, size);
    check_rebuilt(path, longer, size, size);
    assert_int_equal(find_entry(&c, path), count);
    free(bytes);
    free(longer);
    drop_cache(&c);
}

/* A valid entry whose binary no driver takes. */
static void test_unusable_binary(void **state)
{
    (void)state;
    cache c = make_cache("always");
    char path[TEST_PATH_CAPACITY];
    assert_works();
    find_entry(&c, path);
    size_t size = 0;
    unsigned char *bytes = test_file_read(path, &size);
    uint64_t key_bytes = 0;
    memcpy(&key_bytes, bytes + KEY_BYTES_AT, sizeof key_bytes);
    const char binary[] = "this is no program";
    const uint64_t binary_bytes = sizeof binary;
    memcpy(bytes + BINARY_BYTES_AT, &binary_bytes, sizeof binary_bytes);
    memcpy(bytes + HEADER + key_bytes, binary, sizeof binary);
    const uint64_t check = crc32_z(0, bytes + HEADER, key_bytes + binary_bytes);
    memcpy(bytes + CHECK_AT, &check, sizeof check);
    check_rebuilt(path, bytes, HEADER + key_bytes + binary_bytes, size);
    free(bytes);
    drop_cache(&c);
}

/* An entry of another program under this one's name. */
static void test_foreign_entry(void **state)
{
    (void)state;
    cache c = make_cache("always");
    char path[TEST_PATH_CAPACITY];
    assert_works();
    find_entry(&c, path);
    size_t size = 0;
    unsigned char *bytes = test_file_read(path, &size);
    uint64_t key_bytes = 0;
    uint64_t binary_bytes = 0;
    memcpy(&key_bytes, bytes + KEY_BYTES_AT, sizeof key_bytes);
    memcpy(&binary_bytes, bytes + BINARY_BYTES_AT, sizeof binary_bytes);
    bytes[HEADER + 1] ^= 1; /* another key of the same length */
    const uint64_t check = crc32_z(0, bytes + HEADER, key_bytes + binary_bytes);
    memcpy(bytes + CHECK_AT, &check, sizeof check);
    check_rebuilt(path, bytes, size, size);
    free(bytes);
    drop_cache(&c);
}

static void test_never_and_auto(void **state)
{
    (void)state;
    cache never = make_cache("never");
    assert_works();
    assert_int_equal(test_folder_count(never.base.path, NULL), 0);
    drop_cache(&never);
    cache automatic = make_cache("auto");
    assert_works();
    ard_context *context = test_context_create();
    const char *platform = ard_context_device(context)->platform;
    const bool caches_itself = strstr(platform, "Portable Computing Language") != NULL ||
                               strstr(platform, "NVIDIA") != NULL;
    ard_context_destroy(context);
    assert_int_equal(test_folder_count(automatic.base.path, NULL), caches_itself ? 0 : 1);
    drop_cache(&automatic);
}

/* Where nothing can be written, or nowhere to write to, everything works without a cache. */
static void test_no_place(void **state)
{
    (void)state;
    cache c = make_cache("always");
    char file[TEST_PATH_CAPACITY];
    char below[TEST_PATH_CAPACITY];
    test_folder_join(c.base.path, "file", file);
    test_file_write(file, "", 0);
    test_folder_join(file, "cache", below);
    const char *const places[] = {below, "/proc/no-such-folder", "relative/folder", ""};
    char *home = getenv("HOME") != NULL ? strdup(getenv("HOME")) : NULL;
    assert_int_equal(unsetenv("HOME"), 0);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; ++i) {
        assert_int_equal(setenv("XDG_CACHE_HOME", places[i], 1), 0);
        assert_works();
    }
    assert_int_equal(unsetenv("XDG_CACHE_HOME"), 0);
    assert_works();
    assert_int_equal(test_folder_count(c.base.path, NULL), 1);
    /* Without XDG_CACHE_HOME it is the home folder's .cache. */
    assert_int_equal(setenv("HOME", c.base.path, 1), 0);
    assert_works();
    test_folder_join(c.base.path, ".cache/ard", below);
    assert_true(test_folder_count(below, NULL) >= 1);
    unsetenv("HOME");
    if (home != NULL) {
        setenv("HOME", home, 1);
    }
    free(home);
    drop_cache(&c);
}

/* A read-only folder; for root it is writable all the same, and then entries appear. */
static void test_read_only_folder(void **state)
{
    (void)state;
    cache c = make_cache("always");
    assert_int_equal(mkdir(c.folder, 0500), 0);
    assert_works();
    assert_int_equal(test_folder_count(c.folder, NULL) > 0, geteuid() == 0);
    assert_int_equal(chmod(c.folder, 0700), 0);
    drop_cache(&c);
}

/* Several processes start at once with an empty cache, each with a driver's cache of its own,
 * because PoCL's is not safe for that. */
static void test_processes(void **state)
{
    (void)state;
    cache c = make_cache("always");
    const char *old = getenv("POCL_CACHE_DIR");
    char *pocl = old != NULL ? strdup(old) : NULL;
    pid_t children[PROCESSES];
    for (int i = 0; i < PROCESSES; ++i) {
        char name[32];
        char folder[TEST_PATH_CAPACITY];
        char *const arguments[] = {(char[]){"test_program_cache"}, (char[]){"child"}, NULL};
        snprintf(name, sizeof name, "driver-%d", i);
        test_folder_join(c.base.path, name, folder);
        assert_int_equal(mkdir(folder, 0700), 0);
        assert_int_equal(setenv("POCL_CACHE_DIR", folder, 1), 0);
        assert_int_equal(
            posix_spawn(&children[i], "/proc/self/exe", NULL, NULL, arguments, environ), 0);
    }
    for (int i = 0; i < PROCESSES; ++i) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    if (pocl != NULL) {
        setenv("POCL_CACHE_DIR", pocl, 1);
    } else {
        unsetenv("POCL_CACHE_DIR");
    }
    free(pocl);
    const size_t count = test_folder_count(c.folder, NULL);
    char path[TEST_PATH_CAPACITY];
    find_entry(&c, path);
    const ino_t before = identity(path);
    assert_works();
    assert_int_equal(test_folder_count(c.folder, NULL), count); /* nothing partial is left */
    assert_true(identity(path) == before);
    drop_cache(&c);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "child") == 0) {
        return use_kernel();
    }
    /* PoCL's own cache would go where XDG_CACHE_HOME points. */
    test_folder driver_cache = test_folder_create();
    setenv("POCL_CACHE_DIR", driver_cache.path, 0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entries_are_reused), cmocka_unit_test(test_damaged_entries),
        cmocka_unit_test(test_unusable_binary),    cmocka_unit_test(test_foreign_entry),
        cmocka_unit_test(test_never_and_auto),     cmocka_unit_test(test_no_place),
        cmocka_unit_test(test_read_only_folder),   cmocka_unit_test(test_processes),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    test_folder_destroy(&driver_cache);
    return failed;
}
