#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The Debian packages of a build: what is in them, what lintian says, and their use from a folder.
# Usage: test_packages.sh CPACK BUILD-FOLDER SOURCE-FOLDER CC SOVERSION
# shellcheck source=tests/packaging/support.sh
. "$(dirname "$0")/support.sh"
cpack=$1
build=$2
source=$3
cc=$4
runtime=libard$5
for program in dpkg-deb dpkg-shlibdeps readelf gzip; do
    command -v $program >/dev/null 2>&1 || exit 77
done
begin

# Somebody may keep files to themselves, but not those of packages.
umask 077
must "$cpack" -G DEB --config "$build/CPackConfig.cmake" -B "$folder/debs"
umask 022
root=$folder/root
for package in "$runtime" libard-dev ard-tools; do
    deb=$(echo "$folder"/debs/"${package}"_*.deb)
    [ -f "$deb" ] || wrong "there is no $package"
    dpkg-deb -f "$deb" >"$folder/$package.control"
    dpkg-deb -c "$deb" >"$folder/$package.contents"
    grep -Ev '^(-rw-r--r--|[d-]rwxr-xr-x|lrwxrwxrwx) root/root ' "$folder/$package.contents" &&
        wrong "$package: these have other rights or owners"
    must dpkg-deb -x "$deb" "$root"
    doc=$root/usr/share/doc/$package
    grep -q 'common-licenses/Apache-2.0' "$doc/copyright" || wrong "$package: no copyright"
    gzip -dc "$doc/changelog.Debian.gz" | grep -q '^libard (.*-1) ' || wrong "$package: no changelog"
done

# has PACKAGE PATTERN: its control file has a line that matches.
has() {
    grep -Eq -- "$2" "$folder/$1.control" || wrong "$1: no '$2' in: $(cat "$folder/$1.control")"
}

# contains PACKAGE FILE...: as patterns, and nothing else but folders and documents.
contains() {
    package=$1
    shift
    grep -Ev '/$' "$folder/$package.contents" | awk '{ print $6 }' |
        grep -Ev '^\./usr/share/(doc|lintian)/' >"$folder/files"
    for pattern; do
        grep -Exq -- "\./usr/$pattern" "$folder/files" || wrong "$package: no $pattern"
        grep -Exv -- "\./usr/$pattern" "$folder/files" >"$folder/rest"
        mv "$folder/rest" "$folder/files"
    done
    [ ! -s "$folder/files" ] || wrong "$package: also has $(cat "$folder/files")"
}

lib='lib(/[a-z0-9_]+-linux-[a-z0-9]+)?'
contains "$runtime" "$lib/libard\.so\.[0-9]+" "$lib/libard\.so\.[0-9.]+"
contains libard-dev 'include/ard/[a-z_]+\.h' "$lib/libard\.(a|so)" "$lib/cmake/ard/[a-zA-Z-]+\.cmake" \
    "$lib/pkgconfig/ard\.pc" 'share/man/man3/libard\.3\.gz'
contains ard-tools 'bin/ard-(bench|search|train|tune)' 'share/man/man1/ard-[a-z]+\.1\.gz' \
    'share/bash-completion/completions/ard-[a-z]+' 'share/ard/(tuning/.*\.json|problems/.*\.txt)'
has "$runtime" '^Section: libs$'
has "$runtime" '^Depends: .*libc6 .*libclblast1'
has "$runtime" '^Description: .*shared library$'
has libard-dev "^Depends: $runtime \(= [0-9.]+-1\), ocl-icd-opencl-dev"
has ard-tools "^Depends: $runtime \(>= [0-9.]+\), .*libc6"
has ard-tools '^Maintainer: .*@'
has ard-tools '^Suggests: .*librsvg2-bin'
has libard-dev '^Recommends: .*pkg-config'

# Programs without the paths of this machine and without symbols.
libdir=$(dirname "$(find "$root/usr/lib" -name libard.so)")
for file in "$root"/usr/bin/* "$libdir"/libard.so.*.*; do
    readelf -d "$file" | grep -E 'R(UN)?PATH' && wrong "$file has a path"
    readelf -S "$file" | grep -qF .symtab && wrong "$file is not stripped"
done
[ -L "$libdir/$(basename "$(readlink -f "$libdir/libard.so")" | cut -d . -f 1-3)" ] || wrong "no link of the soname"

# From a folder, as it would be in /usr.
LD_LIBRARY_PATH=$libdir
PKG_CONFIG_PATH=$libdir/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
export LD_LIBRARY_PATH PKG_CONFIG_PATH
for tool in bench search train tune; do
    "$root/usr/bin/ard-$tool" --version | grep -q "^ard-$tool [0-9.]*$" || wrong "ard-$tool does not run"
    gzip -dc "$root/usr/share/man/man1/ard-$tool.1.gz" | grep -q '^\.SH SEE ALSO' || wrong "ard-$tool: no manual page"
done
"$root/usr/bin/ard-bench" list >/dev/null || wrong "ard-bench does not list the devices"
# shellcheck disable=SC2046
must "$cc" -std=c11 "$source/docs/man/example.c" -o "$folder/example" $(pkg-config --cflags --libs ard)
"$folder/example" | grep -q '^0100100 on ' || wrong "a program that is linked with the packages failed"

if ! command -v lintian >/dev/null 2>&1; then
    [ $failed -ne 0 ] || exit 77
elif ! lintian --fail-on error,warning "$folder"/debs/*.deb >"$folder/lintian" 2>&1; then
    wrong "$(cat "$folder/lintian")"
fi
exit $failed
