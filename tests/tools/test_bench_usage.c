/* SPDX-License-Identifier: Apache-2.0 */
/* ard-bench without measurements: help, the list of devices, mistakes in the command line. */
#include "tools/bench_process.h"

#include <ard/version.h>
#include <stdio.h>
#include <string.h>

static void prints_help(void **state)
{
    (void)state;
    const char *const commands[] = {"--help",        "-h",          "gemm --help",
                                    "step --help",   "list --help", "report --help",
                                    "compare --help"};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        bench_output output = bench_run(commands[i]);
        bench_assert_status(&output, 0);
        assert_int_equal(strncmp(output.out, "Usage: ard-bench", 16), 0);
        const bool reads =
            strncmp(commands[i], "report", 6) == 0 || strncmp(commands[i], "compare", 7) == 0;
        assert_int_equal(strstr(output.out, "--device") == NULL, reads);
        assert_string_equal(output.err, "");
        const bool tiles =
            strncmp(commands[i], "gemm", 4) == 0 || strncmp(commands[i], "step", 4) == 0;
        assert_int_equal(strstr(output.out, "--numbering diagonal|linear") != NULL, tiles);
        bench_free(&output);
    }
    bench_output version = bench_run("--version");
    bench_assert_status(&version, 0);
    assert_non_null(strstr(version.out, ard_version()));
    bench_free(&version);
}

static void lists_devices_as_text(void **state)
{
    (void)state;
    bench_output output = bench_run("list");
    bench_assert_status(&output, 0);
    assert_string_equal(output.err, "");
    assert_true(bench_lines(output.out) >= 1);
    assert_non_null(strstr(output.out, "0:0 "));
    assert_non_null(strstr(output.out, "compute unit"));
    bench_free(&output);
}

static void lists_devices_as_csv(void **state)
{
    (void)state;
    bench_output output = bench_run("list --format csv");
    bench_assert_status(&output, 0);
    assert_true(bench_lines(output.out) >= 2);
    assert_int_equal(strncmp(output.out, "id,name,platform,driver,type,compute_units\n0:0,", 47),
                     0);
    bench_free(&output);
}

static void lists_devices_as_json(void **state)
{
    (void)state;
    static const char *const keys[] = {"schema", "version", "devices", NULL};
    static const char *const device_keys[] = {"id",   "name",          "platform", "driver",
                                              "type", "compute_units", NULL};
    bench_output output = bench_run("list --format json");
    bench_assert_status(&output, 0);
    assert_string_equal(output.err, "");
    cJSON *document = cJSON_Parse(output.out);
    bench_assert_keys(document, keys);
    assert_int_equal(cJSON_GetObjectItem(document, "schema")->valueint, 1);
    assert_string_equal(cJSON_GetObjectItem(document, "version")->valuestring, ard_version());
    const cJSON *devices = cJSON_GetObjectItem(document, "devices");
    assert_true(cJSON_GetArraySize(devices) >= 1);
    const cJSON *device = NULL;
    cJSON_ArrayForEach(device, devices)
    {
        bench_assert_keys(device, device_keys);
        assert_true(cJSON_GetObjectItem(device, "compute_units")->valueint >= 1);
    }
    cJSON_Delete(document);
    bench_free(&output);
}

static void refuses_unknown_words(void **state)
{
    (void)state;
    bench_assert_mistake("--bogus", "unknown option '--bogus'");
    bench_assert_mistake("frobnicate", "unknown command 'frobnicate'");
    bench_assert_mistake("list extra", "'extra'");
    bench_assert_mistake("list --repeat 3", "unknown option '--repeat'");
    bench_assert_mistake("list --format xml", "'xml' is not text, csv or json");
    bench_assert_mistake("step --model gru", "'gru' is not mlp or lstm");
    bench_assert_mistake("step --pattern column", "'column' is not row, subset, tile or index");
    bench_assert_mistake("step --pattern tile --numbering rows",
                         "'rows' is not diagonal or linear");
    bench_assert_mistake("step --device no-such-device", "0:0");
    bench_assert_mistake("step --device 99:99", "0:0");
    bench_assert_mistake("list --device no-such-device", "0:0");
}

static void refuses_bad_sizes(void **state)
{
    (void)state;
    bench_assert_mistake("gemm --m 0 --n 8 --k 8", "--m: '0'");
    bench_assert_mistake("gemm --m 8 --n 0 --k 8", "--n: '0'");
    bench_assert_mistake("gemm --m 8 --n 8 --k 0", "--k: '0'");
    bench_assert_mistake("gemm --m 8 --n 8", "--k is missing");
    bench_assert_mistake("gemm --m 8 --n 8 --k -8", "--k: '-8'");
    bench_assert_mistake("gemm --m 8 --n 8 --k 99999999999999999999", "--k");
    bench_assert_mistake("step --in 0", "--in: '0'");
    bench_assert_mistake("step --hidden 16,0", "--hidden: '16,0'");
    bench_assert_mistake("step --hidden 16,", "--hidden: '16,'");
    bench_assert_mistake("step --out 0", "--out: '0'");
    bench_assert_mistake("step --batch 0", "--batch: '0'");
    bench_assert_mistake("step --repeat 0", "--repeat: '0'");
    bench_assert_mistake("--repeat 0", "--repeat: '0'");
    bench_assert_mistake("step --seed 1x", "--seed: '1x'");
}

static void refuses_bad_rates(void **state)
{
    (void)state;
    bench_assert_mistake("step --rate nan", "--rate: 'nan'");
    bench_assert_mistake("step --rate 0.5,inf", "--rate: '0.5,inf'");
    bench_assert_mistake("step --rate 1", "--rate: '1'");
    bench_assert_mistake("step --rate=-0.1", "--rate: '-0.1'");
    bench_assert_mistake("step --rate 0.1,0.2,0.3", "3 rates for 2 hidden layers");
    bench_assert_mistake("step --rate 0.9 --max-period 4", "0.75");
    bench_assert_mistake("step --rate 0.99", "0.99");
    bench_assert_mistake("step --rate 0.99 --pattern subset", "0.9375");
    bench_assert_mistake("step --rate 0.975,0.99 --hidden 40,40 --pattern index",
                         "rate 0.99 keeps less than one of 40 units; at most 0.975 can be reached");
    bench_assert_mistake("gemm --m 8 --n 8 --k 1 --pattern index", "less than one of 1 units");
    bench_assert_mistake("gemm --m 8 --n 8 --k 8 --rate nan", "--rate: 'nan'");
    bench_assert_mistake("gemm --m 8 --n 8 --k 8 --rate 0.9 --max-period 4", "0.75");
}

static void refuses_bad_patterns(void **state)
{
    (void)state;
    bench_assert_mistake("step --hidden 2 --rate 0.5", "period 3 is larger than the width 2");
    bench_assert_mistake("step --hidden 4 --rate 0.5 --pattern subset", "width 4");
    bench_assert_mistake("step --max-period 65", "--max-period: '65'");
    bench_assert_mistake("gemm --m 8 --n 8 --k 1 --rate 0.5",
                         "period 3 is larger than the width 1");
    bench_assert_mistake("gemm --m 8 --n 8 --k 8 --period 0", "--period: '0'");
    bench_assert_mistake("gemm --m 8 --n 8 --k 8 --period 9", "width 8");
    bench_assert_mistake("gemm --m 8 --n 8 --k 8 --period 4 --offset 4", "offset 4");
    bench_assert_mistake("gemm --m 8 --n 8 --k 8 --offset 1", "--offset needs --period");
    bench_assert_mistake("gemm --m 8 --n 8 --k 8 --period 4 --max-period 4", "--max-period");
    bench_assert_mistake("gemm --m 8 --n 8 --k 8 --pattern index --period 4",
                         "--period needs --pattern row, subset or tile");
    bench_assert_mistake("gemm --m 8 --n 8 --k 8 --pattern index --max-period 4",
                         "--max-period needs --pattern row, subset or tile");
    bench_assert_mistake("step --pattern index --max-period 4",
                         "--max-period needs --pattern row, subset or tile");
    bench_assert_mistake("step --pattern index --tile 4", "--tile needs --pattern tile");
}

static void refuses_bad_tiles(void **state)
{
    (void)state;
#define SMALL "gemm --m 8 --n 64 --k 48 "
    bench_assert_mistake(SMALL "--pattern tile --tile 0", "--tile: '0'");
    bench_assert_mistake("step --pattern tile --tile 16777217", "--tile: '16777217'");
    bench_assert_mistake(SMALL "--tile 16", "--tile needs --pattern tile");
    bench_assert_mistake("step --pattern row --tile 16", "--tile needs --pattern tile");
    bench_assert_mistake("step --pattern subset --numbering linear",
                         "--numbering needs --pattern tile");
    /* Two by two tiles: diagonal periods up to 3, linear ones up to 4. */
    bench_assert_mistake(SMALL "--pattern tile --rate 0.7",
                         "rate 0.7 draws periods up to 4, which exceeds the 3 that diagonal tiles "
                         "of edge 32 in [64 x 48] weights allow; choose a smaller --tile\n");
    bench_assert_mistake(SMALL "--pattern tile --rate 0.6 --max-period 5",
                         "choose a smaller --tile or --max-period 3\n");
    bench_assert_mistake(SMALL "--pattern tile --rate 0.7 --max-period 5 --numbering linear",
                         "or --max-period 4\n");
    bench_assert_mistake("step --in 96 --hidden 64,20 --pattern tile",
                         "exceeds the 2 that diagonal tiles of edge 32 in [20 x 64] weights allow; "
                         "choose a smaller --tile or --max-period 2\n");
    bench_assert_mistake(SMALL "--pattern tile --period 5 --offset 3",
                         "offset 3 of period 5 keeps none of the 2 x 2 tiles");
    bench_assert_mistake(SMALL "--pattern tile --period 5 --offset 5", "offset 5");
    bench_assert_mistake(SMALL "--pattern row --period 65", "period 65 is outside 1..64");
#undef SMALL
}

/* A loader that is sent to an empty place finds no driver. */
static void fails_without_devices(void **state)
{
    (void)state;
    const char *const commands[] = {"ard-bench", "ard-bench step --hidden 8",
                                    "ard-bench gemm --m 8 --n 8 --k 8", "ard-bench list"};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char command[256];
        snprintf(command, sizeof command, "OCL_ICD_VENDORS=/nonexistent exec %s", commands[i]);
        bench_output output = bench_shell(command);
        bench_assert_status(&output, 1);
        assert_string_equal(output.out, "");
        assert_int_equal(bench_lines(output.err), 1);
        assert_non_null(strstr(output.err, "pocl-opencl-icd"));
        bench_free(&output);
    }
    bench_output output =
        bench_shell("OCL_ICD_VENDORS=/nonexistent exec ard-bench list --format json");
    bench_assert_status(&output, 1);
    cJSON *document = cJSON_Parse(output.out);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(document, "devices")), 0);
    cJSON_Delete(document);
    bench_free(&output);
}

static void fails_when_output_is_full(void **state)
{
    (void)state;
    bench_output output = bench_shell("exec ard-bench list > /dev/full");
    bench_assert_status(&output, 1);
    assert_int_equal(bench_lines(output.err), 1);
    bench_free(&output);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_help),
        cmocka_unit_test(lists_devices_as_text),
        cmocka_unit_test(lists_devices_as_csv),
        cmocka_unit_test(lists_devices_as_json),
        cmocka_unit_test(refuses_unknown_words),
        cmocka_unit_test(refuses_bad_sizes),
        cmocka_unit_test(refuses_bad_rates),
        cmocka_unit_test(refuses_bad_patterns),
        cmocka_unit_test(refuses_bad_tiles),
        cmocka_unit_test(fails_without_devices),
        cmocka_unit_test(fails_when_output_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
