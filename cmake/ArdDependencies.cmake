# SPDX-License-Identifier: Apache-2.0
# Finds what libard is built on: OpenCL::OpenCL, clblast, ZLIB::ZLIB, PkgConfig::CJSON, Threads::Threads, and for the
# tests PkgConfig::CMOCKA. Whatever is missing is named in one message.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON) # for projects that take libard in by add_subdirectory()
set(ARD_MISSING_NAMES "")
set(ARD_MISSING_PACKAGES "")

# ard_require(found description packages...): notes the description and its Debian packages unless `found` is true.
macro(ard_require found description)
  if(NOT (${found}))
    list(APPEND ARD_MISSING_NAMES "${description}")
    list(APPEND ARD_MISSING_PACKAGES ${ARGN})
  endif()
endmacro()

# ard_require_module(PREFIX module header description package): a pkg-config module as PkgConfig::PREFIX. Without
# pkg-config itself the header tells whether the package is missing too.
macro(ard_require_module prefix module header description package)
  if(PkgConfig_FOUND)
    pkg_check_modules(${prefix} QUIET IMPORTED_TARGET GLOBAL ${module})
    ard_require("${${prefix}_FOUND}" "${description}" ${package})
  else()
    find_path(${prefix}_HEADER_DIR ${header})
    ard_require("${prefix}_HEADER_DIR" "${description}" ${package})
  endif()
endmacro()

find_package(PkgConfig QUIET)
ard_require("PkgConfig_FOUND" "pkg-config" pkg-config)

include(ArdFindOpenCL)
ard_require("OpenCL_INCLUDE_DIR" "the OpenCL headers (CL/cl.h)" opencl-headers)
ard_require("OpenCL_LIBRARY" "the OpenCL ICD loader (libOpenCL)" ocl-icd-opencl-dev)

find_package(CLBlast CONFIG QUIET)
ard_require("CLBlast_FOUND" "CLBlast" libclblast-dev)
# CLBlast's package has no version file; its pkg-config module knows.
set(ARD_CLBLAST_VERSION "unknown")
if(PkgConfig_FOUND AND CLBlast_FOUND)
  pkg_check_modules(CLBLAST QUIET clblast)
  if(CLBLAST_VERSION)
    set(ARD_CLBLAST_VERSION "${CLBLAST_VERSION}")
  endif()
endif()

find_package(ZLIB QUIET)
ard_require("ZLIB_FOUND" "zlib" zlib1g-dev)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads QUIET)
ard_require("Threads_FOUND" "POSIX threads" libc6-dev)
ard_require_module(CJSON libcjson cjson/cJSON.h "cJSON" libcjson-dev)
if(ARD_BUILD_TESTS)
  ard_require_module(CMOCKA cmocka cmocka.h "cmocka (or -DARD_BUILD_TESTS=OFF)" libcmocka-dev)
endif()

if(ARD_MISSING_NAMES)
  list(JOIN ARD_MISSING_NAMES "\n    " names)
  list(JOIN ARD_MISSING_PACKAGES " " packages)
  message(FATAL_ERROR "libard cannot be built; not found:\n    ${names}\n"
                      "Debian has them as:\n    apt-get install ${packages}")
endif()
message(STATUS "OpenCL: ${OpenCL_LIBRARY}, headers in ${OpenCL_INCLUDE_DIR}; CLBlast ${ARD_CLBLAST_VERSION}")
