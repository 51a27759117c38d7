/* SPDX-License-Identifier: Apache-2.0 */
/* The container by itself; damaged files are in models/test_checkpoint_damage.c too. */
#include "files/checkpoint_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/folder.h"
#include "support/memory.h"
#include "support/unit.h"

#define NAME "container"

static void test_values(void **state)
{
    (void)state;
    test_place f = test_place_create(NAME);
    const uint32_t words[3] = {1, UINT32_MAX, UINT32_C(0x01020304)};
    uint32_t back[3] = {0};
    ard__writer writer = {0};
    ard__put_u32(&writer, UINT32_C(0xDEADBEEF));
    ard__put_u64(&writer, UINT64_MAX - 5);
    ard__put_f64(&writer, -0.1);
    ard__put_f64(&writer, INFINITY);
    ard__put_bytes(&writer, "bytes", 5);
    ard__put_bytes(&writer, NULL, 0);
    ard__put_words(&writer, words, 3);
    memset(ard__put_space(&writer, 2), 7, 2);
    assert_false(writer.failed);
    assert_success(ard__writer_save(&writer, f.path));
    ard__writer_free(&writer);
    assert_null(writer.data);

    ard__reader reader;
    assert_success(ard__reader_open(f.path, &reader));
    assert_int_equal(ard__reader_left(&reader), 4 + 8 + 8 + 8 + 5 + 12 + 2);
    assert_int_equal(ard__get_u32(&reader), UINT32_C(0xDEADBEEF));
    assert_true(ard__get_u64(&reader) == UINT64_MAX - 5);
    assert_true(ard__get_f64(&reader) == -0.1);
    assert_true(isinf(ard__get_f64(&reader)));
    assert_memory_equal(ard__get_bytes(&reader, 5), "bytes", 5);
    assert_true(ard__get_words(&reader, back, 3));
    assert_memory_equal(back, words, sizeof words);
    assert_memory_equal(ard__get_bytes(&reader, 2), "\7\7", 2);
    assert_int_equal(ard__reader_left(&reader), 0);
    assert_false(reader.failed);
    ard__reader_close(&reader);
    test_place_destroy(&f);
}

/* The bytes are the same on every host. */
static void test_layout(void **state)
{
    (void)state;
    test_place f = test_place_create(NAME);
    ard__writer writer = {0};
    ard__put_u32(&writer, UINT32_C(0x04030201));
    ard__put_f64(&writer, 1.0);
    assert_success(ard__writer_save(&writer, f.path));
    ard__writer_free(&writer);
    size_t size = 0;
    unsigned char *bytes = test_file_read(f.path, &size);
    assert_int_equal(size, 24 + 12);
    assert_memory_equal(bytes, "ARDCKPT\n\4\0\0\0", 12);
    assert_memory_equal(bytes + 16, "\14\0\0\0\0\0\0\0", 8);
    assert_memory_equal(bytes + 24, "\1\2\3\4\0\0\0\0\0\0\360\77", 12);
    free(bytes);
    test_place_destroy(&f);
}

/* Reading beyond the end answers zeros and is remembered. */
static void test_beyond_the_end(void **state)
{
    (void)state;
    test_place f = test_place_create(NAME);
    ard__writer writer = {0};
    ard__put_u32(&writer, 9);
    assert_success(ard__writer_save(&writer, f.path));
    ard__writer_free(&writer);
    const size_t wanted[] = {5, SIZE_MAX, SIZE_MAX - 3};
    for (size_t i = 0; i < 3; ++i) {
        ard__reader reader;
        assert_success(ard__reader_open(f.path, &reader));
        assert_null(ard__get_bytes(&reader, wanted[i]));
        assert_true(reader.failed);
        assert_int_equal(ard__get_u32(&reader), 0); /* nothing after a failure */
        ard__reader_close(&reader);
        uint32_t words[2] = {5, 5};
        assert_success(ard__reader_open(f.path, &reader));
        assert_false(ard__get_words(&reader, words, i == 0 ? 2 : wanted[i]));
        assert_true(reader.failed);
        ard__reader_close(&reader);
    }
    ard__reader reader;
    assert_success(ard__reader_open(f.path, &reader));
    assert_int_equal(ard__get_u64(&reader), 0);
    assert_true(reader.failed);
    ard__reader_close(&reader);
    test_place_destroy(&f);
}

static void test_absurd_space(void **state)
{
    (void)state;
    test_place f = test_place_create(NAME);
    ard__writer writer = {0};
    ard__put_u32(&writer, 1);
    assert_null(ard__put_space(&writer, SIZE_MAX));
    assert_true(writer.failed);
    ard__put_u32(&writer, 2); /* nothing more happens */
    assert_fails(ard__writer_save(&writer, f.path), ARD_STATUS_OUT_OF_MEMORY);
    assert_int_equal(test_folder_count(f.folder.path, NULL), 0);
    ard__writer_free(&writer);
    test_place_destroy(&f);
}

static void test_every_bit(void **state)
{
    (void)state;
    test_place f = test_place_create(NAME);
    ard__writer writer = {0};
    ard__put_bytes(&writer, "some payload", 12);
    assert_success(ard__writer_save(&writer, f.path));
    ard__writer_free(&writer);
    size_t size = 0;
    unsigned char *bytes = test_file_read(f.path, &size);
    for (size_t bit = 0; bit < 8 * size; ++bit) {
        ard__reader reader;
        bytes[bit / 8] ^= (unsigned char)(1u << (bit % 8));
        test_file_write(f.path, bytes, size);
        assert_fails(ard__reader_open(f.path, &reader), ARD_STATUS_FORMAT);
        assert_non_null(strstr(ard_detail(), f.path));
        bytes[bit / 8] ^= (unsigned char)(1u << (bit % 8));
    }
    for (size_t cut = 0; cut < size; ++cut) {
        ard__reader reader;
        test_file_write(f.path, bytes, cut);
        assert_fails(ard__reader_open(f.path, &reader), ARD_STATUS_FORMAT);
    }
    free(bytes);
    test_place_destroy(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),         cmocka_unit_test(test_layout),
        cmocka_unit_test(test_beyond_the_end), cmocka_unit_test(test_absurd_space),
        cmocka_unit_test(test_every_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
