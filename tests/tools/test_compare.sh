#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ard-train compare from the outside: exit status, output and messages; a small comparison on the drawn digits, its
# results file and reports.
# Usage: test_compare.sh PATH-OF-ARD-TRAIN SOURCE-FOLDER
# shellcheck source=tests/tools/shell_support.sh
. "$(dirname "$0")/shell_support.sh"
train=$1
source=$2
begin "ard-train compare" ard-train
cd "$folder" || exit 1

start() {
    "$train" compare "$@"
}

# wrong MESSAGE JSON: that description is refused.
wrong() {
    echo "$2" >d.json
    mistake "$1" d.json
}

test_help() {
    run 0 --help
    no_error
    output_holds "^Usage: ard-train compare DESCRIPTION.json "
    for option in data results resume report device format tables csv quiet; do
        output_holds "--$option\\b"
    done
}

test_usage() {
    mistake "a description is missing: ard-train compare DESCRIPTION.json"
    mistake "cannot read nowhere.json: No such file" nowhere.json
    mistake "is not a regular file" .
    mkfifo pipe
    mistake "is not a regular file" pipe
    rm pipe
    printf '{}\0' >d.json
    mistake "cannot read d.json: it is not text" d.json
    mistake "unexpected argument 'b.json'" a.json b.json
    mistake "--resume needs --results" a.json --resume
    mistake "--report trains nothing; leave a description out" a.json --report r.json
    mistake "--report trains nothing; leave --data out" --report r.json --data builtin
    mistake "--report trains nothing; leave --results out" --report r.json --results r.json
    mistake "--report trains nothing; leave --resume out" --report r.json --resume
    mistake "--report trains nothing; leave --device out" --report r.json --device cpu
    mistake "--tables goes only with --format text" --report r.json --format json --tables markdown
    mistake "cannot read r.json: No such file" --report r.json
    mistake "--csv has neither tables nor JSON; leave --tables out" --report r.json --tables text --csv curves
    mistake "--csv has neither tables nor JSON; leave --format out" --report r.json --format json --csv curves
    mistake "--csv: 'means'" --report r.json --csv means
    mistake "--tables: 'html'" --report r.json --tables html
}

test_description() {
    printf '{\n  "seeds": [1],\n  "lr": 0.1,,\n}\n' >d.json
    mistake "d.json: not JSON from line 3 on" d.json
    : >d.json && mistake "d.json: not JSON" d.json
    wrong "d.json: expected a JSON object with \"settings\"" '[]'
    common='"validation": 100, "seeds": [1]'
    settings='"settings": [{"name": "a"}]'
    wrong 'd.json: "validation" is missing' "{\"seeds\": [1], $settings}"
    wrong 'd.json: "seeds" is missing' "{\"validation\": 100, $settings}"
    wrong 'd.json: "settings" is missing' "{$common}"
    wrong 'd.json: "data" is missing; give it there or by --data DIR|builtin' "{$common, $settings}"
    wrong 'd.json: unknown key "epoch"; did you mean "epochs"?' "{$common, \"epoch\": 1, $settings}"
    wrong 'd.json: unknown key "frobnicate"; docs/ard-train.md' "{$common, \"frobnicate\": 1, $settings}"
    wrong 'd.json: "lr": "0.1" is not a number above 0' "{$common, \"lr\": \"0.1\", $settings}"
    wrong 'd.json: "epochs": 1.5 is not a whole number from 1 to' "{$common, \"epochs\": 1.5, $settings}"
    wrong 'd.json: "hidden": [64,0] is not 1 to 64 whole numbers' "{$common, \"hidden\": [64, 0], $settings}"
    wrong 'd.json: "dropout": "rows" is not none, bernoulli, row,' "{$common, \"dropout\": \"rows\", $settings}"
    wrong 'd.json: "lr" is there twice' "{$common, \"lr\": 0.1, \"lr\": 0.1, $settings}"
    wrong 'd.json: "seeds": [1,1] is not an array of 1 to 64 different' "{\"validation\": 9, \"seeds\": [1, 1], $settings}"
    wrong 'd.json: "target": 0.97 is not a percentage above 1' "{$common, \"target\": 0.97, $settings}"
    wrong 'd.json: "target": unknown key "more"' "{$common, \"target\": {\"setting\": \"a\", \"more\": 1}, $settings}"
    wrong 'd.json: "target": "setting": no setting is named "b"' "{$common, \"target\": {\"setting\": \"b\"}, $settings}"
    wrong 'd.json: "baseline": no setting is named "b"' "{$common, \"baseline\": \"b\", $settings}"
    wrong 'd.json: setting 1: "name" is missing' "{$common, \"settings\": [{}]}"
    wrong 'd.json: setting 2: another setting is named "a" already' "{$common, \"settings\": [{\"name\": \"a\"}, {\"name\": \"a\"}]}"
    wrong 'd.json: setting "a": "seeds" is for all settings alike' "{$common, \"settings\": [{\"name\": \"a\", \"seeds\": [1]}]}"
    wrong 'd.json: setting "a": unknown key "ratte"; did you mean "rate"?' "{$common, \"settings\": [{\"name\": \"a\", \"ratte\": 1}]}"
    wrong 'd.json: setting "a": "max_period" goes only with "dropout" row, subset or tile' \
        "{$common, \"settings\": [{\"name\": \"a\", \"dropout\": \"bernoulli\", \"max_period\": 4}]}"
    wrong 'd.json: setting "a": "groups" goes only with "dropout" row, subset, tile or index' \
        "{$common, \"settings\": [{\"name\": \"a\", \"dropout\": \"none\", \"groups\": 2}]}"
    wrong 'd.json: setting "a": "scale" goes only with "dropout" row, subset, tile or index' \
        "{$common, \"settings\": [{\"name\": \"a\", \"dropout\": \"bernoulli\", \"scale\": \"rate\"}]}"
    wrong 'd.json: setting "a": "groups": 256 is not a whole number from 1 to 255' \
        "{$common, \"settings\": [{\"name\": \"a\", \"groups\": 256}]}"
    wrong 'd.json: setting "a": "lr_final" goes only with "schedule" cosine' "{$common, \"settings\": [{\"name\": \"a\", \"lr_final\": 0}]}"
    wrong 'd.json: setting "a": "rate": 3 rates for 2 hidden layers' "{$common, \"settings\": [{\"name\": \"a\", \"rate\": [0.1, 0.1, 0.1]}]}"
}

# What shows only with data and device is said before any training, and no results are touched.
test_before_training() {
    common='"data": "builtin", "validation": 9000, "seeds": [1], "hidden": [16]'
    wrong '"validation" 10000: there are only 10000 training samples' \
        '{"data": "builtin", "validation": 10000, "seeds": [1], "settings": [{"name": "a"}]}'
    wrong 'd.json: "data": ' '{"data": "/nowhere", "validation": 1, "seeds": [1], "settings": [{"name": "a"}]}'
    mistake "--data: " d.json --data /nowhere
    wrong 'd.json: setting "b": "batch" 1001: there are only 1000 training samples' \
        "{$common, \"settings\": [{\"name\": \"a\"}, {\"name\": \"b\", \"batch\": 1001}]}"
    wrong 'd.json: setting "b": dropout: ' "{$common, \"settings\": [{\"name\": \"a\"}, {\"name\": \"b\", \"rate\": 0.9, \"max_period\": 2}]}"
    wrong 'd.json: setting "b": "tile" 32: the tiles of the [16 x 16] weights into hidden layer 2' \
        "{$common, \"settings\": [{\"name\": \"a\"}, {\"name\": \"b\", \"hidden\": [16, 16], \"dropout\": \"tile\"}]}"
    wrong 'd.json: setting "b": network: ' "{$common, \"settings\": [{\"name\": \"a\"}, {\"name\": \"b\", \"hidden\": 2, \"rate\": 0.75}]}"
    mistake "no-such-device" d.json --device no-such-device
    echo kept >r.json
    mistake "--results: r.json exists; go on with --resume, or name another file" d.json --results r.json
    [ "$(cat r.json)" = kept ] || complain "wrote to a file"
    mistake "r.json: not JSON from line 1 on" d.json --results r.json --resume
    mistake "cannot read s.json" d.json --results s.json --resume
    rm r.json
    run 1 d.json --results nowhere/r.json
    error_holds "cannot write nowhere/r.json: No such file"
}

tiny() {
    cat <<END
{"data": "builtin", "validation": 1000, "seeds": [$1], "hidden": [32], "lr": 0.05, "rate": 0.25, "epochs": 2,
 "settings": [{"name": "masks", "dropout": "bernoulli"}, {"name": "rows", "dropout": "row", "search": "sgd"},
              {"name": "long rows", "dropout": "row", "max_period": 4, "epochs": 1}],
 "target": $2}
END
}

# Without what differs between two runs of the same bits.
bits() {
    sed -e '/"seconds":/d' -e '/"date":/d' "$1"
}

test_comparison() {
    tiny 1,2 '{"setting": "masks", "less": 1}' >d.json
    run 0 d.json --results full.json
    no_error
    output_holds "^9000 training, 1000 validation and 2000 test samples; 6 of 6 runs done\$"
    output_holds "^target: what masks ends with on the validation samples, less 1 points: [0-9.]*%\$"
    output_holds "^setting  *seeds  *validation %  *test %  *validation - masks  *test - masks  *s/epoch  *reached by  *epochs to target  *s to target\$"
    output_holds "^masks  *2  *[0-9.]* +- [0-9.]*  *[0-9.]* +- [0-9.]*  *-  *-  *[0-9.]* +- "
    output_holds "^rows  *2  *[0-9.]* +- [0-9.]*  *[0-9.]* +- [0-9.]*  *[-+][0-9.]* +- [0-9.]*  *[-+][0-9.]* +- [0-9.]*  *[0-9.]* +- "
    [ "$(wc -l <out)" -eq 9 ] || complain "not nine lines: $(cat out)"
    cp out full.out
    [ "$(grep -c '"environment":' full.json)" -eq 6 ] || complain "not six runs in the results"
    [ "$(grep -c '"validation_accuracy":' full.json)" -eq 10 ] || complain "not ten epochs in the results"
    grep -q '"search":.*"sgd"' full.json || complain "the search is not in the results"
    ls -A >names
    grep -q partial names && complain "left behind: $(cat names)"
}

# Index patterns are a dropout like others, and have no period.
test_index() {
    cat >d.json <<END
{"data": "builtin", "validation": 1000, "seeds": [1], "hidden": [32], "rate": 0.25, "epochs": 1,
 "settings": [{"name": "sets", "dropout": "index"}, {"name": "scaled sets", "dropout": "index", "scale": "period"}]}
END
    run 0 d.json --results index.json
    no_error
    output_holds "^sets  *1  *[0-9.]* "
    output_holds "; rate 0.25; .*; different: scale\$"
    grep -q '"dropout":.*"index"' index.json || complain "the dropout is not in the results"
    cp index.json before.json
    run 0 d.json --results index.json --resume
    cmp before.json index.json || complain "a complete comparison went on"
    sed 's/"scale": "period"/"scale": "rate"/' d.json >e.json
    mistake 'setting "scaled sets": "scale" is rate, and the results in index.json are for period' e.json --results index.json --resume
    cmp before.json index.json || complain "touched results of another scale"
    rm index.json
    wrong 'd.json: setting "a": network: rate 0.9 keeps less than one of 8 units; at most 0.875' \
        '{"data": "builtin", "validation": 9000, "seeds": [1], "hidden": [8], "settings": [{"name": "a", "dropout": "index", "rate": 0.9}]}'
}

# More seeds are more runs; those that are there are not trained again.
test_resume() {
    tiny 1 99 >d.json
    run 0 d.json --results part.json
    tiny 1,2 '{"setting": "masks", "less": 1}' >d.json
    run 0 d.json --results part.json --resume --data builtin
    no_error
    bits full.json >full.bits
    bits part.json >part.bits
    cmp full.bits part.bits || complain "other results"
    cp part.json before.json
    run 0 d.json --results part.json --resume
    no_error
    cmp before.json part.json || complain "a complete comparison went on"
}

# Without the order of the runs and what differs between two of the same bits.
sorted_bits() {
    "$train" compare --report "$1" --format json | sed -e '/"seconds":/d' -e '/"date":/d' |
        awk '/"runs":/ { runs = 1 } runs && /"setting":/ { name = $0 } runs && /"seed":/ { name = name $0 } runs && name { print name, $0 }
             /"test_accuracy":/ { name = "" }' | sort
}

# More settings are more runs too, wherever they stand; one that has no runs may still change.
test_growth() {
    tiny 1,2 99 | sed -e 's/{"name": "rows"[^}]*},/{"name": "bad", "lr": 1e20},/' >d.json
    run 1 d.json --results grown.json
    tiny 1 99 | sed -e 's/{"name": "rows"[^}]*},//' >d.json
    run 0 d.json --results grown.json --resume
    no_error
    tiny 1,2 '{"setting": "masks", "less": 1}' >d.json
    run 0 d.json --results grown.json --resume
    no_error
    output_holds "; 6 of 6 runs done\$"
    sorted_bits full.json >full.bits
    sorted_bits grown.json >grown.bits
    [ "$(wc -l <full.bits)" -gt 50 ] || complain "no bits: $(cat full.bits)"
    cmp full.bits grown.bits || complain "other results"
    cut -c 1-50 full.out >full.head
    cut -c 1-50 out >grown.head
    cmp full.head grown.head || complain "another report: $(cat out)"
}

test_other_results() {
    cp full.json r.json
    tiny 1,3 99 >d.json
    mistake '"seeds" lack 2, which r.json has results of' d.json --results r.json --resume
    tiny 1,2 99 | sed 's/0.05/0.06/' >d.json
    mistake 'd.json: setting "masks": "lr" is 0.06, and the results in r.json are for 0.05' d.json --results r.json --resume
    tiny 1,2 99 | sed 's/"max_period": 4/"max_period": 5/' >d.json
    mistake 'setting "long rows": "max_period" is 5, and the results in r.json are for 4' d.json --results r.json --resume
    tiny 1,2 99 | sed 's/"max_period": 4/"groups": 2, &/' >d.json
    mistake 'setting "long rows": "groups" is 2, and the results in r.json are for 1' d.json --results r.json --resume
    tiny 1,2 99 | sed 's/"validation": 1000/"validation": 999/' >d.json
    mistake '"validation" is 999, and the results in r.json are for 1000' d.json --results r.json --resume
    tiny 1,2 99 | sed 's/"name": "rows"/"name": "row"/' >d.json
    mistake '"settings" lack "rows", which r.json has results of' d.json --results r.json --resume
    cmp full.json r.json || complain "touched results of another description"
    tiny 1,2 99 >d.json
    sed 's/"checksum":.*/"checksum": "0123456789abcdef",/' full.json >r.json
    mistake 'the data is not that of the results in r.json (builtin, 9000 training and 1000 validation samples)' \
        d.json --results r.json --resume
    # Results from before there were groups.
    sed '/"groups":/d' full.json >r.json
    run 0 d.json --results r.json --resume
    no_error
    sed 's/"environment":.*/"environment": "elsewhere",/' full.json >r.json
    run 0 d.json --results r.json --resume
    error_holds "warning: r.json: some runs there are of another environment (elsewhere), this is "
    output_holds "^target: 99% on the validation samples\$"
    output_holds "  0 of 2  *-  *-\$"
}

test_report() {
    run 0 --report full.json
    no_error
    cmp out full.out || complain "another report"
    run 0 --report full.json --tables markdown
    no_error
    output_holds "^| setting | seeds | validation % | test % | validation - masks | test - masks | s/epoch | reached by | epochs to target | s to target |\$"
    output_holds "^| --- | ---: |"
    output_holds "^| rows | 2 | [0-9.]* ± [0-9.]* | "
    run 0 --report full.json --format json
    no_error
    for key in schema version description data runs summary runs_done runs_missing baseline target_accuracy \
        validation_difference test_difference seconds_per_epoch epochs_to_target seconds_to_target standard_error; do
        grep -q "\"$key\":" out || complain "no key $key"
    done
    cp out report.json
    run 0 --report report.json
    cmp out full.out || complain "a report in JSON is no results"
    sed '/"baseline":/s/masks/mask/' full.json >r.json
    mistake 'r.json: "baseline": no setting is named "mask"; did you mean "masks"?' --report r.json
}

# What was trained stands above the table.
test_head() {
    run 0 --report "$source/tests/tools/compare_results.json"
    no_error
    cat >expected <<'END'
9000 training, 1000 validation and 2000 test samples; 5 of 8 runs done
all: data builtin, checksum 0123456789abcdef; hidden 64,32; rate 0.5; batch 128; lr 0.05; momentum 0.9; schedule constant; different: dropout, max_period, epochs
5 runs, 2026-01-30 to 2026-02-01: libard 0.1.0; device a CPU; platform P; driver 1

END
    head -n 4 out | cmp - expected || complain "another head: $(cat out)"
    run 0 --report "$source/tests/tools/compare_results.json" --tables markdown
    sed -n -e 's/^\(.\)/- \1/' -e '1,4p' expected >list
    head -n 4 out | cmp - list || complain "another list: $(cat out)"
    sed -e '/2026-02-01/,$s/a CPU/another/' "$source/tests/tools/compare_results.json" >r.json
    run 0 --report r.json
    output_holds "^4 runs, 2026-01-30 to 2026-01-31: .*; device a CPU; "
    output_holds "^1 run, 2026-02-01: .*; device another; "
}

# What is drawn; the results are made up, so that every digit is known.
test_csv() {
    run 0 --report "$source/tests/tools/compare_results.json" --csv curves
    no_error
    cat >expected <<'END'
setting,epoch,runs,seconds,validation_accuracy,validation_accuracy_error,loss,loss_error
base,1,2,2,91,1,0.75,0.25
base,2,2,4,94.5,0.5,0.375,0.125
base,3,2,6,97.25,0.25,0.25,0
"rows, N = 4",1,2,1,90,0,0.625,0.125
"rows, N = 4",2,2,2,95.5,0.5,0.5,0
once,1,1,1.5,96.5,,0.5,
END
    cmp out expected || complain "other curves: $(cat out)"
    run 0 --report "$source/tests/tools/compare_results.json" --csv differences
    no_error
    cat >expected <<'END'
setting,baseline,runs,validation_difference,validation_difference_error,test_difference,test_difference_error
base,base,2,0,0,0,0
"rows, N = 4",base,2,-1.75,0.75,-0.5,0.5
once,base,1,-0.5,,0.5,
never,base,0,,,,
END
    cmp out expected || complain "other differences: $(cat out)"
}

# Times of a network with one hidden layer of 32.
cost_times() {
    cat <<END
{"schema": 1, "devices": [{"id": "0:0", "name": "a device"}], "per_period": [{"device": "0:0", "case": "step", "model": "mlp",
 "pattern": "row", "batch": 128, "layers": [784, 32, 10], "max_period": 3, "unit": "ms",
 "baselines": [{"baseline": "bernoulli", "ms": 9}],
 "times": [{"periods": [1], "ms": $1}, {"periods": [2], "ms": 5}, {"periods": [3], "ms": 3}]}]}
END
}

growing() {
    cat <<END
{"data": "builtin", "validation": 1000, "seeds": [$1], "hidden": [32], "lr": 0.05, "rate": 0.5, "epochs": $2,
 "dropout": "row", "settings": [{"name": "none", "dropout": "none"}, {"name": "rows", "rate_schedule": "exponential", "rate_epochs": 1},
              {"name": "fast rows", "search": "cost", "cost": "$3", "entropy_share": 0.5}]}
END
}

# Rates that grow and distributions by times: described, recorded, and gone on with by the same times alone.
test_rates_and_times() {
    common='"validation": 1000, "seeds": [1], "data": "builtin", "dropout": "row"'
    wrong 'setting "a": "rate_epochs" goes only with "rate_schedule" exponential' "{$common, \"settings\": [{\"name\": \"a\", \"rate_epochs\": 2}]}"
    wrong 'setting "b": "rate_epochs" goes only with "rate_schedule" exponential and a "dropout"' \
        "{$common, \"rate_schedule\": \"exponential\", \"settings\": [{\"name\": \"a\"}, {\"name\": \"b\", \"dropout\": \"none\", \"rate_epochs\": 2}]}"
    wrong 'setting "a": "rate_schedule" goes only with a "dropout"' \
        "{$common, \"settings\": [{\"name\": \"a\", \"dropout\": \"none\", \"rate_schedule\": \"exponential\"}]}"
    wrong 'setting "a": "search" cost needs "cost"' "{$common, \"settings\": [{\"name\": \"a\", \"search\": \"cost\"}]}"
    wrong 'setting "a": "cost" goes only with "search" cost and "dropout" row or tile' \
        "{$common, \"search\": \"cost\", \"settings\": [{\"name\": \"a\", \"dropout\": \"index\", \"cost\": \"no.json\"}]}"
    wrong 'setting "a": "search" cost is of one pattern a batch; "groups" must be 1' \
        "{$common, \"groups\": 2, \"settings\": [{\"name\": \"a\", \"search\": \"cost\", \"cost\": \"no.json\"}]}"
    wrong 'setting "a": "cost": 7 is not the name of a file' "{$common, \"settings\": [{\"name\": \"a\", \"search\": \"cost\", \"cost\": 7}]}"
    wrong "setting \"a\": \"cost\": cannot read 'no.json'" \
        "{$common, \"settings\": [{\"name\": \"a\", \"search\": \"cost\", \"cost\": \"no.json\"}]}"
    cost_times 9 >times.json
    wrong "setting \"a\": \"cost\": the times in 'times.json' are of 784-32-10, batch 128, row; this network is 784-512-512-10, batch 128, row" \
        "{$common, \"search\": \"cost\", \"cost\": \"times.json\", \"settings\": [{\"name\": \"a\"}, {\"name\": \"b\", \"dropout\": \"none\"}]}"
    growing 1 2 times.json >d.json
    run 0 d.json --results times-full.json
    no_error
    grep -q '"rate_schedule":.*"exponential"' times-full.json || complain "the schedule is not in the results"
    [ "$(grep -c '"rate_epochs":' times-full.json)" -eq 1 ] || complain "epochs without a schedule"
    [ "$(grep -c '"periods":' times-full.json)" -eq 1 ] || complain "not the periods of one run"
    cp times-full.json before.json
    cp times.json elsewhere.json
    growing 1 2 elsewhere.json >d.json
    run 0 d.json --results times-full.json --resume
    no_error
    growing 1 2 times.json >d.json
    run 0 d.json --results times-full.json --resume
    cmp before.json times-full.json || complain "a complete comparison went on"
    cost_times 8 >times.json
    mistake "setting \"fast rows\": \"cost\": the times in 'times.json' are not those that the results in times-full.json are for" \
        d.json --results times-full.json --resume
    cmp before.json times-full.json || complain "touched results of other times"
    cost_times 9 >times.json
    growing 1 2 times.json | sed 's/"rate_epochs": 1/"rate_epochs": 2/' >d.json
    mistake 'setting "rows": "rate_epochs" is 2, and the results in times-full.json are for 1' d.json --results times-full.json --resume
    growing 1 2 times.json | sed 's/0.5}\]/0.6}]/' >d.json
    mistake 'setting "fast rows": "entropy_share" is 0.6, and the results in times-full.json are for 0.5' \
        d.json --results times-full.json --resume
    rm times.json
    run 0 --report times-full.json
    no_error
    output_holds "^fast rows  *1  "
    sed 's/"periods":.*/"periods": [[0.5, 2]],/' times-full.json >r.json
    mistake "r.json: run 3 is not one of its description" --report r.json
    sed 's/"cost_checksum":.*//' times-full.json >r.json
    mistake "r.json: run 3 is not one of its description" --report r.json
}

# A run that is lost ends the comparison; what was done before is kept.
test_diverged() {
    cat >d.json <<END
{"data": "builtin", "validation": 1000, "seeds": [5], "hidden": [16], "epochs": 1,
 "settings": [{"name": "good"}, {"name": "bad", "lr": 1e20}]}
END
    run 1 d.json --results lost.json
    error_holds 'd.json: setting "bad", seed 5: epoch 1: the loss is no longer a number; a lower "lr" than 1e+20 may help'
    run 0 --report lost.json
    output_holds "; 1 of 2 runs done\$"
    output_holds "^bad  *0  *-  *-  *-  *-  *-\$"
}

# The example is one.
test_example() {
    sed -e 's/"epochs": [0-9]*/"epochs": 1/' -e 's/"seeds": \[1, 2, 3\]/"seeds": [1]/' "$source/examples/compare.json" >d.json
    grep -q '"epochs": 1,' d.json || complain "the example has no epochs"
    run 0 d.json
    no_error
    output_holds "^tiles  *1  *[0-9.]*  *[0-9.]*  *[-+][0-9.]*  "
}

test_help
test_usage
test_description
test_before_training
test_comparison
test_index
test_resume
test_growth
test_other_results
test_report
test_head
test_csv
test_rates_and_times
test_diverged
test_example
finish
