/* SPDX-License-Identifier: Apache-2.0 */
/* idx files and the folder of four of them: good ones in each spelling, and each way to be bad. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/idx.h"
#include "data/mnist.h"
#include "support/unit.h"
#include "tools/data_files.h"

enum { IMAGES = 6, ROWS = 3, COLS = 5, PIXELS = IMAGES * ROWS * COLS, LARGEST = 4096 };

static const uint32_t IMAGE_SIZES[3] = {IMAGES, ROWS, COLS};

/* Images whose every byte differs, in a file of `*size` bytes. */
static void image_file(unsigned char file[LARGEST], size_t *size)
{
    unsigned char pixels[PIXELS];
    for (size_t i = 0; i < PIXELS; ++i) {
        pixels[i] = (unsigned char)(i * 2 + 1);
    }
    *size = data_idx(3, IMAGE_SIZES, pixels, PIXELS, file);
}

static void label_file(uint32_t count, unsigned char file[LARGEST], size_t *size)
{
    unsigned char labels[64];
    for (uint32_t i = 0; i < count; ++i) {
        labels[i] = (unsigned char)(i % 10);
    }
    *size = data_idx(1, &count, labels, count, file);
}

static void assert_images(const char *name)
{
    char path[DATA_PATH_SIZE];
    idx_array array;
    data_error error;
    data_path(name, path);
    assert_true(idx_read(path, 3, &array, &error));
    assert_int_equal(array.dimensions, 3);
    assert_int_equal(array.count, PIXELS);
    for (size_t i = 0; i < 3; ++i) {
        assert_int_equal(array.size[i], IMAGE_SIZES[i]);
    }
    for (size_t i = 0; i < PIXELS; ++i) {
        assert_int_equal(array.elements[i], (unsigned char)(i * 2 + 1));
    }
    idx_destroy(&array);
}

/* The file is refused, one line names it and holds `expected`, and nothing is left to free. */
static void assert_refused(const char *name, size_t dimensions, const char *expected)
{
    char path[DATA_PATH_SIZE];
    idx_array array = {.count = 77};
    data_error error = {""};
    data_path(name, path);
    assert_false(idx_read(path, dimensions, &array, &error));
    assert_int_equal(array.count, 77);
    if (strstr(error.text, expected) == NULL) {
        fail_msg("\"%s\" does not hold \"%s\"", error.text, expected);
    }
    assert_non_null(strstr(error.text, path));
    assert_null(strchr(error.text, '\n'));
}

/* Writes the same bytes plain and as gzip, and expects both to be refused. */
static void assert_both_refused(const unsigned char *file, size_t size, size_t dimensions,
                                const char *plain, const char *packed)
{
    data_write("plain", file, size);
    assert_refused("plain", dimensions, plain);
    data_write_gzip("packed", file, size);
    assert_refused("packed", dimensions, packed);
}

static void test_good_files(void **state)
{
    (void)state;
    unsigned char file[LARGEST];
    size_t size;
    image_file(file, &size);
    data_write("plain", file, size);
    data_write_gzip("packed", file, size);
    assert_images("plain");
    assert_images("packed");
}

static void test_gzip_of_several_members(void **state)
{
    (void)state;
    unsigned char file[LARGEST];
    unsigned char packed[2 * LARGEST];
    size_t size;
    image_file(file, &size);
    size_t used = data_gzip(file, 10, packed, sizeof packed);
    used += data_gzip(file + 10, size - 10, packed + used, sizeof packed - used);
    data_write("members", packed, used);
    assert_images("members");
}

static void test_headers(void **state)
{
    (void)state;
    unsigned char file[LARGEST];
    size_t size;
    image_file(file, &size);
    file[0] = 1;
    assert_both_refused(file, size, 3, "not an idx file", "not an idx file");
    file[0] = 0;
    file[2] = 0x0d;
    assert_both_refused(file, size, 3, "type 0x0d", "type 0x0d");
    file[2] = 8;
    assert_both_refused(file, size, 1, "3 dimensions; expected 1", "3 dimensions; expected 1");
    file[7] = 0;
    assert_both_refused(file, size, 3, "dimension 1 is zero", "dimension 1 is zero");
}

static void test_sizes_that_the_file_cannot_hold(void **state)
{
    (void)state;
    unsigned char file[LARGEST];
    size_t size;
    image_file(file, &size);
    /* 2^24 images more: within the limit on elements, far beyond what the file can unpack to. */
    file[4] = 1;
    assert_both_refused(file, size, 3, "truncated", "can unpack to");
    /* 2^32 - 1 of everything, and a product that wraps around in 64 bits. */
    memset(file + 4, 0xff, 12);
    assert_both_refused(file, size, 3, "claims more than", "claims more than");
    memset(file + 4, 0, 12);
    file[4] = file[8] = file[12] = 0x80;
    assert_both_refused(file, size, 3, "claims more than", "claims more than");
}

static void test_truncated(void **state)
{
    (void)state;
    unsigned char file[LARGEST];
    size_t size;
    image_file(file, &size);
    const size_t cuts[] = {0, 1, 3, 4, 7, 15, 16, 17, 16 + PIXELS - 1};
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; ++i) {
        assert_both_refused(file, cuts[i], 3, "truncated", "truncated");
    }
}

static void test_trailing_bytes(void **state)
{
    (void)state;
    unsigned char file[LARGEST];
    size_t size;
    image_file(file, &size);
    file[size] = 0;
    assert_both_refused(file, size + 1, 3, "trailing bytes", "trailing bytes");
}

static void test_damaged_gzip(void **state)
{
    (void)state;
    unsigned char file[LARGEST];
    unsigned char packed[LARGEST];
    size_t size;
    image_file(file, &size);
    const size_t whole = data_gzip(file, size, packed, sizeof packed);
    for (size_t cut = 2; cut < whole; ++cut) {
        data_write("cut", packed, cut);
        assert_refused("cut", 3, "truncated");
    }
    packed[whole] = 'x';
    data_write("garbage", packed, whole + 1);
    assert_refused("garbage", 3, "truncated gzip data");
    memset(packed + whole, 'x', 32);
    data_write("garbage", packed, whole + 32);
    assert_refused("garbage", 3, "damaged gzip data");
    packed[whole - 8] ^= 1; /* the checksum */
    data_write("checksum", packed, whole);
    assert_refused("checksum", 3, "damaged gzip data");
    packed[2] = 9; /* the method */
    data_write("method", packed, whole);
    assert_refused("method", 3, "damaged gzip data");
}

static void test_not_a_file(void **state)
{
    (void)state;
    char path[DATA_PATH_SIZE];
    assert_refused("missing", 3, "No such file");
    idx_array array;
    data_error error;
    data_path(".", path);
    assert_false(idx_read(path, 3, &array, &error));
    assert_non_null(strstr(error.text, "not a regular file"));
}

/* A good folder: plain and packed files, both spellings. */
static void write_folder(void)
{
    unsigned char images[LARGEST];
    unsigned char labels[LARGEST];
    size_t image_bytes, label_bytes;
    data_folder_empty();
    image_file(images, &image_bytes);
    label_file(IMAGES, labels, &label_bytes);
    data_write("train-images-idx3-ubyte", images, image_bytes);
    data_write_gzip("train-labels-idx1-ubyte.gz", labels, label_bytes);
    data_write_gzip("t10k-images.idx3-ubyte.gz", images, image_bytes);
    data_write("t10k-labels.idx1-ubyte", labels, label_bytes);
}

static void assert_folder_refused(const char *expected)
{
    dataset_pair pair = {.train = {.samples = 77}};
    data_error error = {""};
    assert_false(mnist_read(data_folder(), &pair, &error));
    assert_int_equal(pair.train.samples, 77);
    if (strstr(error.text, expected) == NULL) {
        fail_msg("\"%s\" does not hold \"%s\"", error.text, expected);
    }
    assert_null(strchr(error.text, '\n'));
}

static void test_folder(void **state)
{
    (void)state;
    dataset_pair pair;
    data_error error;
    write_folder();
    assert_true(mnist_read(data_folder(), &pair, &error));
    assert_int_equal(pair.train.samples, IMAGES);
    assert_int_equal(pair.test.samples, IMAGES);
    assert_int_equal(pair.train.rows, ROWS);
    assert_int_equal(pair.train.cols, COLS);
    assert_int_equal(pair.test.classes[IMAGES - 1], IMAGES - 1);
    assert_int_equal(pair.test.pixels[PIXELS - 1], (unsigned char)(2 * PIXELS - 1));
    const uint64_t checksum = dataset_pair_checksum(&pair);
    pair.test.pixels[0] ^= 1;
    assert_true(dataset_pair_checksum(&pair) != checksum);
    dataset_pair_destroy(&pair);
}

static void remove_file(const char *name)
{
    char path[DATA_PATH_SIZE];
    data_path(name, path);
    assert_int_equal(remove(path), 0);
}

static void test_missing_files(void **state)
{
    (void)state;
    write_folder();
    remove_file("train-labels-idx1-ubyte.gz");
    assert_folder_refused("missing train-labels-idx1-ubyte (");
    remove_file("t10k-images.idx3-ubyte.gz");
    assert_folder_refused("missing train-labels-idx1-ubyte, t10k-images-idx3-ubyte (");
    data_error error;
    dataset_pair pair;
    assert_false(mnist_read("/nonexistent/folder", &pair, &error));
    assert_non_null(strstr(error.text, "No such file"));
    char path[DATA_PATH_SIZE];
    data_path("train-images-idx3-ubyte", path);
    assert_false(mnist_read(path, &pair, &error));
    assert_non_null(strstr(error.text, "not a folder"));
}

static void test_labels(void **state)
{
    (void)state;
    unsigned char file[LARGEST];
    size_t size;
    write_folder();
    label_file(IMAGES + 1, file, &size);
    data_write_gzip("train-labels-idx1-ubyte.gz", file, size);
    assert_folder_refused("labels-idx1-ubyte.gz has 7 labels");
    label_file(IMAGES, file, &size);
    file[size - 2] = 10;
    data_write_gzip("train-labels-idx1-ubyte.gz", file, size);
    assert_folder_refused("label 4 is 10; expected 0 to 9");
}

static void test_halves_of_different_sizes(void **state)
{
    (void)state;
    unsigned char pixels[LARGEST] = {0};
    unsigned char file[LARGEST];
    const uint32_t sizes[3] = {IMAGES, COLS, ROWS};
    write_folder();
    data_write_gzip("t10k-images.idx3-ubyte.gz", file, data_idx(3, sizes, pixels, PIXELS, file));
    assert_folder_refused("training images are 3 x 5, test images 5 x 3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_files),   cmocka_unit_test(test_gzip_of_several_members),
        cmocka_unit_test(test_headers),      cmocka_unit_test(test_sizes_that_the_file_cannot_hold),
        cmocka_unit_test(test_truncated),    cmocka_unit_test(test_trailing_bytes),
        cmocka_unit_test(test_damaged_gzip), cmocka_unit_test(test_not_a_file),
        cmocka_unit_test(test_folder),       cmocka_unit_test(test_missing_files),
        cmocka_unit_test(test_labels),       cmocka_unit_test(test_halves_of_different_sizes),
    };
    return cmocka_run_group_tests(tests, data_folder_setup, data_folder_teardown);
}
