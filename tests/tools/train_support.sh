#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the tests of ard-train from the outside share; sourced with its path and version as arguments.
set -u
train=$1
version=$2
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
failures=0
# shellcheck disable=SC2034 # for those who source this
tiny="--data builtin --hidden 32 --lr 0.05 --dropout row --rate 0.25"

complain() {
    echo "ard-train $command: $*"
    failures=$((failures + 1))
}

# run STATUS ARGUMENT...: runs ard-train with its outputs in $folder/out and $folder/err.
run() {
    expected_status=$1
    shift
    command=$*
    "$train" "$@" >"$folder/out" 2>"$folder/err" </dev/null
    status=$?
    if [ "$status" -ne "$expected_status" ]; then
        complain "exit status $status, expected $expected_status: $(cat "$folder/err")"
    fi
}

no_output() {
    [ ! -s "$folder/out" ] || complain "printed: $(cat "$folder/out")"
}

no_error() {
    [ ! -s "$folder/err" ] || complain "complained: $(cat "$folder/err")"
}

# error_holds TEXT: one line on stderr, from ard-train, with the text in it.
error_holds() {
    if [ "$(wc -l <"$folder/err")" -ne 1 ] || ! grep -q "^ard-train: " "$folder/err" ||
        ! grep -qF -e "$1" "$folder/err"; then
        complain "stderr should be one line with \"$1\": $(cat "$folder/err")"
    fi
}

output_holds() {
    grep -q -e "$1" "$folder/out" || complain "stdout has no line like \"$1\": $(cat "$folder/out")"
}

# bad STATUS MESSAGE ARGUMENT...: refused with that status and one line.
bad() {
    expected=$1
    message=$2
    shift 2
    run "$expected" "$@"
    no_output
    error_holds "$message"
}

mistake() {
    bad 2 "$@"
}

# value KEY: a number or word of the JSON report.
value() {
    sed -n "s/^[[:space:]]*\"$1\":[[:space:]]*\([^,]*\),*\$/\1/p" "$folder/out" | tail -n 1
}

at_least() {
    awk "BEGIN { exit !($1 >= $2) }" || complain "$3 is $1, expected at least $2"
}

same() {
    cmp "$1" "$2" || complain "checkpoints differ"
}
