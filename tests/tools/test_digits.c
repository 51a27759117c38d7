/* SPDX-License-Identifier: Apache-2.0 */
/* The drawn digits: the same every time, balanced, neither empty nor full, and neither too easy nor
 * impossible to tell apart. */
#include <stdlib.h>
#include <string.h>

#include "data/digits.h"
#include "support/unit.h"

enum { PIXELS = DIGITS_SIDE * DIGITS_SIDE, CLASSES = DATASET_CLASSES };

/* The bytes of the built-in set are part of every checkpoint made with it: a change of them is a
 * change of the format. */
static const uint64_t BUILTIN_CHECKSUM = UINT64_C(0x556163b5ed954c3e);

static dataset_pair pair;

static int setup(void **state)
{
    (void)state;
    data_error error;
    return digits_builtin(&pair, &error) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    dataset_pair_destroy(&pair);
    return 0;
}

static void test_sizes(void **state)
{
    (void)state;
    assert_int_equal(pair.train.samples, DIGITS_TRAIN);
    assert_int_equal(pair.test.samples, DIGITS_TEST);
    assert_int_equal(pair.train.rows, DIGITS_SIDE);
    assert_int_equal(pair.test.cols, DIGITS_SIDE);
}

static void test_same_bytes_everywhere(void **state)
{
    (void)state;
    const uint64_t checksum = dataset_pair_checksum(&pair);
    if (checksum != BUILTIN_CHECKSUM) {
        fail_msg("checksum %016llx", (unsigned long long)checksum);
    }
}

static void test_sample_depends_on_nothing_else(void **state)
{
    (void)state;
    dataset few, other;
    data_error error;
    assert_true(digits_make(5, 0, 20, &few, &error));
    assert_true(digits_make(5, 0, 40, &other, &error));
    assert_memory_equal(few.pixels, other.pixels, 20 * PIXELS);
    dataset_destroy(&other);
    assert_true(digits_make(6, 0, 20, &other, &error));
    assert_memory_not_equal(few.pixels, other.pixels, PIXELS);
    dataset_destroy(&other);
    assert_true(digits_make(5, 1, 20, &other, &error));
    assert_memory_not_equal(few.pixels, other.pixels, PIXELS);
    dataset_destroy(&other);
    dataset_destroy(&few);
}

static void test_no_samples(void **state)
{
    (void)state;
    dataset set;
    data_error error;
    assert_false(digits_make(1, 0, 0, &set, &error));
    assert_false(digits_make(1, 0, SIZE_MAX, &set, &error));
}

static void test_balanced(void **state)
{
    (void)state;
    const dataset *halves[] = {&pair.train, &pair.test};
    for (size_t h = 0; h < 2; ++h) {
        size_t counts[CLASSES] = {0};
        for (size_t i = 0; i < halves[h]->samples; ++i) {
            assert_true(halves[h]->classes[i] < CLASSES);
            ++counts[halves[h]->classes[i]];
        }
        for (size_t c = 0; c < CLASSES; ++c) {
            assert_int_equal(counts[c], halves[h]->samples / CLASSES);
        }
    }
}

/* Each picture has ink, on a mostly empty ground, most of it away from the border. */
static void test_pixels(void **state)
{
    (void)state;
    size_t on_border = 0;
    size_t dark_in_all = 0;
    for (size_t i = 0; i < pair.train.samples; ++i) {
        size_t dark = 0;
        for (size_t p = 0; p < PIXELS; ++p) {
            const bool is_dark = pair.train.pixels[i * PIXELS + p] > 127;
            const size_t x = p % DIGITS_SIDE;
            const size_t y = p / DIGITS_SIDE;
            const bool border = x == 0 || y == 0 || x == DIGITS_SIDE - 1 || y == DIGITS_SIDE - 1;
            dark += is_dark;
            on_border += is_dark && border;
        }
        assert_in_range(dark, 15, PIXELS / 2);
        dark_in_all += dark;
    }
    assert_in_range(dark_in_all / pair.train.samples, PIXELS / 20, PIXELS / 4);
    assert_true(on_border < dark_in_all / 50);
}

static void class_means(double means[CLASSES][PIXELS])
{
    memset(means, 0, CLASSES * sizeof means[0]);
    for (size_t i = 0; i < pair.train.samples; ++i) {
        double *mean = means[pair.train.classes[i]];
        for (size_t p = 0; p < PIXELS; ++p) {
            mean[p] += pair.train.pixels[i * PIXELS + p] / (double)(DIGITS_TRAIN / CLASSES);
        }
    }
}

static size_t nearest(double means[CLASSES][PIXELS], const unsigned char *pixels)
{
    size_t best = 0;
    double best_distance = 1e300;
    for (size_t c = 0; c < CLASSES; ++c) {
        double distance = 0.0;
        for (size_t p = 0; p < PIXELS; ++p) {
            const double difference = pixels[p] - means[c][p];
            distance += difference * difference;
        }
        if (distance < best_distance) {
            best_distance = distance;
            best = c;
        }
    }
    return best;
}

/* The mean picture of a class tells most digits, yet far from all: a network has something to
 * learn. */
static void test_separable(void **state)
{
    (void)state;
    static double means[CLASSES][PIXELS];
    size_t hits = 0;
    class_means(means);
    for (size_t i = 0; i < pair.test.samples; ++i) {
        hits += nearest(means, pair.test.pixels + i * PIXELS) == pair.test.classes[i];
    }
    assert_in_range(hits, DIGITS_TEST * 65 / 100, DIGITS_TEST * 85 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_same_bytes_everywhere),
        cmocka_unit_test(test_sample_depends_on_nothing_else),
        cmocka_unit_test(test_no_samples),
        cmocka_unit_test(test_balanced),
        cmocka_unit_test(test_pixels),
        cmocka_unit_test(test_separable),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
