# SPDX-License-Identifier: Apache-2.0
# Fails unless a program ends with status 0 and prints what the regular expression says. Drivers may write to stderr.
# cmake -DPROGRAM=... -DPRINTS=... -P check_output.cmake
execute_process(COMMAND "${PROGRAM}" RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE errors)
message("${output}${errors}")
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} ended with ${status}")
elseif(NOT output MATCHES "${PRINTS}")
  message(FATAL_ERROR "what ${PROGRAM} printed does not match\n${PRINTS}")
endif()
