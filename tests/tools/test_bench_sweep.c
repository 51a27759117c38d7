/* SPDX-License-Identifier: Apache-2.0 */
/* Which cases ard-bench sweep makes of lists and of files; nothing here needs a device. */
#include "tools/bench_process.h"
#include "tools/data_files.h"

#include <stdio.h>
#include <string.h>

static char file[DATA_PATH_SIZE];

static int set_up(void **state)
{
    const int status = data_folder_setup(state);
    data_path("problems.txt", file);
    return status;
}

static void write_problems(const char *text)
{
    data_write("problems.txt", text, strlen(text));
}

/* The cases of a sweep as it prints them. */
static bench_output list(const char *arguments)
{
    char command[1024];
    snprintf(command, sizeof command, "sweep --dry-run %s", arguments);
    bench_output output = bench_run(command);
    bench_assert_status(&output, 0);
    return output;
}

static void assert_cases(const char *arguments, size_t count)
{
    bench_output output = list(arguments);
    char said[64];
    snprintf(said, sizeof said, "ard-bench: %zu case%s\n", count, count == 1 ? "" : "s");
    assert_int_equal(bench_lines(output.out), count);
    assert_string_equal(output.err, said);
    bench_free(&output);
}

/* The last list runs fastest; what a case has no use for is left out of it. */
static void multiplies_lists(void **state)
{
    (void)state;
    bench_output output =
        list("--in 3 --hidden 7x5,9 --out 2 --batch 4 --rate 0,0.25x0.5 --repeat 2 --seed 9 "
             "--hidden 7x5,8x6 --pattern row,tile --tile 2 --verify");
#define NETWORK(hidden) "step --model mlp --in 3 --hidden " hidden " --out 2 --batch 4 "
#define ROW " --pattern row --scale rate --repeat 2 --seed 9 --verify\n"
#define TILE                                                                                       \
    " --pattern tile --tile 2 --numbering diagonal --scale rate --repeat 2 --seed 9 --verify\n"
    assert_string_equal(output.out,
                        NETWORK("7,5") "--rate 0" ROW                                //
                            NETWORK("7,5") "--rate 0" TILE                           //
                                NETWORK("7,5") "--rate 0.25,0.5" ROW                 //
                                    NETWORK("7,5") "--rate 0.25,0.5" TILE            //
                                        NETWORK("8,6") "--rate 0" ROW                //
                                            NETWORK("8,6") "--rate 0" TILE           //
                                                NETWORK("8,6") "--rate 0.25,0.5" ROW //
                                                    NETWORK("8,6") "--rate 0.25,0.5" TILE);
#undef NETWORK
#undef ROW
#undef TILE
    bench_free(&output);
}

static void knows_models(void **state)
{
    (void)state;
    bench_output output = list("--model gemm,lstm --m 2 --n 3,5 --k 4 --rate 0 --layers 1 "
                               "--hidden 6 --vocab 7 --steps 2 --batch 3 --tied --memory");
    assert_string_equal(
        output.out,
        "gemm --m 2 --n 3 --k 4 --rate 0 --pattern row --repeat 5 --seed 1\n"
        "gemm --m 2 --n 5 --k 4 --rate 0 --pattern row --repeat 5 --seed 1\n"
        "step --model lstm --layers 1 --hidden 6 --embed 6 --vocab 7 --steps 2 --batch 3 "
        "--placement between --tied --rate 0 --pattern row --scale rate --repeat 5 --seed 1 "
        "--memory\n");
    bench_free(&output);
    output = list("--model lstm --hidden 16 --vocab 9 --placement both --rate 0.5x0.25 --fresh "
                  "--pattern index --scale period --embed 8 --profile");
    assert_string_equal(output.out,
                        "step --model lstm --layers 2 --hidden 16 --embed 8 --vocab 9 --steps 35 "
                        "--batch 20 --placement both --fresh --rate 0.5,0.25 --pattern index "
                        "--scale period --repeat 5 --seed 1 --profile\n");
    bench_free(&output);
    output = list("--hidden 16 --rate 0.5 --max-period 3 --pattern row,index --groups 2 "
                  "--engine clblast");
    assert_int_equal(bench_lines(output.out), 2);
    assert_non_null(strstr(output.out, "--pattern row --max-period 3 --groups 2 --scale rate "
                                       "--engine clblast --repeat"));
    assert_non_null(strstr(output.out, "--pattern index --groups 2 --scale"));
    bench_free(&output);
}

static void counts_cases(void **state)
{
    (void)state;
    assert_cases("--rate 0.3,0.5,0.7 --pattern row,subset,tile,index --engine packed,clblast", 24);
    /* The same case twice is one. */
    assert_cases("--hidden 64,64 --rate 0.5,0.5", 1);
    assert_cases("--pattern row,tile --numbering diagonal,linear --hidden 256 --rate 0.5", 3);
    assert_cases("--profile", 3);
    /* Without cases it is the default sweep. */
    bench_output output = list("");
    assert_int_equal(bench_lines(output.out), 18);
    assert_string_equal(output.err, "");
    bench_free(&output);
}

/* What is printed is a file of the same problems; the line's own options prevail. */
static void reads_files(void **state)
{
    (void)state;
    char arguments[512];
    write_problems("# comment\n\n"
                   "step --hidden 8,6 --rate 0.25,0 # behind a case\r\n"
                   "\tgemm  --m 3 --n=9 --k 8 --seed 7 --pattern subset\n"
                   "step --hidden 8,6 --rate 0.25,0\n" /* once more */
                   "step --model lstm --vocab 9 --hidden 8 --engine packed --repeat 3");
    snprintf(arguments, sizeof arguments, "--problems %s --repeat 2 --profile", file);
    bench_output output = list(arguments);
    assert_string_equal(
        output.out,
        "step --model mlp --in 784 --hidden 8,6 --out 10 --batch 128 --rate 0.25,0 --pattern row "
        "--scale rate --repeat 2 --seed 1 --profile\n"
        "gemm --m 3 --n 9 --k 8 --rate 0.5 --pattern subset --repeat 2 --seed 7\n"
        "step --model lstm --layers 2 --hidden 8 --embed 8 --vocab 9 --steps 35 --batch 20 "
        "--placement between --rate 0.5 --pattern row --scale rate --engine packed --repeat 3 "
        "--seed 1 --profile\n");
    write_problems(output.out);
    snprintf(arguments, sizeof arguments, "--problems %s", file);
    bench_output again = list(arguments);
    assert_string_equal(again.out, output.out);
    bench_free(&again);
    bench_free(&output);
    snprintf(arguments, sizeof arguments, "--problems %s --engine packed,clblast --verify", file);
    assert_cases(arguments, 5); /* one has its own engine */
}

static void has_shipped_sets(void **state)
{
    (void)state;
    assert_cases("--problems paper-mlp", 24);
    assert_cases("--problems paper-lstm", 12);
    assert_cases("--problems quick", 6);
    bench_assert_mistake("sweep --problems papr-mlp",
                         "--problems: cannot read papr-mlp: No such file or directory; the sets "
                         "that are shipped are paper-lstm, paper-mlp, quick\n");
    bench_assert_mistake("sweep --problems ../problems/quick", "cannot read ../problems/quick");
    bench_assert_mistake("sweep --problems /", "it is not a regular file");
}

/* A file's mistake is told with its line. */
static void assert_refused(const char *text, const char *expected)
{
    char arguments[512];
    char whole[1024];
    write_problems(text);
    snprintf(arguments, sizeof arguments, "sweep --problems %s", file);
    snprintf(whole, sizeof whole, "ard-bench: %s%s", file, expected);
    bench_assert_mistake(arguments, whole);
}

static void refuses_bad_files(void **state)
{
    (void)state;
    assert_refused("", " has no problem");
    assert_refused("# nothing\n", " has no problem");
    assert_refused("\nstop\n", ":2: 'stop' is not step or gemm");
    assert_refused("step\nstep --rate 1\n", ":2: --rate: '1' is not");
    assert_refused("step --hiden 4\n", ":1: unknown option '--hiden'; did you mean '--hidden'?");
    assert_refused("gemm --m 4 --n 4\n", ":1: --k is missing");
    assert_refused("step --hidden\n", ":1: --hidden needs a value");
    assert_refused("step --tile 4\n", ":1: --tile needs --pattern tile");
    assert_refused("step --hidden 8#9\n", ":1: --hidden: '8#9' is not");
    assert_refused("step step\n", ":1: unexpected argument 'step'");
    assert_refused("step --device=0:0\n", ":1: '--device=0:0' is of the whole sweep");
    assert_refused("step --output x\n", ":1: '--output' is of the whole sweep");
    assert_refused("step --per-period\n", ":1: '--per-period' is not for sweeps");
    assert_refused("step --cblas x\n", ":1: '--cblas' is not for sweeps");
    assert_refused("step --help\n", ":1: '--help' is no part of a problem");
    assert_refused("step -h\n", ":1: '-h' is no part of a problem");
    assert_refused("step -hx\n", ":1: '-hx' is no part of a problem");
    assert_refused("step \033[2J\n", ":1: unexpected argument '?[2J'");
    char many[4096] = "step";
    for (int i = 0; i < 200; i++) {
        strcat(many, " --verify");
    }
    assert_refused(many, ":1: more than 128 words");
}

static void bounds_files(void **state)
{
    (void)state;
    char command[1024];
    snprintf(
        command, sizeof command,
        "seq 4097 | sed 's/^/step --rate 0 --hidden /' >%s; exec ard-bench sweep --problems %s",
        file, file);
    bench_output output = bench_shell(command);
    bench_assert_status(&output, 2);
    assert_non_null(strstr(output.err, ":4097: a sweep has at most 4096 cases\n"));
    bench_free(&output);
    snprintf(command, sizeof command,
             "head -c 1048577 /dev/zero | tr '\\0' '#' >%s; exec ard-bench sweep --problems %s",
             file, file);
    output = bench_shell(command);
    bench_assert_status(&output, 2);
    assert_non_null(strstr(output.err, "it is larger than 1 MiB\n"));
    bench_free(&output);
    data_write("problems.txt", "step\0\n", 6);
    snprintf(command, sizeof command, "sweep --problems %s", file);
    bench_assert_mistake(command, "it is not text");
}

static void refuses_bad_lists(void **state)
{
    (void)state;
    bench_assert_mistake("sweep --model gru", "--model: 'gru' is not mlp, lstm or gemm");
    bench_assert_mistake("sweep --model mlp,", "--model: '' is not mlp, lstm or gemm");
    bench_assert_mistake("sweep --pattern row,col", "--pattern: 'col' is not row, subset");
    bench_assert_mistake("sweep --engine fast", "--engine: 'fast' is not packed or clblast");
    bench_assert_mistake("sweep --problems quick --engine fast",
                         "--engine: 'fast' is not packed or clblast");
    bench_assert_mistake("sweep --hidden 8,8x", "--hidden: '8,' is not");
    bench_assert_mistake("sweep --rate 0.5,,0.7", "--rate needs a value");
    bench_assert_mistake("sweep --rate 0.5x0.5x0.5", "--rate gives 3 rates for 2 hidden layers");
    bench_assert_mistake("sweep --rate 0.5,$(printf %01024d 0),0.7",
                         "--rate: a value has more than 1023 letters");
    bench_assert_mistake("sweep --problems quick --engine packed,$(printf %01024d 0)",
                         "--engine: a value has more than 1023 letters");
    bench_assert_mistake("sweep --steps 3", "--steps needs --model lstm");
    bench_assert_mistake("sweep --model lstm --groups 2", "--groups needs --model mlp");
    bench_assert_mistake("sweep --n 3", "--n needs --model gemm");
    bench_assert_mistake("sweep --model gemm --m 1 --n 1", "--k is missing");
    bench_assert_mistake("sweep --model gemm --memory", "--memory needs --model mlp or lstm");
    bench_assert_mistake("sweep --fresh", "--fresh needs --model lstm");
    bench_assert_mistake("sweep --tile 8", "--tile needs --pattern tile");
    bench_assert_mistake("sweep --numbering linear --pattern row", "--numbering needs --pattern");
    bench_assert_mistake("sweep --max-period 3 --pattern index", "--max-period needs --pattern");
    bench_assert_mistake("sweep --model mlp,lstm --hidden 8", "sweep one of them at a time");
    bench_assert_mistake("sweep --full --rate 0.5", "--full is of the default sweep");
    bench_assert_mistake("sweep --problems quick --rate 0.5", "--rate does not go with it");
    bench_assert_mistake("sweep --profile --format csv", "--profile needs --format text or json");
    bench_assert_mistake("sweep --dry-run --format json", "--format must be text");
    bench_assert_mistake("sweep --dry-run --output x", "--dry-run has no results for --output");
    bench_assert_mistake("sweep --in 1,2,3,4,5,6,7,8 --out 1,2,3,4,5,6,7,8 --batch 1,2,3,4,5,6,7,8 "
                         "--rate 0,.1,.2,.3,.4,.5,.6,.7,.8",
                         "the lists make more than 4096 cases");
}

static void engines_agree_with_the_environment(void **state)
{
    (void)state;
    bench_output output =
        bench_shell("ARD_ENGINE=packed exec ard-bench sweep --dry-run --engine packed");
    bench_assert_status(&output, 0);
    bench_free(&output);
    output = bench_shell("ARD_ENGINE=packed exec ard-bench step --engine clblast");
    bench_assert_status(&output, 2);
    assert_string_equal(output.err, "ard-bench: --engine clblast contradicts the environment "
                                    "variable ARD_ENGINE=packed\n");
    bench_free(&output);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(multiplies_lists),
        cmocka_unit_test(knows_models),
        cmocka_unit_test(counts_cases),
        cmocka_unit_test(reads_files),
        cmocka_unit_test(has_shipped_sets),
        cmocka_unit_test(refuses_bad_files),
        cmocka_unit_test(bounds_files),
        cmocka_unit_test(refuses_bad_lists),
        cmocka_unit_test(engines_agree_with_the_environment),
    };
    return cmocka_run_group_tests(tests, set_up, data_folder_teardown);
}
