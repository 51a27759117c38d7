# SPDX-License-Identifier: Apache-2.0
# Defines OpenCL::OpenCL from the system's ICD loader and headers, and nothing where there are none. Used by the
# build and by the installed package.
#
# CMake's own module also looks in CUDA_PATH, /usr/local/cuda and beside every bin/ in PATH, so a CUDA toolkit's
# older CL/ and libOpenCL could win over the system's. Hence the places are settled here first, and the module is
# left to make the target. Another implementation is chosen by -DOpenCL_INCLUDE_DIR=... -DOpenCL_LIBRARY=...
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_get_variable(ARD_OPENCL_INCLUDE_HINT OpenCL includedir)
  pkg_get_variable(ARD_OPENCL_LIBRARY_HINT OpenCL libdir)
endif()
find_path(OpenCL_INCLUDE_DIR CL/cl.h PATHS ${ARD_OPENCL_INCLUDE_HINT} NO_DEFAULT_PATH)
find_path(OpenCL_INCLUDE_DIR CL/cl.h NO_SYSTEM_ENVIRONMENT_PATH)
find_library(OpenCL_LIBRARY OpenCL PATHS ${ARD_OPENCL_LIBRARY_HINT} NO_DEFAULT_PATH)
find_library(OpenCL_LIBRARY OpenCL NO_SYSTEM_ENVIRONMENT_PATH)
if(OpenCL_INCLUDE_DIR AND OpenCL_LIBRARY)
  find_package(OpenCL QUIET)
endif()
