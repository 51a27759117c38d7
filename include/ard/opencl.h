/* SPDX-License-Identifier: Apache-2.0 */
/* The OpenCL header, at the version that libard needs, unless the application chose one. */
#ifndef ARD_OPENCL_H
#define ARD_OPENCL_H

#ifndef CL_TARGET_OPENCL_VERSION
/* The version of OpenCL whose functions cl.h declares. */
#define CL_TARGET_OPENCL_VERSION 120
#endif
#include <CL/cl.h>

#endif
