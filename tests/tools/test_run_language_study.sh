#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tools/run-language-study: trains tiny language models on the built-in grammar, and shows made-up results. Skipped
# without gnuplot.
# Usage: test_run_language_study.sh PATH-OF-ARD-TRAIN SOURCE-FOLDER
# shellcheck source=tests/tools/shell_support.sh
. "$(dirname "$0")/shell_support.sh"
train=$1
source=$2
command -v gnuplot >/dev/null || { echo "gnuplot is not installed" && exit 77; }
begin run-language-study "run-language-study|ard-train"
cd "$folder" || exit 1
mkdir study

start() {
    "$source/tools/run-language-study" --ard-train "$train" --folder study "$@"
}

# describe NAME LINE...
describe() {
    file=study/$1.txt
    shift
    printf '%s\n' "$@" >"$file"
}

# files EXPECTED...: those are in the study, and nothing else.
files() {
    (cd study && find . -type f | sed 's|^\./||' | sort) >names
    printf '%s\n' "$@" | sort | diff - names || complain "other files"
}

test_usage() {
    run 0 --help
    output_holds '^usage: tools/run-language-study '
    mistake "there is no study in "
    describe one "common --layers 1 --hidden 8 --train-tokens 1000 --epochs 2" "run masks 1 --dropout bernoulli"
    mistake 'unknown option "--reports"; see tools/run-language-study --help' --reports
    mistake "--data wants a value" --data
    mistake "'two' is no study in study, expected one of: one" one two
    mistake "there is no folder ./data/wikitext-2: put the texts there"
    mistake "there is no folder study/one.txt: put the texts there" --data study/one.txt
    mistake "--ard-train: there is no program nowhere/train" --data builtin --ard-train nowhere/train
    mistake "there is no study with results in study" --report-only
    files one.txt
}

# Nothing is trained where a description of several has a mistake.
test_descriptions() {
    while IFS='|' read -r first second message; do
        describe two "# A comment." "$first" "$second"
        mistake "two.txt, line 3: $message" --data builtin
    done <<'LINES'
run a 1|run b|expected run NAME SEED OPTION...
run a 1|run b one|expected run NAME SEED OPTION...
run a 1|run b 01|expected run NAME SEED OPTION...
run a 1|run ../b 1|expected run NAME SEED OPTION...
run a 1|run b 1 0.5 --rate|expected an option in place of "0.5"
run a 1|run b 1 --seed 2|"--seed" has no place here
run a 1|common --data=builtin|"--data=builtin" has no place here
run a 1|run a 1|"a" with seed 1 is there already
run a 1|run a 2 --rate 0.5|the options of "a" are others in an earlier line
run a 1|train b 1|expected run NAME SEED OPTION..., or once each
run a 1|curves|expected run NAME SEED OPTION..., or once each
common --epochs 1|common --epochs 2|expected run NAME SEED OPTION..., or once each
LINES
    describe two "run a 1" "curves b"
    mistake 'two.txt: curves of "b", of which there is no run' --data builtin
    describe two "common --epochs 1"
    mistake "two.txt has no run" --data builtin
    rm study/two.txt
    files one.txt
}

# What is there is not trained again, and what is shown does not depend on when it was trained.
test_training() {
    run 0 --data builtin
    output_holds '^### one$'
    output_holds '^- 1000 training, 10000 validation and 10000 test tokens, vocabulary 75$'
    output_holds '^- 1 of 1 runs done$'
    output_holds '^- 1 run: libard [0-9.]*; device .*; platform .*; driver .*$'
    files one.txt one/masks-1.json one-epochs.svg one-baseline.svg
    cp study/one/masks-1.json before
    describe one "common --layers 1 --hidden 8 --train-tokens 1000 --epochs 2" "run masks 1 --dropout bernoulli" \
        "" "run rows 1 --dropout row" "run once 2 --dropout none" "curves masks rows"
    run 0 --data builtin one
    output_holds '^- 3 of 3 runs done$'
    output_holds '^| masks | 1 | [0-9.]* | [0-9.]* | [0-9.]* | - | - |$'
    output_holds '^| rows | 1 | [0-9.]* | [0-9.]* | [0-9.]* | [-+][0-9.]* | [-+][0-9.]* |$'
    output_holds '^| once | 1 | [0-9.]* | [0-9.]* | [0-9.]* | - | - |$'
    files one.txt one/masks-1.json one/rows-1.json one/once-2.json one-epochs.svg one-baseline.svg
    cmp before study/one/masks-1.json || complain "trained again"
    for text in '>validation perplexity<' '>masks<' '>rows<'; do
        grep -q "$text" study/one-epochs.svg || complain "the picture of epochs has no $text"
    done
    grep -q '>once<' study/one-epochs.svg && complain "drew a curve that was not asked for"
    grep -q '>rows<' study/one-baseline.svg || complain "the picture of differences has no rows"
    cp out first
    run 0 --report-only
    no_error
    cmp out first || complain "another report: $(cat out)"
}

# The texts of a folder; results name it without what is above it.
test_texts() {
    mkdir -p data/letters
    awk 'BEGIN { for (i = 0; i < 90; ++i) print "a b c d", i % 7 }' >data/letters/train.txt
    head -n 9 data/letters/train.txt | tee data/letters/valid.txt >data/letters/test.txt
    describe two "run masks 3 --layers 1 --hidden 4 --epochs 1 --dropout bernoulli --placement both"
    run 0 --data data/letters two
    grep -q '"data":[[:space:]]*"./letters"' study/two/masks-3.json || complain "the data is not ./letters"
    rm -r study/two*
}

# A run that fails or is stopped ends the study with its status and leaves nothing.
test_failure() {
    describe two "run masks 1 --layers 1 --hidden 8 --epochs 1 --train-tokens 1000 --dropout bernoulli --rte 0.5"
    run 2 --data builtin two
    no_output
    grep -q '^ard-train: .*--rte' err || complain "said not why: $(cat err)"
    printf '%s\n' '#!/bin/sh' 'echo "{"' 'exit 130' >stopped
    chmod +x stopped
    run 130 --data builtin --ard-train ./stopped two
    no_output
    rm -r study/two*
    files one.txt one/masks-1.json one/rows-1.json one/once-2.json one-epochs.svg one-baseline.svg
}

# result NAME SEED DROPOUT PLACEMENT FRESH FIRST LAST TEST: a made-up result, in another layout than that of ard-train.
result() {
    mkdir -p study/two
    least=$(awk "BEGIN { print ($6 < $7 ? $6 : $7) }")
    printf '{"model":"lstm","version":"1","device":{"name":"a \\"b\\" {[","platform":"p","driver":"d"},"settings":{%s,%s},' \
        '"vocabulary":9,"training_text":8,"validation_text":7,"test_text":6' \
        "\"dropout\":\"$3\",\"rate\":0.5,\"placement\":\"$4\",\"fresh\":$5,\"seed\":$2,\"epochs\":2" >"study/two/$1-$2.json"
    printf '"epochs":[{"validation_perplexity":%s},{"validation_perplexity":%s}],"none":[],"best_validation_perplexity":%s,"test_perplexity":%s}' \
        "$6" "$7" "$least" "$8" >>"study/two/$1-$2.json"
}

test_numbers() {
    describe two "common --epochs 2 --rate .5" "run masks 1 --dropout bernoulli" "run masks 2 --dropout bernoulli" \
        "run rows 1 --dropout row" "run rows 2 --dropout row" "run subsets 1 --dropout subset" "run subsets 2 --dropout subset" \
        "run both 1 --placement both --dropout row" "run both-masks 1 --placement both --dropout bernoulli --fresh" \
        "run later 1 --dropout index" "run worse 1 --dropout index --scale period" "run fresh 1 --placement both --dropout row --fresh" \
        "run plain 1 --placement both --dropout bernoulli"
    result masks 1 bernoulli between false 300 200 100
    result masks 2 bernoulli between false 300 250 125
    result rows 1 row between false 300 210 101
    result rows 2 row between false 200 260 130
    result subsets 2 subset between false 300 249 124
    result both 1 row both false 300 90 60
    result both-masks 1 bernoulli both true 300 100 50
    result worse 1 index between false 9000 8000 9000
    run 0 --report-only two
    no_error
    output_holds '^- 8 training, 7 validation and 6 test tokens, vocabulary 9$'
    output_holds '^- 8 of 12 runs done$'
    output_holds '^- all: .ard-train lstm --epochs 2 --rate .5.$'
    output_holds '^- 8 runs: libard 1; device a \\"b\\" {\[; platform p; driver d$'
    output_holds '^- both is compared with both-masks, where one of them alone is --fresh$'
    output_holds '^| masks | 2 | 225.00 ± 25.00 | 225.00 ± 25.00 | 112.50 ± 12.50 | - | - |$'
    output_holds '^| rows | 2 | 235.00 ± 25.00 | 205.00 ± 5.00 | 115.50 ± 14.50 | +4.50 ± 0.50 | +2.50 ± 1.50 |$'
    output_holds '^| subsets | 1 | 249.00 | 249.00 | 124.00 | -0.40 | -0.80 |$'
    output_holds '^| both | 1 | 90.00 | 90.00 | 60.00 | -10.00 | +20.00 |$'
    output_holds '^| later | 0 | - | - | - | - | - |$'
    output_holds '^| worse | 1 | 8000.00 | 8000.00 | 9000.00 | +3900.00 | +8900.00 |$'
    grep -qF '>worse (above)<' study/two-epochs.svg || complain "the picture of epochs does not say what is above it"
    for text in '>rows<' '>+4.50 ± 0.50<' '>-0.40<' '>-10.00<' '>baseline<'; do
        grep -qF -e "$text" study/two-baseline.svg || complain "the picture of differences has no $text"
    done
    # Where there is one as fresh, that is what is compared with.
    result fresh 1 row both true 300 105 55
    result plain 1 bernoulli both false 300 80 40
    run 0 --report-only two
    output_holds '^| fresh | 1 | 105.00 | 105.00 | 55.00 | +5.00 | +10.00 |$'
    output_holds '^| both | 1 | 90.00 | 90.00 | 60.00 | +12.50 | +50.00 |$'
    grep -q 'alone is --fresh' out && complain "said that it compares others: $(cat out)"
    rm study/two/fresh-1.json study/two/plain-1.json
    # A seed that conventional dropout lacks does not count in the differences, and is said.
    rm study/two/masks-1.json
    run 0 --report-only two
    output_holds '^| rows | 2 | 235.00 ± 25.00 | 205.00 ± 5.00 | 115.50 ± 14.50 | +4.00 (1 seed) | +4.00 (1 seed) |$'
    rm study/two-baseline.svg study/two/*masks*
    run 0 --report-only two
    error_holds "two: there are no runs with conventional dropout to compare with yet"
    [ ! -e study/two-baseline.svg ] || complain "drew differences to nothing"
}

# What is far worse is an arrow off the right edge.
test_edge() {
    printf '%s\n' setting,baseline,runs,v,e,t,e masks,masks,1,0,,0, rows,masks,1,2,,2, worse,masks,1,900,,900, |
        MEASURE=perplexity awk -f "$source/tools/support/csv.awk" -f "$source/tools/support/plot_differences.awk" >program
    grep -q '^set arrow from graph 0.94, first 3 to graph 1, first 3 ' program || complain "no arrow: $(cat program)"
    grep -q '^2 2 0 ' program || complain "no point: $(cat program)"
}

# What is no result of the study is said; the other study is shown.
test_results() {
    while IFS='|' read -r from to message; do
        result rows 1 row between false 300 210 101
        sed "s/$from/$to/" study/two/rows-1.json >changed
        cp changed study/two/rows-1.json
        run 2 --report-only two one
        error_holds "two/rows-1.json: $message"
        output_holds '^### one$'
        output_holds '^| rows | 1 | '
    done <<'LINES'
}$||not JSON
:300|:|not JSON
"epochs":2|"epochs" 2|not JSON
$| 1|not JSON
.*|{}|not the JSON of an ard-train lstm that ended
"lstm"|"mlp"|not the JSON of an ard-train lstm that ended
_perplexity":101|_perplexity":null|not the JSON of an ard-train lstm that ended
"rate":0.5|"rate":0.3|made with rate 0.3, but the description asks for .5
"row"|"subset"|made with dropout subset, but the description asks for row
"seed":1|"seed":2|made with seed 2, but the description asks for 1
LINES
    result rows 2 row between false 300 210 101
    sed 's/"vocabulary":9/"vocabulary":10/' study/two/rows-2.json >changed
    cp changed study/two/rows-2.json
    result rows 1 row between false 300 210 101
    run 2 --report-only two one
    error_holds "two/rows-2.json: another text than that of "
    mistake "two/rows-2.json: another text than that of " --data builtin one two
    : >study/two/rows-2.json
    run 2 --report-only two one
    error_holds "two/rows-2.json: not JSON"
}

test_usage
test_descriptions
test_training
test_texts
test_failure
test_numbers
test_edge
test_results
finish
