/* SPDX-License-Identifier: Apache-2.0 */
/* Which tuning a context uses, and what it says about files that it does not. */
#include <ard/context.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device/context_internal.h"
#include "engines/packed_engine.h"
#include "support/device.h"
#include "support/folder.h"
#include "support/unit.h"
#include "tuning/sample_tuning.h"

/* An empty cache, with room for other files beside it. */
typedef struct fixture {
    test_folder folder;
    ard_device_info device;
    char cached[TEST_PATH_CAPACITY]; /* the device's file in the cache; there is none yet */
    char other[TEST_PATH_CAPACITY];  /* a file for ARD_TUNING */
} fixture;

static fixture make_fixture(void)
{
    fixture f = {.folder = test_folder_create()};
    char cache[TEST_PATH_CAPACITY];
    test_folder_join(f.folder.path, "cache", cache);
    test_folder_join(f.folder.path, "other.json", f.other);
    assert_int_equal(setenv("XDG_CACHE_HOME", cache, 1), 0);
    assert_int_equal(unsetenv("ARD_TUNING"), 0);
    assert_int_equal(unsetenv("ARD_ENGINE"), 0);
    assert_success(ard_device_find(NULL, &f.device));
    assert_success(ard_tuning_path(&f.device, f.cached, sizeof f.cached));
    return f;
}

static void drop_fixture(fixture *f)
{
    unsetenv("ARD_TUNING");
    unsetenv("ARD_ENGINE");
    test_folder_destroy(&f->folder);
}

/* Writes the sample with so many rows of a block, to be told apart by. */
static void write_rows(const fixture *f, const char *path, uint32_t rows)
{
    ard_tuning tuning = sample_tuning();
    tuning.packed.rows = rows;
    assert_success(ard_tuning_write(path, &f->device, &tuning));
}

/* A new context uses the tuning with so many rows; the words are in what it refused, NULL: nothing
 * was refused. */
static void assert_uses(const ard_context_options *options, uint32_t rows, const char *path,
                        const char *words)
{
    ard_context *context = NULL;
    assert_success(ard_context_create(NULL, options, &context));
    assert_int_equal(ard_context_tuning(context)->packed.rows, rows);
    const char *refused = ard_context_tuning_refused(context);
    if (words == NULL) {
        assert_string_equal(refused, "");
    } else if (strstr(refused, path) == NULL || strstr(refused, words) == NULL ||
               strstr(refused, "run ard-tune") == NULL || strchr(refused, '\n') != NULL) {
        fail_msg("\"%s\" is not %s, \"%s\" and \"run ard-tune\" in one line", refused, path, words);
    }
    ard_context_destroy(context);
}

static uint32_t shipped_rows(const fixture *f)
{
    ard_tuning shipped;
    assert_success(ard_tuning_shipped(&f->device, &shipped));
    return shipped.packed.rows;
}

static void test_order(void **state)
{
    (void)state;
    fixture f = make_fixture();
    const uint32_t shipped = shipped_rows(&f);
    ard_tuning given = sample_tuning();
    given.packed.rows = 3;
    const ard_context_options options = {.tuning = &given};
    assert_uses(NULL, shipped, NULL, NULL);
    write_rows(&f, f.cached, 1);
    assert_uses(NULL, 1, NULL, NULL);
    write_rows(&f, f.other, 2);
    assert_int_equal(setenv("ARD_TUNING", f.other, 1), 0);
    assert_uses(NULL, 2, NULL, NULL);
    assert_int_equal(setenv("ARD_TUNING", "none", 1), 0);
    assert_uses(NULL, shipped, NULL, NULL);
    assert_int_equal(setenv("ARD_TUNING", "", 1), 0);
    assert_uses(NULL, 1, NULL, NULL);
    assert_uses(&options, 3, NULL, NULL);
    assert_int_equal(setenv("ARD_TUNING", "/no/such/file", 1), 0); /* is not looked at */
    assert_uses(&options, 3, NULL, NULL);
    drop_fixture(&f);
}

static void test_refused(void **state)
{
    (void)state;
    fixture f = make_fixture();
    const uint32_t shipped = shipped_rows(&f);
    write_rows(&f, f.cached, 1);
    assert_int_equal(setenv("ARD_TUNING", f.other, 1), 0);
    assert_uses(NULL, shipped, f.other, "cannot open"); /* the cache is not asked */
    test_file_write(f.other, "{}", 2);
    assert_uses(NULL, shipped, f.other, "no schema");
    assert_int_equal(setenv("ARD_TUNING", "/no/such\nfile", 1), 0);
    assert_uses(NULL, shipped, "/no/such?file", "cannot open");
    assert_int_equal(unsetenv("ARD_TUNING"), 0);
    f.device.driver[0] ^= 1;
    write_rows(&f, f.cached, 1);
    f.device.driver[0] ^= 1;
    assert_uses(NULL, shipped, f.cached, "driver");
    size_t size = 0;
    write_rows(&f, f.cached, 1);
    unsigned char *bytes = test_file_read(f.cached, &size);
    bytes[size / 2] ^= 1;
    test_file_write(f.cached, bytes, size);
    free(bytes);
    assert_uses(NULL, shipped, f.cached, f.cached);
    drop_fixture(&f);
}

/* A file with parameters that CLBlast does not take is refused, such options are an error. */
static void test_clblast_refuses(void **state)
{
    (void)state;
    fixture f = make_fixture();
    const uint32_t shipped = shipped_rows(&f);
    ard_tuning tunings[2] = {sample_tuning(), sample_tuning()};
    strcpy(tunings[0].clblast[1].name, "Abacus");
    tunings[1].clblast[1].count = 15;
    static const char *const names[2] = {"Abacus", "Xgemm"};
    for (size_t i = 0; i < 2; ++i) {
        const ard_context_options options = {.tuning = &tunings[i]};
        const ard_context_options kept = {.keep_clblast_parameters = true, .tuning = &tunings[i]};
        ard_context *context = NULL;
        assert_success(ard_tuning_write(f.cached, &f.device, &tunings[i]));
        assert_uses(NULL, shipped, f.cached, names[i]);
        assert_fails(ard_context_create(NULL, &options, &context), ARD_STATUS_CLBLAST);
        assert_null(context);
        assert_non_null(strstr(ard_detail(), "ard_context_options.tuning"));
        assert_non_null(strstr(ard_detail(), names[i]));
        assert_uses(&kept, tunings[i].packed.rows, NULL, NULL);
        tunings[i].choice_count = 0; /* CLBlast cannot run and is not asked */
        assert_uses(&options, tunings[i].packed.rows, NULL, NULL);
    }
    drop_fixture(&f);
}

static void test_options(void **state)
{
    (void)state;
    fixture f = make_fixture();
    ard_tuning tuning = sample_tuning();
    const ard_context_options options = {.tuning = &tuning};
    ard_context *context = NULL;
    assert_success(ard_context_create(NULL, &options, &context));
    memset(&tuning, 0xff, sizeof tuning); /* it was copied */
    const ard_tuning expected = sample_tuning();
    assert_same_tuning(ard_context_tuning(context), &expected);
    assert_string_equal(ard_context_tuning(context)->name, "sample");
    ard_context_destroy(context);
    assert_invalid(ard_context_create(NULL, &options, &context));
    assert_null(context);
    tuning = sample_tuning();
    tuning.packed.rows = 33;
    assert_invalid(ard_context_create(NULL, &options, &context));
    assert_non_null(strstr(ard_detail(), "ard_context_options.tuning: packed.rows is 33"));
    assert_null(ard_context_tuning(NULL));
    assert_string_equal(ard_context_tuning_refused(NULL), "");
    drop_fixture(&f);
}

/* What asked for kernels that do not build hears it at once, else their first use says so. */
static void test_no_build(void **state)
{
    (void)state;
    fixture f = make_fixture();
    static const char broken[] = "__kernel void ard_pack(this is not a kernel)\n";
    char path[TEST_PATH_CAPACITY];
    const ard_tuning tuning = sample_tuning();
    const ard_context_options options = {.tuning = &tuning};
    ard_context *context = NULL;
    test_folder_join(f.folder.path, "packed.cl", path);
    test_file_write(path, broken, sizeof broken - 1);
    test_folder_join(f.folder.path, "panel.cl", path); /* goes before it */
    test_file_write(path, "\n", 1);
    assert_int_equal(setenv("ARD_CL_DIR", f.folder.path, 1), 0);
    assert_fails(ard_context_create(NULL, &options, &context), ARD_STATUS_BUILD);
    assert_null(context);
    assert_non_null(strstr(ard_detail(), "ard_context_options.tuning: packed.cl"));
    assert_non_null(strstr(ard_detail(), "-DVW=8 -DNV=3 -DMR=5 -DKC=64"));
    assert_success(ard_context_create(NULL, NULL, &context));
    ard_context_destroy(context);
    assert_int_equal(unsetenv("ARD_CL_DIR"), 0);
    drop_fixture(&f);
}

/* No tuning in range has a panel that is too large for every device. */
static void test_local_memory(void **state)
{
    (void)state;
    fixture f = make_fixture();
    ard_context *context = test_context_create();
    assert_success(ard__packed_check(context));
    cl_ulong local = 0;
    assert_int_equal(
        clGetDeviceInfo(f.device.handle, CL_DEVICE_LOCAL_MEM_SIZE, sizeof local, &local, NULL),
        CL_SUCCESS);
    const uint32_t fits = (uint32_t)(local / 4 / 4);
    context->tuning.packed =
        (ard_packed_parameters){.vector_width = 4, .vectors = 1, .rows = 1, .depth = fits};
    assert_success(ard__packed_check(context));
    context->tuning.packed.depth = fits + 1;
    assert_fails(ard__packed_check(context), ARD_STATUS_UNSUPPORTED);
    assert_non_null(strstr(ard_detail(), "packed.depth"));
    ard_context_destroy(context);
    drop_fixture(&f);
}

static void assert_engine(const ard_tuning *tuning, const char *forced, const char *engine,
                          bool clblast_named)
{
    const ard_context_options options = {.tuning = tuning};
    ard_context *context = NULL;
    assert_int_equal(forced != NULL ? setenv("ARD_ENGINE", forced, 1) : unsetenv("ARD_ENGINE"), 0);
    assert_success(ard_context_create(NULL, &options, &context));
    assert_string_equal(ard_context_engine(context), engine);
    const char *environment = ard_context_environment(context);
    assert_non_null(strstr(environment, tuning->name));
    assert_non_null(strstr(environment, engine));
    assert_int_equal(strstr(environment, "; clblast ") != NULL, clblast_named);
    assert_same_tuning(ard_context_tuning(context), tuning);
    ard_context_destroy(context);
}

static void test_engines(void **state)
{
    (void)state;
    fixture f = make_fixture();
    ard_tuning tuning = sample_tuning();
    assert_engine(&tuning, NULL, "packed and clblast", true);
    assert_engine(&tuning, "packed", "packed", false);
    assert_engine(&tuning, "clblast", "clblast", true);
    tuning.choice_count = 0;
    assert_engine(&tuning, NULL, "packed", false);
    assert_engine(&tuning, "clblast", "clblast", true);
    tuning.engine = ARD_ENGINE_CLBLAST;
    assert_engine(&tuning, NULL, "clblast", true);
    assert_engine(&tuning, "packed", "packed", false);
    drop_fixture(&f);
}

/* Tunings of one name and different values are different environments. */
static void test_environment(void **state)
{
    (void)state;
    fixture f = make_fixture();
    char environments[2][1280];
    for (uint32_t i = 0; i < 2; ++i) {
        ard_tuning tuning = sample_tuning();
        const ard_context_options options = {.tuning = &tuning};
        ard_context *context = NULL;
        tuning.packed.rows += i;
        assert_success(ard_context_create(NULL, &options, &context));
        snprintf(environments[i], sizeof environments[i], "%s", ard_context_environment(context));
        ard_context_destroy(context);
    }
    assert_string_not_equal(environments[0], environments[1]);
    drop_fixture(&f);
}

/* The word behind "parameters " in the environment of a new context. */
static void parameters_of(const ard_context_options *options, char text[16])
{
    ard_context *context = NULL;
    assert_success(ard_context_create(NULL, options, &context));
    const char *found = strstr(ard_context_environment(context), "parameters ");
    assert_non_null(found);
    assert_int_equal(sscanf(found, "parameters %15[a-z0-9]", text), 1);
    ard_context_destroy(context);
}

/* The newest context with parameters decides what is in force. */
static void test_parameters_in_force(void **state)
{
    (void)state;
    fixture f = make_fixture();
    ard_tuning first = sample_tuning();
    ard_tuning second = sample_tuning();
    ard_tuning none = sample_tuning();
    second.clblast[1].values[2] = 32; /* KWG */
    none.clblast_count = 0;
    const ard_context_options options[] = {{.tuning = &first, .keep_clblast_parameters = true},
                                           {.tuning = &none},
                                           {.tuning = &first},
                                           {.tuning = &second},
                                           {.tuning = &none},
                                           {.tuning = &first, .keep_clblast_parameters = true},
                                           {.tuning = &first}};
    char texts[7][16];
    for (size_t i = 0; i < 7; ++i) {
        parameters_of(&options[i], texts[i]);
    }
    assert_string_equal(texts[0], "default");
    assert_string_equal(texts[1], "default");
    assert_string_not_equal(texts[2], "default");
    assert_string_not_equal(texts[3], texts[2]);
    assert_string_equal(texts[4], texts[3]);
    assert_string_equal(texts[5], texts[3]);
    assert_string_equal(texts[6], texts[2]);
    drop_fixture(&f);
}

int main(void)
{
    unsetenv("ARD_CL_DIR");
    /* PoCL's own cache would go where XDG_CACHE_HOME points. */
    test_folder driver_cache = test_folder_create();
    setenv("POCL_CACHE_DIR", driver_cache.path, 0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parameters_in_force), /* before any override */
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_clblast_refuses),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_no_build),
        cmocka_unit_test(test_local_memory),
        cmocka_unit_test(test_engines),
        cmocka_unit_test(test_environment),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    test_folder_destroy(&driver_cache);
    return failed;
}
