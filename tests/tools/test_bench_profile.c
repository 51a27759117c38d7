/* SPDX-License-Identifier: Apache-2.0 */
/* ard-bench step --profile: what is counted and that it adds up, as JSON and as text, on sizes that
 * take moments. Nothing here looks at speed. */
#include "tools/bench_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SIZES "--in 19 --hidden 31,24 --out 5 --batch 7 --repeat 2"

/* FLOPs of the products of one dense step of these sizes: the first layer goes backward to its
 * weights alone. */
static const double DENSE_FLOPS = 2.0 * 7 * (2 * 19 * 31 + 3 * 31 * 24 + 3 * 24 * 5);

static const char *const side_keys[] = {
    "wall_ms", "device_ms", "host_ms", "launches", "flops", "bytes", "multiplication_share",
    "kernels", NULL};
static const char *const kernel_keys[] = {"name",  "multiplication", "launches", "ms",   "share",
                                          "flops", "bytes",          "gflop_s",  "gb_s", NULL};

/* Runs a shell command with `arguments` and parses its document. */
static cJSON *profile(const char *environment, const char *arguments)
{
    char command[1024];
    snprintf(command, sizeof command,
             "%s exec ard-bench step " SIZES " %s --device 0:0 --format json --profile",
             environment, arguments);
    bench_output output = bench_shell(command);
    bench_assert_status(&output, 0);
    cJSON *document = cJSON_Parse(output.out);
    bench_assert_keys(document, bench_document_keys);
    bench_free(&output);
    return document;
}

/* A side of result `index`. */
static const cJSON *side_of(const cJSON *document, int index, const char *side)
{
    static const char *const keys[] = {"dense", "ard", NULL};
    const cJSON *both = cJSON_GetObjectItem(bench_result(document, index), "profile");
    bench_assert_keys(both, keys);
    return cJSON_GetObjectItem(both, side);
}

static const cJSON *find(const cJSON *side, const char *name)
{
    const cJSON *kernel = NULL;
    cJSON_ArrayForEach(kernel, cJSON_GetObjectItem(side, "kernels"))
    {
        if (strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(kernel, "name")), name) == 0) {
            return kernel;
        }
    }
    return NULL;
}

static void assert_kernel(const cJSON *kernel)
{
    const double ms = bench_number(kernel, "ms");
    const double flops = bench_number(kernel, "flops");
    bench_assert_keys(kernel, kernel_keys);
    assert_true(ms > 0);
    assert_true(bench_number(kernel, "launches") > 0);
    assert_true(bench_number(kernel, "bytes") > 0);
    bench_assert_close(bench_number(kernel, "gb_s"), bench_number(kernel, "bytes") / ms / 1e6,
                       1e-4);
    if (flops > 0) {
        assert_true(cJSON_IsTrue(cJSON_GetObjectItem(kernel, "multiplication")));
        bench_assert_close(bench_number(kernel, "gflop_s"), flops / ms / 1e6, 1e-4);
    } else {
        assert_true(cJSON_IsNull(cJSON_GetObjectItem(kernel, "gflop_s")));
    }
}

/* The parts are what the totals say. */
static void assert_side(const cJSON *side)
{
    static const char *const sums[] = {"launches", "flops", "bytes"};
    double totals[3] = {0};
    double ms = 0;
    double products = 0;
    double shares = 0;
    double longest = HUGE_VAL;
    const cJSON *kernel = NULL;
    bench_assert_keys(side, side_keys);
    cJSON_ArrayForEach(kernel, cJSON_GetObjectItem(side, "kernels"))
    {
        assert_kernel(kernel);
        const double took = bench_number(kernel, "ms");
        assert_true(took <= longest);
        longest = took;
        ms += took;
        products += cJSON_IsTrue(cJSON_GetObjectItem(kernel, "multiplication")) ? took : 0;
        shares += bench_number(kernel, "share");
        for (size_t i = 0; i < 3; i++) {
            totals[i] += bench_number(kernel, sums[i]);
        }
    }
    for (size_t i = 0; i < 3; i++) {
        bench_assert_close(bench_number(side, sums[i]), totals[i], 1e-4);
    }
    bench_assert_close(bench_number(side, "device_ms"), ms, 1e-4);
    bench_assert_close(bench_number(side, "multiplication_share"), products / ms, 1e-4);
    bench_assert_close(shares, 1, 1e-4);
    assert_true(fabs(bench_number(side, "wall_ms") - ms - bench_number(side, "host_ms")) <=
                1e-4 * bench_number(side, "wall_ms"));
}

static void counts_dense_launches(void **state)
{
    (void)state;
    cJSON *document = profile("", "--rate 0.5");
    const cJSON *dense = side_of(document, 0, "dense");
    const cJSON *compact = side_of(document, 0, "ard");
    assert_side(dense);
    assert_side(compact);
    /* Eight products, each with an operand packed; weights and biases of three layers. */
    bench_assert_close(bench_number(find(dense, "ard_multiply"), "launches"), 8, 0);
    bench_assert_close(bench_number(find(dense, "ard_pack"), "launches"), 8, 0);
    bench_assert_close(bench_number(find(dense, "ard_update_dense"), "launches"), 6, 0);
    bench_assert_close(bench_number(find(dense, "ard_forward_bernoulli"), "launches"), 2, 0);
    bench_assert_close(bench_number(dense, "flops"), DENSE_FLOPS, 1e-5);
    bench_assert_close(bench_number(find(compact, "ard_multiply"), "launches"), 8, 1e-5);
    assert_null(find(compact, "ard_forward_bernoulli"));
    /* Each side's part of the limit. */
    const cJSON *result = bench_result(document, 0);
    bench_assert_close(bench_number(dense, "flops") / bench_number(compact, "flops"),
                       bench_number(result, "flop_limit"), 1e-4);
    cJSON_Delete(document);
}

static void counts_calls_of_clblast(void **state)
{
    (void)state;
    cJSON *document = profile("ARD_ENGINE=clblast", "--rate 0.5 --pattern subset");
    const cJSON *dense = side_of(document, 0, "dense");
    assert_side(dense);
    assert_side(side_of(document, 0, "ard"));
    bench_assert_close(bench_number(find(dense, "clblast"), "launches"), 8, 0);
    assert_null(find(dense, "ard_multiply"));
    bench_assert_close(bench_number(dense, "flops"), DENSE_FLOPS, 1e-5);
    cJSON_Delete(document);
}

/* As many products as with other patterns, over exactly the kept units. */
static void profiles_index_patterns(void **state)
{
    (void)state;
    cJSON *document = profile("", "--rate 0.5 --pattern index");
    const cJSON *compact = side_of(document, 0, "ard");
    assert_side(compact);
    bench_assert_close(bench_number(find(compact, "ard_multiply"), "launches"), 8, 1e-5);
    bench_assert_close(bench_number(side_of(document, 0, "dense"), "flops") /
                           bench_number(compact, "flops"),
                       bench_number(bench_result(document, 0), "flop_limit"), 1e-4);
    cJSON_Delete(document);
}

static void profiles_both_baselines_of_tiles(void **state)
{
    (void)state;
    cJSON *document = profile("", "--rate 0.5,0.3 --pattern tile --tile 4 --verify");
    for (int i = 0; i < 2; i++) {
        assert_side(side_of(document, i, "dense"));
        assert_side(side_of(document, i, "ard"));
        bench_assert_close(bench_number(side_of(document, i, "dense"), "flops"), DENSE_FLOPS, 1e-5);
        /* Padding of groups counts as well, so there is no more than this to say. */
        assert_true(bench_number(side_of(document, i, "ard"), "flops") > 0);
    }
    assert_null(find(side_of(document, 0, "dense"), "ard_mask"));
    assert_non_null(find(side_of(document, 1, "dense"), "ard_mask"));
    cJSON_Delete(document);
}

/* Without the option nothing about it is said. */
static void only_on_request(void **state)
{
    (void)state;
    bench_output output = bench_run("step " SIZES " --device 0:0 --format json");
    bench_assert_status(&output, 0);
    cJSON *document = cJSON_Parse(output.out);
    assert_false(cJSON_HasObjectItem(bench_result(document, 0), "profile"));
    cJSON_Delete(document);
    bench_free(&output);
}

/* How often `text` stands in `whole`. */
static int occurrences(const char *whole, const char *text)
{
    int count = 0;
    for (const char *at = whole; (at = strstr(at, text)) != NULL; at++) {
        count++;
    }
    return count;
}

static void prints_tables(void **state)
{
    (void)state;
    bench_output output =
        bench_run("step " SIZES " --rate 0.5 --pattern tile --tile 4 --device 0:0 --profile");
    bench_assert_status(&output, 0);
    assert_non_null(strstr(output.out, "profile of a step, compacted: "));
    assert_non_null(strstr(output.out, "profile of a step, conventional dropout: "));
    assert_non_null(strstr(output.out, "profile of a step, DropConnect: "));
    assert_int_equal(occurrences(output.out, "launches          ms  share %   GFLOP/s      GB/s\n"),
                     3);
    assert_int_equal(occurrences(output.out, "\n  ard_multiply "), 3);
    assert_int_equal(occurrences(output.out, "\n  all "), 3);
    assert_int_equal(occurrences(output.out, "\n  multiplication: "), 3);
    assert_int_equal(occurrences(output.out, " of the device's time; moved: "), 3);
    assert_null(strchr(output.out, '\r'));
    if (output.err[0] != '\0') { /* how to repeat what is slower */
        assert_non_null(strstr(output.err, " --profile\n"));
    }
    bench_free(&output);
}

/* Once for the device, though the profile has a context of its own. */
static void says_that_a_tuning_is_refused(void **state)
{
    static const char begin[] = "ard-bench: cannot open /no/such/tuning: ";
    (void)state;
    bench_output output = bench_shell("ARD_TUNING=/no/such/tuning exec ard-bench step " SIZES
                                      " --rate 0.5 --device 0:0 --format json --profile");
    bench_assert_status(&output, 0);
    assert_int_equal(strncmp(output.err, begin, strlen(begin)), 0);
    const char *said = strstr(output.err, "; run ard-tune\n");
    assert_non_null(said);
    said += strlen("; run ard-tune");
    assert_ptr_equal(strchr(output.err, '\n'), said);
    assert_null(strstr(said, "ard-tune"));
    bench_free(&output);
}

static void refuses_what_has_no_profile(void **state)
{
    (void)state;
    bench_assert_mistake("gemm --m 8 --n 8 --k 8 --profile", "unknown option '--profile'");
    bench_assert_mistake("--profile", "unknown option '--profile'");
    bench_assert_mistake("step --profile --format csv", "--profile needs --format text or json");
}

/* --memory: the network with patterns takes about what the other does, never nothing. */
static void test_memory(void **state)
{
    (void)state;
    bench_output output =
        bench_shell("exec ard-bench step " SIZES
                    " --pattern tile --tile 4 --device 0:0 --format json --memory");
    bench_assert_status(&output, 0);
    cJSON *document = cJSON_Parse(output.out);
    const cJSON *results = cJSON_GetObjectItemCaseSensitive(document, "results");
    assert_int_equal(cJSON_GetArraySize(results), 2);
    for (int i = 0; i < 2; ++i) {
        const cJSON *memory =
            cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(results, i), "memory");
        const double dense =
            cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(memory, "dense_bytes"));
        const double compact =
            cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(memory, "ard_bytes"));
        const double weights = 4.0 * (19 * 31 + 31 * 24 + 24 * 5);
        assert_true(dense >= 2 * weights && dense < 20 * weights);
        assert_true(compact >= 2 * weights && compact < 20 * weights);
    }
    cJSON_Delete(document);
    bench_free(&output);
    bench_output text = bench_shell("exec ard-bench step " SIZES " --device 0:0 --memory");
    bench_assert_status(&text, 0);
    assert_non_null(strstr(text.out, "device memory at the most: compacted "));
    bench_free(&text);
    bench_output mistake = bench_shell("exec ard-bench step --memory --format csv");
    bench_assert_status(&mistake, 2);
    bench_free(&mistake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory),
        cmocka_unit_test(counts_dense_launches),
        cmocka_unit_test(counts_calls_of_clblast),
        cmocka_unit_test(profiles_index_patterns),
        cmocka_unit_test(profiles_both_baselines_of_tiles),
        cmocka_unit_test(only_on_request),
        cmocka_unit_test(prints_tables),
        cmocka_unit_test(says_that_a_tuning_is_refused),
        cmocka_unit_test(refuses_what_has_no_profile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
