/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of values that multiply out to the cases of a sweep. */
#include <string.h>

#include "problems.h"
#include "sweep_axes.h"

/* One case: a value of each axis. */
typedef struct choice {
    const bench_options *options;
    const char *lists[AXIS_COUNT]; /* NULL: not given */
    size_t counts[AXIS_COUNT];     /* of their values */
    size_t values[AXIS_COUNT];     /* which one */
} choice;

static const char *const models[] = {"mlp", "lstm", "gemm", NULL};

/* The models of a list as bits; 0 after a line about one that is none. */
static int read_models(const char *list)
{
    char word[PROBLEM_WORD];
    int bits = 0;
    for (size_t i = 0; problem_element(list, i, word); i++) {
        size_t model = 0;
        while (models[model] != NULL && strcmp(word, models[model]) != 0) {
            model++;
        }
        if (models[model] == NULL) {
            (void)cli_mistake(&options_program, "--model: '%.100s' is not mlp, lstm or gemm", word);
            return 0;
        }
        bits |= 1 << model;
    }
    return bits;
}

/* The value of an axis in a case; "" without one. */
static void value_of(const choice *choice, size_t axis, char value[PROBLEM_WORD])
{
    if (choice->lists[axis] == NULL ||
        !problem_element(choice->lists[axis], choice->values[axis], value)) {
        value[0] = '\0';
    }
}

static bool has_word(const char *list, const char *wanted)
{
    char word[PROBLEM_WORD];
    for (size_t i = 0; list != NULL && problem_element(list, i, word); i++) {
        if (strcmp(word, wanted) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether any pattern of a list is not of indices. */
static bool has_periods(const char *list)
{
    char word[PROBLEM_WORD];
    for (size_t i = 0; list != NULL && problem_element(list, i, word); i++) {
        if (strcmp(word, "index") != 0) {
            return true;
        }
    }
    return list == NULL;
}

static const char *needed_model(int bits)
{
    return bits == OF_MLP    ? "mlp"
           : bits == OF_LSTM ? "lstm"
           : bits == OF_GEMM ? "gemm"
                             : "mlp or lstm";
}

/* An option that no case would take is a mistake. */
static int check_options(const choice *choice, int chosen)
{
    const bench_sweep *sweep = &choice->options->sweep;
    const char *const *lists = choice->lists;
    for (size_t i = 0; i < AXIS_COUNT; i++) {
        if (lists[i] != NULL && (sweep_axes[i].models & chosen) == 0) {
            return cli_mistake(&options_program, "--%s needs --model %s", sweep_axes[i].name,
                               needed_model(sweep_axes[i].models));
        }
    }
    if ((sweep->fresh || sweep->tied) && (chosen & OF_LSTM) == 0) {
        return cli_mistake(&options_program, "--%s needs --model lstm",
                           sweep->fresh ? "fresh" : "tied");
    }
    if ((sweep->profile || sweep->memory) && (chosen & OF_STEPS) == 0) {
        return cli_mistake(&options_program, "--%s needs --model mlp or lstm",
                           sweep->profile ? "profile" : "memory");
    }
    if ((lists[AXIS_TILE] != NULL || lists[AXIS_NUMBERING] != NULL) &&
        !has_word(lists[AXIS_PATTERN], "tile")) {
        return cli_mistake(&options_program, "--%s needs --pattern tile",
                           lists[AXIS_TILE] != NULL ? "tile" : "numbering");
    }
    if (lists[AXIS_MAX_PERIOD] != NULL && !has_periods(lists[AXIS_PATTERN])) {
        return cli_mistake(&options_program, "--max-period needs --pattern row, subset or tile");
    }
    if (lists[AXIS_HIDDEN] != NULL && (chosen & OF_STEPS) == OF_STEPS) {
        return cli_mistake(&options_program,
                           "--hidden is several widths for mlp and one for lstm; sweep one of them "
                           "at a time, or write a file for --problems");
    }
    return CLI_CONTINUE;
}

/* How many combinations there are is bounded before they are made. */
static int count_values(choice *choice)
{
    size_t cases = 1;
    for (size_t i = 0; i < AXIS_COUNT; i++) {
        char value[PROBLEM_WORD];
        choice->counts[i] = choice->lists[i] == NULL ? 1 : 0;
        while (choice->lists[i] != NULL && choice->counts[i] <= PROBLEMS_MOST &&
               problem_element(choice->lists[i], choice->counts[i], value)) {
            choice->counts[i]++;
        }
        cases *= choice->counts[i];
        if (cases > PROBLEMS_MOST) {
            return cli_mistake(&options_program,
                               "the lists make more than %d cases; sweep a part at a time",
                               PROBLEMS_MOST);
        }
    }
    return CLI_CONTINUE;
}

/* Whether the case of a model with a pattern takes an option. */
static bool takes(size_t axis, int model, const char *pattern)
{
    if (axis == AXIS_TILE || axis == AXIS_NUMBERING) {
        return strcmp(pattern, "tile") == 0;
    }
    if (axis == AXIS_MAX_PERIOD) {
        return strcmp(pattern, "index") != 0;
    }
    return (sweep_axes[axis].models & model) != 0;
}

/* The words of a case. */
typedef struct line {
    int argc;
    char *argv[PROBLEM_WORDS];
    char names[AXIS_COUNT][32];
    char values[AXIS_COUNT][PROBLEM_WORD];
    char repeat[24], seed[24];
} line;

static void add_word(line *line, const char *word)
{
    line->argv[line->argc++] = (char *)word;
}

static void add_flag(line *line, bool given, const char *word)
{
    if (given) {
        add_word(line, word);
    }
}

/* What every case has. */
static void add_common(line *line, const bench_options *options, int model)
{
    const bench_sweep *sweep = &options->sweep;
    snprintf(line->repeat, sizeof line->repeat, "%lu", (unsigned long)options->repeat);
    snprintf(line->seed, sizeof line->seed, "%llu", (unsigned long long)options->seed);
    add_word(line, "--repeat");
    add_word(line, line->repeat);
    add_word(line, "--seed");
    add_word(line, line->seed);
    add_flag(line, options->verify, "--verify");
    add_flag(line, sweep->fresh && model == OF_LSTM, "--fresh");
    add_flag(line, sweep->tied && model == OF_LSTM, "--tied");
    add_flag(line, sweep->profile && model != OF_GEMM, "--profile");
    add_flag(line, sweep->memory && model != OF_GEMM, "--memory");
}

static int add_case(const choice *choice, problems *problems)
{
    line line;
    char model_name[PROBLEM_WORD];
    char pattern[PROBLEM_WORD];
    value_of(choice, AXIS_MODEL, model_name);
    value_of(choice, AXIS_PATTERN, pattern);
    const int model = read_models(model_name);
    line.argc = 0;
    add_word(&line, options_program.name);
    add_word(&line, model == OF_GEMM ? "gemm" : "step");
    for (size_t i = 0; i < AXIS_COUNT; i++) {
        char *value = line.values[i];
        if (choice->lists[i] == NULL || !takes(i, model, pattern) ||
            (i == AXIS_MODEL && model == OF_GEMM)) {
            continue;
        }
        value_of(choice, i, value);
        for (char *c = value; *c != '\0' && sweep_axes[i].of_layers; c++) {
            *c = *c == 'x' ? ',' : *c;
        }
        snprintf(line.names[i], sizeof line.names[i], "--%s", sweep_axes[i].name);
        add_word(&line, line.names[i]);
        add_word(&line, value);
    }
    add_common(&line, choice->options, model);
    return problems_add(problems, NULL, line.argc, line.argv);
}

/* Goes on to the next combination; false behind the last one. */
static bool advance(choice *choice)
{
    for (size_t i = AXIS_COUNT; i-- > 0;) {
        if (++choice->values[i] < choice->counts[i]) {
            return true;
        }
        choice->values[i] = 0;
    }
    return false;
}

int problems_of_lists(const bench_options *options, problems *problems)
{
    choice choice = {.options = options};
    memcpy(choice.lists, options->sweep.axes, sizeof choice.lists);
    if (choice.lists[AXIS_MODEL] == NULL) {
        choice.lists[AXIS_MODEL] = "mlp";
    }
    if (choice.lists[AXIS_RATE] == NULL) {
        choice.lists[AXIS_RATE] = sweep_axes[AXIS_RATE].default_text;
    }
    const int chosen = read_models(choice.lists[AXIS_MODEL]);
    int status = chosen == 0 ? CLI_MISTAKE : check_options(&choice, chosen);
    if (status == CLI_CONTINUE) {
        status = count_values(&choice);
    }
    while (status == CLI_CONTINUE) {
        status = add_case(&choice, problems);
        if (!advance(&choice)) {
            break;
        }
    }
    return status;
}
