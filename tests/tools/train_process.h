/* SPDX-License-Identifier: Apache-2.0 */
/* ard-train run as a user at a terminal would: with its errors on a pseudo-terminal, where ctrl-C
 * can be typed, or in a file. */
#ifndef ARD_TEST_TRAIN_PROCESS_H
#define ARD_TEST_TRAIN_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { TRAIN_TEXT_SIZE = 1 << 18, TRAIN_MAX_ARGUMENTS = 40 };

typedef struct train_process {
    pid_t child;
    int out;    /* our end of a pipe */
    int screen; /* our end of the pseudo-terminal */
    char out_text[TRAIN_TEXT_SIZE];
    char screen_text[TRAIN_TEXT_SIZE];
    size_t out_size;
    size_t screen_size;
} train_process;

/* Starts `ard-train mlp ARGUMENTS`, words separated by single blanks, in a session of its own with
 * standard error on its terminal. Free with train_finish(). */
train_process *train_start(const char *arguments);

/* The same with another command than mlp. */
train_process *train_start_command(const char *command, const char *arguments);

/* Waits, a minute or so, until the output or the screen holds `text`. */
void train_wait_for_output(train_process *process, const char *text);
void train_wait_for_screen(train_process *process, const char *text);

/* Types a character. */
void train_type(train_process *process, char key);

/* Reads both to their end; returns the exit status, or 128 + the number of a deadly signal. The
 * texts stay until train_free(). */
int train_finish(train_process *process);

/* Goes away, as a test that is killed does, and returns what became of the program, likewise. */
int train_hang_up(train_process *process);
void train_free(train_process *process);

/* Runs to the end; returns the exit status. `text`, unless NULL, gets what was on the screen (room
 * for `size`). */
int train_run(const char *arguments, char *text, size_t size);

/* The same with another command than mlp. */
int train_run_command(const char *command, const char *arguments, char *text, size_t size);

/* The step that the message of a stopped run names. */
unsigned train_stopped_at(const train_process *process);

/* Checkpoints are equal byte for byte. */
void train_assert_same_files(const char *a, const char *b);

#endif
