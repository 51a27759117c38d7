# SPDX-License-Identifier: Apache-2.0
# The installed tree, in three components:
#   Runtime      the shared library
#   Development  headers, libraries to link with, a CMake package (ard::ard, ard::ard_static), ard.pc, libard(3), examples
#   Tools        the tools with their manual pages and completions, tunings and problems as files, the documents
# The CMake package and ard.pc are relocatable. ArdPackages.cmake installs the same into the folders of Debian.
include(CMakePackageConfigHelpers)
# While the major version is 0, a minor version may change the interface.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/ard-config-version.cmake" COMPATIBILITY SameMinorVersion)

file(GLOB ARD_EXAMPLE_FILES CONFIGURE_DEPENDS
  "${PROJECT_SOURCE_DIR}/examples/*.[ch]" "${PROJECT_SOURCE_DIR}/examples/*.json" "${PROJECT_SOURCE_DIR}/examples/*.md"
  "${PROJECT_SOURCE_DIR}/examples/CMakeLists.txt")
file(GLOB ARD_TUNING_FILES CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tuning/*.json")
file(GLOB ARD_PROBLEM_FILES CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tools/bench/problems/*.txt")

# ard_install_libraries(lib Runtime Development [EXCLUDE_FROM_ALL]): both libraries, the CMake package and ard.pc.
function(ard_install_libraries libdir runtime development)
  string(MAKE_C_IDENTIFIER "ard-targets-${development}" export)
  install(TARGETS ard_shared EXPORT ${export}
    LIBRARY DESTINATION "${libdir}" COMPONENT ${runtime} NAMELINK_COMPONENT ${development} ${ARGN}
    INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(TARGETS ard_static EXPORT ${export}
    ARCHIVE DESTINATION "${libdir}" COMPONENT ${development} ${ARGN}
    INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/ard" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    COMPONENT ${development} ${ARGN} FILES_MATCHING PATTERN "*.h")

  set(package_dir "${libdir}/cmake/ard")
  set(made "${PROJECT_BINARY_DIR}/installed/${development}")
  install(EXPORT ${export} NAMESPACE ard:: FILE ard-targets.cmake DESTINATION "${package_dir}"
    COMPONENT ${development} ${ARGN})
  configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/ard-config.cmake.in" "${made}/ard-config.cmake"
    INSTALL_DESTINATION "${package_dir}" NO_SET_AND_CHECK_MACRO)
  install(FILES "${made}/ard-config.cmake" "${PROJECT_BINARY_DIR}/ard-config-version.cmake"
    "${PROJECT_SOURCE_DIR}/cmake/ArdFindOpenCL.cmake"
    DESTINATION "${package_dir}" COMPONENT ${development} ${ARGN})

  # From the folder of ard.pc up to the prefix.
  file(RELATIVE_PATH ARD_PC_PREFIX "/prefix/${libdir}/pkgconfig" "/prefix")
  set(ARD_PC_LIBDIR "${libdir}")
  configure_file("${PROJECT_SOURCE_DIR}/cmake/ard.pc.in" "${made}/ard.pc" @ONLY)
  install(FILES "${made}/ard.pc" DESTINATION "${libdir}/pkgconfig" COMPONENT ${development} ${ARGN})
endfunction()

# ard_install_files(doc-of-runtime doc-of-development doc-of-tools Runtime Development Tools [EXCLUDE_FROM_ALL])
function(ard_install_files doc_runtime doc_development doc_tools runtime development tools)
  set(data_dir "${CMAKE_INSTALL_DATAROOTDIR}/ard")
  install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/CHANGELOG.md" DESTINATION "${doc_runtime}"
    COMPONENT ${runtime} ${ARGN})
  install(FILES "${ARD_MANUAL_DIR}/libard.3" DESTINATION "${CMAKE_INSTALL_MANDIR}/man3" COMPONENT ${development} ${ARGN})
  install(FILES ${ARD_EXAMPLE_FILES} DESTINATION "${doc_development}/examples" COMPONENT ${development} ${ARGN})
  if(NOT ARD_BUILD_TOOLS)
    return()
  endif()
  install(TARGETS ${ARD_TOOLS} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT ${tools} ${ARGN})
  if(ARD_MADE_BY_TOOLS)
    set(pages ${ARD_TOOLS})
    list(TRANSFORM pages REPLACE "(.+)" "${ARD_MANUAL_DIR}/\\1.1")
    install(FILES ${pages} DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" COMPONENT ${tools} ${ARGN})
    install(DIRECTORY "${ARD_COMPLETION_DIR}/" DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/bash-completion/completions"
      COMPONENT ${tools} ${ARGN})
  endif()
  # The tunings are in the library; as files they can be changed and named by ARD_TUNING.
  install(FILES ${ARD_TUNING_FILES} DESTINATION "${data_dir}/tuning" COMPONENT ${tools} ${ARGN})
  install(FILES ${ARD_PROBLEM_FILES} DESTINATION "${data_dir}/problems" COMPONENT ${tools} ${ARGN})
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/docs/" DESTINATION "${doc_tools}" COMPONENT ${tools} ${ARGN}
    FILES_MATCHING PATTERN "*.md" PATTERN "*.svg" PATTERN "man" EXCLUDE PATTERN "times" EXCLUDE
    PATTERN "wikitext-2" EXCLUDE PATTERN "wikitext-2-lr1" EXCLUDE)
endfunction()

ard_install_libraries("${CMAKE_INSTALL_LIBDIR}" Runtime Development)
ard_install_files("${CMAKE_INSTALL_DOCDIR}" "${CMAKE_INSTALL_DOCDIR}" "${CMAKE_INSTALL_DOCDIR}" Runtime Development Tools)
