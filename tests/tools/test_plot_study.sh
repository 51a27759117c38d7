#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tools/plot-study: draws made-up results; mistakes leave no picture. Skipped without gnuplot.
# Usage: test_plot_study.sh PATH-OF-ARD-TRAIN SOURCE-FOLDER
# shellcheck source=tests/tools/shell_support.sh
. "$(dirname "$0")/shell_support.sh"
train=$1
source=$2
results=$source/tests/tools/compare_results.json
command -v gnuplot >/dev/null || { echo "gnuplot is not installed" && exit 77; }
begin plot-study "plot-study|ard-train"
cd "$folder" || exit 1

start() {
    "$source/tools/plot-study" --ard-train "$train" "$@"
}

# no_picture STATUS MESSAGE ARGUMENT...: refused with that status and one line, and nothing written.
no_picture() {
    bad "$@"
    [ ! -e p.svg ] || complain "wrote a picture"
}

# picture: p.svg is a whole one, alone.
picture() {
    no_output
    no_error
    if ! grep -q '<svg' p.svg || ! tail -n 1 p.svg | grep -q '</svg>'; then
        complain "no picture: $(head -n 3 p.svg)"
    fi
    ls -A >names
    grep -q partial names && complain "left behind: $(cat names)"
}

# holds TEXT...: each stands in the picture.
holds() {
    for text in "$@"; do
        grep -qF -e "$text" p.svg || complain "the picture has no \"$text\""
    done
}

test_usage() {
    run 0 --help
    output_holds '^usage: tools/plot-study RESULTS.json OUT.svg'
    no_picture 2 "expected the results and the picture"
    no_picture 2 "expected the results and the picture" "$results" p.svg q.svg
    no_picture 2 'unknown option "--agains"' "$results" p.svg --agains epochs
    no_picture 2 "--against wants a value" "$results" p.svg --against
    no_picture 2 '--against: "time" is not epochs, seconds or baseline' "$results" p.svg --against time
    no_picture 2 "there is no folder nowhere for the picture" "$results" nowhere/p.svg
    mkdir pictures
    no_picture 2 "pictures is a folder; expected a file for the picture" "$results" pictures
    ls -A pictures . >names
    grep -q partial names && complain "left behind: $(cat names)"
    no_picture 2 "--ard-train: there is no program nowhere/train" "$results" p.svg --ard-train nowhere/train
    no_picture 2 "cannot read r.json" r.json p.svg
    echo '{}' >r.json
    no_picture 2 "r.json: not results of ard-train compare" r.json p.svg
    sed '/"runs":/,$d' "$results" >r.json
    echo '"runs": []}' >>r.json
    no_picture 3 "r.json: there are no runs yet" r.json p.svg
    no_picture 3 "r.json: no setting and the baseline have runs with the same seed yet" r.json p.svg --against baseline
}

test_pictures() {
    run 0 "$results" p.svg
    picture
    holds '>epochs<' '>base<' '>rows, N = 4<' '>once<'
    grep -q '>never<' p.svg && complain "drew a setting without runs"
    cp p.svg q.svg
    run 0 "$results" p.svg --against epochs
    cmp p.svg q.svg || complain "another picture of the same"
    run 0 "$results" p.svg --against seconds
    picture
    holds '>seconds of training<' '>rows, N = 4<'
    run 0 "$results" p.svg --against baseline
    picture
    holds '>rows, N = 4<' '>-1.75 ± 0.75<' '>-0.50<' '>baseline<'
}

# Names are text to gnuplot, whatever they hold; what is far below is said, not drawn.
test_names() {
    # shellcheck disable=SC2016 # that nothing expands them is what is tested
    for name in 'it'\''s `touch pwned` $(touch pwned)' 'a_b^c {/Bold x} @home %d #'; do
        sed -e "s/rows, N = 4/$(printf '%s' "$name" | sed 's|[/&]|\\&|g')/" "$results" >r.json
        for against in epochs baseline; do
            run 0 r.json p.svg --against "$against"
            picture
            holds ">$name<"
        done
    done
    [ ! -e pwned ] || complain "ran a name"
    sed -e '/"once", "seed"/,/"test/s/0.965/0.1/' "$results" >r.json
    run 0 r.json p.svg
    holds '>once (below)<'
    run 0 r.json p.svg --against baseline
    holds '>-87.00<'
}

test_usage
test_pictures
test_names
finish
