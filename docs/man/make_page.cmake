# SPDX-License-Identifier: Apache-2.0
# cmake -DOUTPUT=ard-x.1 -DTEXT=ard-x.in -DVERSION=... -DDATE=... [-DEXAMPLE=example.c] [-DTOOL=ard-x -DCOMPLETION=file]
#   -P make_page.cmake
# Writes a manual page: what the tool prints of itself, if there is one, and the text, with @DATE@, @VERSION@ and
# @EXAMPLE@ in their places; and the tool's completion for bash.
cmake_minimum_required(VERSION 3.25)
set(page "")
if(TOOL)
  execute_process(COMMAND ${TOOL} --help=man OUTPUT_VARIABLE page COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${TOOL} --help=bash OUTPUT_FILE "${COMPLETION}" COMMAND_ERROR_IS_FATAL ANY)
endif()
file(READ "${TEXT}" text)
string(APPEND page "${text}")
if(EXAMPLE)
  file(READ "${EXAMPLE}" example)
  string(REPLACE "\\" "\\e" example "${example}")
  string(REPLACE "-" "\\-" example "${example}")
  string(REGEX REPLACE "^/\\*[^\n]*\\*/\n" "" example "${example}") # the line of the licence
  string(REPLACE "@EXAMPLE@" "${example}" page "${page}")
endif()
string(REPLACE "@DATE@" "${DATE}" page "${page}")
string(REPLACE "@VERSION@" "${VERSION}" page "${page}")
file(WRITE "${OUTPUT}" "${page}")
