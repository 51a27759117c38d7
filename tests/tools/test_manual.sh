#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The manual pages say what --help says, word by word, that of the library names all headers and environment variables,
# and checkers find nothing in them.
# Usage: test_manual.sh FOLDER-OF-TOOLS FOLDER-OF-PAGES SOURCE-FOLDER
bin=$1
pages=$2
source=$3
failed=0

wrong() {
    printf '%s\n' "$*" >&2
    failed=1
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# shown PAGE: its words in one line, without what tells how they look.
shown() {
    sed -e '/^\.\(TP\|br\|PP\|nf\|fi\)$/d' -e 's/\\f[BIR]//g; s/\\-/-/g; s/\\e/\\/g; s/\\&//g' \
        -e "s/\\\\(aq/'/g; s/\\\\(ga/\`/g; s/\\\\(ha/^/g" "$1" | tr -s ' \n' ' '
}

# sections TOOL [COMMAND]: each section of options of its --help, as one line.
sections() {
    "$bin/$1" ${2:+"$2"} --help | awk '
        /^$/ || /^Commands:/ || /^.*explains a command/ { inside = 0; next }
        /^(Options|Common options|Help):$/ { inside = 1; printf "\n"; next }
        inside { for (i = 1; i <= NF; ++i) printf "%s ", $i }
        END { printf "\n" }' | sed '/^$/d'
}

# check TOOL [COMMAND]
check() {
    sections "$@" >"$folder/sections"
    [ -s "$folder/sections" ] || wrong "$*: no options in --help"
    while IFS= read -r section; do
        grep -qF -- " $section" "$folder/page" || wrong "$*: the page does not have '$section'"
    done <"$folder/sections"
}

for page in "$pages"/*.[13]; do
    if command -v mandoc >/dev/null 2>&1; then
        mandoc -Tlint "$page" || failed=1
    fi
    if man --version >/dev/null 2>&1; then
        warnings=$(man --warnings --local-file "$page" 2>&1 >/dev/null)
        [ -z "$warnings" ] || wrong "$page: $warnings"
    fi
done
for tool in ard-bench ard-search ard-train ard-tune; do
    shown "$pages/$tool.1" >"$folder/page"
    check $tool
    for command in $("$bin/$tool" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p'); do
        check $tool "$command"
        grep -qF " $tool $command " "$folder/page" || wrong "$tool: the synopsis lacks $command"
    done
done

shown "$pages/libard.3" >"$folder/page"
for header in "$source"/include/ard/*.h; do
    case $header in
    */export.h | */opencl.h) ;; # what all others include
    *) grep -qF "$(basename "$header")" "$folder/page" || wrong "libard(3) does not name $(basename "$header")" ;;
    esac
done
grep -oh 'getenv("[A-Z_]*' "$source"/src/*/*.c | cut -d '"' -f 2 | sort -u >"$folder/variables"
while read -r variable; do
    grep -qw "$variable" "$folder/page" || wrong "libard(3) does not name the environment variable $variable"
done <"$folder/variables"
exit $failed
