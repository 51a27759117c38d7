/* SPDX-License-Identifier: Apache-2.0 */
#include "train/lstm/lstm_text.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "data/text_files.h"
#include "train/messages.h"

/* The built-in text is the same in all runs, whatever their seed. */
enum { GRAMMAR_SEED = 1 };

bool lstm_text_is_builtin(const char *data)
{
    return strcmp(data, "builtin") == 0;
}

/* A resumed run has these limits from its checkpoint, and nothing on its command line to blame. */
static int check_builtin(const lstm_options *options)
{
    if (options->resume != NULL && (options->level != LSTM_WORDS || options->max_words != 0)) {
        return cli_mistake(&train_messages, "--data builtin: another text than that of %s",
                           options->resume);
    }
    if (options->level != LSTM_WORDS) {
        return cli_mistake(&train_messages, "--data builtin has words only, not --level char");
    }
    if (options->max_words != 0) {
        return cli_mistake(&train_messages, "--max-words goes not with --data builtin");
    }
    return CLI_SUCCESS;
}

static bool load(const lstm_options *options, corpus *text, data_error *error)
{
    const corpus_limits limits = {.max_words = options->max_words,
                                  .train_tokens = options->train_tokens};
    if (lstm_text_is_builtin(options->data)) {
        return corpus_make_grammar(GRAMMAR_SEED, options->train_tokens, text, error);
    }
    return options->level == LSTM_CHARACTERS
               ? corpus_read_characters(options->data, &limits, text, error)
               : corpus_read_words(options->data, &limits, text, error);
}

int lstm_text_load(const lstm_options *options, corpus *text)
{
    data_error error;
    const int status = lstm_text_is_builtin(options->data) ? check_builtin(options) : CLI_SUCCESS;
    if (status != CLI_SUCCESS) {
        return status;
    }
    return load(options, text, &error) ? CLI_SUCCESS
                                       : cli_mistake(&train_messages, "--data: %s", error.text);
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat status[2];
    return stat(a, &status[0]) == 0 && stat(b, &status[1]) == 0 &&
           status[0].st_dev == status[1].st_dev && status[0].st_ino == status[1].st_ino;
}

bool lstm_text_has_file(const char *data, const char *path)
{
    char paths[TEXT_FILES][TEXT_PATH_SIZE];
    data_error error;
    if (lstm_text_is_builtin(data)) {
        return false;
    }
    bool found = is_same_file(data, path);
    if (!found && text_files_find(data, paths, &error)) {
        for (size_t i = 0; i < TEXT_FILES; ++i) {
            found = found || is_same_file(paths[i], path);
        }
    }
    return found;
}

const char *lstm_text_unit(const lstm_options *options)
{
    return options->level == LSTM_CHARACTERS ? "characters" : "words";
}

double lstm_perplexity(double loss)
{
    return exp(loss);
}
