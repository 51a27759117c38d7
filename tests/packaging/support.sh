# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034
# Sourced by the tests of what is installed and packaged.

failed=0

# begin: a folder that goes when the test ends.
begin() {
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
}

wrong() {
    printf '%s\n' "$*" >&2
    failed=1
}

# must COMMAND...: says what it printed and ends the test when it fails.
must() {
    if ! "$@" >"$folder/log" 2>&1; then
        cat "$folder/log" >&2
        printf 'failed: %s\n' "$*" >&2
        exit 1
    fi
}
