/* SPDX-License-Identifier: Apache-2.0 */
/* The file of ard-bench --output: what is in it, that it survives ctrl-C and SIGKILL, and that a
 * sweep goes on with it. */
#include "tools/bench_process.h"
#include "tools/data_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of few kernels, because a driver that meets them for the first time compiles them. */
#define CASE "gemm --m 3 --n 7 --k 5 --rate 0.5"
#define SMALL " --repeat 1 --device 0:0 "

static char results[DATA_PATH_SIZE], problems[DATA_PATH_SIZE];

static int set_up(void **state)
{
    const int status = data_folder_setup(state);
    data_path("results.json", results);
    data_path("problems.txt", problems);
    return status;
}

static char *read_text(const char *path)
{
    enum { MOST = 1 << 20 };
    char *text = calloc(MOST, 1);
    FILE *stream = fopen(path, "rb");
    assert_non_null(text);
    assert_non_null(stream);
    assert_true(fread(text, 1, MOST - 1, stream) > 0);
    fclose(stream);
    return text;
}

static cJSON *read_results(void)
{
    char *text = read_text(results);
    cJSON *document = cJSON_ParseWithOpts(text, NULL, true);
    if (document == NULL) {
        fail_msg("no JSON: %s", text);
    }
    free(text);
    return document;
}

static int count_results(const cJSON *document)
{
    return cJSON_GetArraySize(cJSON_GetObjectItem(document, "results"));
}

static bench_output run_with(const char *arguments, const char *more)
{
    char command[1024];
    snprintf(command, sizeof command, "%s --output %s %s", arguments, results, more);
    return bench_run(command);
}

static bench_output sweep(const char *text, const char *more)
{
    char arguments[512];
    data_write("problems.txt", text, strlen(text));
    snprintf(arguments, sizeof arguments, "sweep --problems %s" SMALL, problems);
    return run_with(arguments, more);
}

static void assert_refused(const char *arguments, const char *more, const char *expected)
{
    char whole[1024];
    snprintf(whole, sizeof whole, "%s --output %s %s", arguments, results, more);
    bench_assert_mistake(whole, expected);
}

/* The same document as on the output, beside any format. */
static void writes_the_document(void **state)
{
    (void)state;
    data_folder_empty();
    bench_output output = run_with(CASE SMALL "--seed 18446744073709551615", "--format json");
    bench_assert_status(&output, 0);
    char *text = read_text(results);
    assert_string_equal(text, output.out);
    free(text);
    bench_free(&output);
    cJSON *document = read_results();
    assert_int_equal(count_results(document), 1);
    const cJSON *result = cJSON_GetArrayItem(cJSON_GetObjectItem(document, "results"), 0);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(result, "command")),
                        "ard-bench gemm --m 3 --n 7 --k 5 --rate 0.5 --pattern row --device 0:0 "
                        "--repeat 1 --seed 18446744073709551615");
    const cJSON *device = cJSON_GetArrayItem(cJSON_GetObjectItem(document, "devices"), 0);
    assert_non_null(strstr(cJSON_GetStringValue(cJSON_GetObjectItem(device, "environment")),
                           "; engine packed; tuning "));
    assert_non_null(
        cJSON_GetStringValue(cJSON_GetObjectItem(cJSON_GetObjectItem(document, "host"), "cpu")));
    const char *date = cJSON_GetStringValue(cJSON_GetObjectItem(document, "date"));
    assert_int_equal(strlen(date), strlen("2026-01-31T23:59:59Z"));
    assert_int_equal(date[10], 'T');
    cJSON_Delete(document);
}

/* An engine is asked for in a case of its own context. */
static void engines_are_chosen(void **state)
{
    (void)state;
    data_folder_empty();
    bench_output output = run_with(CASE " --engine packed" SMALL, "--format csv");
    bench_assert_status(&output, 0);
    assert_non_null(strstr(output.out, "\n0:0,gemm,none,row,none,packed,3,5 7,0.5 0.5,"));
    bench_free(&output);
    cJSON *document = read_results();
    const cJSON *result = cJSON_GetArrayItem(cJSON_GetObjectItem(document, "results"), 0);
    assert_non_null(strstr(cJSON_GetStringValue(cJSON_GetObjectItem(result, "command")),
                           " --engine packed --device "));
    assert_int_equal(cJSON_GetObjectItem(result, "repeat")->valueint, 1);
    cJSON_Delete(document);
}

static void keeps_what_exists(void **state)
{
    (void)state;
    data_folder_empty();
    data_write("results.json", "precious", 8);
    assert_refused(CASE SMALL, "",
                   "results.json exists; --resume keeps its results and measures "
                   "what is missing, --overwrite replaces it\n");
    assert_refused(CASE SMALL, "--resume", "results.json: not JSON from line 1 on");
    data_write("results.json", "[1]", 3);
    assert_refused(CASE SMALL, "--resume", "not results that ard-bench can go on with");
    data_write("results.json", "{\"schema\": 1}", 13);
    assert_refused(CASE SMALL, "--resume", "not results that ard-bench can go on with");
    char *text = read_text(results);
    assert_string_equal(text, "{\"schema\": 1}");
    free(text);
    bench_output output = run_with(CASE SMALL, "--overwrite");
    bench_assert_status(&output, 0);
    bench_free(&output);
    cJSON *document = read_results();
    assert_int_equal(count_results(document), 1);
    cJSON_Delete(document);
    bench_assert_mistake("step --output / --overwrite", "--output: / is not a regular file");
    bench_assert_mistake("step --resume", "--resume needs --output");
    bench_assert_mistake("--overwrite", "--overwrite needs --output");
    bench_assert_mistake("step --output x --resume --overwrite", "give one of them");
    bench_assert_mistake("step --per-period --output x --resume", "--per-period is one case");
    output = bench_run(CASE SMALL "--output /proc/results.json");
    bench_assert_status(&output, 1);
    assert_string_equal(output.out, "");
    assert_non_null(strstr(output.err, "ard-bench: cannot write /proc/results.json: "));
    bench_free(&output);
}

/* Not both of two processes write: flock(1) holds the file as one would. */
static void refuses_a_file_in_use(void **state)
{
    (void)state;
    data_folder_empty();
    bench_output output = run_with(CASE SMALL, "");
    bench_assert_status(&output, 0);
    bench_free(&output);
    char *before = read_text(results);
    char command[2048];
    snprintf(command, sizeof command,
             "for how in resume overwrite; do flock %s ard-bench " CASE SMALL
             "--output %s --$how; done",
             results, results);
    output = bench_shell(command);
    bench_assert_status(&output, 2);
    assert_string_equal(output.out, "");
    assert_int_equal(bench_lines(output.err), 2);
    assert_non_null(strstr(output.err, "ard-bench: --output: another process is writing "));
    bench_free(&output);
    char *after = read_text(results);
    assert_string_equal(after, before);
    free(after);
    free(before);
}

/* Only what is missing is measured, and what was stays as it was. */
static void goes_on(void **state)
{
    (void)state;
    data_folder_empty();
    bench_output output =
        sweep(CASE " --seed 18446744073709551615\n", "--resume"); /* there is nothing yet */
    bench_assert_status(&output, 0);
    bench_free(&output);
    cJSON *before = read_results();
    output = sweep(CASE " --pattern tile --tile 2\n" CASE " --seed 18446744073709551615\n" CASE
                        " --seed 2\n",
                   "--resume --format csv");
    bench_assert_status(&output, 0);
    assert_int_equal(bench_lines(output.out), 4); /* the columns; tiles have two results */
    assert_non_null(strstr(output.err, "ard-bench: 1 case was in "));
    bench_free(&output);
    cJSON *after = read_results();
    assert_int_equal(count_results(after), 4);
    assert_true(cJSON_Compare(cJSON_GetArrayItem(cJSON_GetObjectItem(before, "results"), 0),
                              cJSON_GetArrayItem(cJSON_GetObjectItem(after, "results"), 0), true));
    assert_true(cJSON_Compare(cJSON_GetObjectItem(before, "devices"),
                              cJSON_GetObjectItem(after, "devices"), true));
    cJSON_Delete(before);
    cJSON_Delete(after);
    char *text = read_text(results);
    assert_non_null(strstr(text, ":\t18446744073709551615,")); /* all digits of it */
    free(text);
    output = sweep(CASE " --seed 2\n", "--resume");
    bench_assert_status(&output, 0);
    assert_int_equal(bench_lines(output.out), 2); /* no result, and none to speak of */
    bench_free(&output);
}

/* Changes a text in the file of results. */
static void change(const char *from, const char *to)
{
    char *text = read_text(results);
    const char *at = strstr(text, from);
    assert_non_null(at);
    const size_t size = strlen(text) + strlen(to) + 1;
    char *changed = calloc(size, 1);
    assert_non_null(changed);
    snprintf(changed, size, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    data_write("results.json", changed, strlen(changed));
    free(changed);
    free(text);
}

static void refuses_other_circumstances(void **state)
{
    (void)state;
    data_folder_empty();
    bench_output output = sweep(CASE "\n", "");
    bench_assert_status(&output, 0);
    bench_free(&output);
    char *good = read_text(results);
    change("\"0.", "\"9.");
    assert_refused(CASE SMALL, "--resume", "measured by version 9.");
    data_write("results.json", good, strlen(good));
    change("\"libard 0", "\"libard 9");
    assert_refused(CASE SMALL, "--resume", "device 0:0 was measured as \"libard 9.");
    data_write("results.json", good, strlen(good));
    change("\"compute_units\":\t", "\"compute_units\":\t9");
    assert_refused(CASE SMALL, "--resume", "device 0:0 was measured with 9");
    data_write("results.json", good, strlen(good));
    change("\"cpu\":\t\"", "\"cpu\":\t\"X ");
    assert_refused(CASE SMALL, "--resume", "measured on a host with X ");
    data_write("results.json", good, strlen(good));
    change("\"environment\"", "\"environ\"");
    assert_refused(CASE SMALL, "--resume", "not results that ard-bench can go on with");
    free(good);
}

/* With an engine that was asked for, the environment is that of its context. The case cannot fit
 * into memory, so that nothing is compiled. */
static void goes_on_with_an_engine(void **state)
{
    (void)state;
#define HUGE_CASE "gemm --m 16777216 --n 16777216 --k 1 --rate 0" SMALL
    static const char *const options[] = {"", "--resume"};
    data_folder_empty();
    for (size_t i = 0; i < 2; i++) {
        bench_output output = run_with(HUGE_CASE "--engine clblast", options[i]);
        bench_assert_status(&output, 1);
        assert_non_null(strstr(output.err, "failed: needs at least "));
        bench_free(&output);
    }
    assert_refused(HUGE_CASE "--engine packed", "--resume", "device 0:0 was measured as \"libard ");
}

/* What was interrupted between its times and what else it was asked for is measured again. */
static void completes_results(void **state)
{
    (void)state;
#define STEP "step --in 3 --hidden 4 --out 2 --batch 2 --rate 0 --memory" SMALL
    data_folder_empty();
    bench_output output = run_with(STEP, "");
    bench_assert_status(&output, 0);
    bench_free(&output);
    change("\"memory\"", "\"mislaid\"");
    for (int kept = 0; kept < 2; kept++) {
        output = run_with(STEP, "--resume");
        bench_assert_status(&output, 0);
        assert_int_equal(strstr(output.err, "1 case was in ") != NULL, kept);
        bench_free(&output);
        cJSON *document = read_results();
        assert_int_equal(count_results(document), 1);
        const cJSON *result = cJSON_GetArrayItem(cJSON_GetObjectItem(document, "results"), 0);
        assert_non_null(cJSON_GetObjectItem(result, "memory"));
        assert_null(cJSON_GetObjectItem(result, "mislaid"));
        cJSON_Delete(document);
    }
}

/* A verification that failed is not forgotten. */
static void remembers_failures(void **state)
{
    (void)state;
    data_folder_empty();
    bench_output output = sweep(CASE " --verify\n", "");
    bench_assert_status(&output, 0);
    bench_free(&output);
    change("\"verified\":\ttrue", "\"verified\":\tfalse");
    output = sweep(CASE " --verify\n", "--resume");
    bench_assert_status(&output, 1);
    assert_non_null(strstr(output.err, "the results kept differ from double precision"));
    bench_free(&output);
}

/* Which case it is, and how long the rest takes, on a terminal that script(1) makes. */
static void shows_progress_on_a_terminal(void **state)
{
    (void)state;
    static const char cases[] = CASE "\n" CASE " --seed 2\n";
    bench_output known = bench_shell("command -v script");
    const bool has_script = known.status == 0;
    bench_free(&known);
    if (!has_script) {
        skip();
    }
    data_write("problems.txt", cases, strlen(cases));
    char command[1024];
    snprintf(command, sizeof command,
             "TERM=xterm exec script -qec 'ard-bench sweep --problems %s" SMALL "' /dev/null",
             problems);
    bench_output output = bench_shell(command);
    bench_assert_status(&output, 0);
    assert_non_null(strstr(output.out, "\r0:0: case 1 of 2: gemm 5-7, batch 3, rate 0.5, row"));
    assert_non_null(strstr(output.out, "\r0:0: case 2 of 2, about "));
    bench_free(&output);
}

/* The second case takes for ever. */
#define ENDLESS CASE "\n" CASE " --seed 2 --repeat 1000000\n"

static void survives_kill(void **state)
{
    (void)state;
    data_folder_empty();
    data_write("problems.txt", ENDLESS, strlen(ENDLESS));
    char command[2048];
    snprintf(command, sizeof command,
             "ard-bench sweep --problems %s" SMALL "--output %s & "
             "i=0; until grep -qs '\"command\"' %s || [ $i -eq 1200 ]; do sleep 0.05; "
             "i=$((i + 1)); done; kill -9 $!; wait $!",
             problems, results, results);
    bench_output output = bench_shell(command);
    bench_assert_status(&output, 137);
    bench_free(&output);
    cJSON *before = read_results();
    assert_int_equal(count_results(before), 1);
    output = sweep(CASE "\n" CASE " --seed 2\n", "--resume");
    bench_assert_status(&output, 0);
    bench_free(&output);
    cJSON *after = read_results();
    assert_int_equal(count_results(after), 2);
    assert_true(cJSON_Compare(cJSON_GetArrayItem(cJSON_GetObjectItem(before, "results"), 0),
                              cJSON_GetArrayItem(cJSON_GetObjectItem(after, "results"), 0), true));
    cJSON_Delete(before);
    cJSON_Delete(after);
}

static void survives_interrupt(void **state)
{
    (void)state;
    data_folder_empty();
    data_write("problems.txt", ENDLESS, strlen(ENDLESS));
    char arguments[1024];
    snprintf(arguments, sizeof arguments, "sweep --problems %s" SMALL "--output %s --format json",
             problems, results);
    bench_output output = bench_interrupt(arguments);
    bench_assert_status(&output, 130);
    char *text = read_text(results);
    assert_string_equal(text, output.out);
    free(text);
    bench_free(&output);
    cJSON *document = read_results();
    assert_true(count_results(document) <= 1);
    cJSON_Delete(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_the_document),
        cmocka_unit_test(engines_are_chosen),
        cmocka_unit_test(keeps_what_exists),
        cmocka_unit_test(refuses_a_file_in_use),
        cmocka_unit_test(goes_on),
        cmocka_unit_test(refuses_other_circumstances),
        cmocka_unit_test(goes_on_with_an_engine),
        cmocka_unit_test(completes_results),
        cmocka_unit_test(remembers_failures),
        cmocka_unit_test(shows_progress_on_a_terminal),
        cmocka_unit_test(survives_kill),
        cmocka_unit_test(survives_interrupt),
    };
    return cmocka_run_group_tests(tests, set_up, data_folder_teardown);
}
