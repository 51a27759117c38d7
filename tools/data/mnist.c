/* SPDX-License-Identifier: Apache-2.0 */
#include "data/mnist.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "data/idx.h"

enum { FILES = 4, MAX_PATH = 4096 };

/* In the order of `paths` everywhere below. */
static const char *const PARTS[FILES][2] = {
    {"train-images", "idx3-ubyte"},
    {"train-labels", "idx1-ubyte"},
    {"t10k-images", "idx3-ubyte"},
    {"t10k-labels", "idx1-ubyte"},
};

static bool check_folder(const char *folder, data_error *error)
{
    struct stat status;
    if (stat(folder, &status) != 0) {
        return data_fail(error, "%s: %s", folder, strerror(errno));
    }
    return S_ISDIR(status.st_mode) || data_fail(error, "%s: not a folder", folder);
}

/* The first spelling of a file that exists; false when none does. */
static bool find_file(const char *folder, const char *const part[2], char path[MAX_PATH])
{
    static const char *const SPELLINGS[][2] = {{"-", ""}, {"-", ".gz"}, {".", ""}, {".", ".gz"}};
    for (size_t i = 0; i < sizeof SPELLINGS / sizeof SPELLINGS[0]; ++i) {
        const int length = snprintf(path, MAX_PATH, "%s/%s%s%s%s", folder, part[0], SPELLINGS[i][0],
                                    part[1], SPELLINGS[i][1]);
        struct stat status;
        if (length > 0 && length < MAX_PATH && stat(path, &status) == 0) {
            return true;
        }
    }
    return false;
}

static bool find_files(const char *folder, char paths[FILES][MAX_PATH], data_error *error)
{
    char missing[256] = "";
    size_t used = 0;
    for (size_t i = 0; i < FILES; ++i) {
        if (!find_file(folder, PARTS[i], paths[i])) {
            const int length = snprintf(missing + used, sizeof missing - used, "%s%s-%s",
                                        used == 0 ? "" : ", ", PARTS[i][0], PARTS[i][1]);
            used += length > 0 ? (size_t)length : 0;
        }
    }
    return used == 0 || data_fail(error, "%s: missing %s (plain or .gz)", folder, missing);
}

/* Moves images and labels into a data set. */
static bool join(const char *const paths[2], idx_array *images, idx_array *labels, dataset *set,
                 data_error *error)
{
    if (images->size[0] != labels->count) {
        return data_fail(error, "%s has %zu images, %s has %zu labels", paths[0], images->size[0],
                         paths[1], labels->count);
    }
    for (size_t i = 0; i < labels->count; ++i) {
        if (labels->elements[i] >= DATASET_CLASSES) {
            return data_fail(error, "%s: label %zu is %u; expected 0 to %d", paths[1], i,
                             labels->elements[i], DATASET_CLASSES - 1);
        }
    }
    *set = (dataset){.samples = labels->count,
                     .rows = images->size[1],
                     .cols = images->size[2],
                     .pixels = images->elements,
                     .classes = labels->elements};
    images->elements = NULL;
    labels->elements = NULL;
    return true;
}

static bool read_half(const char *image_path, const char *label_path, dataset *set,
                      data_error *error)
{
    idx_array images = {0};
    idx_array labels = {0};
    const char *const paths[2] = {image_path, label_path};
    const bool good = idx_read(image_path, 3, &images, error) &&
                      idx_read(label_path, 1, &labels, error) &&
                      join(paths, &images, &labels, set, error);
    idx_destroy(&images);
    idx_destroy(&labels);
    return good;
}

static bool check_same_size(const char *folder, const dataset_pair *pair, data_error *error)
{
    const dataset *train = &pair->train;
    const dataset *test = &pair->test;
    return (train->rows == test->rows && train->cols == test->cols) ||
           data_fail(error, "%s: training images are %zu x %zu, test images %zu x %zu", folder,
                     train->rows, train->cols, test->rows, test->cols);
}

bool mnist_read(const char *folder, dataset_pair *pair, data_error *error)
{
    dataset_pair made = {0};
    bool good = false;
    char(*paths)[MAX_PATH] = malloc(FILES * sizeof *paths);
    if (paths == NULL) {
        return data_fail(error, "%s: not enough memory to read it", folder);
    }
    good = check_folder(folder, error) && find_files(folder, paths, error) &&
           read_half(paths[0], paths[1], &made.train, error) &&
           read_half(paths[2], paths[3], &made.test, error) &&
           check_same_size(folder, &made, error);
    free(paths);
    if (!good) {
        dataset_pair_destroy(&made);
        return false;
    }
    *pair = made;
    return true;
}
