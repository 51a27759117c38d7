/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report_command.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "report/gather.h"
#include "report/page.h"
#include "report/plots.h"
#include "report/read_files.h"

enum { FOLDER_CAPACITY = 4096 };

static bool to_output(const report_options *options)
{
    return strcmp(options->output, "-") == 0;
}

/* The page must not take the place of a file it is about, nor of anything but a file. */
static int check_output(const cli_program *program, const report_options *options)
{
    struct stat page;
    if (to_output(options) || stat(options->output, &page) != 0) {
        return CLI_CONTINUE;
    }
    if (!S_ISREG(page.st_mode)) {
        return cli_mistake(program, "--output: %s is not a regular file", options->output);
    }
    for (size_t i = 0; i < options->files->count; i++) {
        struct stat file;
        if (stat(options->files->values[i], &file) == 0 && file.st_dev == page.st_dev &&
            file.st_ino == page.st_ino) {
            return cli_mistake(program, "--output: %s is one of the files to report on",
                               options->output);
        }
    }
    return CLI_CONTINUE;
}

/* The folder of the pictures; makes it where it was named and is missing. */
static int find_folder(const cli_program *program, const report_options *options,
                       char folder[FOLDER_CAPACITY])
{
    const char *slash = to_output(options) ? NULL : strrchr(options->output, '/');
    int length = 0;
    if (options->plot_dir != NULL) {
        length = snprintf(folder, FOLDER_CAPACITY, "%s", options->plot_dir);
    } else if (slash != NULL) {
        length =
            snprintf(folder, FOLDER_CAPACITY, "%.*s",
                     (int)(slash > options->output ? slash - options->output : 1), options->output);
    } else {
        length = snprintf(folder, FOLDER_CAPACITY, ".");
    }
    if (length < 0 || length >= FOLDER_CAPACITY) {
        return cli_mistake(program, "--plot-dir: the path is too long");
    }
    if (options->plot_dir != NULL && mkdir(folder, 0777) != 0 && errno != EEXIST) {
        return cli_failure(program, "cannot make the folder %s: %s", folder, strerror(errno));
    }
    return CLI_CONTINUE;
}

static int write_page(output_files *files, const report_options *options, const text_buffer *page)
{
    if (page->failed) {
        return cli_failure(files->program, "the host has not enough memory");
    }
    if (to_output(options)) {
        (void)fwrite(page->data, 1, page->size, stdout);
        return CLI_CONTINUE;
    }
    return output_write(files, options->output, page->data, page->size);
}

static int write_all(const cli_program *program, const report_options *options,
                     const report_data *data, const picture_list *pictures)
{
    char folder[FOLDER_CAPACITY];
    text_buffer page = {0};
    output_files files = {.program = program};
    int status = CLI_CONTINUE;
    page_write(&page, options->title, data, pictures);
    if (options->plots) {
        status = find_folder(program, options, folder);
    }
    if (status == CLI_CONTINUE && options->plots) {
        status = plots_write(&files, folder, (plot_format)options->plot_format, pictures);
    }
    if (status == CLI_CONTINUE) {
        status = write_page(&files, options, &page);
    }
    if (status == CLI_CONTINUE) {
        status = output_commit(&files);
    }
    output_close(&files);
    text_free(&page);
    return status;
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* Says on the error stream what was made. */
static void tell(const cli_program *program, const report_options *options, const report_data *data,
                 const picture_list *pictures)
{
    if (!to_output(options)) {
        fprintf(program->error != NULL ? program->error : stderr,
                "%s: %s has %zu result%s, %zu training run%s and %zu picture%s\n", program->name,
                options->output, data->result_count, plural(data->result_count), data->run_count,
                plural(data->run_count), pictures->count, plural(pictures->count));
    }
}

int report_run_command(const cli_program *program, const report_options *options)
{
    report_data data = {0};
    picture_list pictures = {0};
    int status = check_output(program, options);
    if (status == CLI_CONTINUE) {
        status = read_files(program, options->files->values, options->files->count, &data);
    }
    if (status == CLI_CONTINUE &&
        data.result_count + data.run_count + data.period_count + data.device_count == 0) {
        status = cli_mistake(program, "there is nothing to report: the files hold no results, "
                                      "devices or runs");
    }
    if (status == CLI_CONTINUE && options->plots) {
        status = plots_check(program, (plot_format)options->plot_format);
    }
    if (status == CLI_CONTINUE) {
        gather_pictures(&data, &pictures);
        status = pictures.failed ? cli_failure(program, "the host has not enough memory")
                                 : write_all(program, options, &data, &pictures);
    }
    if (status == CLI_CONTINUE) {
        tell(program, options, &data, &pictures);
    }
    picture_list_free(&pictures);
    report_data_free(&data);
    return status == CLI_CONTINUE ? CLI_SUCCESS : status;
}
