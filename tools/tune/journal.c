/* SPDX-License-Identifier: Apache-2.0 */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal_file.h"
#include "options.h"

enum { MOST_LINE = 8192 };

static int no_memory(void)
{
    return cli_failure(&tune_program, "the host has not enough memory");
}

journal_entry *journal_find(const journal *journal, const char *key)
{
    for (size_t i = 0; i < journal->count; i++) {
        if (strcmp(journal->entries[i].key, key) == 0) {
            return &journal->entries[i];
        }
    }
    return NULL;
}

static bool put(journal *journal, const journal_entry *entry)
{
    journal_entry *place = journal_find(journal, entry->key);
    if (place == NULL && journal->count == journal->capacity) {
        const size_t capacity = journal->capacity == 0 ? 64 : 2 * journal->capacity;
        journal_entry *grown = realloc(journal->entries, capacity * sizeof *grown);
        if (grown == NULL) {
            return false;
        }
        journal->entries = grown;
        journal->capacity = capacity;
    }
    if (place == NULL) {
        place = &journal->entries[journal->count++];
    }
    *place = *entry;
    return true;
}

static void drop(journal *journal, const char *key)
{
    journal_entry *place = journal_find(journal, key);
    if (place != NULL) {
        *place = journal->entries[--journal->count];
    }
}

/* Makes the folders that the path needs; what is wrong with them shows when the file is opened. */
static void make_folders(char *path)
{
    for (char *c = path + 1; path[0] != '\0' && *c != '\0'; c++) {
        if (*c == '/') {
            *c = '\0';
            (void)mkdir(path, 0777);
            *c = '/';
        }
    }
}

static bool take_line(journal *journal, const char *line)
{
    journal_entry entry;
    switch (journal_read_line(line, &entry)) {
    case JOURNAL_LINE_ENTRY:
        return put(journal, &entry);
    case JOURNAL_LINE_FORGOTTEN:
        drop(journal, entry.key);
        return true;
    case JOURNAL_LINE_BAD:
        break;
    }
    return false;
}

/* Reads the next whole line, without its end; false at the end of the file, and for a line that is
 * torn or too long. */
static bool next_line(FILE *file, char line[MOST_LINE])
{
    if (fgets(line, MOST_LINE, file) == NULL) {
        return false;
    }
    const size_t length = strlen(line);
    if (length == 0 || line[length - 1] != '\n') {
        return false;
    }
    line[length - 1] = '\0';
    return true;
}

/* Reads the lines behind the first and cuts off a torn end. */
static int read_entries(journal *journal)
{
    char line[MOST_LINE];
    long good = ftell(journal->file);
    for (size_t number = 2; next_line(journal->file, line); number++) {
        if (!take_line(journal, line)) {
            return cli_mistake(&tune_program,
                               "%s: line %zu is damaged; leave out --resume to begin afresh",
                               journal->path, number);
        }
        good = ftell(journal->file);
    }
    journal->read = journal->count;
    if (good < 0 || ftruncate(fileno(journal->file), good) != 0 ||
        fseek(journal->file, good, SEEK_SET) != 0) {
        return cli_failure(&tune_program, "cannot continue %s: %s", journal->path, strerror(errno));
    }
    return CLI_CONTINUE;
}

static int read_journal(journal *journal, const char *identity)
{
    char line[MOST_LINE];
    bool same = false;
    if (!next_line(journal->file, line) || !journal_read_head(line, identity, &same)) {
        return cli_mistake(&tune_program,
                           "%s is not a journal of ard-tune; leave out --resume to begin afresh",
                           journal->path);
    }
    if (!same) {
        return cli_mistake(&tune_program,
                           "%s is of another device, driver, version, seed, or choice of --engine, "
                           "--batch or --widths; give the same, or leave out --resume",
                           journal->path);
    }
    return read_entries(journal);
}

/* Another ard-tune that writes the same file would spoil it. */
static int lock(journal *journal)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fileno(journal->file), F_SETLK, &whole) == 0 ||
        (errno != EACCES && errno != EAGAIN)) {
        return CLI_CONTINUE;
    }
    return cli_failure(&tune_program, "another ard-tune is writing %s", journal->path);
}

static int begin(journal *journal, const char *identity)
{
    if (ftruncate(fileno(journal->file), 0) != 0 || !journal_write_head(journal->file, identity)) {
        return cli_failure(&tune_program, "cannot write %s: %s", journal->path, strerror(errno));
    }
    return CLI_CONTINUE;
}

int journal_open(const char *path, const char *identity, bool resume, journal *journal)
{
    *journal = (struct journal){.path = strdup(path)};
    if (journal->path == NULL) {
        return no_memory();
    }
    make_folders(journal->path);
    const int file = open(path, O_RDWR | O_CLOEXEC | (resume ? 0 : O_CREAT), 0666);
    journal->file = file >= 0 ? fdopen(file, "r+") : NULL;
    if (journal->file == NULL && resume && errno == ENOENT) {
        return cli_mistake(&tune_program,
                           "there is no %s to go on with; leave out --resume to begin afresh",
                           path);
    }
    if (journal->file == NULL) {
        const int reason = errno;
        if (file >= 0) {
            close(file);
        }
        return cli_failure(&tune_program, "cannot write %s: %s", path, strerror(reason));
    }
    const int status = lock(journal);
    if (status != CLI_CONTINUE) {
        return status;
    }
    return resume ? read_journal(journal, identity) : begin(journal, identity);
}

bool journal_begin(journal *journal, const char *key)
{
    return journal_end(journal, key, JOURNAL_BEGUN, HUGE_VAL);
}

bool journal_end(journal *journal, const char *key, journal_state state, double score)
{
    journal_entry entry = {.state = state, .score = state == JOURNAL_MEASURED ? score : HUGE_VAL};
    snprintf(entry.key, sizeof entry.key, "%s", key);
    return put(journal, &entry) &&
           (journal->file == NULL || journal_write_entry(journal->file, &entry));
}

bool journal_forget(journal *journal, const char *key)
{
    drop(journal, key);
    return journal->file == NULL || journal_write_forgotten(journal->file, key);
}

void journal_close(journal *journal, bool finished)
{
    if (finished && journal->file != NULL) {
        (void)unlink(journal->path);
    }
    if (journal->file != NULL) {
        (void)fclose(journal->file);
    }
    free(journal->path);
    free(journal->entries);
    *journal = (struct journal){0};
}
