/* SPDX-License-Identifier: Apache-2.0 */
/* CLBlast's parameters are the process's, one set a device: what libard has put in force. */
#ifndef ARD_CLBLAST_OVERRIDE_H
#define ARD_CLBLAST_OVERRIDE_H

#include <ard/opencl.h>
#include <ard/tuning.h>

/* Puts parameters in force for a device, those of kernels that have them already left out: an
 * override makes CLBlast compile again. There is no way back to CLBlast's own. The caller holds
 * libard's lock on CLBlast. CLBLAST, UNSUPPORTED (too many devices or kernels). */
ard_status ard__clblast_override(cl_device_id device, const ard_clblast_kernel *kernels,
                                 size_t count);

/* A checksum of what libard has put in force for a device, 0 for nothing. With the lock held. */
uint32_t ard__clblast_in_force(cl_device_id device);

#endif
