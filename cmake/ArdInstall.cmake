# SPDX-License-Identifier: Apache-2.0
# The installed tree: libraries, headers, a CMake package (ard::ard, ard::ard_static) and ard.pc, both relocatable.
# The tools install themselves.
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/ard")
set(pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

install(TARGETS ard_shared ard_static EXPORT ard-targets INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/ard" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING PATTERN "*.h")

install(EXPORT ard-targets NAMESPACE ard:: DESTINATION "${package_dir}")
configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/ard-config.cmake.in" "${PROJECT_BINARY_DIR}/ard-config.cmake"
  INSTALL_DESTINATION "${package_dir}" NO_SET_AND_CHECK_MACRO)
# While the major version is 0, a minor version may change the interface.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/ard-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/ard-config.cmake"
  "${PROJECT_BINARY_DIR}/ard-config-version.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/ArdFindOpenCL.cmake"
  DESTINATION "${package_dir}")

# From the folder of ard.pc up to the prefix.
file(RELATIVE_PATH ARD_PC_PREFIX "/prefix/${pkgconfig_dir}" "/prefix")
configure_file("${PROJECT_SOURCE_DIR}/cmake/ard.pc.in" "${PROJECT_BINARY_DIR}/ard.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/ard.pc" DESTINATION "${pkgconfig_dir}")
