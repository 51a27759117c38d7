#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# test_troubleshooting.sh PAGE BINARY...: the messages that head the page's paragraphs are messages of the programs. "...",
# what is quoted and single capitals stand for what varies. The last section has messages of compilers and loaders.
set -euo pipefail
page=$1
shift
words=$(mktemp)
trap 'rm -f "$words"' EXIT
strings -n 4 "$@" >"$words"

# shellcheck disable=SC2016
messages() {
    sed '/^## Building against/,$d' "$page" | grep -E '^\*\*`' | sed -E 's/^\*\*([^*]*).*/\1/' | grep -oE '`[^`]+`'
}

# The words of a message between what varies, one piece a line. "is for driver" and "cannot open" are made of parts.
pieces() {
    tr -d '`' | sed -E 's/\.\.\.|"[^"]*"|\b[A-Z]\b|[ /]?[a-z-]+\.cl|ARD_CACHE|is for driver|open/\n/g; s/train-images[a-z0-9-]+/\n/' |
        sed -E 's/^[ :;,/]+//; s/[ :;,/]+$//' | grep -E '.{5}'
}

count=0
status=0
while IFS= read -r piece; do
    count=$((count + 1))
    if ! grep -qF -- "$piece" "$words"; then
        echo "no program says \"$piece\"" >&2
        status=1
    fi
done < <(messages | pieces)
if [ $count -lt 15 ]; then
    echo "only $count pieces of messages found in $page" >&2
    status=1
fi
exit $status
