#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The completions that the tools print, as bash uses them.
# Usage: test_completion.sh FOLDER-OF-TOOLS FOLDER-OF-COMPLETIONS
set -euo pipefail
bin=$1
completions=$2
failed=0

wrong() {
    printf '%s\n' "$*" >&2
    failed=1
}

# offer WORD...: sets `offered` to what is offered for the last word, sorted, one a line.
offer() {
    local function=_${1//-/_}
    # shellcheck disable=SC2034
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    "$function" || wrong "the completion of '$*' failed"
    offered=$(printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort)
}

# offers EXPECTED WORD...: exactly these, in one line.
offers() {
    local expected=$1
    shift
    offer "$@"
    [ "${offered//$'\n'/ }" = "$expected" ] || wrong "'$*': offered '${offered//$'\n'/ }', expected '$expected'"
}

# Every option that --help shows, of the tool or of a command of it, and every word of its enumerations.
check_options() {
    local line option words
    "$bin/$1" "${@:2}" --help >help
    offer "$@" --
    [ "$offered" = "$(sed -n 's/^  \(-., \|    \)\(--[a-z-]*\).*/\2/p' help | LC_ALL=C sort)" ] ||
        wrong "$*: --help and the completion have other options"
    while IFS= read -r line; do
        option=${line%% *}
        words=${line#* }
        offers "$(tr '|' '\n' <<<"$words" | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//')" "$@" "$option" ''
    done < <(sed -n 's/^  \(-., \|    \)\(--[a-z-]* [a-z|]*|[a-z|]*\)\( .*\|$\)/\2/p' help)
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for tool in ard-bench ard-search ard-train ard-tune; do
    "$bin/$tool" --help=bash >"$tool.bash"
    cmp "$tool.bash" "$completions/$tool" || wrong "$tool: the completion was not made by this tool"
    # shellcheck source=/dev/null
    . "./$tool.bash"
    complete -p "$tool" >/dev/null || wrong "$tool: nothing is registered"
    check_options "$tool"
    while read -r command; do
        check_options "$tool" "$command"
    done < <("$bin/$tool" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
    if type shellcheck >/dev/null 2>&1; then
        shellcheck "$tool.bash" || failed=1
    fi
done

mkdir -p files/folder && cd files
touch "a file.json" other.txt
offers "gemm" ard-bench ge
offers "gemm" ard-bench --device cpu ge
offers "list" ard-bench --format=csv li
offers "--pattern --per-period --placement --profile" ard-bench step --p
offers "row" ard-bench step --pattern r
offers "index row subset tile" ard-bench step --pattern =
offers "subset" ard-bench step --rate 0.5 --pattern = s
offers "" ard-bench step --rate ''
offers "" ard-bench step --pattern none
offers "compare" ard-train c
offers "builtin folder" ard-train mlp --data ''
offers "a file.json" ard-train compare a
offers "a file.json folder other.txt" ard-train mlp --save ''
offers "a file.json folder other.txt" ard-train compare ''
offers "--max-period --method" ard-search --m
offers "exact" ard-search -m e
offers "a file.json folder other.txt" ard-tune -o ''
offers "cpu gpu" ard-tune --device ''
IFS=: offers "index row subset tile" ard-bench step --pattern ''
exit $failed
