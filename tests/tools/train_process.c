/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* pseudo-terminals */
#include "tools/train_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/unit.h"

enum { PATIENCE_MS = 300000 };

static void split(const char *command, char *words, char **argv)
{
    size_t count = 0;
    argv[count++] = (char *)"ard-train";
    argv[count++] = (char *)command;
    for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " ")) {
        assert_true(count < TRAIN_MAX_ARGUMENTS);
        argv[count++] = word;
    }
    argv[count] = NULL;
}

/* In the child. The first terminal that a new session opens becomes the one whose ctrl-C it gets,
 * and whose hangup ends it. Progress is drawn only where TERM says that lines can be cleared. */
static void become(const char *terminal, int out, char **argv)
{
    (void)setsid();
    (void)signal(SIGHUP, SIG_DFL);
    const int screen = open(terminal, O_RDWR);
    if (setenv("TERM", "xterm", 1) != 0) {
        _exit(126);
    }
    if (screen < 0 || dup2(screen, STDIN_FILENO) < 0 || dup2(screen, STDERR_FILENO) < 0 ||
        dup2(out, STDOUT_FILENO) < 0) {
        _exit(126);
    }
    execv(ARD_BIN_DIR "/ard-train", argv);
    _exit(127);
}

/* A program that held the other ends of its own terminal and pipe would outlive a test that is
 * killed: nothing would hang up on it. */
static void keep_from_children(int file)
{
    assert_true(fcntl(file, F_SETFD, FD_CLOEXEC) != -1);
}

train_process *train_start(const char *arguments)
{
    return train_start_command("mlp", arguments);
}

train_process *train_start_command(const char *command, const char *arguments)
{
    train_process *process = calloc(1, sizeof *process);
    char words[4096];
    char *argv[TRAIN_MAX_ARGUMENTS + 1];
    int ends[2];
    assert_non_null(process);
    assert_true(strlen(arguments) < sizeof words);
    memcpy(words, arguments, strlen(arguments) + 1);
    split(command, words, argv);
    process->screen = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(process->screen >= 0);
    keep_from_children(process->screen);
    assert_int_equal(grantpt(process->screen), 0);
    assert_int_equal(unlockpt(process->screen), 0);
    assert_int_equal(pipe(ends), 0);
    keep_from_children(ends[0]);
    keep_from_children(ends[1]);
    process->child = fork();
    assert_true(process->child >= 0);
    if (process->child == 0) {
        become(ptsname(process->screen), ends[1], argv);
    }
    (void)close(ends[1]);
    process->out = ends[0];
    return process;
}

/* Fails the test, and leaves no program behind that the rest of the tests would run beside. */
static void give_up(train_process *process, const char *what)
{
    (void)kill(process->child, SIGKILL);
    (void)waitpid(process->child, NULL, 0);
    fail_msg("%s; output \"%s\", screen \"%s\"", what, process->out_text, process->screen_text);
}

/* One read. A terminal whose last user is gone reads as an error. */
static void take(train_process *process, int *file, char *text, size_t *size)
{
    if (*size + 1 == TRAIN_TEXT_SIZE) {
        give_up(process, "too much came");
    }
    const ssize_t got = read(*file, text + *size, TRAIN_TEXT_SIZE - 1 - *size);
    if (got < 0 && errno == EINTR) {
        return;
    }
    if (got <= 0) {
        (void)close(*file);
        *file = -1;
        return;
    }
    *size += (size_t)got;
}

/* Reads what comes next from either; false when both have ended. */
static bool read_more(train_process *process)
{
    struct pollfd files[2] = {{.fd = process->out, .events = POLLIN},
                              {.fd = process->screen, .events = POLLIN}};
    if (process->out < 0 && process->screen < 0) {
        return false;
    }
    const int ready = poll(files, 2, PATIENCE_MS);
    if (ready < 0 && errno == EINTR) {
        return true;
    }
    if (ready <= 0) {
        give_up(process, "nothing came");
    }
    if (files[0].revents != 0) {
        take(process, &process->out, process->out_text, &process->out_size);
    }
    if (files[1].revents != 0) {
        take(process, &process->screen, process->screen_text, &process->screen_size);
    }
    return true;
}

static void wait_for(train_process *process, const char *where, const char *text)
{
    char what[128];
    while (strstr(where, text) == NULL) {
        if (!read_more(process)) {
            (void)snprintf(what, sizeof what, "\"%s\" never came", text);
            give_up(process, what);
        }
    }
}

void train_wait_for_output(train_process *process, const char *text)
{
    wait_for(process, process->out_text, text);
}

void train_wait_for_screen(train_process *process, const char *text)
{
    wait_for(process, process->screen_text, text);
}

void train_type(train_process *process, char key)
{
    assert_int_equal(write(process->screen, &key, 1), 1);
}

static int end_of(const train_process *process)
{
    int status = 0;
    assert_int_equal(waitpid(process->child, &status, 0), process->child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int train_finish(train_process *process)
{
    while (read_more(process)) {
    }
    return end_of(process);
}

int train_hang_up(train_process *process)
{
    (void)close(process->screen);
    (void)close(process->out);
    return end_of(process);
}

void train_free(train_process *process)
{
    free(process);
}

int train_run(const char *arguments, char *text, size_t size)
{
    return train_run_command("mlp", arguments, text, size);
}

int train_run_command(const char *command, const char *arguments, char *text, size_t size)
{
    train_process *process = train_start_command(command, arguments);
    const int status = train_finish(process);
    if (text != NULL) {
        (void)snprintf(text, size, "%s", process->screen_text);
    }
    train_free(process);
    return status;
}

unsigned train_stopped_at(const train_process *process)
{
    static const char MESSAGE[] = "ard-train: interrupted after step ";
    const char *place = strstr(process->screen_text, MESSAGE);
    unsigned step = 0;
    if (place == NULL || sscanf(place + strlen(MESSAGE), "%u", &step) != 1) {
        fail_msg("no message: \"%s\"", process->screen_text);
    }
    return step;
}

static char *contents(const char *path, size_t *size)
{
    static const size_t MOST = 1 << 22;
    char *bytes = malloc(MOST);
    FILE *file = fopen(path, "rb");
    assert_non_null(bytes);
    assert_non_null(file);
    *size = fread(bytes, 1, MOST, file);
    assert_in_range(*size, 1, MOST - 1);
    assert_int_equal(fclose(file), 0);
    return bytes;
}

void train_assert_same_files(const char *a, const char *b)
{
    size_t a_size, b_size;
    char *a_bytes = contents(a, &a_size);
    char *b_bytes = contents(b, &b_size);
    assert_int_equal(a_size, b_size);
    assert_memory_equal(a_bytes, b_bytes, a_size);
    free(a_bytes);
    free(b_bytes);
}
