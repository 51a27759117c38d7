/* SPDX-License-Identifier: Apache-2.0 */
/* Files of times per joint period: what is read, what is chosen by it, and damage of every kind. */
#include "cost/cost_choice.h"

#include "support/folder.h"
#include "support/unit.h"
#include "tools/cost_document.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rounding of the fit and of the search. */
#define TOLERANCE 1e-9

static test_folder folder;
static char path[TEST_PATH_CAPACITY];

static int setup(void **state)
{
    (void)state;
    folder = test_folder_create();
    test_folder_join(folder.path, "times.json", path);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_folder_destroy(&folder);
    return 0;
}

static void assert_near(double got, double want)
{
    if (!(fabs(got - want) <= TOLERANCE)) {
        fail_msg("%.17g is not %.17g", got, want);
    }
}

/* Reads bytes as a file. */
static bool read_bytes(const void *bytes, size_t size, cost_file *file, char error[COST_ERROR_TEXT])
{
    test_file_write(path, bytes, size);
    return cost_file_read(path, file, error);
}

static void must_read(const char *text, cost_file *file)
{
    char error[COST_ERROR_TEXT];
    if (!read_bytes(text, strlen(text), file, error)) {
        fail_msg("%s", error);
    }
}

/* The bytes are refused in one line that holds `expected`, and nothing is stored. */
static void must_refuse(const void *bytes, size_t size, const char *expected)
{
    char error[COST_ERROR_TEXT] = "";
    cost_file file = {.device = "untouched"};
    if (read_bytes(bytes, size, &file, error)) {
        fail_msg("read, but expected: %s", expected);
    }
    if (strstr(error, expected) == NULL || strchr(error, '\n') != NULL) {
        fail_msg("\"%s\" should be one line with \"%s\"", error, expected);
    }
    assert_string_equal(file.device, "untouched");
    assert_int_equal(file.model.layers, 0);
}

static void reads_times_of_rows(void **state)
{
    (void)state;
    char text[COST_DOCUMENT_SIZE];
    char network[COST_NETWORK_TEXT];
    cost_file file;
    cost_document(false, text);
    must_read(text, &file);
    cost_network_describe(&file.network, network);
    assert_string_equal(network, "19-31-24-5, batch 7, row");
    assert_string_equal(file.device, "a device");
    assert_near(file.milliseconds[0], 9);
    assert_near(file.model.conventional, 9);
    assert_int_equal(file.model.layers, 2);
    for (uint32_t i = 1; i <= COST_DOCUMENT_PERIODS; i++) {
        for (uint32_t j = 1; j <= COST_DOCUMENT_PERIODS; j++) {
            double milliseconds = 0;
            assert_success(ard_cost_predict(&file.model, (const uint32_t[]){i, j}, &milliseconds));
            assert_near(milliseconds, cost_document_time(i, j));
        }
    }
}

static void reads_times_of_tiles(void **state)
{
    (void)state;
    char text[COST_DOCUMENT_SIZE];
    char network[COST_NETWORK_TEXT];
    cost_file file;
    cost_document(true, text);
    must_read(text, &file);
    cost_network_describe(&file.network, network);
    assert_string_equal(network, "19-31-24-5, batch 7, tile 4 linear");
    assert_near(file.milliseconds[0], 9);
    assert_near(file.milliseconds[1], 12);
}

static void compares_networks(void **state)
{
    (void)state;
    char text[COST_DOCUMENT_SIZE];
    cost_file file;
    cost_document(true, text);
    must_read(text, &file);
    const cost_network network = file.network;
    cost_network others[] = {network, network, network, network, network, network};
    others[0].batch++;
    others[1].widths[3]++;
    others[2].layers--;
    others[3].pattern = ARD_DROPOUT_ROW;
    others[4].tile_edge++;
    others[5].tile_numbering = ARD_TILE_DIAGONAL;
    assert_true(cost_network_equal(&network, &network));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_false(cost_network_equal(&network, &others[i]));
    }
    /* Rows have no tiles. */
    cost_network rows = others[3];
    rows.tile_edge++;
    assert_true(cost_network_equal(&others[3], &rows));
}

/* Replaces a part of the document of tiles, which must be refused then. */
static void refuses_what_is_wrong(void **state)
{
    (void)state;
    const struct {
        const char *from, *to, *expected;
    } cases[] = {
        {"\"schema\": 1", "\"schema\": 2", "\"schema\" should be 1"},
        {"\"schema\"", "\"scheme\"", "\"schema\" should be 1"},
        {"\"per_period\"", "\"results\"", "it has no \"per_period\""},
        {"\"per_period\": [{", "\"per_period\": [{}, {", "one device, not of 2"},
        {"\"step\"", "\"gemm\"", "\"case\" should be \"step\""},
        {"\"mlp\"", "\"lstm\"", "\"model\" \"mlp\""},
        {"\"pattern\": \"tile\"", "\"pattern\": \"subset\"", "\"row\" or \"tile\""},
        {"\"tile\": 4", "\"tile\": 0", "\"tile\" should be a whole number from 1"},
        {"\"linear\"", "\"rows\"", "\"diagonal\" or \"linear\""},
        {"\"batch\": 7", "\"batch\": 7.5", "\"batch\" should be a whole number"},
        {"\"batch\": 7", "\"batch\": \"7\"", "\"batch\" should be a whole number"},
        {"\"batch\": 7", "\"batch\": 1e99", "\"batch\" should be a whole number"},
        {"\"batch\": 7", "\"batch\": 1e999", "\"batch\" should be a whole number"},
        {"[19, 31, 24, 5]", "[19, 5]", "\"layers\" should be an array of 3 to 65"},
        {"[19, 31, 24, 5]", "\"19\"", "\"layers\" should be an array"},
        {"[19, 31, 24, 5]", "[19, -31, 24, 5]", "\"layers\" should be whole numbers"},
        {"[19, 31, 24, 5]", "[19, 31, 5]", "should be 1 whole numbers"},
        {"\"id\": \"0:0\"", "\"id\": \"0:1\"", "no usable name"},
        {"a device", "", "no usable name"},
        {"a device", "a\\ndevice", "no usable name"},
        {"\"unit\": \"ms\"", "\"unit\": \"s\"", "\"unit\" should be \"ms\""},
        {"\"bernoulli\"", "\"none\"", "entry 1 of \"baselines\" should be \"bernoulli\""},
        {", {\"baseline\": \"dropconnect\", \"ms\": 12}", "", "array of 2 to 2 entries"},
        {"\"ms\": 12", "\"ms\": 0", "\"ms\" of entry 2 of \"baselines\" should be a number"},
        {"\"ms\": 12", "\"ms\": null", "\"ms\" of entry 2 of \"baselines\""},
        {"\"max_period\": 3", "\"max_period\": 65", "\"max_period\" should be a whole number"},
        {"\"max_period\": 3", "\"max_period\": 2", "entry 3 of \"times\" should be 2 whole"},
        {"[3, 3], \"ms\": ", "[3, 3], \"ms\": -", "\"ms\" of entry 9 of \"times\""},
        {"[3, 3]", "[3, 0]", "\"periods\" of entry 9 of \"times\""},
        {"[3, 3]", "[3]", "\"periods\" of entry 9 of \"times\""},
        {"\"times\": [", "\"times\": [], \"more\": [", "\"times\" should be an array of 1 to"},
        {"]}]}\n", "]}]} {}\n", "it is not JSON"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[COST_DOCUMENT_SIZE];
        cost_document(true, text);
        cost_document_replace(text, cases[i].from, cases[i].to);
        must_refuse(text, strlen(text), cases[i].expected);
    }
}

/* One joint period alone determines nothing. */
static void refuses_too_few_times(void **state)
{
    (void)state;
    char text[COST_DOCUMENT_SIZE];
    cost_document(false, text);
    char *second = strstr(text, ", {\"periods\": [1, 2]");
    assert_non_null(second);
    memcpy(second, "]}]}", 5);
    must_refuse(text, strlen(text), "1 samples of 2 layers");
}

static void refuses_every_beginning(void **state)
{
    (void)state;
    char text[COST_DOCUMENT_SIZE];
    cost_document(true, text);
    const size_t whole = strlen(text) - 1; /* without the end of the line */
    for (size_t size = 0; size < whole; size++) {
        must_refuse(text, size, "it is not JSON");
    }
}

/* Any byte may be anything: it is read or refused, and never more than one line is said. */
static void survives_any_byte(void **state)
{
    (void)state;
    static const unsigned char bytes[] = {0, '\n', '"', '0', '9', '-', '[', '}', ',', 0x80, 0xff};
    char text[COST_DOCUMENT_SIZE];
    cost_document(true, text);
    const size_t size = strlen(text);
    for (size_t i = 0; i < size; i++) {
        const char kept = text[i];
        char error[COST_ERROR_TEXT] = "";
        cost_file file;
        text[i] = (char)bytes[i % sizeof bytes];
        if (!read_bytes(text, size, &file, error)) {
            assert_true(error[0] != '\0' && strchr(error, '\n') == NULL);
        }
        text[i] = kept;
    }
}

static void refuses_what_cannot_be_read(void **state)
{
    (void)state;
    char error[COST_ERROR_TEXT];
    char missing[TEST_PATH_CAPACITY];
    cost_file file;
    test_folder_join(folder.path, "missing", missing);
    assert_false(cost_file_read(missing, &file, error));
    assert_non_null(strstr(error, "cannot read '"));
    assert_false(cost_file_read(folder.path, &file, error));
    assert_non_null(strstr(error, "cannot read '"));
    char *blanks = malloc(COST_MOST_BYTES + 1);
    assert_non_null(blanks);
    memset(blanks, ' ', COST_MOST_BYTES + 1);
    must_refuse(blanks, COST_MOST_BYTES + 1, "it is larger than 1048576 bytes");
    must_refuse(blanks, COST_MOST_BYTES, "it is not JSON");
    free(blanks);
    char text[COST_DOCUMENT_SIZE];
    cost_document(false, text);
    must_refuse(text, strlen(text) + 1, "it is not JSON"); /* with its zero */
}

/* The first layer pays for period 2, the second for none. */
static void chooses_the_fastest(void **state)
{
    (void)state;
    const double rates[] = {0.5, 0.5};
    const uint32_t periods[] = {3, 3};
    char text[COST_DOCUMENT_SIZE];
    char error[COST_ERROR_TEXT];
    cost_file file;
    cost_choice choice;
    ard_distribution exact;
    cost_document(true, text);
    must_read(text, &file);
    assert_success(ard_distribution_exact(0.5, 3, &exact));
    assert_true(cost_choose(&file, rates, periods, 0, &choice, error));
    assert_near(choice.distributions[0].probabilities[0], 0.25);
    assert_near(choice.distributions[0].probabilities[1], 0);
    assert_near(choice.distributions[0].probabilities[2], 0.75);
    for (size_t i = 0; i < COST_DOCUMENT_PERIODS; i++) { /* nothing to gain in the other layer */
        assert_near(choice.distributions[1].probabilities[i], exact.probabilities[i]);
    }
    assert_near(choice.milliseconds, 1 + 2 * 0.5 + 3 * 0.5 + 4 * 0.25);
    assert_near(choice.speedup[0], 9 / choice.milliseconds);
    assert_near(choice.speedup[1], 12 / choice.milliseconds);
    assert_true(cost_choose(&file, rates, periods, 1, &choice, error));
    for (size_t i = 0; i < COST_DOCUMENT_PERIODS; i++) {
        assert_near(choice.distributions[0].probabilities[i], exact.probabilities[i]);
    }
    assert_near(choice.milliseconds, 4.5 + 0.5 * exact.probabilities[1]);
    cost_document(false, text);
    must_read(text, &file);
    assert_true(cost_choose(&file, rates, periods, 0.9, &choice, error));
    assert_true(choice.milliseconds > 4.5);
    assert_true(choice.milliseconds < 4.5 + 0.5 * exact.probabilities[1]);
    assert_true(choice.distributions[0].entropy >= 0.9 * exact.entropy - TOLERANCE);
    assert_true(isnan(choice.speedup[1])); /* rows have no second baseline */
}

static void refuses_periods_without_times(void **state)
{
    (void)state;
    const struct {
        double rate;
        uint32_t period;
        const char *expected;
    } cases[] = {
        {0.5, 4, "up to 3; measure with --max-period 4, or choose --max-period 3"},
        {0.7, 4,
         "rate 0.7 draws periods up to 4, and the times of --cost are of periods up to 3; "
         "measure with --max-period 4"},
        {0.7, 3, "rate 0.7 is outside"},
    };
    char text[COST_DOCUMENT_SIZE];
    cost_file file;
    cost_document(false, text);
    must_read(text, &file);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char error[COST_ERROR_TEXT] = "";
        cost_choice choice = {.milliseconds = 77};
        const double rates[] = {0.5, cases[i].rate};
        const uint32_t periods[] = {3, cases[i].period};
        assert_false(cost_choose(&file, rates, periods, 0.9, &choice, error));
        if (strstr(error, cases[i].expected) == NULL) {
            fail_msg("\"%s\" should hold \"%s\"", error, cases[i].expected);
        }
        assert_near(choice.milliseconds, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_times_of_rows),   cmocka_unit_test(reads_times_of_tiles),
        cmocka_unit_test(compares_networks),     cmocka_unit_test(refuses_what_is_wrong),
        cmocka_unit_test(refuses_too_few_times), cmocka_unit_test(refuses_every_beginning),
        cmocka_unit_test(survives_any_byte),     cmocka_unit_test(refuses_what_cannot_be_read),
        cmocka_unit_test(chooses_the_fastest),   cmocka_unit_test(refuses_periods_without_times),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
