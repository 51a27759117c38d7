# SPDX-License-Identifier: Apache-2.0
# ard_configure(target): the language level, warnings, feature macros and sanitizers of all our targets.
#
# -ffp-contract=off: the host's floating-point results must not depend on whether the compiler fuses a multiply and
# an add, since checkpoints and patterns are compared bit by bit across machines.
function(ard_configure target)
  set_target_properties(${target} PROPERTIES
    C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF C_VISIBILITY_PRESET hidden)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion $<$<BOOL:${ARD_WERROR}>:-Werror>
                                           -ffp-contract=off)
  target_compile_definitions(${target} PRIVATE _POSIX_C_SOURCE=200809L CL_TARGET_OPENCL_VERSION=120)
  if(ARD_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${ARD_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=${ARD_SANITIZE})
    # gcc loses sight of value ranges in instrumented code; the other builds keep these warnings.
    target_compile_options(${target} PRIVATE
      $<$<C_COMPILER_ID:GNU>:-Wno-format-truncation;-Wno-maybe-uninitialized>)
  endif()
  if(ARD_COVERAGE)
    target_compile_options(${target} PRIVATE --coverage)
    target_link_options(${target} PRIVATE --coverage)
  endif()
endfunction()

# ard_embed_texts(target HEADER folder/texts.h TYPE ard__text FILES ... [LINE_FOLDER folder]): an object library of the
# current folder's files, as what the header of src/ declares; embed_texts.cmake says how.
function(ard_embed_texts target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER;TYPE;LINE_FOLDER" "FILES")
  list(TRANSFORM arg_FILES PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/" OUTPUT_VARIABLE sources)
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR FILENAME folder)
  cmake_path(GET arg_HEADER STEM name)
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${name}.c")
  set(script "${PROJECT_SOURCE_DIR}/cmake/embed_texts.cmake")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${output}" "-DSOURCES=${sources}" "-DHEADER=${arg_HEADER}"
            "-DTYPE=${arg_TYPE}" "-DLINE_FOLDER=${arg_LINE_FOLDER}" -P "${script}"
    DEPENDS ${sources} "${script}"
    COMMENT "Embedding ${folder}/"
    VERBATIM)
  add_library(${target} OBJECT "${output}" "${PROJECT_SOURCE_DIR}/src/${arg_HEADER}")
  ard_configure(${target})
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/src")
endfunction()
