/* SPDX-License-Identifier: Apache-2.0 */
/* The options of step. */
#include <ard/lstm.h>
#include <string.h>

#include "options_table.h"

static const char *const scales[] = {"rate", "period", NULL};
static const char *const models[] = {"mlp", "lstm", NULL};
static const char *const placements[] = {"between", "recurrent", "both", NULL};

const char options_about_step[] =
    "A whole step with patterns, other ones every step as in training, against the same\n"
    "step with conventional dropout at the same rates. With --pattern tile it is weights\n"
    "that are dropped, and DropConnect is a second baseline. At rate 0 no side drops\n"
    "anything.\n\n"
    "--model mlp drops the hidden layers, or the weights into them. --model lstm is a\n"
    "language model on random words (Zaremba et al., arXiv 1409.2329) by plain SGD with\n"
    "clipping, which drops the inputs of its layers and of its softmax, or hidden states on\n"
    "their way to the next time step, or the weights that these are multiplied with.\n\n"
    "--verify: a few steps against double precision on the host, loss and parameters after\n"
    "each. Of a network too large for that, a part of the batch; of an LSTM its steps with\n"
    "patterns, and a part of the window where that is too large.\n";

void options_make_step(options_raw *raw, cli_option table[MOST_OPTIONS])
{
    const cli_option options[] = {
        {.name = "model",
         .type = CLI_ENUM,
         .target = &raw->model,
         .names = models,
         .help = "kind of network",
         .default_text = "mlp"},
        {SIZE("in", "WIDTH", raw->in, "mlp: inputs"), .given = &raw->in_given,
         .default_text = "784"},
        {.name = "hidden",
         .metavar = "WIDTH,...",
         .type = CLI_SIZE_LIST,
         .target = &raw->hidden,
         .given = &raw->hidden_given,
         .minimum = 1,
         .maximum = BENCH_MAX_SIZE,
         .help = "widths of the hidden layers; lstm: one width for all layers",
         .default_text = "2048,2048; lstm: 650"},
        {SIZE("out", "WIDTH", raw->out, "mlp: classes"), .given = &raw->out_given,
         .default_text = "10"},
        {.name = "layers",
         .metavar = "COUNT",
         .type = CLI_SIZE,
         .target = &raw->lstm.layers,
         .given = &raw->lstm.layers_given,
         .minimum = 1,
         .maximum = ARD_LSTM_MAX_LAYERS,
         .help = "lstm: layers",
         .default_text = "2"},
        {SIZE("embed", "WIDTH", raw->lstm.embed, "lstm: width of a word's vector"),
         .given = &raw->lstm.embed_given, .default_text = "that of the layers"},
        {SIZE("vocab", "COUNT", raw->lstm.vocab, "lstm: words"), .given = &raw->lstm.vocab_given,
         .default_text = "10000"},
        {SIZE("steps", "COUNT", raw->lstm.steps, "lstm: time steps of a window"),
         .given = &raw->lstm.steps_given, .default_text = "35"},
        {SIZE("batch", "COUNT", raw->batch, "samples in the batch; lstm: sequences"),
         .given = &raw->batch_given, .default_text = "128; lstm: 20"},
        {.name = "rate",
         .metavar = "P,...",
         .type = CLI_DOUBLE_LIST,
         .target = &raw->rates,
         RATE_BOUNDS,
         .help = "dropout rates of the hidden layers, one for all or one each; lstm: one, or with "
                 "--placement both that between layers and the recurrent one",
         .default_text = "0.5"},
        {.name = "placement",
         .type = CLI_ENUM,
         .target = &raw->lstm.placement,
         .given = &raw->lstm.placement_given,
         .names = placements,
         .help = "lstm: drop the inputs of layers and softmax, hidden states, or both",
         .default_text = "between"},
        {.name = "fresh",
         .type = CLI_FLAG,
         .target = &raw->lstm.fresh,
         .help = "lstm: drop hidden states by other patterns every time step"},
        {.name = "tied",
         .type = CLI_FLAG,
         .target = &raw->lstm.tied,
         .help = "lstm: the softmax has the embedding's weights, and its pattern"},
        PATTERN_OPTION,
        TILE_OPTION,
        NUMBERING_OPTION,
        MAX_PERIOD_OPTION,
        {.name = "scale",
         .type = CLI_ENUM,
         .target = &raw->scale,
         .names = scales,
         .help = "what is kept is multiplied by 1/(1-rate), or by 1/(share the pattern keeps)",
         .default_text = "rate"},
        {.name = "groups",
         .metavar = "COUNT",
         .type = CLI_U32,
         .target = &raw->groups,
         .minimum = 1,
         .maximum = ARD_MLP_MAX_GROUPS,
         .help = "mlp: groups of samples in a batch, each with patterns of its own",
         .default_text = "1"},
        {.name = "per-period",
         .type = CLI_FLAG,
         .target = &raw->per_period,
         .help = "mlp: time each combination of periods up to the longest by itself, of rows or "
                 "tiles, fit a model, and say at which compaction loses"},
        {.name = "cost",
         .metavar = "FILE",
         .type = CLI_STRING,
         .target = &raw->cost,
         .help =
             "mlp: draw periods for speed, by the times that --per-period --format json wrote to "
             "FILE for this network, and print the speed-up they predict"},
        {.name = "entropy-share",
         .metavar = "S",
         .type = CLI_DOUBLE,
         .target = &raw->entropy_share,
         .given = &raw->entropy_share_given,
         .minimum = 0,
         .maximum = 1,
         .help = "with --cost: least entropy of the periods, as a share of what is possible",
         .default_text = "0.9"},
        ENGINE_OPTION,
        CBLAS_OPTION("mlp: "),
        REPEAT_OPTION,
        SEED_OPTION,
        VERIFY_OPTION,
        {.name = "profile",
         .type = CLI_FLAG,
         .target = &raw->options->kase.profile,
         .help = "show afterwards where the time goes, kernel by kernel"},
        {.name = "memory",
         .type = CLI_FLAG,
         .target = &raw->options->kase.memory,
         .help = "show how much device memory each side takes at the most"},
        OUTPUT_OPTIONS,
        {0},
    };
    memcpy(table, options, sizeof options);
}
