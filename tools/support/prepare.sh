# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by tools/run-tests, tools/run-bench and others: finds the source tree, installs what is missing, configures and
# builds. Everything that it says goes to the error stream.

self=$(basename "$0")
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)

# shellcheck disable=SC2034
# What both scripts need: they share build/release, so it is configured the same way by either.
build_packages=(
    cmake ninja-build gcc g++ pkg-config ocl-icd-opencl-dev opencl-headers clinfo
    libclblast-dev zlib1g-dev libcjson-dev libcmocka-dev
)

# A toolkit's folders in these would come before the system's own OpenCL headers and loader.
unset CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH LIBRARY_PATH

say() {
    printf '%s: %s\n' "$self" "$*" >&2
}

heading() {
    printf '\n=== %s\n' "$*" >&2
}

# fail STATUS MESSAGE: 1 for a failed run, 2 for a machine or a command line that is not right.
fail() {
    local status=$1
    shift
    say "$*"
    exit "$status"
}

have() {
    command -v "$1" >/dev/null 2>&1
}

have_module() {
    have pkg-config && pkg-config --exists "$1"
}

# Whether what a Debian package provides is there, from wherever it came.
have_package() {
    case $1 in
    cmake | gcc | g++ | clinfo | pkg-config | lintian | mandoc | debootstrap | doxygen | file) have "$1" ;;
    ninja-build) have ninja ;;
    dpkg-dev) have dpkg-shlibdeps ;;
    clang-format) have clang-format-14 || have clang-format ;;
    ocl-icd-opencl-dev) have_module OpenCL ;;
    opencl-headers) have_module OpenCL && [ -e "$(pkg-config --variable=includedir OpenCL)/CL/cl.h" ] ;;
    libclblast-dev) have_module clblast ;;
    libcmocka-dev) have_module cmocka ;;
    libcjson-dev) have_module libcjson ;;
    zlib1g-dev) have_module zlib ;;
    libopenblas0-pthread) compgen -G '/usr/lib/*/libopenblas.so*' >/dev/null || compgen -G '/usr/lib*/libopenblas.so*' >/dev/null ;;
    gnuplot-nox) have gnuplot ;;
    mesa-opencl-icd) compgen -G '/etc/OpenCL/vendors/rusticl*.icd' >/dev/null ;;
    oclgrind) have oclgrind ;;
    librsvg2-bin) have rsvg-convert ;;
    pocl-opencl-icd) compgen -G '/etc/OpenCL/vendors/pocl*.icd' >/dev/null ;;
    *) fail 1 "have_package does not know $1" ;;
    esac
}

# need_packages PACKAGE...: installs those that are missing.
need_packages() {
    local package missing=() log
    for package in "$@"; do
        have_package "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    have apt-get || fail 2 "please install what Debian calls: ${missing[*]}"
    [ "$(id -u)" -eq 0 ] || fail 2 "as root, please run: apt-get install ${missing[*]}"
    heading "Installing ${missing[*]}"
    log=$(mktemp)
    if ! { apt-get update && DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        rm -f "$log"
        fail 2 "apt-get could not install ${missing[*]}"
    fi
    rm -f "$log"
    for package in "${missing[@]}"; do
        have_package "$package" || fail 2 "$package is installed, but what it should provide is not found"
    done
}

# With LD_LIBRARY_PATH set, a toolkit's libOpenCL in it would come before the system's loader.
prefer_system_loader() {
    if [ -n "${LD_LIBRARY_PATH:-}" ]; then
        LD_LIBRARY_PATH=$(pkg-config --variable=libdir OpenCL):$LD_LIBRARY_PATH
        export LD_LIBRARY_PATH
    fi
}

# configure PRESET [FOLDER [CMAKE-OPTION...]]: quiet unless it fails. FOLDER is build/PRESET by default.
configure() {
    local preset=$1 folder=${2:-build/$1} log fresh=()
    shift $(($# < 2 ? $# : 2))
    # A build folder that came with a copied tree still points at the original.
    if [ -e "$root/$folder/CMakeCache.txt" ] &&
        ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$root/$folder/CMakeCache.txt"; then
        fresh=(--fresh)
    fi
    log=$(mktemp)
    if ! (cd "$root" && cmake --preset "$preset" -B "$folder" "${fresh[@]}" "$@") >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

# build FOLDER [TARGET...]
build() {
    local folder=$1
    shift
    cmake --build "$root/$folder" ${1:+--target "$@"} >&2
}

# Builds ard-train and stores its path in `train`.
need_train() {
    need_packages "${build_packages[@]}"
    prefer_system_loader
    configure release build/release || fail 1 "could not configure"
    build build/release ard-train || fail 1 "could not build"
    # shellcheck disable=SC2034
    train=$root/build/release/bin/ard-train
}

# check_train PROGRAM: what --ard-train names must be there.
check_train() {
    [ -f "$1" ] && [ -x "$1" ] || fail 2 "--ard-train: there is no program $1"
}
