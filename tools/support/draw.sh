# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced, after prepare.sh, by the scripts that draw.

# Makes the folder `scratch` for the time of the script, in which a program of gnuplot is written.
begin_drawing() {
    scratch=$(mktemp -d)
    partial=
    trap 'rm -rf "$scratch" "$partial"' EXIT
}

# draw PICTURE: what gnuplot makes of $scratch/program, written beside and renamed.
draw() {
    # gnuplot warns of what is right: a range with one point, say.
    gnuplot -d "$scratch/program" >"$scratch/svg" 2>"$scratch/complaints" ||
        fail 1 "gnuplot: $(grep . "$scratch/complaints" | tail -n 1)"
    partial=$1.$$.partial
    # Without blanks at the ends of lines, which would be mistakes in a repository.
    { sed -e 's/[[:space:]]*$//' -e '/^$/d' "$scratch/svg" >"$partial" && mv "$partial" "$1"; } || fail 1 "cannot write $1"
}
