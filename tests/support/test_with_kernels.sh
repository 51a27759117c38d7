#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# with_kernels.sh itself: what one test built the next one has, and a test's end is its own.
# Usage: test_with_kernels.sh WITH_KERNELS
with_kernels=$1
failed=0
folder=$(mktemp -d)
far=
trap 'rm -rf "$folder" ${far:+"$far"}' EXIT
POCL_CACHE_DIR="$folder/a b/cache"
export POCL_CACHE_DIR

wrong() {
    printf '%s\n' "$*" >&2
    failed=1
}

# run STATUS POOL COMMAND: ends with that, and leaves no cache.
run() {
    expected=$1
    pool=$2
    shift 2
    "$with_kernels" "$pool" sh -c "$*"
    status=$?
    [ $status -eq "$expected" ] || wrong "'$*' ended with status $status, expected $expected"
    [ ! -e "$POCL_CACHE_DIR" ] || wrong "'$*' left its cache"
}

# shellcheck disable=SC2016
make='mkdir -p "$POCL_CACHE_DIR/AB/x/0/0" && cd "$POCL_CACHE_DIR/AB/x" && echo bits >program.bc && echo code >0/0/k.so && echo no >log'
# shellcheck disable=SC2016
look='test "$(cat "$POCL_CACHE_DIR/AB/x/program.bc" "$POCL_CACHE_DIR/AB/x/0/0/k.so")" = "bits
code" && test ! -e "$POCL_CACHE_DIR/AB/x/log"'
run 0 "$folder/the pool" "$make"
run 0 "$folder/the pool" "$look"
run 7 "$folder/the pool" 'exit 7'

# A pool that cannot be linked with is none.
far=$(mktemp -d /dev/shm/test-with-kernels-XXXXXX 2>/dev/null) || far=
if [ -n "$far" ] && : >"$far/file" && ! ln "$far/file" "$folder/link" 2>/dev/null; then
    mkdir "$far/pool" && echo bits >"$far/pool/program.bc"
    run 0 "$far/pool" "$make"
    [ ! -e "$far/pool/AB/x/program.bc" ] || wrong "something came into the pool"
fi
exit $failed
