/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plots.h"

#include <ctype.h>
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "progress.h"
#include "report/svg.h"

extern char **environ;

enum { SLUG_MOST = 60, PATH_CAPACITY = 4096 };

static const char CONVERTER[] = "rsvg-convert";

/* Whether a folder of PATH has the converter. */
static bool find_converter(void)
{
    const char *folders = getenv("PATH");
    while (folders != NULL && *folders != '\0') {
        char path[PATH_CAPACITY];
        const int length = (int)strcspn(folders, ":");
        const int printed = snprintf(path, sizeof path, "%.*s%s%s", length, folders,
                                     length > 0 ? "/" : "", CONVERTER);
        if (printed > 0 && (size_t)printed < sizeof path && access(path, X_OK) == 0) {
            return true;
        }
        folders += length + (folders[length] == ':' ? 1 : 0);
    }
    return false;
}

int plots_check(const cli_program *program, plot_format format)
{
    if (format == PLOT_PNG && !find_converter()) {
        return cli_failure(program,
                           "--plot png needs the program %s (Debian package librsvg2-bin), which "
                           "is not in PATH; --plot svg needs none",
                           CONVERTER);
    }
    return CLI_CONTINUE;
}

/* Letters and digits of the title, with dashes for all between them. */
static void make_slug(const char *title, char slug[SLUG_MOST + 1])
{
    size_t length = 0;
    for (; *title != '\0' && length < SLUG_MOST; title++) {
        const unsigned char c = (unsigned char)*title;
        if (c < 0x80 && isalnum(c)) {
            slug[length++] = (char)tolower(c);
        } else if (length > 0 && slug[length - 1] != '-') {
            slug[length++] = '-';
        }
    }
    while (length > 0 && slug[length - 1] == '-') {
        length--;
    }
    slug[length] = '\0';
}

static bool make_path(const char *folder, plot_format format, const picture *picture,
                      char path[PATH_CAPACITY])
{
    char slug[SLUG_MOST + 1];
    make_slug(picture->title, slug);
    const char *safe = folder[0] == '-' ? "./" : ""; /* the converter takes it for no option */
    const int length =
        snprintf(path, PATH_CAPACITY, "%s%s/%s-%zu%s%s.%s", safe, folder,
                 picture_section_name(picture->section), picture->number,
                 slug[0] != '\0' ? "-" : "", slug, format == PLOT_PNG ? "png" : "svg");
    return length > 0 && length < PATH_CAPACITY;
}

/* Runs the converter on an SVG file, its messages on the error stream. */
static bool convert(const char *svg, const char *png)
{
    char *const arguments[] = {(char *)CONVERTER, "--format=png", "--zoom=2", "--output",
                               (char *)png,       (char *)svg,    NULL};
    pid_t child = 0;
    int status = 0;
    if (posix_spawnp(&child, CONVERTER, NULL, NULL, arguments, environ) != 0) {
        return false;
    }
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return false;
        }
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The SVG goes to a file that is gone afterwards. */
static int write_png(output_files *files, const char *path, const text_buffer *svg)
{
    char source[PATH_CAPACITY + 8];
    output_files sources = {.program = files->program};
    (void)snprintf(source, sizeof source, "%s.svg", path);
    int status = output_write(&sources, source, svg->data, svg->size);
    const output_file *target = status == CLI_CONTINUE ? output_plan(files, path) : NULL;
    if (status == CLI_CONTINUE && target == NULL) {
        status = CLI_FAILURE;
    }
    if (status == CLI_CONTINUE && !convert(sources.files[0].beside, target->beside)) {
        status = cli_failure(files->program, "cannot write %s: %s failed", path, CONVERTER);
    }
    output_close(&sources);
    return status;
}

static int write_picture(output_files *files, const char *folder, plot_format format,
                         const picture *picture)
{
    char path[PATH_CAPACITY];
    text_buffer svg = {0};
    if (!make_path(folder, format, picture, path)) {
        return cli_failure(files->program, "the path %.100s... is too long", folder);
    }
    svg_draw(&svg, picture, true);
    int status = CLI_CONTINUE;
    if (svg.failed) {
        status = cli_failure(files->program, "the host has not enough memory");
    } else if (format == PLOT_PNG) {
        status = write_png(files, path, &svg);
    } else {
        status = output_write(files, path, svg.data, svg.size);
    }
    text_free(&svg);
    return status;
}

int plots_write(output_files *files, const char *folder, plot_format format,
                const picture_list *pictures)
{
    int status = CLI_CONTINUE;
    progress bar;
    progress_start(&bar, "pictures", "pictures", pictures->count);
    for (size_t i = 0; i < pictures->count && status == CLI_CONTINUE; i++) {
        progress_update(&bar, i, NULL);
        status = write_picture(files, folder, format, &pictures->pictures[i]);
    }
    progress_finish(&bar);
    return status;
}
