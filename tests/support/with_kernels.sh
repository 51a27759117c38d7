#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# with_kernels.sh POOL COMMAND [ARGUMENT...]: runs a test with a kernel cache of PoCL's to itself, in $POCL_CACHE_DIR, which
# starts with the kernels that other tests built and gives to POOL what the test builds itself.
#
# PoCL's cache is not safe for concurrent first builds, so tests cannot simply use one folder. But PoCL writes each program and
# kernel beside and renames it: a file that has its name is whole, even one of a process that was killed, and is never written
# again. So hard links to it are safe.
set -u
pool=$1
shift

mkdir -p "$pool" && rm -rf "$POCL_CACHE_DIR" && mkdir -p "$(dirname "$POCL_CACHE_DIR")" || exit 1
# Without links between them, as on different file systems, nothing is shared.
cp -Rl "$pool" "$POCL_CACHE_DIR" 2>/dev/null || rm -rf "$POCL_CACHE_DIR"

"$@"
status=$?

# New is what has one name. One test at a time gives, as cp does not like a folder that appears while it makes it.
(cd "$POCL_CACHE_DIR" && find . -links 1 \( -name program.bc -o -path './*/*/*/*/*.so' \) -print0 |
    flock "$pool" xargs -0 -r cp -l --parents --no-clobber -t "$pool") 2>/dev/null
rm -rf "$POCL_CACHE_DIR"
exit $status
