#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ard-train lstm from the outside: what it learns and reports, saving and going on, and text it writes.
# Usage: test_train_lstm.sh PATH-OF-ARD-TRAIN
# shellcheck disable=SC2086 # some variables are several arguments
# shellcheck source=tests/tools/shell_support.sh
. "$(dirname "$0")/shell_support.sh"
train=$1
tiny="--layers 1 --hidden 16 --steps 10 --lr 1"
begin ard-train

start() {
    "$train" lstm "$@"
}

# 120 lines of 5 words of 8, in an order that one word tells of the next.
write_text() {
    awk 'BEGIN { for (line = 0; line < 120; ++line) { for (i = 0; i < 5; ++i) printf "w%d ", (line * 3 + i * i) % 8; print "" } }' >"$folder/text"
    head -n 9 "$folder/text" >"$folder/held"
    data="$folder/text,$folder/held,$folder/held"
}

# The grammar: a model of single words has a perplexity of 46, one of pairs 12.
test_learns() {
    run 0 --data builtin --train-tokens 60000 --layers 1 --hidden 32 --steps 20 --epochs 2 --format json
    no_error
    at_least 11 "$(value test_perplexity)" "perplexity"
    at_least "$(value test_perplexity)" "$(value test_perplexity_floor)" "perplexity"
    at_least "$(value perplexity_floor)" 2 "perplexity_floor"
    [ "$(value training_text)" = 60000 ] || complain "$(value training_text) tokens"
    [ "$(value steps)" = 300 ] || complain "$(value steps) steps"
    [ "$(value dropout)" = '"none"' ] || complain "dropout is $(value dropout)"
    for key in schema version model device settings epochs vocabulary learning_rate validation_perplexity tokens_per_second best_epoch; do
        grep -q "\"$key\":" "$folder/out" || complain "no key $key"
    done
}

test_text() {
    run 0 --data builtin --train-tokens 2000 $tiny --epochs 2 --lr-decay-after 1
    no_error
    output_holds "^lstm 1 x 16, 75 words, dropout none, batch 20, 10 steps, 2 epochs\$"
    output_holds "^2000 training, 10000 validation and 10000 test words, on [0-9]*:[0-9]* "
    output_holds "^epoch 1  perplexity [0-9.]*  validation perplexity [0-9.]*  learning rate 1  [0-9.]* s  [0-9]* words/s\$"
    output_holds "^epoch 2  perplexity [0-9.]*  validation perplexity [0-9.]*  learning rate 0.5  [0-9.]* s  [0-9]* words/s\$"
    output_holds "^test perplexity [0-9.]*, of the grammar itself [0-9.]*, after 2 epochs, [0-9.]* s of training, [0-9.]* s in all\$"
    [ "$(wc -l <"$folder/out")" -eq 5 ] || complain "not five lines"
    run 0 --data "$data" $tiny --embed 9 --epochs 1 --rate 0.25 --placement both --fresh --quiet
    no_error
    output_holds "^test perplexity [0-9.]* after 1 epochs, "
    [ "$(wc -l <"$folder/out")" -eq 1 ] || complain "not one line"
}

# What is said of each kind of dropout, and that it trains.
test_dropout() {
    for dropout in "bernoulli --placement both --fresh" "row --max-period 4" "subset --tied" "index --placement recurrent --scale period" \
        "tile --tile 4 --numbering linear" "dropconnect --placement both"; do
        run 0 --data "$data" $tiny --batch 5 --epochs 12 --dropout $dropout --rate 0.25 --format json
        no_error
        [ "$(value dropout)" = "\"${dropout%% *}\"" ] || complain "dropout is $(value dropout)"
        [ "$(value rate)" = 0.25 ] || complain "rate is $(value rate)"
        at_least 6.5 "$(value test_perplexity)" "perplexity with $dropout"
    done
    run 0 --data "$data" $tiny --embed 9 --epochs 1 --dropout tile --tile 4 --rate 0.25
    output_holds "^lstm 1 x 16, embedding 9, 9 words, dropout tile 0.25 between, diagonal tiles of edge 4, batch 20, 10 steps, 1 epochs\$"
    run 0 --data "$data" $tiny --epochs 1 --rate 0.5 --placement both --fresh --tied
    output_holds "^lstm 1 x 16, tied, 9 words, dropout subset 0.5 both fresh, batch 20, 10 steps, 1 epochs\$"
}

# A run in two halves; extra arguments go to its first half too.
test_resume() {
    options="--data $data $tiny --batch 7 --seed 7"
    run 0 $options --epochs 4 --quiet --save "$folder/full" "$@"
    full=$(sed 's/ after.*//' "$folder/out")
    run 0 $options --epochs 2 --quiet --save "$folder/half" "$@"
    run 0 --data "$data" --resume "$folder/half" --epochs 4 --quiet --save "$folder/half"
    no_error
    [ "$full" = "$(sed 's/ after.*//' "$folder/out")" ] || complain "another perplexity"
    same "$folder/full" "$folder/half"
    run 0 $options --resume "$folder/full" --epochs 4 --format json "$@"
    [ "$(value first_step)" = "$(value steps)" ] || complain "a complete run went on"
    [ "$(value test_perplexity)" != null ] || complain "not tested"
}

test_contradictions() {
    run 0 --data "$data" $tiny --epochs 2 --dropout row --quiet --save "$folder/base"
    cp "$folder/base" "$folder/copy"
    set -- --data "$data" --quiet --resume "$folder/base" --save "$folder/base"
    for option in "layers 2 1" "hidden 17 16" "embed 9 16" "steps 11 10" "batch 21 20" "dropout subset row" "rate 0.4 0.5" "placement both between" \
        "range 0.2 0.1" "forget-bias 1 0" "clip 4 5" "lr 2 1" "momentum 0.5 0" "weight-decay 0.1 0" "schedule plateau epochs" "lr-decay 0.4 0.5" \
        "lr-decay-after 5 4" "seed 2 1" "train-tokens 300 0" "max-words 5 0" "level char word" "max-period 5 3" "scale rate period"; do
        was=${option##* }
        option=${option% *}
        mistake "--$option contradicts the checkpoint, which was made with $was" "$@" --${option% *} ${option#* }
    done
    mistake "--tied contradicts the checkpoint, which was made without" "$@" --tied
    mistake "--layers 2 contradicts the checkpoint, which was made with 1" "$@" --size small
    mistake "--tile goes only with --dropout tile" "$@" --tile 8
    mistake "--epochs 1: the checkpoint is 2 epochs and 0 steps along already" "$@" --epochs 1
    mistake "--data: another text than the checkpoint's (files, 720 training words)" --data "$folder/text,$folder/text,$folder/held" \
        --resume "$folder/base"
    mistake "--data: 4 other words than the 9 of the checkpoint's vocabulary" --data "$folder/characters,$folder/characters,$folder/characters" \
        --resume "$folder/base"
    same "$folder/base" "$folder/copy"
    run 0 "$@" --size small $tiny --dropout row --epochs 3
    no_error
}

# damaged: $folder/bad is refused and left alone.
damaged() {
    cp "$folder/bad" "$folder/copy"
    mistake "--resume" --data "$data" --resume "$folder/bad" --save "$folder/bad"
    same "$folder/bad" "$folder/copy"
}

test_damage() {
    size=$(wc -c <"$folder/base")
    : >"$folder/bad" && damaged
    "$train" mlp --data builtin --hidden 16 --epochs 1 --quiet --save "$folder/bad" >"$folder/out" && damaged
    error_holds "the checkpoint is of a perceptron, expected one of a language model"
    "$train" mlp --data builtin --resume "$folder/base" >"$folder/out" 2>"$folder/err"
    [ $? -eq 2 ] || complain "a perceptron goes on with a language model"
    no_output
    error_holds "the checkpoint is of a language model, expected one of a perceptron"
    for cut in 7 100 $((size / 2)) $((size - 1)); do
        head -c "$cut" "$folder/base" >"$folder/bad" && damaged
    done
}

# Words with blanks between them; the same with the same seed, other text with another.
test_sample() {
    run 0 --data "$data" $tiny --batch 5 --epochs 8 --quiet --save "$folder/words"
    run 0 --data "$data" --resume "$folder/words" --sample 40 --seed 3
    no_error
    cp "$folder/out" "$folder/first"
    [ "$(tr -d '\n' <"$folder/out" | wc -c)" -gt 0 ] || complain "no words"
    grep -vqE '^(w[0-7]( w[0-7])*)?$' "$folder/out" && complain "not words: $(cat "$folder/out")"
    tokens=$(awk '{ words += NF } END { print words + NR }' "$folder/out")
    at_least "$tokens" 40 "number of tokens"
    at_least 41 "$tokens" "number of tokens"
    run 0 --data "$data" --resume "$folder/words" --sample 40 --seed 3
    same "$folder/out" "$folder/first"
    run 0 --data "$data" --resume "$folder/words" --sample 40 --seed 4
    cmp -s "$folder/out" "$folder/first" && complain "another seed has the same text"
    run 0 --data "$data" --resume "$folder/words" --sample 30 --temperature 0 --seed 3
    cp "$folder/out" "$folder/first"
    run 0 --data "$data" --resume "$folder/words" --sample 30 --temperature 0 --seed 4
    same "$folder/out" "$folder/first"
}

# Words that are not in the vocabulary are in the model, but not in its text.
test_unknown() {
    run 0 --data "$data" --max-words 4 $tiny --batch 5 --epochs 1 --quiet --save "$folder/words"
    run 0 --data "$data" --resume "$folder/words" --sample 200
    grep -q "<unk>" "$folder/out" && complain "wrote <unk>"
    run 0 --data "$data" --resume "$folder/words" --sample 200 --unknown
    output_holds "<unk>"
}

test_characters() {
    run 0 --data "$folder/characters" --level char $tiny --batch 5 --epochs 2 --save "$folder/letters"
    no_error
    output_holds "^lstm 1 x 16, 16 characters, dropout none, "
    output_holds "^900 training, 50 validation and 50 test characters, on "
    output_holds "[0-9] characters/s\$"
    run 0 --data "$folder/characters" --resume "$folder/letters" --sample 100
    no_error
    at_least "$(wc -c <"$folder/out")" 100 "number of characters"
    at_least 101 "$(wc -c <"$folder/out")" "number of characters"
    tr -d 'a-o\n' <"$folder/out" | grep -q . && complain "not its characters: $(cat "$folder/out")"
    mistake "--data builtin: another text than that of $folder/letters" --data builtin --resume "$folder/letters"
}

# Text that cannot be written ends the program at once, however much there is still to come.
test_full() {
    [ -c /dev/full ] || return 0
    command="--sample, to a full disk"
    start --data "$folder/characters" --resume "$folder/letters" --sample 1073741824 >/dev/full 2>"$folder/err"
    [ $? -eq 1 ] || complain "not refused"
    error_holds "the output could not be written"
}

test_diverged() {
    bad 1 "the perplexity is no longer a number" --data "$data" $tiny --lr 1e38 --clip 0 --epochs 5 --quiet --save "$folder/lost"
    [ ! -e "$folder/lost" ] || complain "saved a model that is lost"
}

write_text
awk 'BEGIN { for (i = 0; i < 1000; ++i) printf "%s", i % 20 == 19 ? "\n" : substr("abcdefghijklmno", i * 7 % 15 + 1, 1) }' >"$folder/characters"
test_learns
test_text
test_dropout
test_resume --schedule plateau --momentum 0.5
test_resume --dropout row --placement both --fresh
test_resume --dropout index --weight-decay 1e-4 --lr-decay-after 1
test_resume --dropout tile --tile 4 --placement both
test_contradictions
test_damage
test_sample
test_unknown
test_characters
test_full
test_diverged
finish
