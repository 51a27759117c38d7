/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include <inttypes.h>

#include "devices.h"

static void print_device(FILE *output, const ard_device_info *device)
{
    char text[DEVICE_TEXT];
    devices_describe(device, text);
    fprintf(output, "%s\n\n", text);
}

static void print_packed(FILE *output, const ard_packed_parameters *packed)
{
    fprintf(output,
            "  vector_width %" PRIu32 ", vectors %" PRIu32 ", rows %" PRIu32 ", depth %" PRIu32
            "\n",
            packed->vector_width, packed->vectors, packed->rows, packed->depth);
}

static void print_clblast(FILE *output, const ard_tuning *tuning)
{
    if (tuning->clblast_count == 0) {
        fprintf(output, "  CLBlast's own parameters\n");
    }
    for (size_t i = 0; i < tuning->clblast_count; i++) {
        const ard_clblast_kernel *kernel = &tuning->clblast[i];
        fprintf(output, "  %s:", kernel->name);
        for (size_t p = 0; p < kernel->count; p++) {
            fprintf(output, "%s %s %zu", p > 0 ? "," : "", kernel->parameters[p],
                    kernel->values[p]);
        }
        fputc('\n', output);
    }
}

static void print_counts(FILE *output, const char *name, const engine_result *engine)
{
    const judge_counts *counts = &engine->counts;
    fprintf(output, "%s: %zu candidates timed, %zu wrong, %zu did not build or run", name,
            counts->measured, counts->wrong, counts->failed);
    if (counts->crashed > 0) {
        fprintf(output, ", %zu ended an earlier run", counts->crashed);
    }
    fprintf(output, "; %.2f times as fast as shipped", engine->gain);
}

/* Columns of speeds that a result has. */
typedef struct columns {
    size_t count;
    const char *heads[5];
    const contest_times *times[5];
} columns;

static void add_column(columns *columns, const char *head, const contest_times *times)
{
    columns->heads[columns->count] = head;
    columns->times[columns->count++] = times;
}

static columns columns_of(const tune_result *result)
{
    columns columns = {0};
    if (result->packed.tuned) {
        add_column(&columns, "packed", &result->packed.shipped);
        add_column(&columns, "  found", &result->packed.found);
    }
    if (result->clblast.tuned) {
        add_column(&columns, "cl own", &result->own);
        add_column(&columns, "clblast", &result->clblast.shipped);
        add_column(&columns, "  found", &result->clblast.found);
    }
    return columns;
}

static const char *engine_name(ard_engine engine)
{
    return engine == ARD_ENGINE_PACKED ? "packed" : "clblast";
}

static void print_table(FILE *output, const tune_result *result)
{
    const columns columns = columns_of(result);
    fprintf(output, "GFLOP/s as shipped and as found%s\n",
            result->clblast.tuned ? "; cl own: CLBlast with its own parameters" : "");
    fprintf(output, "product       m      n      k");
    for (size_t c = 0; c < columns.count; c++) {
        fprintf(output, "  %7s", columns.heads[c]);
    }
    fprintf(output, "%s\n", result->engines_chosen ? "  engine" : "");
    for (size_t i = 0; i < result->shapes.count; i++) {
        const tune_shape *shape = &result->shapes.list[i];
        fprintf(output, "%-7s  %6zu %6zu %6zu", shape_name(shape), shape->m, shape->n, shape->k);
        for (size_t c = 0; c < columns.count; c++) {
            fprintf(output, "  %7.4g", report_speed(shape, columns.times[c]->milliseconds[i]));
        }
        fprintf(output, "%s%s\n", result->engines_chosen ? "  " : "",
                result->engines_chosen ? engine_name(result->engines[i]) : "");
    }
    fprintf(output, "%-29s", "geometric mean");
    for (size_t c = 0; c < columns.count; c++) {
        fprintf(output, "  %7.4g", report_mean_speed(&result->shapes, columns.times[c]));
    }
    fputs("\n\n", output);
}

static void print_batched(FILE *output, const tune_result *result)
{
    const char *way = result->tuning.strided_batched ? "in one call" : "in turn";
    if (result->batched.measured) {
        fprintf(output, "  equal products %s: one call takes %.2f times as long\n", way,
                result->batched.ratio);
    } else {
        fprintf(output, "  equal products %s, as shipped: not measured\n", way);
    }
}

void report_text_result(FILE *output, const tune_result *result)
{
    print_device(output, &result->device);
    print_table(output, result);
    if (result->packed.tuned) {
        print_counts(output, "packed", &result->packed);
        fputc('\n', output);
        print_packed(output, &result->tuning.packed);
    }
    if (result->clblast.tuned) {
        print_counts(output, "clblast", &result->clblast);
        fprintf(output, ", %.2f times as fast as with its own parameters\n",
                result->own_gain * result->clblast.gain);
        print_clblast(output, &result->tuning);
        print_batched(output, result);
    }
    if (result->read > 0) {
        fprintf(output, "%zu candidates are of an earlier run\n", result->read);
    }
    fprintf(output, "written to %s after %.0f s\n", result->path, result->seconds);
}

static void print_space(FILE *output, const tune_space *space, const tune_limits *limits)
{
    bool exact = false;
    const double size = space_size(space, limits, &exact);
    fprintf(output, "%-8s %-13s %s%.4g\n",
            space->engine == ARD_ENGINE_PACKED ? "packed" : "clblast",
            space->engine == ARD_ENGINE_PACKED ? "block sizes" : space->name, exact ? "" : "about ",
            size);
}

void report_text_plan(FILE *output, const tune_result *result, const tune_limits *limits)
{
    double flops = 0;
    print_device(output, &result->device);
    fprintf(output, "product       m      n      k    MFLOP\n");
    for (size_t i = 0; i < result->shapes.count; i++) {
        const tune_shape *shape = &result->shapes.list[i];
        fprintf(output, "%-7s  %6zu %6zu %6zu %8.4g\n", shape_name(shape), shape->m, shape->n,
                shape->k, shape_flops(shape) / 1e6);
        flops += shape_flops(shape);
    }
    fprintf(output, "%zu products, %.4g GFLOP\n\nengine   parameters    candidates\n",
            result->shapes.count, flops / 1e9);
    if (report_tunes(result->options, ARD_ENGINE_PACKED)) {
        print_space(output, &packed_space, limits);
    }
    for (size_t i = 0; i < CLBLAST_SPACES && report_tunes(result->options, ARD_ENGINE_CLBLAST);
         i++) {
        print_space(output, &clblast_spaces[i], limits);
    }
    fprintf(output, "\nsearching takes %.4g min at most", result->options->minutes);
    if (result->options->candidates > 0) {
        fprintf(output, ", and %zu candidates of an engine", result->options->candidates);
    }
    fprintf(output,
            ", the measurements before and after it come on top; it would\nbe written to %s\n",
            result->path);
}
