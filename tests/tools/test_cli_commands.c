/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines with subcommands: which table is in force where, what is missing, help of each. */
#include "tools/cli_fixture.h"

#include <string.h>

typedef struct command_fixture {
    cli_result result;
    size_t m;
    bool all;
    const char *device;
    const char *file;
    cli_operands files;
    cli_operands pair;
} command_fixture;

static void parse_commands(command_fixture *c, bool required, char *const arguments[CLI_ARGUMENTS])
{
    const cli_option product[] = {{.name = "m",
                                   .metavar = "BATCH",
                                   .type = CLI_SIZE,
                                   .target = &c->m,
                                   .flags = CLI_REQUIRED,
                                   .help = "rows\nof x"},
                                  {0}};
    const cli_option own[] = {{.name = "all", .type = CLI_FLAG, .target = &c->all}, {0}};
    const cli_option common[] = {
        {.name = "device", .letter = 'd', .type = CLI_STRING, .target = &c->device}, {0}};
    const cli_command commands[] = {
        {.name = "list", .summary = "show the devices"},
        {.name = "gemm",
         .summary = "time a product",
         .description = "Details.",
         .options = product},
        {.name = "dump", .summary = "dump a file", .operand_name = "FILE", .operand = &c->file},
        {.name = "join",
         .summary = "join files",
         .operand_name = "FILE...",
         .operands = &c->files,
         .least_operands = 1},
        {.name = "diff",
         .summary = "compare files",
         .operand_name = "OLD NEW",
         .operands = &c->pair,
         .least_operands = 2,
         .most_operands = 2,
         .alone = true},
        {0}};
    const cli_program program = {.name = "prog",
                                 .version = "1",
                                 .summary = "does it",
                                 .options = own,
                                 .common = common,
                                 .commands = commands,
                                 .command_required = required};
    c->result = cli_run(program, arguments);
}

#define PARSE_COMMANDS(c, required, ...)                                                           \
    parse_commands((c), (required), (char *const[CLI_ARGUMENTS]){__VA_ARGS__})

static void test_commands(void **state)
{
    (void)state;
    command_fixture c = {0};
    PARSE_COMMANDS(&c, false, "gemm", "--m", "3", "--device", "0:0");
    assert_int_equal(c.result.status, CLI_CONTINUE);
    assert_string_equal(c.result.command, "gemm");
    assert_int_equal(c.m, 3);
    assert_string_equal(c.device, "0:0");
    PARSE_COMMANDS(&c, false, "-d", "cpu", "list");
    assert_int_equal(c.result.status, CLI_CONTINUE);
    assert_string_equal(c.result.command, "list");
    assert_string_equal(c.device, "cpu");
    PARSE_COMMANDS(&c, false, "--all");
    assert_int_equal(c.result.status, CLI_CONTINUE);
    assert_null(c.result.command);
    assert_true(c.all);
}

static void test_command_mistakes(void **state)
{
    (void)state;
    command_fixture c = {0};
    PARSE_COMMANDS(&c, true, NULL);
    assert_mistake(&c.result, "prog: a command is missing; 'prog --help' lists them\n");
    PARSE_COMMANDS(&c, false, "gem");
    assert_mistake(&c.result, "prog: unknown command 'gem'; did you mean 'gemm'?\n");
    PARSE_COMMANDS(&c, false, "paint");
    assert_mistake(&c.result, "prog: unknown command 'paint'; 'prog --help' lists them\n");
    PARSE_COMMANDS(&c, false, "gemm");
    assert_mistake(&c.result, "prog: --m is missing: rows of x\n");
    PARSE_COMMANDS(&c, false, "list", "gemm");
    assert_mistake(&c.result, "prog: unexpected argument 'gemm'\n");
    PARSE_COMMANDS(&c, false, "list", "--m", "3");
    assert_mistake(&c.result, "prog: unknown option '--m'; 'prog list --help' lists them\n");
    PARSE_COMMANDS(&c, false, "--all", "list");
    assert_mistake(&c.result, "prog: the command 'list' must come before its options\n");
}

static void test_command_help(void **state)
{
    (void)state;
    command_fixture c = {0};
    PARSE_COMMANDS(&c, true, "--help");
    assert_int_equal(c.result.status, CLI_SUCCESS);
    assert_non_null(strstr(c.result.output, "Usage: prog COMMAND [OPTION]...\nDoes it.\n"));
    assert_non_null(
        strstr(c.result.output, "\nCommands:\n  list                    show the devices\n"));
    assert_non_null(strstr(c.result.output, "\nCommon options:\n  -d, --device VALUE"));
    PARSE_COMMANDS(&c, true, "gemm", "-h");
    assert_int_equal(c.result.status, CLI_SUCCESS);
    assert_non_null(
        strstr(c.result.output, "Usage: prog gemm [OPTION]...\nTime a product.\n\nDetails.\n"));
    assert_non_null(strstr(c.result.output, "--m BATCH           rows\n"));
    assert_non_null(strstr(c.result.output, "                      of x (required)\n"));
    assert_null(strstr(c.result.output, "--all"));
}

static void test_operand(void **state)
{
    (void)state;
    command_fixture c = {0};
    PARSE_COMMANDS(&c, false, "dump", "a.txt", "-d", "cpu");
    assert_int_equal(c.result.status, CLI_CONTINUE);
    assert_string_equal(c.file, "a.txt");
    assert_string_equal(c.device, "cpu");
    c.file = NULL;
    PARSE_COMMANDS(&c, false, "dump");
    assert_int_equal(c.result.status, CLI_CONTINUE);
    assert_null(c.file);
    PARSE_COMMANDS(&c, false, "dump", "a", "b");
    assert_mistake(&c.result, "prog: unexpected argument 'b'\n");
    PARSE_COMMANDS(&c, false, "dump", "");
    assert_mistake(&c.result, "prog: unexpected argument ''\n");
    PARSE_COMMANDS(&c, false, "list", "a");
    assert_mistake(&c.result, "prog: unexpected argument 'a'\n");
    PARSE_COMMANDS(&c, false, "dump", "--help");
    assert_non_null(strstr(c.result.output, "Usage: prog dump FILE [OPTION]...\n"));
}

static void test_operands(void **state)
{
    (void)state;
    command_fixture c = {0};
    PARSE_COMMANDS(&c, false, "join", "a", "-d", "cpu", "-", "b");
    assert_int_equal(c.result.status, CLI_CONTINUE);
    assert_string_equal(c.device, "cpu");
    assert_int_equal(c.files.count, 3);
    assert_string_equal(c.files.values[0], "a");
    assert_string_equal(c.files.values[1], "-");
    assert_string_equal(c.files.values[2], "b");
    c.files.count = 0;
    PARSE_COMMANDS(&c, false, "join");
    assert_mistake(&c.result, "prog: 'prog join' needs FILE...; 'prog join --help' explains it\n");
    PARSE_COMMANDS(&c, false, "join", "a", "");
    assert_mistake(&c.result, "prog: unexpected argument ''\n");
    PARSE_COMMANDS(&c, false, "diff", "a");
    assert_mistake(&c.result, "prog: 'prog diff' needs OLD NEW; 'prog diff --help' explains it\n");
    c.pair.count = 0;
    PARSE_COMMANDS(&c, false, "diff", "a", "b");
    assert_int_equal(c.result.status, CLI_CONTINUE);
    assert_string_equal(c.pair.values[1], "b");
    c.pair.count = 0;
    PARSE_COMMANDS(&c, false, "diff", "a", "b", "c");
    assert_mistake(&c.result, "prog: unexpected argument 'c': 'prog diff' takes 2 of OLD NEW\n");
    PARSE_COMMANDS(&c, false, "join", "--help");
    assert_non_null(strstr(c.result.output, "Usage: prog join FILE... [OPTION]...\n"));
}

/* A command by itself has no common options, before or behind it. */
static void test_alone(void **state)
{
    (void)state;
    command_fixture c = {0};
    PARSE_COMMANDS(&c, false, "diff", "a", "b", "--device", "cpu");
    assert_mistake(&c.result, "prog: unknown option '--device'; 'prog diff --help' lists them\n");
    PARSE_COMMANDS(&c, false, "--device", "cpu", "diff", "a", "b");
    assert_mistake(&c.result, "prog: --device does not go with diff\n");
    PARSE_COMMANDS(&c, false, "diff", "--help");
    assert_null(strstr(c.result.output, "--device"));
}

static void test_full_operands(void **state)
{
    (void)state;
    command_fixture c = {.files = {.count = CLI_MAX_OPERANDS}};
    PARSE_COMMANDS(&c, false, "join", "a");
    assert_mistake(&c.result, "prog: unexpected argument 'a': 'prog join' takes 1024 of FILE...\n");
}

/* A value that no command line gave. */
static void test_store(void **state)
{
    (void)state;
    double rate = 0.25;
    char expected[CLI_EXPECTED_CAPACITY] = "";
    const cli_option option = {
        .name = "rate", .type = CLI_DOUBLE, .target = &rate, .minimum = 0, .maximum = 1};
    assert_true(cli_store(&option, "0.5", expected));
    assert_true(rate == 0.5);
    assert_false(cli_store(&option, "1.5", expected));
    assert_true(rate == 0.5);
    assert_string_equal(expected, "a number from 0 to 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands),     cmocka_unit_test(test_command_mistakes),
        cmocka_unit_test(test_command_help), cmocka_unit_test(test_operand),
        cmocka_unit_test(test_operands),     cmocka_unit_test(test_full_operands),
        cmocka_unit_test(test_alone),        cmocka_unit_test(test_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
