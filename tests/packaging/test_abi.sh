#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The check of the binary interface itself: what it says to an interface that is not the recorded one.
# Usage: test_abi.sh FOLDER CMAKE -DNM=... -DLIBRARY=... -DPROGRAM=... -DVERSION=... -DSOVERSION=...
# shellcheck source=tests/packaging/support.sh
. "$(dirname "$0")/support.sh"
recorded=$1
shift
script=$(dirname "$0")/abi.cmake
begin

# abi MODE ARGUMENT...: keeps what it prints, on one line, in `said`; the last -DVERSION counts.
abi() {
    mode=$1
    shift
    "$@" "-DMODE=$mode" "-DFOLDER=$folder/abi" -P "$script" >"$folder/said" 2>&1
    status=$?
    said=$(tr -s ' \n' '  ' <"$folder/said")
}

# says STATUS TEXT
says() {
    [ "$status" -eq "$1" ] || wrong "exit status $status, expected $1: $(head -c 500 "$folder/said")"
    case $said in
    *"$2"*) ;;
    *) wrong "expected '$2' in: $(head -c 500 "$folder/said")" ;;
    esac
}

# fresh: the record as it is.
fresh() {
    rm -rf "$folder/abi"
    cp -R "$recorded" "$folder/abi"
    symbols=$(echo "$folder"/abi/*.symbols)
    interface=$(echo "$folder"/abi/*.interface)
}

fresh
abi check "$@"
says 0 ""

# Something was added, which recording keeps, with this version.
sed -i '/ ard_version@Base/d' "$symbols"
abi check "$@"
says 1 "--target record-abi) and commit"
says 1 "not recorded: ard_version@Base"
abi record "$@"
says 0 "not recorded: ard_version@Base"
cmp "$symbols" "$recorded/$(basename "$symbols")" || failed=1

# What is not released may go.
fresh
echo " ard_gone@Base 999.0.0" >>"$symbols"
abi check "$@"
says 1 "Nothing of this is released"
says 1 "recorded and gone or changed: ard_gone@Base"
abi record "$@"
says 0 "ard_gone@Base"
abi check "$@"
says 0 ""

# What is released may not: a symbol, a structure that grew, a function with other parameters, a value.
fresh
cat >>"$interface" <<'END'
 field ard_pattern.period: 8 bytes at 0, uint64_t period 0.0.1
 function const char *ard_version(int) 0.0.1
 struct ard_pattern: 1 bytes 0.0.1
 value ARD_STATUS_IO: 99 0.0.1
END
echo " ard_gone@Base 0.0.1" >>"$symbols"
cp "$interface" "$folder/before"
for mode in check record; do
    abi $mode "$@"
    says 1 "or raise ARD_SOVERSION in CMakeLists.txt"
    says 1 "released and gone or changed: ard_gone@Base field ard_pattern.period: 8 bytes at 0, uint64_t period function \
const char *ard_version(int) struct ard_pattern: 1 bytes value ARD_STATUS_IO: 99"
    cmp "$interface" "$folder/before" || failed=1
done

# With another number everything starts anew.
abi check "$@" -DSOVERSION=77
says 1 "not recorded:"
abi record "$@" -DSOVERSION=77
says 0 "Recorded in"
[ "$(head -n 1 "$folder/abi/libard77.symbols")" = "libard.so.77 libard77 #MINVER#" ] || wrong "the head is another"
[ ! -e "$symbols" ] || wrong "the old record is still there"
abi check "$@" -DSOVERSION=77
says 0 ""
exit $failed
