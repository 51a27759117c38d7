/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/cli_fixture.h"

cli_result cli_run(cli_program program, char *const arguments[CLI_ARGUMENTS])
{
    char *argv[CLI_ARGUMENTS + 1] = {"prog"};
    int argc = 1;
    while (arguments[argc - 1] != NULL) {
        argv[argc] = arguments[argc - 1];
        argc++;
    }
    program.output = tmpfile();
    program.error = tmpfile();
    assert_non_null(program.output);
    assert_non_null(program.error);
    cli_result result = {0};
    const cli_command *command = NULL;
    result.status = cli_parse(&program, argc, argv, &command);
    result.command = command != NULL ? command->name : NULL;
    rewind(program.output);
    rewind(program.error);
    result.output[fread(result.output, 1, sizeof result.output - 1, program.output)] = '\0';
    result.error[fread(result.error, 1, sizeof result.error - 1, program.error)] = '\0';
    fclose(program.output);
    fclose(program.error);
    return result;
}

void assert_mistake(const cli_result *result, const char *message)
{
    assert_int_equal(result->status, CLI_MISTAKE);
    assert_string_equal(result->output, "");
    assert_string_equal(result->error, message);
}
