#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tools/run-study: trains small studies on the drawn digits and goes on with them. Skipped without gnuplot.
# Usage: test_run_study.sh PATH-OF-ARD-TRAIN SOURCE-FOLDER
# shellcheck source=tests/tools/shell_support.sh
. "$(dirname "$0")/shell_support.sh"
train=$1
source=$2
command -v gnuplot >/dev/null || { echo "gnuplot is not installed" && exit 77; }
begin run-study "run-study|plot-study|ard-train"
cd "$folder" || exit 1
mkdir study

start() {
    "$source/tools/run-study" --ard-train "$train" --folder study "$@"
}

# describe NAME SEEDS
describe() {
    echo "{\"validation\": 1000, \"seeds\": [$2], \"hidden\": [16], \"epochs\": 1, \"batch\": 500," \
        '"settings": [{"name": "masks", "dropout": "bernoulli"}, {"name": "rows", "dropout": "row"}]}' >"study/$1.json"
}

test_usage() {
    run 0 --help
    output_holds '^usage: tools/run-study '
    mistake "there is no study in study"
    describe one 1
    describe two 1
    mistake 'unknown option "--reports"' --reports
    mistake "--data wants a value" --data
    mistake "'three' is no study in study, expected one of: one two" one three
    mistake "./data/mnist has no train-images file: put the four files of MNIST there"
    mkdir mnist
    touch mnist/train-images-idx3-ubyte mnist/train-labels.idx1-ubyte.gz mnist/t10k-images.idx3-ubyte
    mistake "mnist has no t10k-labels file" --data mnist
    mistake "--ard-train: there is no program nowhere/train" --data builtin --ard-train nowhere/train
    mistake "--ard-train: there is no program study" --data builtin --ard-train study
    mistake "there is no study with results in study" --report-only
    ls study >names
    [ "$(wc -l <names)" -eq 2 ] || complain "wrote: $(cat names)"
}

test_training() {
    run 0 --data builtin one
    output_holds '^## one$'
    output_holds '; 2 of 2 runs done$'
    output_holds '^| rows | 1 | '
    ls study >names
    printf '%s\n' one-baseline.svg one-epochs.svg one-results.json one-seconds.svg one.json two.json >expected
    cmp names expected || complain "other files: $(cat names)"
    cp out first
    cp study/one-results.json results.json
    run 0 --report-only
    cmp out first || complain "another report: $(cat out)"
    ln -s "$train" trainer
    run 0 --report-only --ard-train ./trainer
    cmp out first || complain "another report: $(cat out)"
    mistake "'two' is no study with results in study, expected one of: one" --report-only two
}

# What is there is not trained again.
test_growth() {
    describe one 1,2
    run 0 --data builtin
    output_holds '^## one$'
    output_holds '; 4 of 4 runs done$'
    output_holds '^## two$'
    grep -e '"seconds":' -e '"date":' results.json >before
    grep -e '"seconds":' -e '"date":' study/one-results.json | head -n 4 | cmp - before || complain "trained again"
}

# A comparison that fails says so with its status, and nothing is shown.
test_failure() {
    sed 's/"rows",/"rows", "lr": 1e20,/' study/two.json >study/bad.json
    run 1 --data builtin bad
    no_output
    grep -q 'the loss is no longer a number' err || complain "said not why: $(cat err)"
}

# What cannot be shown, or not yet, is said; the other studies are shown.
test_unfinished() {
    cp study/bad.json study/early.json
    sed '/"baseline":/s/masks/rows/' study/bad-results.json >study/early-results.json
    run 0 --report-only early one
    error_holds "early-results.json: no setting and the baseline have runs with the same seed yet"
    output_holds '^## early$'
    output_holds '^## one$'
    if [ ! -e study/early-epochs.svg ] || [ -e study/early-baseline.svg ]; then
        complain "other pictures: $(ls study)"
    fi
    sed -e '/"runs":/,$d' study/bad-results.json >study/early-results.json
    echo '"runs": []}' >>study/early-results.json
    run 0 --report-only early one
    error_holds "early-results.json: there are no runs yet"
    output_holds '; 0 of 2 runs done$'
    output_holds '^## one$'
    echo '{}' >study/early-results.json
    run 2 --report-only early one
    error_holds "early-results.json: not results of ard-train compare"
    output_holds '^## one$'
}

test_usage
test_training
test_growth
test_failure
test_unfinished
finish
