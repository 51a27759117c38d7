/* SPDX-License-Identifier: Apache-2.0 */
/* Who may write a file of results. */
#include "support/unit.h"

#include "bench/claim.h"
#include "tools/data_files.h"

#include <string.h>

static const cli_program program = {.name = "ard-x"};

static char path[DATA_PATH_SIZE];
static char beside[DATA_PATH_SIZE];

static int set_up(void **state)
{
    const int status = data_folder_setup(state);
    data_path("results.json", path);
    data_path("results.json.1.partial", beside);
    return status;
}

/* Takes the file as another process would; whether it was refused, in one line. */
static bool is_refused(FILE **held)
{
    char line[512] = "";
    cli_program other = program;
    other.error = tmpfile();
    assert_non_null(other.error);
    const int status = claim_take(&other, path, held);
    rewind(other.error);
    const size_t size = fread(line, 1, sizeof line - 1, other.error);
    fclose(other.error);
    if (status == CLI_CONTINUE) {
        assert_int_equal(size, 0);
        return false;
    }
    assert_int_equal(status, CLI_MISTAKE);
    assert_non_null(strstr(line, "ard-x: --output: another process is writing "));
    assert_ptr_equal(strchr(line, '\n'), line + size - 1);
    return true;
}

/* Puts a new file in the place of the file. */
static void replace(void)
{
    data_write("results.json.1.partial", "{}\n", 3);
    assert_int_equal(rename(beside, path), 0);
}

static void one_at_a_time(void **state)
{
    (void)state;
    FILE *first = NULL;
    FILE *second = NULL;
    data_folder_empty();
    assert_int_equal(claim_take(&program, path, &first), CLI_CONTINUE);
    assert_null(first); /* there is no file yet */
    data_write("results.json", "{}", 2);
    assert_int_equal(claim_take(&program, path, &first), CLI_CONTINUE);
    assert_non_null(first);
    assert_true(is_refused(&second));
    assert_null(second);
    replace();
    assert_int_equal(claim_take(&program, path, &first), CLI_CONTINUE);
    assert_true(is_refused(&second));
    fclose(first);
    assert_false(is_refused(&second));
    assert_non_null(second);
    fclose(second);
}

static void sees_another_file(void **state)
{
    (void)state;
    FILE *held = NULL;
    data_folder_empty();
    assert_true(claim_holds(NULL, path));
    data_write("results.json", "{}", 2);
    assert_int_equal(claim_take(&program, path, &held), CLI_CONTINUE);
    assert_true(claim_holds(held, path));
    replace();
    assert_false(claim_holds(held, path));
    assert_int_equal(remove(path), 0);
    assert_true(claim_holds(held, path)); /* nobody's results are written over */
    fclose(held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_at_a_time),
        cmocka_unit_test(sees_another_file),
    };
    return cmocka_run_group_tests(tests, set_up, data_folder_teardown);
}
