/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <ard/version.h>

enum { MOST_SIZE = 1 << 20, MOST_MINUTES = 10080 };

const cli_program tune_program = {.name = "ard-tune"};

static const char *const engine_words[] = {"both", "packed", "clblast", NULL};
static const char *const formats[] = {"text", "json", NULL};

static const char about[] =
    "Times the products of training steps with other block sizes of libard's own kernels and\n"
    "other parameters of CLBlast, keeps the fastest that compute correctly, finds which\n"
    "engine is the faster one for which product, and writes that down for libard to use.\n"
    "Leave the machine alone meanwhile. ctrl-C stops; --resume goes on from there.\n\n"
    "Exit status: 0 done; 1 the run failed; 2 a mistake in the command line; 130\n"
    "interrupted.\n";

static int parse(int argc, char *const *argv, tune_options *options, int *engines, int *format)
{
    const cli_option table[] = {
        {.name = "device",
         .metavar = "DEVICE",
         .type = CLI_STRING,
         .target = &options->device,
         .help = "platform and device as P:D, cpu, gpu, or part of a name",
         .default_text = "ARD_DEVICE or the first GPU or device"},
        {.name = "output",
         .letter = 'o',
         .metavar = "FILE",
         .type = CLI_STRING,
         .target = &options->output,
         .help = "where the tuning goes; FILE.journal is kept beside it until then",
         .default_text = "the device's file in the user's cache, where libard looks"},
        {.name = "minutes",
         .metavar = "M",
         .type = CLI_DOUBLE,
         .target = &options->minutes,
         .minimum = 0,
         .maximum = MOST_MINUTES,
         .flags = CLI_ABOVE_MINIMUM,
         .help = "time for the search; what is measured before and after it comes on top",
         .default_text = "10"},
        {.name = "candidates",
         .metavar = "COUNT",
         .type = CLI_SIZE,
         .target = &options->candidates,
         .minimum = 1,
         .maximum = MOST_SIZE,
         .help = "candidates of an engine, at most",
         .default_text = "as many as there is time for"},
        {.name = "engine",
         .type = CLI_ENUM,
         .target = engines,
         .names = engine_words,
         .help = "what is tuned; of one alone, which engine serves stays as it is shipped",
         .default_text = "both"},
        {.name = "batch",
         .metavar = "COUNT,...",
         .type = CLI_SIZE_LIST,
         .target = &options->batches,
         .minimum = 1,
         .maximum = MOST_SIZE,
         .help = "samples in a batch",
         .default_text = "128,32"},
        {.name = "widths",
         .metavar = "WIDTH,...",
         .type = CLI_SIZE_LIST,
         .target = &options->widths,
         .minimum = 1,
         .maximum = MOST_SIZE,
         .help = "widths of a network, the inner ones hidden; one alone is a square hidden layer",
         .default_text = "784,2048,2048,10 and 1024"},
        {.name = "dry-run",
         .type = CLI_FLAG,
         .target = &options->dry_run,
         .help = "print what would be measured and searched; measures and writes nothing"},
        {.name = "resume",
         .type = CLI_FLAG,
         .target = &options->resume,
         .help = "go on where an interrupted run with the same options stopped"},
        {.name = "seed",
         .metavar = "SEED",
         .type = CLI_U64,
         .target = &options->seed,
         .help = "of the inputs and of the search's random steps",
         .default_text = "1"},
        {.name = "format",
         .letter = 'f',
         .type = CLI_ENUM,
         .target = format,
         .names = formats,
         .help = "of what is printed",
         .default_text = "text"},
        {.name = "quiet",
         .letter = 'q',
         .type = CLI_FLAG,
         .target = &options->quiet,
         .help = "print nothing but what goes wrong"},
        {0},
    };
    const cli_program program = {.name = tune_program.name,
                                 .version = ard_version(),
                                 .summary = "finds what an OpenCL device multiplies fastest with",
                                 .description = about,
                                 .options = table};
    return cli_parse(&program, argc, argv, NULL);
}

int options_parse(int argc, char *const *argv, tune_options *options)
{
    int engines = TUNE_BOTH;
    int format = TUNE_TEXT;
    *options =
        (tune_options){.minutes = 10, .batches = {.count = 2, .values = {128, 32}}, .seed = 1};
    const int status = parse(argc, argv, options, &engines, &format);
    options->engines = (tune_engines)engines;
    options->format = (tune_format)format;
    if (status == CLI_CONTINUE && options->resume && options->dry_run) {
        return cli_mistake(&tune_program,
                           "--resume and --dry-run exclude each other, since a dry run does not "
                           "go on with anything");
    }
    return status;
}

const char *options_engines_name(tune_engines engines)
{
    return engine_words[engines];
}
