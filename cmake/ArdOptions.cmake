# SPDX-License-Identifier: Apache-2.0
# The options of the build, all named ARD_*. A project that takes libard in by add_subdirectory() gets the
# libraries alone.
option(ARD_BUILD_TOOLS "Build ard-bench, ard-train, ard-tune and ard-search" ${PROJECT_IS_TOP_LEVEL})
option(ARD_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(ARD_BUILD_EXAMPLES "Build the programs in examples/" ${PROJECT_IS_TOP_LEVEL})
option(ARD_INSTALL "Make the install rules" ${PROJECT_IS_TOP_LEVEL})
option(ARD_WERROR "Treat warnings as errors" ${PROJECT_IS_TOP_LEVEL})
option(ARD_COVERAGE "Count executed lines for gcov" OFF)
set(ARD_SANITIZE "" CACHE STRING "Sanitizers to build with, such as address,undefined")

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release or RelWithDebInfo" FORCE)
endif()

# Where the tools are built, and where the tests find them.
set(ARD_BIN_DIR "${PROJECT_BINARY_DIR}/bin")
