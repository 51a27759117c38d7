# SPDX-License-Identifier: Apache-2.0
# Fails unless docs/figures holds what the program draws, file by file and byte by byte.
# cmake -DPROGRAM=draw_patterns -DFIGURES=docs/figures -DFOLDER=... -P check_figures.cmake
file(REMOVE_RECURSE "${FOLDER}")
file(MAKE_DIRECTORY "${FOLDER}")
execute_process(COMMAND "${PROGRAM}" "${FOLDER}" COMMAND_ERROR_IS_FATAL ANY)
file(GLOB drawn RELATIVE "${FOLDER}" "${FOLDER}/*.svg")
file(GLOB kept RELATIVE "${FIGURES}" "${FIGURES}/*.svg")
if(NOT drawn STREQUAL kept OR drawn STREQUAL "")
  message(FATAL_ERROR "drawn: ${drawn}; in docs/figures: ${kept}")
endif()
foreach(name IN LISTS drawn)
  file(READ "${FOLDER}/${name}" new)
  file(READ "${FIGURES}/${name}" old)
  if(NOT new STREQUAL old)
    message(FATAL_ERROR "docs/figures/${name} is not what ${PROGRAM} draws; draw it again")
  endif()
endforeach()

# A mistake is told in one line, and status 2.
foreach(arguments "" "--no-such-option" "${FOLDER};more")
  execute_process(COMMAND "${PROGRAM}" ${arguments}
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE errors)
  if(NOT status EQUAL 2 OR NOT output STREQUAL "" OR NOT errors MATCHES "^usage: [^\n]*\n$")
    message(FATAL_ERROR "draw_patterns ${arguments} ended with ${status}: ${output}${errors}")
  endif()
endforeach()
execute_process(COMMAND "${PROGRAM}" "${FOLDER}/none" RESULT_VARIABLE status ERROR_VARIABLE errors)
if(NOT status EQUAL 1 OR NOT errors MATCHES "none/rows.svg: No such file")
  message(FATAL_ERROR "a missing folder: ${status}: ${errors}")
endif()
