# SPDX-License-Identifier: Apache-2.0
# cmake -DMODE=check|record -DNM=nm -DLIBRARY=libard.so -DPROGRAM=abi_program -DFOLDER=abi -DVERSION=0.1.0 -DSOVERSION=0
#   -P abi.cmake
# Compares the binary interface with the one recorded in FOLDER, or records it:
#   libard0.symbols    what the library exports, as dpkg-gensymbols writes it; libard0 ships it
#   libard0.interface  what the headers declare: functions, sizes and offsets of structures, values of enumerators
# Each line has the version in which it came. A line of an earlier version than this one is released: it can only go
# where SOVERSION is raised, which starts new files.
cmake_minimum_required(VERSION 3.25)
set(symbols_file "${FOLDER}/libard${SOVERSION}.symbols")
set(interface_file "${FOLDER}/libard${SOVERSION}.interface")
set(symbols_head "libard.so.${SOVERSION} libard${SOVERSION} #MINVER#")

# The lines of a text, in order. Square brackets would join elements of a list, so they are written otherwise in here.
function(lines_of text out)
  string(REPLACE "[" "<<" text "${text}")
  string(REPLACE "]" ">>" text "${text}")
  string(STRIP "${text}" text)
  string(REPLACE "\n" ";" lines "${text}")
  list(SORT lines)
  set(${out} "${lines}" PARENT_SCOPE)
endfunction()

execute_process(COMMAND "${NM}" --dynamic --defined-only --format=posix "${LIBRARY}"
  OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
string(REGEX REPLACE " [^\n]*" "@Base" text "${text}")
lines_of("${text}" symbols)
execute_process(COMMAND "${PROGRAM}" OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
lines_of("${text}" interface)

# recorded_of(file out): the lines as "line version" and, as `<out>_lines`, without their versions.
function(recorded_of file out)
  set(recorded "")
  set(lines "")
  if(EXISTS "${file}")
    file(READ "${file}" text)
    string(FIND "${text}" "\n" head)
    string(SUBSTRING "${text}" ${head} -1 text)
    string(REPLACE "\n " "\n" text "${text}")
    lines_of("${text}" recorded)
    set(lines "${recorded}")
    list(TRANSFORM lines REPLACE " [^ ]*$" "")
  endif()
  set(${out} "${recorded}" PARENT_SCOPE)
  set(${out}_lines "${lines}" PARENT_SCOPE)
endfunction()

# compare(current file): appends to `gone` (released), `dropped` (not released), `new`; sets `merged` to the new record.
set(gone "")
set(dropped "")
set(new "")
macro(compare current file)
  recorded_of("${file}" recorded)
  set(merged "")
  foreach(line IN LISTS recorded)
    string(REGEX REPLACE "^(.*) ([^ ]*)$" "\\1" text "${line}")
    string(REGEX REPLACE "^(.*) ([^ ]*)$" "\\2" since "${line}")
    if(text IN_LIST ${current})
      list(APPEND merged "${line}")
    elseif(since VERSION_LESS VERSION)
      list(APPEND gone "${text}")
    else()
      list(APPEND dropped "${text}")
    endif()
  endforeach()
  foreach(line IN LISTS ${current})
    if(NOT line IN_LIST recorded_lines)
      list(APPEND new "${line}")
      list(APPEND merged "${line} ${VERSION}")
    endif()
  endforeach()
  list(SORT merged)
endmacro()

# write_record(file head): `merged`, if the file has something else.
function(write_record file head)
  list(JOIN merged "\n " text)
  string(REPLACE "<<" "[" text "${text}")
  string(REPLACE ">>" "]" text "${text}")
  file(CONFIGURE OUTPUT "${file}" CONTENT "${head}\n ${text}\n" @ONLY)
endfunction()

function(listed title lines out)
  if(lines)
    list(JOIN lines "\n    " text)
    string(REPLACE "<<" "[" text "${text}")
    string(REPLACE ">>" "]" text "${text}")
    set(${out} "${${out}}\n  ${title}:\n    ${text}" PARENT_SCOPE)
  endif()
endfunction()

compare(symbols "${symbols_file}")
set(merged_symbols "${merged}")
compare(interface "${interface_file}")
set(merged_interface "${merged}")
set(report "")
listed("released and gone or changed" "${gone}" report)
listed("recorded and gone or changed" "${dropped}" report)
listed("not recorded" "${new}" report)

if(gone)
  message(FATAL_ERROR "Programs that were linked with a released libard.so.${SOVERSION} would break. Keep what is released, "
    "or raise ARD_SOVERSION in CMakeLists.txt and then record the interface (cmake --build FOLDER --target record-abi):"
    "${report}")
endif()
if(MODE STREQUAL "record")
  file(GLOB old "${FOLDER}/libard*.symbols" "${FOLDER}/libard*.interface")
  list(REMOVE_ITEM old "${symbols_file}" "${interface_file}")
  if(old)
    file(REMOVE ${old})
  endif()
  set(merged "${merged_symbols}")
  write_record("${symbols_file}" "${symbols_head}")
  set(merged "${merged_interface}")
  write_record("${interface_file}" "The interface of libard.so.${SOVERSION} on 64-bit machines; see tests/packaging/abi.cmake.")
  message(STATUS "Recorded in ${FOLDER}:${report}")
elseif(report)
  message(FATAL_ERROR "The interface is not the recorded one. Nothing of this is released: if it is meant, record it "
    "(cmake --build FOLDER --target record-abi) and commit ${FOLDER}:${report}")
endif()
