/* SPDX-License-Identifier: Apache-2.0 */
/* The signals are blocked and a thread waits for them, rather than a handler: blocked signals stay
 * so in child processes. PoCL runs the linker for kernels that are met for the first time, and
 * ctrl-C at a terminal goes to it too; a build that dies of it would fail the step that was to be
 * finished.
 */
#include "interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_bool stop_requested;
static sigset_t watched;

static void *wait_for_signals(void *unused)
{
    (void)unused;
    int number = 0;
    if (sigwait(&watched, &number) == 0) {
        atomic_store(&stop_requested, true);
    }
    /* A second one ends even a run stuck in a driver. */
    if (sigwait(&watched, &number) == 0) {
        (void)signal(number, SIG_DFL);
        (void)pthread_sigmask(SIG_UNBLOCK, &watched, NULL);
        (void)raise(number);
    }
    return NULL;
}

static void add_unless_ignored(int number)
{
    struct sigaction action;
    if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_IGN) {
        (void)sigaddset(&watched, number);
    }
}

void interrupt_watch(void)
{
    pthread_t thread;
    (void)sigemptyset(&watched);
    add_unless_ignored(SIGINT);
    add_unless_ignored(SIGTERM);
    if (pthread_sigmask(SIG_BLOCK, &watched, NULL) != 0) {
        return;
    }
    if (pthread_create(&thread, NULL, wait_for_signals, NULL) != 0) {
        (void)pthread_sigmask(SIG_UNBLOCK, &watched, NULL); /* the first one ends the program */
        return;
    }
    (void)pthread_detach(thread);
}

bool interrupt_requested(void)
{
    return atomic_load(&stop_requested);
}
