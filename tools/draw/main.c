/* SPDX-License-Identifier: Apache-2.0 */
/* draw_patterns FOLDER: writes the pictures of docs/figures. For those who work on the documents;
 * not installed. */
#include <stdio.h>
#include <string.h>

#include "draw/figures.h"

typedef struct figure {
    const char *name;
    ard_status (*draw)(FILE *file);
} figure;

static const figure figures[] = {
    {"rows.svg", draw_rows}, {"tiles.svg", draw_tiles}, {"steps.svg", draw_steps}};

/* 0, or 1 with a message. */
static int write_figure(const char *folder, const figure *f)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s", folder, f->name) >= (int)sizeof path) {
        fprintf(stderr, "draw_patterns: the folder's path is too long\n");
        return 1;
    }
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    const ard_status status = f->draw(file);
    const int broken = ferror(file);
    if (fclose(file) != 0 || broken) {
        fprintf(stderr, "draw_patterns: %s could not be written\n", path);
        return 1;
    }
    if (status != ARD_STATUS_SUCCESS) {
        fprintf(stderr, "draw_patterns: %s: %s\n", f->name, ard_detail());
    }
    return status != ARD_STATUS_SUCCESS;
}

int main(int argc, char **argv)
{
    static const char usage[] = "usage: draw_patterns FOLDER, into which the pictures go";
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        puts(usage);
        return 0;
    }
    if (argc != 2 || argv[1][0] == '-') {
        fprintf(stderr, "%s\n", usage);
        return 2;
    }
    int failed = 0;
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; ++i) {
        failed |= write_figure(argv[1], &figures[i]);
    }
    return failed;
}
