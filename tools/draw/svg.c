/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/svg.h"

/* Colours that people with any colour vision tell apart (Okabe and Ito, 2008), toned down. Viewers
 * without media queries show the light ones, on the light background that belongs to them. */
static const char *const sheet =
    ".bg{fill:#fbfbf9;stroke:#d8d8d2}.c0{fill:#2b7bba}.c1{fill:#e69f00}.c2{fill:#2a9d76}"
    ".c3{fill:#b86aa0}.x{fill:#e6e6e1}text{font-family:Helvetica,Arial,sans-serif;fill:#222}"
    ".t{font-size:14px;font-weight:bold}.n{font-size:12px}"
    ".k,.f{font-size:9px;text-anchor:middle}.k{font-weight:bold}.f{fill:#a3a39c}"
    ".a{stroke:#77776f;stroke-width:2;fill:none}"
    "@media (prefers-color-scheme:dark){.bg{fill:#1b1e23;stroke:#3a3f47}.x{fill:#33383f}"
    "text{fill:#e4e6e8}.f{fill:#737a83}.c0{fill:#56a5e0}.c1{fill:#e9b13c}.c2{fill:#45b893}"
    ".c3{fill:#cf8ab9}.a{stroke:#9aa1a9}}";

void svg_begin(FILE *file, int width, int height, const char *description)
{
    fprintf(file,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
            "viewBox=\"0 0 %d %d\" role=\"img\">\n<title>%s</title>\n<style>%s</style>\n"
            "<rect class=\"bg\" x=\"1\" y=\"1\" width=\"%d\" height=\"%d\" rx=\"8\"/>\n",
            width, height, width, height, description, sheet, width - 2, height - 2);
}

void svg_square(FILE *file, int x, int y, int edge, int colour)
{
    char name[16] = "x";
    if (colour >= 0) {
        snprintf(name, sizeof name, "c%d", colour % SVG_COLOURS);
    }
    fprintf(file, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\"/>\n",
            name, x, y, edge - 2, edge - 2);
}

void svg_text(FILE *file, int x, int y, svg_style style, const char *text)
{
    static const char names[] = {'t', 'n', 'k', 'f'};
    fprintf(file, "<text class=\"%c\" x=\"%d\" y=\"%d\">%s</text>\n", names[style], x, y, text);
}

void svg_arrow(FILE *file, int x, int y, int length, bool down)
{
    if (down) {
        fprintf(file, "<path class=\"a\" d=\"M%d %dv%dm-5 -6l5 6l5 -6\"/>\n", x, y, length);
    } else {
        fprintf(file, "<path class=\"a\" d=\"M%d %dh%dm-6 -5l6 5l-6 5\"/>\n", x, y, length);
    }
}

void svg_end(FILE *file)
{
    fputs("</svg>\n", file);
}
