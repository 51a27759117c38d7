#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Applications against the installed tree, also after it was moved: with CMake and with pkg-config, shared and static,
# as C and, where there is a compiler, as C++.
# Usage: test_install.sh CMAKE GENERATOR BUILD-FOLDER SOURCE-FOLDER LIBDIR CC [CXX]
# shellcheck source=tests/packaging/support.sh
. "$(dirname "$0")/support.sh"
cmake=$1
generator=$2
build=$3
source=$4
lib=$5
cc=$6
cxx=${7:-}
begin

# run PROGRAM OUTPUT: it ends well and prints a line that begins so.
run() {
    "$1" >"$folder/output" || wrong "$1 failed"
    grep -q "^$2" "$folder/output" || wrong "$1 printed: $(cat "$folder/output")"
}

# cmake_build NAME SOURCE [OPTION...]: configures and builds in $folder/NAME.
cmake_build() {
    name=$1
    shift
    must "$cmake" -G "$generator" -S "$1" -B "$folder/$name" "-DCMAKE_PREFIX_PATH=$prefix" "-DCMAKE_BUILD_TYPE=Debug" \
        "$@"
    must "$cmake" --build "$folder/$name" --parallel 2
}

# linked_here PROGRAM: the libard that it loads is the one in the tree.
linked_here() {
    ldd "$1" | grep -q "libard\.so\.[0-9]* => $prefix/$lib" || wrong "$1 loads $(ldd "$1" | grep libard)"
}

# An installed tree is whole, and nothing of it is about this machine.
prefix=$folder/first/tree
must "$cmake" --install "$build" --prefix "$prefix"
for file in bin/ard-bench bin/ard-search bin/ard-train bin/ard-tune include/ard/ard.h "$lib/libard.a" "$lib/libard.so" \
    "$lib/cmake/ard/ard-config.cmake" "$lib/cmake/ard/ard-config-version.cmake" "$lib/pkgconfig/ard.pc" \
    share/man/man1/ard-bench.1 share/man/man1/ard-search.1 share/man/man1/ard-train.1 share/man/man1/ard-tune.1 \
    share/man/man3/libard.3 share/bash-completion/completions/ard-bench share/ard/tuning/pocl-x86-64-avx2.json \
    share/doc/ard/LICENSE share/doc/ard/CHANGELOG.md share/doc/ard/ard-bench.md share/doc/ard/examples/first.c; do
    [ -s "$prefix/$file" ] || wrong "$file is not installed"
done
for problems in "$source"/tools/bench/problems/*.txt; do
    [ ! -e "$problems" ] || [ -s "$prefix/share/ard/problems/$(basename "$problems")" ] || wrong "$problems is not installed"
done
for path in "$source" "$prefix" "$build"; do
    grep -rlI -- "$path" "$prefix" && wrong "these files name $path"
done
for header in "$source"/include/ard/*.h; do
    cmp "$header" "$prefix/include/ard/$(basename "$header")" || failed=1
done

# The examples are a project of their own.
cmake_build cmake-c "$source/examples" "-DCMAKE_C_COMPILER=$cc" "-DCMAKE_C_FLAGS=-Wall -Wextra -Werror"
for example in "$source"/examples/*.c; do
    [ -x "$folder/cmake-c/example_$(basename "$example" .c)" ] || wrong "examples/CMakeLists.txt does not build $example"
done
linked_here "$folder/cmake-c/example_first"

mv "$folder/first" "$folder/moved"
prefix=$folder/moved/tree
"$prefix/bin/ard-search" --rate 0.5 >/dev/null || wrong "a moved tool does not find its library"

# A project in C++ alone, which builds all examples as C++ and takes the static library. Another version is refused.
version=$("$prefix/bin/ard-bench" --version | cut -d ' ' -f 2)
if [ -n "$cxx" ]; then
    mkdir "$folder/cxx"
    cat >"$folder/cxx/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.25)
project(consumer LANGUAGES CXX)
find_package(ard 0.99 QUIET)
if(ard_FOUND)
  message(FATAL_ERROR "version 0.99 is found")
endif()
find_package(ard ${version%.*} REQUIRED)
find_package(ard REQUIRED) # twice is fine
set(CMAKE_CXX_STANDARD 20)
file(GLOB sources "$source/examples/*.c" "$source/docs/man/example.c")
set_source_files_properties(\${sources} PROPERTIES LANGUAGE CXX)
foreach(source IN LISTS sources)
  get_filename_component(name "\${source}" NAME_WE)
  add_executable(\${name} "\${source}")
  target_link_libraries(\${name} PRIVATE ard::ard clblast) # found by libard's package
endforeach()
add_executable(static "$source/docs/man/example.c")
target_link_libraries(static PRIVATE ard::ard_static)
END
    cmake_build cmake-cxx "$folder/cxx" "-DCMAKE_CXX_COMPILER=$cxx"
    run "$folder/cmake-cxx/first" "neuron 1 of the first sample: "
    run "$folder/cmake-cxx/static" "0100100 on "
    linked_here "$folder/cmake-cxx/first"
    ldd "$folder/cmake-cxx/static" | grep libard && wrong "a static program loads libard"
fi

# pkg-config.
PKG_CONFIG_PATH=$prefix/$lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
export PKG_CONFIG_PATH
[ "$(pkg-config --modversion ard)" = "$version" ] ||
    wrong "ard.pc has the version $(pkg-config --modversion ard)"
flags="$(pkg-config --cflags --libs ard) -Wl,-rpath,$(pkg-config --variable=libdir ard)"
for example in "$source"/examples/*.c; do
    also=
    ! grep -q clblast_c.h "$example" || also=$(pkg-config --cflags --libs clblast)
    # shellcheck disable=SC2086
    must "$cc" -std=c11 -Wall -Wextra -Werror "$example" -o "$folder/shared" $flags $also -lm
done
# shellcheck disable=SC2086
must "$cc" -std=c11 -Wall -Wextra -Wpedantic -Werror "$source/docs/man/example.c" -o "$folder/shared" $flags
run "$folder/shared" "0100100 on "
linked_here "$folder/shared"
# shellcheck disable=SC2046
must "$cc" -std=c11 -DARD_STATIC "$source/docs/man/example.c" -o "$folder/static" \
    $(pkg-config --static --cflags --libs ard | sed "s#-lard\\>#$prefix/$lib/libard.a#")
run "$folder/static" "0100100 on "
if [ -n "$cxx" ]; then
    # shellcheck disable=SC2086
    must "$cxx" -x c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror "$source/docs/man/example.c" -x none -o "$folder/shared" $flags
fi
exit $failed
