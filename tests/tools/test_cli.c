/* SPDX-License-Identifier: Apache-2.0 */
/* The shared parser of command lines: every type of value, good and bad, commands, help,
 * suggestions. */
#include "tools/cli_fixture.h"

#include <string.h>

static const char *const WORDS[] = {"alpha", "beta", "gamma", NULL};

/* One target for each type, and what a parse left on the two streams. */
typedef struct fixture {
    bool flag;
    bool loud;
    const char *text;
    int word;
    int whole;
    uint32_t u32;
    uint64_t u64;
    size_t size;
    double real;
    double free;
    cli_size_list sizes;
    cli_double_list reals;
    bool given;
    cli_result result;
} fixture;

/* Parses with a table of every type. */
static void parse(fixture *f, char *const arguments[CLI_ARGUMENTS])
{
    const cli_option options[] = {
        {.name = "flag", .letter = 'f', .type = CLI_FLAG, .target = &f->flag, .help = "a flag"},
        {.name = "loud", .letter = 'l', .type = CLI_FLAG, .target = &f->loud, .help = "another"},
        {.name = "text", .letter = 't', .metavar = "TEXT", .type = CLI_STRING, .target = &f->text},
        {.name = "word", .type = CLI_ENUM, .target = &f->word, .names = WORDS, .help = "a word"},
        {.name = "int", .letter = 'i', .type = CLI_INT, .target = &f->whole, .given = &f->given},
        {.name = "u32", .type = CLI_U32, .target = &f->u32},
        {.name = "u64", .type = CLI_U64, .target = &f->u64},
        {.name = "size", .type = CLI_SIZE, .target = &f->size, .minimum = 1, .maximum = 100},
        {.name = "real",
         .type = CLI_DOUBLE,
         .target = &f->real,
         .minimum = 0,
         .maximum = 1,
         .flags = CLI_ABOVE_MINIMUM},
        {.name = "free", .type = CLI_DOUBLE, .target = &f->free, .flags = CLI_ALLOW_NONFINITE},
        {.name = "sizes",
         .type = CLI_SIZE_LIST,
         .target = &f->sizes,
         .minimum = 1,
         .maximum = CLI_NO_LIMIT},
        {.name = "reals",
         .type = CLI_DOUBLE_LIST,
         .target = &f->reals,
         .minimum = 0,
         .maximum = 1,
         .flags = CLI_BELOW_MAXIMUM},
        {0},
    };
    const cli_program program = {.name = "prog", .version = "1.2.3", .options = options};
    f->result = cli_run(program, arguments);
}

#define PARSE(f, ...) parse((f), (char *const[CLI_ARGUMENTS]){__VA_ARGS__})

static void test_good_values(void **state)
{
    (void)state;
    fixture f = {0};
    PARSE(&f, "--flag", "--text=a=b", "--word", "gamma", "--int", "-12", "--u32=4294967295");
    assert_int_equal(f.result.status, CLI_CONTINUE);
    assert_true(f.flag && f.given && !f.loud);
    assert_string_equal(f.text, "a=b");
    assert_int_equal(f.word, 2);
    assert_int_equal(f.whole, -12);
    assert_true(f.u32 == UINT32_MAX);
    PARSE(&f, "--u64", "18446744073709551615", "--size", "100", "--real", "1", "--free=-1e-3");
    assert_int_equal(f.result.status, CLI_CONTINUE);
    assert_true(f.u64 == UINT64_MAX && f.size == 100 && f.real == 1.0 && f.free == -1e-3);
    PARSE(&f, "--sizes", "2048,1,7", "--reals=0,.5,1e-1");
    assert_int_equal(f.result.status, CLI_CONTINUE);
    assert_int_equal(f.sizes.count, 3);
    assert_true(f.sizes.values[0] == 2048 && f.sizes.values[1] == 1 && f.sizes.values[2] == 7);
    assert_int_equal(f.reals.count, 3);
    assert_true(f.reals.values[0] == 0.0 && f.reals.values[1] == 0.5 && f.reals.values[2] == 0.1);
    PARSE(&f, "--free", "-inf");
    assert_true(f.result.status == CLI_CONTINUE && f.free == -HUGE_VAL);
    PARSE(&f, "--free", "nan");
    assert_true(f.result.status == CLI_CONTINUE && isnan(f.free));
    PARSE(&f, "--int", "-2147483647", "--int=2147483647");
    assert_true(f.result.status == CLI_CONTINUE && f.whole == 2147483647);
    PARSE(&f, NULL);
    assert_int_equal(f.result.status, CLI_CONTINUE);
}

static void test_short_options(void **state)
{
    (void)state;
    fixture f = {0};
    PARSE(&f, "-fl", "-i", "-3", "-tword");
    assert_int_equal(f.result.status, CLI_CONTINUE);
    assert_true(f.flag && f.loud);
    assert_int_equal(f.whole, -3);
    assert_string_equal(f.text, "word");
    PARSE(&f, "-t", "-");
    assert_int_equal(f.result.status, CLI_CONTINUE);
    assert_string_equal(f.text, "-");
    PARSE(&f, "-fi7");
    assert_int_equal(f.whole, 7);
    PARSE(&f, "-x");
    assert_mistake(&f.result, "prog: unknown option '-x'; 'prog --help' lists them\n");
    PARSE(&f, "-i");
    assert_mistake(&f.result, "prog: --int needs a value\n");
}

/* The argument, and the whole message. */
static void test_bad_values(void **state)
{
    (void)state;
    const struct {
        char *argument;
        const char *message;
    } cases[] = {
        {"--flag=1", "prog: --flag takes no value\n"},
        {"--text=", "prog: --text needs a value\n"},
        {"--text", "prog: --text needs a value\n"},
        {"--word=delta", "prog: --word: 'delta' is not alpha, beta or gamma\n"},
        {"--word=alph", "prog: --word: 'alph' is not alpha, beta or gamma\n"},
        {"--int=1.5", "prog: --int: '1.5' is not a whole number\n"},
        {"--int=1e3", "prog: --int: '1e3' is not a whole number\n"},
        {"--int=-", "prog: --int: '-' is not a whole number\n"},
        {"--int=+1", "prog: --int: '+1' is not a whole number\n"},
        {"--int=2147483648",
         "prog: --int: '2147483648' is not a whole number, at most 2147483647\n"},
        {"--u32=-1", "prog: --u32: '-1' is not a whole number of at least 0\n"},
        {"--u32=4294967296",
         "prog: --u32: '4294967296' is not a whole number of at least 0, at most 4294967295\n"},
        {"--u64=18446744073709551616", "prog: --u64: '18446744073709551616' is not a whole number "
                                       "of at least 0, at most 18446744073709551615\n"},
        {"--size=0", "prog: --size: '0' is not a whole number from 1 to 100\n"},
        {"--size=101", "prog: --size: '101' is not a whole number from 1 to 100\n"},
        {"--size= 1", "prog: --size: ' 1' is not a whole number from 1 to 100\n"},
        {"--size=1x", "prog: --size: '1x' is not a whole number from 1 to 100\n"},
        {"--real=0", "prog: --real: '0' is not a number above 0 and at most 1\n"},
        {"--real=1.0000001", "prog: --real: '1.0000001' is not a number above 0 and at most 1\n"},
        {"--real=nan", "prog: --real: 'nan' is not a number above 0 and at most 1\n"},
        {"--real=inf", "prog: --real: 'inf' is not a number above 0 and at most 1\n"},
        {"--real=0x1p-1", "prog: --real: '0x1p-1' is not a number above 0 and at most 1\n"},
        {"--real=0.5e", "prog: --real: '0.5e' is not a number above 0 and at most 1\n"},
        {"--real=1,5", "prog: --real: '1,5' is not a number above 0 and at most 1\n"},
        {"--free=1e999", "prog: --free: '1e999' is not a number\n"},
        {"--free=NaN", "prog: --free: 'NaN' is not a number\n"},
        {"--sizes=1,,2", "prog: --sizes: '1,,2' is not 1 to 64 whole numbers separated by commas, "
                         "each of at least 1\n"},
        {"--sizes=1,0", "prog: --sizes: '1,0' is not 1 to 64 whole numbers separated by commas, "
                        "each of at least 1\n"},
        {"--sizes=1,", "prog: --sizes: '1,' is not 1 to 64 whole numbers separated by commas, "
                       "each of at least 1\n"},
        {"--reals=.5,1", "prog: --reals: '.5,1' is not 1 to 64 numbers separated by commas, each "
                         "of at least 0 and below 1\n"},
        {"extra", "prog: unexpected argument 'extra'\n"},
        {"", "prog: unexpected argument ''\n"},
        {"--help=me", "prog: --help takes no value\n"},
        {"--int=1\n2", "prog: --int: '1?2' is not a whole number\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture f = {.whole = 42, .size = 42, .real = 42.0, .word = 42};
        PARSE(&f, cases[i].argument);
        assert_mistake(&f.result, cases[i].message);
        assert_true(f.whole == 42 && f.size == 42 && f.real == 42.0 && f.word == 42);
        assert_true(f.sizes.count == 0 && f.reals.count == 0 && !f.given);
    }
}

static void test_missing_value_before_an_option(void **state)
{
    (void)state;
    fixture f = {0};
    PARSE(&f, "--text", "--flag");
    assert_mistake(&f.result, "prog: --text needs a value\n");
    PARSE(&f, "--text", "-f");
    assert_mistake(&f.result, "prog: --text needs a value\n");
    PARSE(&f, "--text=--flag");
    assert_int_equal(f.result.status, CLI_CONTINUE);
    assert_string_equal(f.text, "--flag");
}

static void test_long_lists(void **state)
{
    (void)state;
    char text[512] = "--sizes=1";
    for (int i = 1; i < CLI_MAX_LIST; i++) {
        strcat(text, ",1");
    }
    fixture f = {0};
    PARSE(&f, text);
    assert_int_equal(f.result.status, CLI_CONTINUE);
    assert_int_equal(f.sizes.count, CLI_MAX_LIST);
    strcat(text, ",1");
    PARSE(&f, text);
    assert_int_equal(f.result.status, CLI_MISTAKE);
    char digits[256];
    memset(digits, '1', sizeof digits - 1);
    digits[sizeof digits - 1] = '\0';
    memcpy(digits, "--sizes=", 8);
    PARSE(&f, digits);
    assert_int_equal(f.result.status, CLI_MISTAKE);
    assert_int_equal(f.sizes.count, CLI_MAX_LIST);
}

static void test_suggestions(void **state)
{
    (void)state;
    fixture f = {0};
    PARSE(&f, "--sise=3");
    assert_mistake(&f.result, "prog: unknown option '--sise'; did you mean '--size'?\n");
    PARSE(&f, "--versoin");
    assert_mistake(&f.result, "prog: unknown option '--versoin'; did you mean '--version'?\n");
    PARSE(&f, "--completely-else");
    assert_mistake(&f.result,
                   "prog: unknown option '--completely-else'; 'prog --help' lists them\n");
    PARSE(&f, "--");
    assert_mistake(&f.result, "prog: unknown option '--'; 'prog --help' lists them\n");
    assert_string_equal(cli_nearest("gama", WORDS), "gamma");
    assert_string_equal(cli_nearest("gam", WORDS), "gamma");
    assert_null(cli_nearest("delta-force", WORDS));
    assert_null(cli_nearest("", WORDS));
}

static void test_help_and_version(void **state)
{
    (void)state;
    fixture f = {0};
    PARSE(&f, "--version");
    assert_int_equal(f.result.status, CLI_SUCCESS);
    assert_string_equal(f.result.output, "prog 1.2.3\n");
    assert_string_equal(f.result.error, "");
    PARSE(&f, "-h");
    assert_int_equal(f.result.status, CLI_SUCCESS);
    assert_non_null(strstr(f.result.output, "Usage: prog [OPTION]...\n"));
    assert_non_null(strstr(f.result.output, "\n  -f, --flag              a flag\n"));
    assert_non_null(strstr(f.result.output, "\n      --word alpha|beta|gamma\n"
                                            "                          a word\n"));
    assert_non_null(strstr(f.result.output, "\n  -t, --text TEXT "));
    assert_non_null(strstr(f.result.output, "\n  -i, --int VALUE "));
    assert_non_null(strstr(f.result.output, "\n      --version           print the version"));
    for (const char *line = f.result.output; *line != '\0'; line += strcspn(line, "\n") + 1) {
        assert_true(strcspn(line, "\n") <= 80);
    }
}

/* What a tool prints by itself, and the status that goes with it. */
static void test_messages(void **state)
{
    (void)state;
    FILE *stream = tmpfile();
    assert_non_null(stream);
    const cli_program program = {.name = "prog", .error = stream, .output = stream};
    assert_int_equal(cli_mistake(&program, "value %d", 3), CLI_MISTAKE);
    assert_int_equal(cli_failure(&program, "device %s", "0:0"), CLI_FAILURE);
    assert_int_equal(cli_finish(&program, CLI_SUCCESS), CLI_SUCCESS);
    assert_int_equal(cli_finish(&program, CLI_FAILURE), CLI_FAILURE);
    rewind(stream);
    char text[128];
    text[fread(text, 1, sizeof text - 1, stream)] = '\0';
    fclose(stream);
    assert_string_equal(text, "prog: value 3\nprog: device 0:0\n");
}

static void test_full_disk(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    FILE *error = tmpfile();
    assert_non_null(error);
    if (full != NULL) {
        const cli_program program = {
            .name = "prog", .version = "1", .output = full, .error = error};
        char *argv[] = {"prog", "--version", NULL};
        assert_int_equal(cli_parse(&program, 2, argv, NULL), CLI_FAILURE);
        fclose(full);
    }
    fclose(error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_values),
        cmocka_unit_test(test_short_options),
        cmocka_unit_test(test_bad_values),
        cmocka_unit_test(test_missing_value_before_an_option),
        cmocka_unit_test(test_long_lists),
        cmocka_unit_test(test_suggestions),
        cmocka_unit_test(test_help_and_version),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
