/* SPDX-License-Identifier: Apache-2.0 */
/* ard-train mlp --search cost: the distributions that a network is trained with, times that are of
 * something else, and going on with a file of times and without. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ard/cost.h>
#include <ard/mlp.h>

#include "cost/cost_file.h"
#include "support/device.h"
#include "support/unit.h"
#include "tools/cost_document.h"
#include "tools/data_files.h"
#include "tools/train_process.h"

#define NETWORK "--data builtin -q --hidden 31,24 --batch 100 --rate 0.5,0.4"
#define ROWS NETWORK " --dropout row"

enum { LAYERS = 2, PERIODS = 3 };

/* The paths of the files that tests have: times, others of the same network, and checkpoints. */
typedef struct paths {
    char times[DATA_PATH_SIZE];
    char others[DATA_PATH_SIZE];
    char full[DATA_PATH_SIZE];
    char half[DATA_PATH_SIZE];
} paths;

static void write_times(const char *path, bool tiles, const char *from, const char *to)
{
    char text[COST_DOCUMENT_SIZE];
    cost_document(tiles, text);
    cost_document_replace(text, "[19, 31, 24, 5]", "[784, 31, 24, 10]");
    cost_document_replace(text, "\"batch\": 7", "\"batch\": 100");
    if (from != NULL) {
        cost_document_replace(text, from, to);
    }
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static paths make_paths(bool tiles)
{
    paths made;
    data_path("times.json", made.times);
    data_path("others.json", made.others);
    data_path("full", made.full);
    data_path("half", made.half);
    write_times(made.times, tiles, NULL, NULL);
    write_times(made.others, tiles, "\"ms\": 9}", "\"ms\": 8}");
    return made;
}

static int run(const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 1, 2)))
#endif
    ;

/* What the last run had to say. */
static char screen[4096];

static int run(const char *format, ...)
{
    char arguments[2048];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(arguments, sizeof arguments, format, list);
    va_end(list);
    return train_run(arguments, screen, sizeof screen);
}

static void assert_said(const char *message)
{
    if (strstr(screen, message) == NULL) {
        fail_msg("\"%s\" does not hold \"%s\"", screen, message);
    }
}

static void assert_same_files(const char *a, const char *b)
{
    size_t sizes[2];
    char *bytes[2];
    const char *const names[2] = {a, b};
    for (size_t i = 0; i < 2; ++i) {
        FILE *file = fopen(names[i], "rb");
        assert_non_null(file);
        bytes[i] = malloc(1 << 22);
        assert_non_null(bytes[i]);
        sizes[i] = fread(bytes[i], 1, 1 << 22, file);
        assert_int_equal(fclose(file), 0);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    free(bytes[0]);
    free(bytes[1]);
}

/* What the times make of the rates. */
static void find_expected(const char *times, double share, ard_distribution expected[LAYERS])
{
    static const double rates[LAYERS] = {0.5, 0.4};
    static const uint32_t periods[LAYERS] = {PERIODS, 2};
    char error[COST_ERROR_TEXT];
    cost_file *file = malloc(sizeof *file);
    assert_non_null(file);
    assert_true(cost_file_read(times, file, error));
    assert_success(ard_distribution_cost_search(&file->model, rates, periods, share, expected));
    free(file);
}

/* The network of the checkpoint draws from what the times make of the rates. */
static void check_distributions(const char *path, const ard_distribution expected[LAYERS])
{
    ard_context *context = test_context_create();
    ard_mlp *mlp = NULL;
    assert_success(ard_mlp_load(context, path, &mlp));
    const ard_dropout *dropout = ard_mlp_get_options(mlp)->dropout;
    for (size_t l = 0; l < LAYERS; ++l) {
        assert_memory_equal(dropout[l].distribution.cumulative, expected[l].cumulative,
                            sizeof expected[l].cumulative);
    }
    ard_mlp_destroy(mlp);
    ard_context_destroy(context);
}

static void test_what_is_drawn(void **state)
{
    (void)state;
    for (size_t tiles = 0; tiles < 2; ++tiles) {
        const paths p = make_paths(tiles != 0);
        const char *dropout = tiles == 0 ? "row" : "tile --tile 4 --numbering linear";
        ard_distribution usual[LAYERS];
        ard_distribution fastest[LAYERS];
        ard_distribution exact;
        find_expected(p.times, COST_DEFAULT_ENTROPY_SHARE, usual);
        find_expected(p.times, 0.25, fastest);
        assert_success(ard_distribution_exact(0.5, PERIODS, &exact));
        assert_true(exact.cumulative[1] != usual[0].cumulative[1]);
        assert_true(fastest[0].cumulative[1] != usual[0].cumulative[1]);
        assert_int_equal(run(NETWORK " --dropout %s --epochs 1 --search cost --cost %s --save %s",
                             dropout, p.times, p.full),
                         0);
        check_distributions(p.full, usual);
        assert_int_equal(run(NETWORK " --dropout %s --epochs 1 --search cost --cost %s"
                                     " --entropy-share 0.25 --save %s",
                             dropout, p.times, p.full),
                         0);
        check_distributions(p.full, fastest);
        /* Where the rate grows, they are what it grows to. */
        assert_int_equal(run(NETWORK " --dropout %s --epochs 1 --search cost --cost %s"
                                     " --rate-schedule exponential --save %s",
                             dropout, p.times, p.full),
                         0);
        check_distributions(p.full, usual);
    }
}

static void test_other_networks(void **state)
{
    (void)state;
    const paths p = make_paths(false);
    static const struct {
        const char *options;
        const char *is;
    } OTHERS[] = {
        {"--hidden 31,24 --batch 99 --dropout row", "this network is 784-31-24-10, batch 99, row"},
        {"--hidden 31,25 --batch 100 --dropout row",
         "this network is 784-31-25-10, batch 100, row"},
        {"--hidden 31 --batch 100 --dropout row", "this network is 784-31-10, batch 100, row"},
        {"--hidden 31,24 --batch 100 --dropout tile --tile 4",
         "this network is 784-31-24-10, batch 100, tile 4 diagonal"},
    };
    for (size_t i = 0; i < sizeof OTHERS / sizeof OTHERS[0]; ++i) {
        assert_int_equal(
            run("--data builtin --search cost --cost %s %s", p.times, OTHERS[i].options), 2);
        assert_said("ard-train: --cost: the times in '");
        assert_said("are of 784-31-24-10, batch 100, row; ");
        assert_said(OTHERS[i].is);
    }
}

static void test_mistakes(void **state)
{
    (void)state;
    const paths p = make_paths(false);
    assert_int_equal(run(ROWS " --search cost"), 2);
    assert_said("--search cost needs --cost");
    assert_int_equal(run(ROWS " --cost %s", p.times), 2);
    assert_said("--cost goes only with --search cost");
    assert_int_equal(run(ROWS " --search sgd --entropy-share 0.5"), 2);
    assert_said("--entropy-share goes only with --search cost");
    assert_int_equal(run(ROWS " --search cost --cost %s --entropy-share 1.5", p.times), 2);
    assert_said("--entropy-share: '1.5' is not a number from 0 to 1");
    assert_int_equal(run(NETWORK " --dropout subset --search cost --cost %s", p.times), 2);
    assert_said("--search goes only with --dropout row or tile");
    assert_int_equal(run(ROWS " --search cost --cost %s --groups 2", p.times), 2);
    assert_said("ard-train: --search cost is of one pattern a batch; --groups must be 1");
    assert_int_equal(run(ROWS " --search cost --cost %s/nothing", p.times), 2);
    assert_said("--cost: cannot read '");
    assert_int_equal(run(ROWS " --search cost --cost %s --max-period 4", p.times), 2);
    assert_said("rate 0.5 draws periods up to 4, and the times of --cost are of periods up to 3");
    write_times(p.others, false, "\"unit\": \"ms\"", "\"unit\": \"s\"");
    assert_int_equal(run(ROWS " --search cost --cost %s", p.others), 2);
    assert_said("is not what 'ard-bench step --per-period --format json' prints: ");
}

/* The distributions are in the checkpoint; times that are given again must be the same, wherever
 * they are. */
static void test_going_on(void **state)
{
    (void)state;
    const paths p = make_paths(false);
    char copy[DATA_PATH_SIZE];
    data_path("copy.json", copy);
    write_times(copy, false, NULL, NULL);
    assert_int_equal(run(ROWS " --search cost --cost %s --epochs 2 --save %s", p.times, p.full), 0);
    for (size_t i = 0; i < 3; ++i) {
        const char *const again[] = {"", "--search cost --entropy-share 0.9", "--cost"};
        assert_int_equal(run(ROWS " --search cost --cost %s --epochs 1 --save %s", p.times, p.half),
                         0);
        assert_int_equal(run("--data builtin -q --epochs 2 --resume %s --save %s %s%s%s", p.half,
                             p.half, again[i], i == 2 ? " " : "", i == 2 ? copy : ""),
                         0);
        assert_same_files(p.full, p.half);
    }
    assert_int_equal(run("--data builtin --resume %s --cost %s", p.half, p.others), 2);
    assert_said("others.json' are not the checkpoint's");
    assert_int_equal(run("--data builtin --resume %s --entropy-share 0.5", p.half), 2);
    assert_said("--entropy-share 0.5 contradicts the checkpoint, which was made with 0.9");
    assert_int_equal(run("--data builtin --resume %s --search exact", p.half), 2);
    assert_said("--search exact contradicts the checkpoint, which was made with cost");
}

/* The distributions of the rates to come are not. */
static void test_going_on_with_growing_rate(void **state)
{
    (void)state;
    const paths p = make_paths(false);
    const char *const GROWING =
        ROWS " --rate-schedule exponential --rate-epochs 3 --search cost --cost %s --epochs %u "
             "--validation 500 --save %s";
    assert_int_equal(run(GROWING, p.times, 2U, p.full), 0);
    assert_int_equal(run(GROWING, p.times, 1U, p.half), 0);
    assert_int_equal(run("--data builtin --epochs 2 --resume %s", p.half), 2);
    assert_said("--resume: the periods of the rates to come are searched by times; give them again "
                "by --cost");
    assert_int_equal(run("--data builtin --epochs 2 --resume %s --cost %s", p.half, p.others), 2);
    assert_said("are not the checkpoint's");
    assert_int_equal(run("--data builtin -q --epochs 2 --resume %s --cost %s --save %s", p.half,
                         p.times, p.half),
                     0);
    assert_same_files(p.full, p.half);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_drawn),
        cmocka_unit_test(test_other_networks),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_going_on),
        cmocka_unit_test(test_going_on_with_growing_rate),
    };
    return cmocka_run_group_tests(tests, data_folder_setup, data_folder_teardown);
}
