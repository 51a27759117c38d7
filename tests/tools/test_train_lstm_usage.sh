#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ard-train lstm from the outside: help, and every mistake on its command line or in its text.
# Usage: test_train_lstm_usage.sh PATH-OF-ARD-TRAIN
# shellcheck disable=SC2086 # some variables are several arguments
# shellcheck source=tests/tools/shell_support.sh
. "$(dirname "$0")/shell_support.sh"
train=$1
begin ard-train

start() {
    "$train" lstm "$@"
}

# wrong MESSAGE ARGUMENT...: a mistake beside the built-in text.
wrong() {
    message=$1
    shift
    mistake "$message" --data builtin "$@"
}

test_help() {
    run 0 --help
    no_error
    for option in data level max-words train-tokens size layers hidden embed tied steps batch dropout rate placement fresh max-period scale tile \
        numbering epochs range forget-bias clip lr schedule lr-decay lr-decay-after momentum weight-decay seed save save-every resume sample \
        temperature unknown device format quiet; do
        output_holds "--$option\\b"
    done
    output_holds "^  medium  2 x 650     35  0.05      5      39  rate 0.5    1, x 1/1.2 in each after 6\$"
    output_holds "none|bernoulli|row|subset|tile|dropconnect|index"
}

test_numbers() {
    for bad in "--max-words 2" "--train-tokens 1" "--layers 0" "--layers 17" "--hidden 0" "--embed -1" "--steps 0" "--batch 0" "--rate 1" "--rate -0.1" \
        "--max-period 65" "--tile 0" "--epochs 0" "--range 0" "--range inf" "--forget-bias nan" "--clip -1" "--lr 0" "--lr-decay 0" "--lr-decay 1.5" \
        "--lr-decay-after 0" "--momentum 1" "--weight-decay -1" "--seed -1" "--sample 0" "--temperature -1" "--save-every 0"; do
        wrong "${bad%% *}: '${bad##* }'" $bad
    done
    wrong "--size: 'huge'" --size huge
    wrong "--level: 'byte'" --level byte
    wrong "--dropout: 'tiles'" --dropout tiles
    wrong "--placement: 'within'" --placement within
    wrong "--schedule: 'cosine'" --schedule cosine
    wrong "--frobnicate" --frobnicate
}

test_combinations() {
    mistake "--data is needed: a folder, files or builtin"
    wrong "--rate goes only with a --dropout" --dropout none --rate 0.5
    wrong "--placement goes only with a --dropout" --placement both
    wrong "--fresh goes only with --placement recurrent or both" --fresh
    wrong "--fresh goes only with --placement recurrent or both" --rate 0.5 --fresh
    wrong "and --dropout bernoulli, row, subset or index" --dropout tile --placement recurrent --fresh
    wrong "--steps 256: at most 255 with --fresh" --dropout row --placement both --fresh --steps 256
    wrong "--max-period goes only with --dropout row, subset or tile" --dropout index --max-period 4
    for dropout in none bernoulli dropconnect; do
        wrong "--scale goes only with --dropout row, subset, tile or index" --dropout $dropout --scale period
    done
    wrong "--tile goes only with --dropout tile" --dropout row --tile 8
    wrong "--numbering goes only with --dropout tile" --dropout subset --numbering linear
    wrong "--embed 100: must be --hidden 200 with --tied" --tied --embed 100
    wrong "--tied goes with --dropout tile only where --placement is recurrent" --tied --dropout tile
    wrong "--lr-decay-after goes only with --schedule epochs" --schedule plateau --lr-decay-after 3
    wrong "--save-every needs --save" --save-every 2
    wrong "--sample needs --resume" --sample 10
    wrong "--save goes not with --sample" --sample 10 --resume x --save y
    wrong "--format json goes not with --sample" --sample 10 --resume x --format json
    wrong "--epochs goes not with --sample, which trains nothing" --sample 10 --resume x --epochs 4
    wrong "--quiet goes not with --sample, which trains nothing" --sample 10 --resume x --quiet
    wrong "--temperature goes only with --sample" --temperature 2
    wrong "--unknown goes only with --sample" --unknown
    mistake "--data is needed: the words are in the text, not in the checkpoint" --sample 10 --resume x
    wrong "no-such-device" --device no-such-device
    wrong "--resume" --resume "$folder/nowhere"
    wrong "dropout: " --dropout row --rate 0.9 --max-period 2
}

test_text() {
    wrong "--data builtin has words only, not --level char" --level char
    wrong "--max-words goes not with --data builtin" --max-words 50
    wrong "--batch 20: there are only 20 training words; at most 19" --train-tokens 20
    mistake "No such file" --data "$folder/nowhere"
    mistake "No such file" --data "$folder/nowhere" --level char
    echo "some words of a text" >"$folder/text"
    mistake "expected a folder, or three files, as in TRAIN,VALID,TEST" --data "$folder/text"
    mistake "--max-words goes only with --level word" --data "$folder/text" --level char --max-words 5
    mistake "--data: " --data "$folder/text,$folder/text,$folder/text" --train-tokens 7
    echo "words that are new" >"$folder/other"
    mistake "--data: " --data "$folder/text,$folder/other,$folder/text" --batch 1
}

test_bad_save() {
    bad 1 "--save: cannot write $folder/nowhere/x: No such file" --data builtin --save "$folder/nowhere/x"
    bad 1 "is not a regular file" --data builtin --save "$folder"
    for name in train valid test; do
        seq 100 >"$folder/$name.txt"
    done
    cp "$folder/test.txt" "$folder/copy"
    mistake "--save: $folder/test.txt is a text of --data; give another file" --data "$folder/test.txt" --level char --save "$folder/test.txt"
    mistake "--save: $folder/./test.txt is a text of --data" --data "$folder" --save "$folder/./test.txt"
    mistake "--save: $folder/test.txt is a text of --data" --data "$folder/valid.txt,$folder/train.txt,$folder/test.txt" --save "$folder/test.txt"
    same "$folder/test.txt" "$folder/copy"
}

test_help
test_numbers
test_combinations
test_text
test_bad_save
finish
