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
