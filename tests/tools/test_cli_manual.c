/* SPDX-License-Identifier: Apache-2.0 */
/* What --help=man prints: all tables of a program, letters that troff would print as others. */
#include "tools/cli_fixture.h"

static const char *const WORDS[] = {"one", "two", NULL};

static cli_result print(const char *argument, const char *command)
{
    static int word;
    static bool all;
    static const char *text;
    const cli_option own[] = {{.name = "all", .letter = 'a', .type = CLI_FLAG, .target = &all},
                              {0}};
    const cli_option product[] = {{.name = "word",
                                   .type = CLI_ENUM,
                                   .target = &word,
                                   .names = WORDS,
                                   .help = ".first line\nof `it's`",
                                   .flags = CLI_REQUIRED,
                                   .default_text = "one"},
                                  {0}};
    const cli_option common[] = {{.name = "out-file",
                                  .letter = 'o',
                                  .metavar = "FILE",
                                  .type = CLI_STRING,
                                  .target = &text,
                                  .help = "where"},
                                 {0}};
    const cli_command commands[] = {
        {.name = "list", .summary = "show it", .operand_name = "FILE", .operand = &text},
        {.name = "make",
         .summary = "make it",
         .description = "It is made. Then it is used. \n\n  {\"a\": \"\\n\"}\n\nAfter that.\n",
         .options = product},
        {0}};
    const cli_program program = {.name = "ard-x",
                                 .version = "1.2",
                                 .summary = "does it",
                                 .options = own,
                                 .common = common,
                                 .commands = commands};
    return cli_run(program, (char *const[CLI_ARGUMENTS]){(char *)argument, (char *)command});
}

static void test_page(void **state)
{
    (void)state;
    const cli_result result = print("--help=man", NULL);
    assert_int_equal(result.status, CLI_SUCCESS);
    assert_string_equal(result.error, "");
    assert_string_equal(result.output,
                        ".TH ARD\\-X 1 \"@DATE@\" \"libard 1.2\" \"libard manual\"\n"
                        ".SH NAME\n"
                        "ard\\-x \\-\n"
                        "does it\n"
                        ".SH SYNOPSIS\n"
                        "\\fBard\\-x\\fR [\\fIOPTION\\fR]...\n"
                        ".br\n"
                        "\\fBard\\-x\\fR \\fBlist\\fR \\fIFILE\\fR [\\fIOPTION\\fR]...\n"
                        ".br\n"
                        "\\fBard\\-x\\fR \\fBmake\\fR [\\fIOPTION\\fR]...\n"
                        ".SH DESCRIPTION\n"
                        "Does it.\n"
                        ".SH COMMANDS\n"
                        ".SS list\n"
                        "Show it.\n"
                        ".SS make\n"
                        "Make it.\n"
                        ".PP\n"
                        "It is made.\n"
                        "Then it is used.\n"
                        ".PP\n"
                        ".nf\n"
                        "  {\"a\": \"\\en\"}\n"
                        ".fi\n"
                        ".PP\n"
                        "After that.\n"
                        ".TP\n"
                        "\\fB\\-\\-word\\fR \\fBone\\fR|\\fBtwo\\fR\n"
                        "\\&.first line\n"
                        ".br\n"
                        "of \\(gait\\(aqs\\(ga (required) (default: one)\n"
                        ".SH OPTIONS\n"
                        "Without a command:\n"
                        ".TP\n"
                        "\\fB\\-a\\fR, \\fB\\-\\-all\\fR\n"
                        ".PP\n"
                        "With every command, and without one:\n"
                        ".TP\n"
                        "\\fB\\-o\\fR, \\fB\\-\\-out\\-file\\fR \\fIFILE\\fR\n"
                        "where\n"
                        ".TP\n"
                        "\\fB\\-h\\fR, \\fB\\-\\-help\\fR\n"
                        "print this text and exit\n"
                        ".TP\n"
                        "\\fB\\-\\-version\\fR\n"
                        "print the version and exit\n");
}

/* The page is the program's, wherever it is asked for. */
static void test_page_of_command(void **state)
{
    (void)state;
    const cli_result whole = print("--help=man", NULL);
    const cli_result after = print("make", "--help=man");
    assert_int_equal(after.status, CLI_SUCCESS);
    assert_string_equal(after.output, whole.output);
}

static void test_other_values(void **state)
{
    (void)state;
    const cli_result unknown = print("--help=zsh", NULL);
    assert_mistake(&unknown, "ard-x: --help takes no value\n");
    const cli_result empty = print("--help=", NULL);
    assert_mistake(&empty, "ard-x: --help takes no value\n");
    const cli_result version = print("--version=man", NULL);
    assert_mistake(&version, "ard-x: --version takes no value\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page),
        cmocka_unit_test(test_page_of_command),
        cmocka_unit_test(test_other_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
