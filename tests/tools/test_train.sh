#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ard-train from the outside: exit status, output and messages, for good and bad command lines; training
# on the drawn digits.
# Usage: test_train.sh PATH-OF-ARD-TRAIN VERSION
# shellcheck disable=SC2086 # some variables are several arguments
# shellcheck source=tests/tools/shell_support.sh
. "$(dirname "$0")/shell_support.sh"
train=$1
version=$2
tiny="--data builtin --hidden 32 --lr 0.05 --dropout row --rate 0.25"
begin ard-train

start() {
    "$train" "$@"
}

test_help() {
    run 0 --help
    no_error
    output_holds "^  mlp "
    run 0 mlp --help
    no_error
    for option in data validation hidden dropout rate rate-schedule rate-epochs max-period search cost entropy-share tile numbering scale groups epochs batch lr momentum weight-decay \
        schedule lr-step-epochs lr-factor lr-final lr-warmup-epochs seed save save-every resume device format quiet; do
        output_holds "--$option\\b"
    done
    output_holds "none|bernoulli|row|subset|tile|dropconnect|index"
    output_holds "row, subset, tile, index: groups of samples"
    output_holds "(synapses, not neurons)"
    output_holds "diagonal|linear"
    run 0 --version
    output_holds "^ard-train $version\$"
    no_error
}

test_usage() {
    mistake "command"
    mistake "cnn" cnn
    mistake "--data" mlp
    mistake "--frobnicate" mlp --data builtin --frobnicate
    mistake "--hidden" mlp --data builtin --hidden 0
    mistake "--hidden" mlp --data builtin --hidden 32,
    mistake "--hidden" mlp --data builtin --hidden 32x
    mistake "--rate" mlp --data builtin --rate 1
    mistake "--rate" mlp --data builtin --rate -0.1
    mistake "--rate" mlp --data builtin --rate nan
    mistake "3 rates for 2 hidden layers" mlp --data builtin --rate 0.1,0.2,0.3
    mistake "--dropout" mlp --data builtin --dropout tiles
    mistake "--scale" mlp --data builtin --scale none
    mistake "--schedule" mlp --data builtin --schedule linear
    mistake "--epochs" mlp --data builtin --epochs 0
    mistake "--epochs" mlp --data builtin --epochs 1.5
    mistake "--batch" mlp --data builtin --batch 0
    mistake "--lr" mlp --data builtin --lr 0
    mistake "--lr" mlp --data builtin --lr inf
    mistake "--momentum" mlp --data builtin --momentum 1
    mistake "--weight-decay" mlp --data builtin --weight-decay -1
    mistake "--seed" mlp --data builtin --seed -1
    mistake "--format" mlp --data builtin --format csv
    mistake "--max-period" mlp --data builtin --max-period 65
    mistake "--max-period goes only with" mlp --data builtin --dropout bernoulli --max-period 4
    mistake "--max-period goes only with" mlp --data builtin --dropout dropconnect --max-period 4
    mistake "--max-period goes only with" mlp --data builtin --dropout index --max-period 4
    mistake "--search: 'best' is not exact, sgd or cost" mlp --data builtin --search best
    mistake "--rate-schedule: 'linear'" mlp --data builtin --rate-schedule linear
    mistake "--rate-epochs goes only with --rate-schedule exponential" mlp --data builtin --rate-epochs 2
    mistake "--rate-epochs: '0'" mlp --data builtin --rate-schedule exponential --rate-epochs 0
    mistake "--rate goes only with a --dropout" mlp --data builtin --dropout none --rate 0.5
    mistake "--data is missing: folder with the four idx files of MNIST, plain or .gz, or \"builtin\": drawn digits, which need no file" mlp
    mistake "--rate-schedule goes only with a --dropout" mlp --data builtin --dropout none --rate-schedule exponential
    for dropout in none bernoulli subset dropconnect index; do
        mistake "--search goes only with --dropout row or tile" mlp --data builtin --dropout $dropout --search sgd
    done
    mistake "--validation: '0'" mlp --data builtin --validation 0
    mistake "--validation 10000: there are only 10000 training samples" mlp --data builtin --validation 10000
    mistake "--batch 128: there are only 100 training samples" mlp --data builtin --validation 9900
    mistake "--groups: '0'" mlp --data builtin --groups 0
    mistake "--groups: '256'" mlp --data builtin --groups 256
    for dropout in none bernoulli dropconnect; do
        mistake "--groups goes only with --dropout row, subset, tile or index" mlp --data builtin --dropout $dropout --groups 2
        mistake "--scale goes only with --dropout row, subset, tile or index" mlp --data builtin --dropout $dropout --scale period
    done
    mistake "--tile: '0'" mlp --data builtin --dropout tile --tile 0
    mistake "--tile: '1.5'" mlp --data builtin --dropout tile --tile 1.5
    mistake "--tile: '4294967296'" mlp --data builtin --dropout tile --tile 4294967296
    mistake "--numbering: 'skewed'" mlp --data builtin --dropout tile --numbering skewed
    for dropout in none bernoulli row subset dropconnect index; do
        mistake "--tile goes only with --dropout tile" mlp --data builtin --dropout $dropout --tile 16
        mistake "--numbering goes only with --dropout tile" mlp --data builtin --dropout $dropout --numbering linear
    done
    mistake "--lr-factor goes only with --schedule step" mlp --data builtin --lr-factor 0.5
    mistake "--lr-step-epochs goes only with --schedule step" mlp --data builtin --schedule cosine --lr-step-epochs 2
    mistake "--lr-final goes only with --schedule cosine" mlp --data builtin --schedule step --lr-final 0.1
    mistake "--lr-warmup-epochs" mlp --data builtin --lr-warmup-epochs -1
    mistake "--save-every needs --save" mlp --data builtin --save-every 2
    mistake "only 10000 training samples" mlp --data builtin --batch 10001
    mistake "no-such-device" mlp --data builtin --device no-such-device
    mistake "dropout:" mlp --data builtin --rate 0.9 --max-period 2
    mistake "network:" mlp --data builtin --hidden 2 --rate 0.75
    mistake "network: rate 0.75 keeps less than one of 3 units; at most 0.666" mlp --data builtin --hidden 4,3 --rate 0.75 --dropout index
}

# Tiles too few for the periods: what is said to be right is, and the next larger one is not.
test_grid() {
    set -- mlp --data builtin --dropout tile --rate 0.7 --epochs 1 --quiet
    echo "as it was" >"$folder/kept"
    mistake "--tile 32: the tiles of the [32 x 32] weights into hidden layer 2 serve periods up to 1, \
and rate 0.7 draws up to 4; expected --tile 15 or less" "$@" --hidden 32,32 --save "$folder/kept"
    [ "$(cat "$folder/kept")" = "as it was" ] || complain "wrote to a file"
    rm "$folder/kept"
    mistake "periods up to 3, and rate 0.7 draws up to 4; expected --tile 15 or less" "$@" --hidden 32,32 --tile 16
    run 0 "$@" --hidden 32,32 --tile 15
    no_error
    run 0 "$@" --hidden 32,32 --tile 16 --numbering linear
    no_error
    mistake "[32 x 784] weights into hidden layer 1 serve periods up to 25, and rate 0.7 draws up to 40; \
expected --tile 20 or less, or --max-period 25" "$@" --hidden 32 --max-period 40
    run 0 "$@" --hidden 32 --max-period 40 --tile 20
    run 0 "$@" --hidden 32 --max-period 25
    mistake "draws up to 40; expected --tile 20 or less" "$@" --hidden 32 --max-period 40 --tile 21
    mistake "draws up to 26; expected" "$@" --hidden 32 --max-period 26
    mistake "hidden layer 2 serve periods up to 1, and rate 0.4 draws up to 2; expected --tile 31 or less" \
        "$@" --hidden 32,32,32 --rate 0,0.4,0
    mistake "expected --max-period 2" "$@" --hidden 1,2 --rate 0.5 --tile 1 --max-period 4
    mistake "expected a lower --rate or wider --hidden" "$@" --hidden 1,1
    run 0 "$@" --hidden 1,1 --rate 0
}

test_bad_data() {
    mistake "No such file" mlp --data "$folder/nowhere"
    mkdir "$folder/data"
    mistake "missing train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte" \
        mlp --data "$folder/data"
    for name in train-images-idx3 train-labels-idx1 t10k-images-idx3 t10k-labels-idx1; do
        echo "not an idx file" >"$folder/data/$name-ubyte"
    done
    mistake "train-images-idx3-ubyte: not an idx file" mlp --data "$folder/data"
    rm -r "$folder/data"
}

test_bad_save() {
    bad 1 "--save: cannot write $folder/nowhere/x: No such file" mlp --data builtin --save "$folder/nowhere/x"
    bad 1 "is not a regular file" mlp --data builtin --save "$folder"
    bad 1 "--save: cannot write /proc/x" mlp --data builtin --save /proc/x
}

test_text() {
    run 0 mlp $tiny --epochs 1
    no_error
    output_holds "^mlp 784-32-10, dropout row 0.25, batch 128, 1 epochs\$"
    output_holds "^10000 training and 2000 test samples, on [0-9]*:[0-9]* "
    output_holds "^epoch 1  loss [0-9.]*  train *[0-9.]*%  test loss [0-9.]*  test *[0-9.]*%  [0-9.]* s\$"
    output_holds "^test accuracy [0-9.]*% after 1 epochs, [0-9.]* s of training, [0-9.]* s in all\$"
    [ "$(wc -l <"$folder/out")" -eq 4 ] || complain "not four lines"
    run 0 mlp $tiny --epochs 1 --quiet
    no_error
    output_holds "^test accuracy "
    [ "$(wc -l <"$folder/out")" -eq 1 ] || complain "not one line"
}

# A file of a tuning that is not one changes nothing but that this is said.
test_tuning_refused() {
    echo "{}" >"$folder/tuning.json"
    export ARD_TUNING="$folder/tuning.json"
    run 0 mlp $tiny --epochs 1 --quiet
    error_holds "$folder/tuning.json is not a tuning of libard: it has no schema; run ard-tune"
    output_holds "^test accuracy "
    export ARD_TUNING=none
    run 0 mlp $tiny --epochs 1 --quiet
    no_error
    rm "$folder/tuning.json"
}

# What a run with tiles says of them; other runs have no word of tiles.
test_tiles_reported() {
    run 0 mlp $tiny --epochs 1 --dropout tile --tile 16 --numbering linear
    no_error
    output_holds "^mlp 784-32-10, dropout tile 0.25, linear tiles of edge 16, batch 128, 1 epochs\$"
    run 0 mlp $tiny --epochs 1 --dropout tile --format json
    [ "$(value tile)" = 32 ] || complain "tile is $(value tile)"
    [ "$(value numbering)" = '"diagonal"' ] || complain "numbering is $(value numbering)"
    [ "$(value max_period)" = "[2]" ] || complain "max_period is $(value max_period)"
    run 0 mlp $tiny --epochs 1 --dropout dropconnect
    no_error
    output_holds "^mlp 784-32-10, dropout dropconnect 0.25, batch 128, 1 epochs\$"
    run 0 mlp $tiny --epochs 1 --dropout dropconnect --format json
    [ "$(value dropout)" = '"dropconnect"' ] || complain "dropout is $(value dropout)"
    [ "$(value tile)$(value numbering)" = "" ] || complain "tiles without tiles"
}

# Groups of samples: said where there are several, in JSON where there could be.
test_groups_reported() {
    run 0 mlp $tiny --epochs 1 --groups 4
    no_error
    output_holds "^mlp 784-32-10, dropout row 0.25, batch 128 in 4 groups, 1 epochs\$"
    run 0 mlp $tiny --epochs 1 --dropout subset --groups 3 --format json
    [ "$(value groups)" = 3 ] || complain "groups is $(value groups)"
    run 0 mlp $tiny --epochs 1 --format json
    [ "$(value groups)" = 1 ] || complain "groups is $(value groups)"
    run 0 mlp $tiny --epochs 1 --dropout bernoulli --format json
    [ "$(value groups)" = "" ] || complain "groups without patterns"
}

test_accuracy() {
    for dropout in none bernoulli row subset "row --groups 4" "tile --tile 16" "tile --tile 16 --numbering linear" dropconnect index \
        "index --scale period"; do
        rate="--rate 0.25"
        [ "$dropout" != none ] || rate=
        run 0 mlp --data builtin --hidden 64 --lr 0.05 $rate --epochs 2 --dropout $dropout --format json
        no_error
        at_least "$(value test_accuracy)" 0.85 "$dropout accuracy"
        [ "$(value steps)" = 158 ] || complain "$(value steps) steps"
        [ "$(value interrupted)" = false ] || complain "interrupted is $(value interrupted)"
        at_least "$(value total_seconds)" "$(value seconds)" "total seconds"
        for key in schema version model device settings epochs first_step test_loss train_accuracy loss; do
            grep -q "\"$key\":" "$folder/out" || complain "no key $key"
        done
    done
}

# Samples held out: they are looked at after each epoch, the test half at the end.
test_validation() {
    run 0 mlp $tiny --epochs 2 --validation 1000
    no_error
    output_holds "^9000 training, 1000 validation and 2000 test samples, on "
    output_holds "^epoch 2  loss [0-9.]*  train *[0-9.]*%  validation loss [0-9.]*  validation *[0-9.]*%  [0-9.]* s\$"
    output_holds "^test accuracy [0-9.]*% after 2 epochs"
    run 0 mlp $tiny --epochs 2 --validation 1000 --search sgd --format json
    [ "$(value validation_samples)" = 1000 ] || complain "$(value validation_samples) samples held out"
    [ "$(value search)" = '"sgd"' ] || complain "search is $(value search)"
    [ "$(value steps)" = 142 ] || complain "$(value steps) steps"
    [ "$(grep -c '"validation_accuracy":' "$folder/out")" -eq 2 ] || complain "not validated after each epoch"
    [ "$(grep -c '"test_accuracy":' "$folder/out")" -eq 1 ] || complain "not tested once"
    run 0 mlp $tiny --epochs 1 --dropout bernoulli --format json
    [ "$(value validation_samples)$(value search)" = "" ] || complain "says what is not used"
}

# A rate that grows: what is said of it; a rate that only one period reaches, and layers of other rates.
test_growing_rate() {
    run 0 mlp $tiny --epochs 2 --rate-schedule exponential
    no_error
    output_holds "^mlp 784-32-10, dropout row 0.25, rate growing from 0 over 2 epochs, batch 128, 2 epochs\$"
    run 0 mlp $tiny --epochs 1 --rate-schedule exponential --rate-epochs 5 --format json
    [ "$(value rate_schedule)" = '"exponential"' ] || complain "rate_schedule is $(value rate_schedule)"
    [ "$(value rate_epochs)" = 5 ] || complain "rate_epochs is $(value rate_epochs)"
    run 0 mlp $tiny --epochs 1 --format json
    [ "$(value rate_schedule)$(value rate_epochs)" = '"constant"' ] || complain "says what is not used"
    for dropout in bernoulli "row --max-period 2" "row --search sgd" subset "tile --tile 8 --max-period 2" dropconnect; do
        run 0 mlp --data builtin --hidden 64 --lr 0.05 --rate 0.5 --epochs 2 --dropout $dropout \
            --rate-schedule exponential --validation 1000 --format json
        no_error
        at_least "$(value test_accuracy)" 0.8 "accuracy of $dropout with a growing rate"
    done
    run 0 mlp --data builtin --hidden 1,32 --rate 0,0.5 --epochs 1 --dropout row --quiet --rate-schedule exponential
    no_error
    mistake "network: period 3 exceeds the layer's 2 units" mlp --data builtin --hidden 2 --dropout row --rate-schedule exponential
}

test_diverged() {
    bad 1 "no longer a number" mlp --data builtin --hidden 16 --lr 1e20 --epochs 1 --quiet --save "$folder/lost"
    [ ! -e "$folder/lost" ] || complain "saved a network that is lost"
}

test_help
test_usage
test_grid
test_bad_data
test_bad_save
test_text
test_tuning_refused
test_tiles_reported
test_groups_reported
test_accuracy
test_validation
test_growing_rate
test_diverged
finish
