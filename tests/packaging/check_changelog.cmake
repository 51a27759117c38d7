# SPDX-License-Identifier: Apache-2.0
# cmake -DCHANGELOG=CHANGELOG.md -DVERSION=... -DDATE=... -P check_changelog.cmake
# Fails unless the changelog begins with this version, unreleased or of this date.
cmake_minimum_required(VERSION 3.25)
file(READ "${CHANGELOG}" text)
string(REGEX MATCH "\n## [^\n]*" heading "${text}")
string(STRIP "${heading}" heading)
if(NOT heading STREQUAL "## ${VERSION} (unreleased)" AND NOT heading STREQUAL "## ${VERSION} (${DATE})")
  message(FATAL_ERROR "The changelog begins with '${heading}', but CMakeLists.txt has version ${VERSION} of ${DATE}; "
    "expected '## ${VERSION} (unreleased)' or '## ${VERSION} (${DATE})'")
endif()
