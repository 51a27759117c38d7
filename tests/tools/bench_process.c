/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/bench_process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* An open, already removed file for one of the outputs. */
static int temporary_file(void)
{
    char path[] = "/tmp/ard-bench-test-XXXXXX";
    const int file = mkstemp(path);
    assert_true(file >= 0);
    unlink(path);
    return file;
}

static char *read_all(int file)
{
    const off_t size = lseek(file, 0, SEEK_END);
    assert_true(size >= 0);
    char *text = calloc((size_t)size + 1, 1);
    assert_non_null(text);
    assert_int_equal(pread(file, text, (size_t)size, 0), size);
    close(file);
    return text;
}

/* Starts a shell command. LeakSanitizer now and then crashes on the thread-local storage of PoCL's
 * threads when a program ends, so it must not look there; libard keeps no pointers in it. */
static pid_t start(const char *command, int out, int err)
{
    char whole[4096];
    const int length = snprintf(
        whole, sizeof whole, "PATH='%s':$PATH; export LSAN_OPTIONS=\"$LSAN_OPTIONS:use_tls=0\"; %s",
        ARD_BIN_DIR, command);
    assert_true(length > 0 && (size_t)length < sizeof whole);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(out, STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        execl("/bin/sh", "sh", "-c", whole, (char *)NULL);
        _exit(127);
    }
    return child;
}

static bench_output finish(pid_t child, int out, int err)
{
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return (bench_output){
        .status = WEXITSTATUS(status), .out = read_all(out), .err = read_all(err)};
}

bench_output bench_shell(const char *command)
{
    const int out = temporary_file();
    const int err = temporary_file();
    return finish(start(command, out, err), out, err);
}

bench_output bench_run(const char *arguments)
{
    char command[2048];
    snprintf(command, sizeof command, "exec ard-bench %s", arguments);
    return bench_shell(command);
}

/* Whether the process has a handler for SIGINT of its own, or waits for it. */
static bool catches_interrupt(pid_t process)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/status", (int)process);
    FILE *file = fopen(path, "r");
    unsigned long long watched = 0;
    char line[256];
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "SigCgt:", 7) == 0 || strncmp(line, "SigBlk:", 7) == 0) {
            watched |= strtoull(line + 7, NULL, 16);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return (watched >> (SIGINT - 1) & 1) != 0;
}

bench_output bench_interrupt(const char *arguments)
{
    const struct timespec moment = {.tv_nsec = 50 * 1000 * 1000};
    char command[2048];
    snprintf(command, sizeof command, "exec ard-bench %s", arguments);
    const int out = temporary_file();
    const int err = temporary_file();
    const pid_t child = start(command, out, err);
    for (int i = 0; i < 1200 && !catches_interrupt(child); i++) {
        nanosleep(&moment, NULL);
    }
    for (int i = 0; i < 20; i++) {
        nanosleep(&moment, NULL);
    }
    kill(child, SIGINT);
    return finish(child, out, err);
}

void bench_assert_status(const bench_output *output, int expected)
{
    if (output->status != expected) {
        fail_msg("status %d, not %d; output \"%s\", error \"%s\"", output->status, expected,
                 output->out, output->err);
    }
}

void bench_free(bench_output *output)
{
    free(output->out);
    free(output->err);
    *output = (bench_output){0};
}

size_t bench_lines(const char *text)
{
    size_t lines = 0;
    const size_t length = strlen(text);
    for (size_t i = 0; i < length; i++) {
        lines += text[i] == '\n' ? 1 : 0;
    }
    assert_true(length == 0 || text[length - 1] == '\n');
    return lines;
}

void bench_assert_mistake(const char *arguments, const char *expected)
{
    bench_output output = bench_run(arguments);
    if (output.status != 2 || output.out[0] != '\0' || bench_lines(output.err) != 1 ||
        strncmp(output.err, "ard-bench: ", 11) != 0 || strstr(output.err, expected) == NULL) {
        fail_msg("ard-bench %s: status %d, output \"%s\", error \"%s\", which should hold \"%s\"",
                 arguments, output.status, output.out, output.err, expected);
    }
    bench_free(&output);
}

void bench_assert_keys(const cJSON *object, const char *const *keys)
{
    assert_true(cJSON_IsObject(object));
    int count = 0;
    for (; keys[count] != NULL; count++) {
        if (!cJSON_HasObjectItem(object, keys[count])) {
            fail_msg("key \"%s\" is missing", keys[count]);
        }
    }
    assert_int_equal(cJSON_GetArraySize(object), count);
}
