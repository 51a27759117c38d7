#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ard-train from the outside: saving, and going on with what was saved.
# Usage: test_train_resume.sh PATH-OF-ARD-TRAIN
# shellcheck disable=SC2086 # some variables are several arguments
# shellcheck source=tests/tools/shell_support.sh
. "$(dirname "$0")/shell_support.sh"
train=$1
tiny="--data builtin --hidden 32 --lr 0.05 --dropout row --rate 0.25"
begin ard-train

start() {
    "$train" "$@"
}

# The rate of a step is that of the run as it was begun, however long it goes on.
test_growing_rate_resumed() {
    run 0 mlp $tiny --epochs 1 --rate-schedule exponential --quiet --save "$folder/base"
    cp "$folder/base" "$folder/copy"
    set -- mlp --data builtin --quiet --resume "$folder/base" --save "$folder/base"
    mistake "--rate-schedule constant contradicts the checkpoint, which was made with exponential" "$@" --rate-schedule constant
    mistake "--rate-epochs 2 contradicts the checkpoint, which was made with 1" "$@" --rate-epochs 2
    mistake "--rate 0.2 contradicts the checkpoint, which was made with 0.25" "$@" --rate 0.2
    same "$folder/base" "$folder/copy"
    run 0 "$@" --epochs 2
    run 0 mlp $tiny --epochs 2 --rate-schedule exponential --rate-epochs 1 --quiet --save "$folder/copy"
    same "$folder/base" "$folder/copy"
    run 0 mlp $tiny --epochs 1 --quiet --save "$folder/base"
    mistake "--rate-schedule exponential contradicts the checkpoint, which was made with constant" "$@" --rate-schedule exponential
}

# A run of two epochs with everything that has a state; extra arguments go to its second half too.
test_resume() {
    options="--data builtin --hidden 24,16 --rate 0.5,0.25 --batch 96 --weight-decay 1e-4 --lr 0.02 --seed 7"
    run 0 mlp $options --epochs 2 --quiet --save "$folder/full" "$@"
    full_accuracy=$(cat "$folder/out")
    run 0 mlp $options --epochs 1 --quiet --save "$folder/half" "$@"
    run 0 mlp --data builtin --resume "$folder/half" --epochs 2 --quiet --save "$folder/half"
    no_error
    [ "${full_accuracy%% after*}" = "$(sed 's/ after.*//' "$folder/out")" ] || complain "another accuracy"
    same "$folder/full" "$folder/half"
}

# After test_resume.
test_complete_run() {
    run 0 mlp $options --resume "$folder/full" --epochs 2 --format json "$@"
    [ "$(value first_step)" = "$(value steps)" ] || complain "a complete run went on"
}

test_contradictions() {
    run 0 mlp --data builtin --hidden 24,16 --dropout row --epochs 1 --quiet --save "$folder/base"
    cp "$folder/base" "$folder/copy"
    set -- mlp --data builtin --quiet --resume "$folder/base" --save "$folder/base"
    mistake "--hidden 24 contradicts" "$@" --hidden 24
    mistake "--dropout none contradicts the checkpoint, which was made with row" "$@" --dropout none
    mistake "--rate 0.4 contradicts the checkpoint, which was made with 0.5" "$@" --rate 0.4
    mistake "--max-period 4 contradicts the checkpoint, which was made with 3" "$@" --max-period 4
    mistake "--scale period contradicts" "$@" --scale period
    mistake "--groups 2 contradicts the checkpoint, which was made with 1" "$@" --groups 2
    mistake "--batch 64 contradicts" "$@" --batch 64
    mistake "--lr 0.1 contradicts" "$@" --lr 0.1
    mistake "--momentum 0.5 contradicts" "$@" --momentum 0.5
    mistake "--weight-decay 0.1 contradicts" "$@" --weight-decay 0.1
    mistake "--schedule cosine contradicts" "$@" --schedule cosine
    mistake "--seed 2 contradicts" "$@" --seed 2
    mistake "--tile goes only with --dropout tile" "$@" --tile 32
    mistake "--dropout tile contradicts the checkpoint, which was made with row" "$@" --dropout tile --tile 32
    mistake "--validation 1000 contradicts the checkpoint, which was made with 0" "$@" --validation 1000
    mistake "--search sgd contradicts the checkpoint, which was made with exact" "$@" --search sgd
    same "$folder/base" "$folder/copy"
    run 0 mlp --data builtin --hidden 16 --epochs 2 --quiet --save "$folder/two"
    mistake "is 2 epochs and 0 steps along already" mlp --data builtin --resume "$folder/two" --epochs 1
}

test_tile_contradictions() {
    run 0 mlp --data builtin --hidden 24,16 --dropout tile --tile 8 --epochs 1 --quiet --save "$folder/base"
    cp "$folder/base" "$folder/copy"
    set -- mlp --data builtin --quiet --resume "$folder/base" --save "$folder/base"
    mistake "--tile 16 contradicts the checkpoint, which was made with 8" "$@" --tile 16
    mistake "--numbering linear contradicts the checkpoint, which was made with diagonal" "$@" --numbering linear
    mistake "--max-period 4 contradicts the checkpoint, which was made with 3" "$@" --max-period 4
    mistake "--tile goes only with --dropout tile" "$@" --dropout dropconnect --tile 8
    mistake "--dropout dropconnect contradicts the checkpoint, which was made with tile" "$@" --dropout dropconnect
    same "$folder/base" "$folder/copy"
    run 0 "$@" --dropout tile --tile 8 --numbering diagonal --max-period 3
    no_error
    same "$folder/base" "$folder/copy"
}

# damaged MESSAGE: $folder/bad is refused and left alone.
damaged() {
    cp "$folder/bad" "$folder/copy"
    mistake "$1" mlp --data builtin --resume "$folder/bad" --save "$folder/bad"
    same "$folder/bad" "$folder/copy"
}

test_damage() {
    run 0 mlp --data builtin --hidden 16 --epochs 1 --quiet --save "$folder/good"
    size=$(wc -c <"$folder/good")
    : >"$folder/bad" && damaged "--resume"
    echo "something else" >"$folder/bad" && damaged "--resume"
    for cut in 7 100 $((size / 2)) $((size - 1)); do
        head -c "$cut" "$folder/good" >"$folder/bad" && damaged "--resume"
    done
    for place in 0 9 40 300 $((size / 2)) $((size - 3)); do
        cp "$folder/good" "$folder/bad"
        printf '\377\376' | dd of="$folder/bad" bs=1 seek="$place" conv=notrunc 2>/dev/null
        damaged "--resume"
    done
    { cat "$folder/good" && echo x; } >"$folder/bad" && damaged "--resume"
    mistake "--resume" mlp --data builtin --resume "$folder/nowhere"
    mistake "--resume" mlp --data builtin --resume "$folder"
}

test_no_leftovers() {
    rm -f "$folder"/full "$folder"/half "$folder"/base "$folder"/copy "$folder"/two "$folder"/good "$folder"/bad
    rm -f "$folder"/out "$folder"/err
    command="(all)"
    [ -z "$(ls -A "$folder")" ] || complain "left behind: $(ls -A "$folder")"
}

test_growing_rate_resumed
test_resume --dropout row
test_complete_run --dropout row
test_resume --dropout subset --schedule step --lr-factor 0.5
test_resume --dropout tile --tile 8
test_resume --dropout tile --tile 5 --numbering linear --scale period
test_resume --dropout dropconnect
test_resume --dropout subset --groups 3
test_resume --dropout index --groups 2 --rate-schedule exponential --rate-epochs 2
test_resume --dropout index --scale period
test_resume --dropout row --search sgd --validation 1234
test_resume --dropout row --rate-schedule exponential --rate-epochs 2
test_resume --dropout tile --tile 8 --search sgd --rate-schedule exponential --rate-epochs 3
test_resume --dropout subset --rate-schedule exponential --rate-epochs 2 --validation 1234
test_resume --dropout bernoulli --rate-schedule exponential --rate-epochs 2
test_contradictions
test_tile_contradictions
test_damage
test_no_leftovers
finish
