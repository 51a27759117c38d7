#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the packages in a fresh Debian 12, uses them as somebody without rights, and purges them: nothing may be left
# and nothing else changed. Needs root and debootstrap; tools/build-packages --check runs it.
# Usage: check_in_debian.sh [--from FOLDER] PACKAGE.deb...
#   --from FOLDER  a minimal Debian 12 to copy in place of making one
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
from=
if [ "${1:-}" = --from ]; then
    from=$2
    shift 2
fi

folder=$(mktemp -d)
debian=$folder/debian
finish() {
    umount "$debian/proc" "$debian/sys" 2>/dev/null || true
    rm -rf --one-file-system "$folder"
}
trap finish EXIT

say() {
    printf 'check_in_debian: %s\n' "$*"
}

fail() {
    say "$*"
    exit 1
}

# inside COMMAND...: in the new system, quiet unless it fails.
inside() {
    if ! env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive \
        chroot "$debian" "$@" >"$folder/log" 2>&1 </dev/null; then
        cat "$folder/log"
        fail "failed: $*"
    fi
}

# as_user COMMAND...: by a shell, in a folder of its own; the output stays in $folder/log.
as_user() {
    inside setpriv --reuid 12345 --regid 12345 --clear-groups env HOME=/tmp/user ARD_DEVICE=cpu sh -ec "cd /tmp/user; $*"
}

prints() {
    grep -Eq "$1" "$folder/log" || fail "expected '$1' in: $(cat "$folder/log")"
}

# state FILE: every file of the system with what it holds, but for what installing anything changes.
state() {
    (cd "$debian" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./tmp -o -path ./root -o -path ./run \
        -o -path ./var/cache -o -path ./var/log -o -path ./var/lib/dpkg -o -path ./var/lib/apt \) -prune \
        -o -printf '%p %y %m %u %g %l\n' -type f -exec md5sum {} +) | LC_ALL=C sort >"$1"
}

say "making a minimal Debian"
if [ -n "$from" ]; then
    cp -ax "$from" "$debian"
else
    debootstrap --variant=minbase bookworm "$debian" >"$folder/log" 2>&1 || fail "debootstrap: $(tail -n 5 "$folder/log")"
fi
cp /etc/resolv.conf "$debian/etc/resolv.conf"
mount --bind /proc "$debian/proc"
mount --bind /sys "$debian/sys" # PoCL looks for the processors there
mkdir -p "$debian/root/debs" "$debian/tmp/user"
cp "$@" "$here/../../docs/man/example.c" "$debian/root/debs"
chown -R 12345:12345 "$debian/tmp/user"
cp "$here/../../docs/man/example.c" "$debian/tmp/user"

say "installing what they depend on"
wanted=
for deb; do
    wanted=$wanted,$(dpkg-deb -f "$deb" Depends | tr ',' '\n' | grep -v '^ *libard' | paste -sd ,)
done
inside apt-get update
inside apt-get satisfy --yes --no-install-recommends "pocl-opencl-icd, gcc, libc6-dev, pkg-config, dpkg-dev$wanted"
inside ldconfig
state "$folder/before"

say "installing them"
inside sh -ec 'dpkg --install /root/debs/*.deb; dpkg --audit; dpkg --verify libard-dev ard-tools'
inside ldconfig -p
prints 'libard\.so\.0 '

say "using them"
as_user "ard-bench list"
prints '^0:0 '
as_user "ard-search --rate 0.5"
prints '^achieved rate  0\.500000'
as_user "ard-train mlp --data builtin --dropout row --hidden 32 --epochs 1 --save run.ard"
prints 'accuracy'
as_user "ard-train mlp --data builtin --resume run.ard --epochs 2 --format json"
prints '"epoch":[[:space:]]*2,'
# shellcheck disable=SC2016
as_user 'cc example.c -o example $(pkg-config --cflags --libs ard); ./example'
prints '^0100100 on '
# shellcheck disable=SC2016
as_user 'cc example.c -o static -DARD_STATIC $(pkg-config --static --cflags --libs ard | sed "s/-lard /-l:libard.a /"); ./static; ldd static'
prints '^0100100 on '
! grep -q 'libard\.so' "$folder/log" || fail "the static program loads libard"
as_user 'mkdir debian; echo "Source: example" >debian/control; dpkg-shlibdeps -O example'
prints 'libard0 \(>= 0\.1'
inside bash -ec '. /usr/share/bash-completion/completions/ard-bench; complete -p ard-bench'

say "installing them once more, removing and purging them"
inside sh -ec 'dpkg --install /root/debs/*.deb'
inside dpkg --remove ard-tools libard-dev libard0
inside dpkg --purge ard-tools libard-dev libard0
inside ldconfig -p
! grep -q libard "$folder/log" || fail "ldconfig still knows libard"
state "$folder/after"
diff "$folder/before" "$folder/after" || fail "purging left or changed these files"
inside sh -c '! dpkg --list "libard*" "ard-tools" 2>/dev/null | grep -E "^[a-z]i|^rc"'
say "installed, used and purged"
