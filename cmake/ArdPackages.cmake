# SPDX-License-Identifier: Apache-2.0
# Debian packages by `cpack -G DEB`: the installed tree in Debian's folders, in components that are named like the
# packages. packaging/debian/finish.cmake adds what Debian wants besides. tools/build-packages does all of it.
set(ARD_PACKAGE_CONTACT "libard developers <libard@lists.example.org>" CACHE STRING "Who maintains the packages")

set(runtime "libard${ARD_SOVERSION}")
set(debian_libdir lib)
if(CMAKE_LIBRARY_ARCHITECTURE)
  set(debian_libdir "lib/${CMAKE_LIBRARY_ARCHITECTURE}")
endif()
ard_install_libraries("${debian_libdir}" ${runtime} libard-dev EXCLUDE_FROM_ALL)
ard_install_files("share/doc/${runtime}" share/doc/libard-dev share/doc/ard-tools
  ${runtime} libard-dev ard-tools EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_NAME} built using CMake") # its default; another would head all of ours
set(CPACK_COMPONENTS_ALL ${runtime} libard-dev ard-tools)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PACKAGE_CONTACT "${ARD_PACKAGE_CONTACT}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_BINARY_DIR}/debian/finish.cmake")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SOURCE libard)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${PROJECT_BINARY_DIR}/src")

set(what
"libard trains neural networks on any OpenCL device and makes dropout pay for
itself: it drops neurons, or tiles of weights, in regular patterns drawn from
a searched distribution, so that what is left are smaller dense matrices. The
time of a training step falls with the dropout rate.")
set(release "${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}")

# Variables of a component have its name in capitals.
string(TOUPPER "${runtime}" RUNTIME)
set(CPACK_DEBIAN_${RUNTIME}_PACKAGE_NAME ${runtime})
set(CPACK_DEBIAN_${RUNTIME}_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_${RUNTIME}_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_${RUNTIME}_PACKAGE_RECOMMENDS "pocl-opencl-icd | opencl-icd")
set(CPACK_DEBIAN_${RUNTIME}_PACKAGE_CONTROL_EXTRA
  "${PROJECT_BINARY_DIR}/debian/shlibs;${PROJECT_BINARY_DIR}/debian/symbols;${PROJECT_BINARY_DIR}/debian/triggers")
set(CPACK_DEBIAN_${RUNTIME}_DESCRIPTION "approximate random dropout on OpenCL - shared library
${what}

This package has the shared library.")

set(CPACK_DEBIAN_LIBARD-DEV_PACKAGE_NAME libard-dev)
set(CPACK_DEBIAN_LIBARD-DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBARD-DEV_PACKAGE_DEPENDS
  "${runtime} (= ${release}), ocl-icd-opencl-dev | opencl-dev, libclblast-dev, libcjson-dev, zlib1g-dev")
set(CPACK_DEBIAN_LIBARD-DEV_PACKAGE_RECOMMENDS "pkg-config") # find_package(ard) asks it for cJSON, too
set(CPACK_DEBIAN_LIBARD-DEV_PACKAGE_SUGGESTS "ard-tools, cmake")
set(CPACK_DEBIAN_LIBARD-DEV_DESCRIPTION "approximate random dropout on OpenCL - development files
${what}

This package has the headers, the static library, what CMake and pkg-config
need to find libard, and examples.")

set(CPACK_DEBIAN_ARD-TOOLS_PACKAGE_NAME ard-tools)
set(CPACK_DEBIAN_ARD-TOOLS_PACKAGE_SECTION science)
set(CPACK_DEBIAN_ARD-TOOLS_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_ARD-TOOLS_PACKAGE_DEPENDS "${runtime} (>= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_ARD-TOOLS_PACKAGE_RECOMMENDS "pocl-opencl-icd | opencl-icd")
# Pictures as PNG, completion, and a library for --cblas.
set(CPACK_DEBIAN_ARD-TOOLS_PACKAGE_SUGGESTS "librsvg2-bin, bash-completion, libopenblas0")
set(CPACK_DEBIAN_ARD-TOOLS_DESCRIPTION "approximate random dropout on OpenCL - tools and guides
${what}

This package has ard-bench, which measures what patterns save on a device,
ard-train, which trains perceptrons and language models, ard-search, which
finds distributions, ard-tune, which finds what a device multiplies fastest
with, and the guides.")

set(debian "${PROJECT_SOURCE_DIR}/packaging/debian")
configure_file("${debian}/finish.cmake.in" "${PROJECT_BINARY_DIR}/debian/finish.cmake" @ONLY)
file(READ "${PROJECT_SOURCE_DIR}/abi/${runtime}.symbols" symbols)
string(REPLACE "#MINVER#\n" "#MINVER#\n* Build-Depends-Package: libard-dev\n" symbols "${symbols}")
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/debian/symbols" CONTENT "${symbols}" @ONLY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/abi/${runtime}.symbols")
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/debian/shlibs"
  CONTENT "libard ${ARD_SOVERSION} ${runtime} (>= ${PROJECT_VERSION})\n")
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/debian/triggers" CONTENT "activate-noawait ldconfig\n")
include(CPack)
