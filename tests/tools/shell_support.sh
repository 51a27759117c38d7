#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the tests of programs from the outside share; sourced. Who sources it calls begin first and finish last, and
# defines start ARGUMENT...: how the program that is tested starts.
set -u

# begin NAME [SPEAKERS]: of what is tested; SPEAKERS is an extended regular expression of whose name stands before a
# message, NAME itself without one. Makes $folder, which is gone at the end.
begin() {
    tested=$1
    speakers=${2:-$1}
    command="(no command line)"
    failures=0
    folder=$(mktemp -d) || exit 1
    trap 'rm -rf "$folder"' EXIT
}

finish() {
    [ "$failures" -eq 0 ] || {
        echo "$failures failures"
        exit 1
    }
}

complain() {
    echo "$tested $command: $*"
    failures=$((failures + 1))
}

# run STATUS ARGUMENT...: with outputs in $folder/out and $folder/err.
run() {
    expected_status=$1
    shift
    command=$*
    start "$@" >"$folder/out" 2>"$folder/err" </dev/null
    status=$?
    [ "$status" -eq "$expected_status" ] || complain "exit status $status, expected $expected_status: $(cat "$folder/err")"
}

no_output() {
    [ ! -s "$folder/out" ] || complain "printed: $(cat "$folder/out")"
}

no_error() {
    [ ! -s "$folder/err" ] || complain "complained: $(cat "$folder/err")"
}

# output_holds EXPRESSION: a line of stdout is like it.
output_holds() {
    grep -q -e "$1" "$folder/out" || complain "stdout has no line like \"$1\": $(cat "$folder/out")"
}

# error_holds TEXT: one line on stderr, from a speaker, with the text in it.
error_holds() {
    if [ "$(wc -l <"$folder/err")" -ne 1 ] || ! grep -qE "^($speakers): " "$folder/err" || ! grep -qF -e "$1" "$folder/err"; then
        complain "stderr should be one line with \"$1\": $(cat "$folder/err")"
    fi
}

# output_is TEXT, error_is TEXT: that and nothing else.
output_is() {
    printf '%s' "$1" | diff -u - "$folder/out" || complain "unexpected stdout"
}

error_is() {
    printf '%s' "$1" | diff -u - "$folder/err" || complain "unexpected stderr"
}

# bad STATUS MESSAGE ARGUMENT...: refused with that status and one line, and nothing printed.
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

# value KEY: a number or word of a report in JSON.
value() {
    sed -n "s/^[[:space:]]*\"$1\":[[:space:]]*\([^,]*\),*\$/\1/p" "$folder/out" | tail -n 1
}

# at_least VALUE LEAST WHAT
at_least() {
    awk "BEGIN { exit !($1 >= $2) }" || complain "$3 is $1, expected at least $2"
}

# same FILE FILE
same() {
    cmp "$1" "$2" || complain "$1 and $2 differ"
}
