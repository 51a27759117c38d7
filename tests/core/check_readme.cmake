# SPDX-License-Identifier: Apache-2.0
# Fails unless the program that the README shows is examples/first.c, which is compiled and run.
# cmake -DSOURCE_DIR=... -P check_readme.cmake
file(READ "${SOURCE_DIR}/README.md" readme)
file(READ "${SOURCE_DIR}/examples/first.c" example)
string(FIND "${readme}" "```c\n${example}```" at)
if(at EQUAL -1)
  message(FATAL_ERROR "README.md does not show examples/first.c as it is")
endif()
