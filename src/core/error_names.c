/* SPDX-License-Identifier: Apache-2.0 */
/* Names of the codes of OpenCL and CLBlast, and failures that carry them. */
#include "core/status_internal.h"

#include <clblast_c.h>

/* Numbers, because cl.h defines those of later OpenCL versions only on demand; drivers return them
 * anyway. */
#define OPENCL_ERRORS(X)                                                                           \
    X(SUCCESS, 0)                                                                                  \
    X(DEVICE_NOT_FOUND, -1)                                                                        \
    X(DEVICE_NOT_AVAILABLE, -2)                                                                    \
    X(COMPILER_NOT_AVAILABLE, -3)                                                                  \
    X(MEM_OBJECT_ALLOCATION_FAILURE, -4)                                                           \
    X(OUT_OF_RESOURCES, -5)                                                                        \
    X(OUT_OF_HOST_MEMORY, -6)                                                                      \
    X(PROFILING_INFO_NOT_AVAILABLE, -7)                                                            \
    X(MEM_COPY_OVERLAP, -8)                                                                        \
    X(IMAGE_FORMAT_MISMATCH, -9)                                                                   \
    X(IMAGE_FORMAT_NOT_SUPPORTED, -10)                                                             \
    X(BUILD_PROGRAM_FAILURE, -11)                                                                  \
    X(MAP_FAILURE, -12)                                                                            \
    X(MISALIGNED_SUB_BUFFER_OFFSET, -13)                                                           \
    X(EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST, -14)                                              \
    X(COMPILE_PROGRAM_FAILURE, -15)                                                                \
    X(LINKER_NOT_AVAILABLE, -16)                                                                   \
    X(LINK_PROGRAM_FAILURE, -17)                                                                   \
    X(DEVICE_PARTITION_FAILED, -18)                                                                \
    X(KERNEL_ARG_INFO_NOT_AVAILABLE, -19)                                                          \
    X(INVALID_VALUE, -30)                                                                          \
    X(INVALID_DEVICE_TYPE, -31)                                                                    \
    X(INVALID_PLATFORM, -32)                                                                       \
    X(INVALID_DEVICE, -33)                                                                         \
    X(INVALID_CONTEXT, -34)                                                                        \
    X(INVALID_QUEUE_PROPERTIES, -35)                                                               \
    X(INVALID_COMMAND_QUEUE, -36)                                                                  \
    X(INVALID_HOST_PTR, -37)                                                                       \
    X(INVALID_MEM_OBJECT, -38)                                                                     \
    X(INVALID_IMAGE_FORMAT_DESCRIPTOR, -39)                                                        \
    X(INVALID_IMAGE_SIZE, -40)                                                                     \
    X(INVALID_SAMPLER, -41)                                                                        \
    X(INVALID_BINARY, -42)                                                                         \
    X(INVALID_BUILD_OPTIONS, -43)                                                                  \
    X(INVALID_PROGRAM, -44)                                                                        \
    X(INVALID_PROGRAM_EXECUTABLE, -45)                                                             \
    X(INVALID_KERNEL_NAME, -46)                                                                    \
    X(INVALID_KERNEL_DEFINITION, -47)                                                              \
    X(INVALID_KERNEL, -48)                                                                         \
    X(INVALID_ARG_INDEX, -49)                                                                      \
    X(INVALID_ARG_VALUE, -50)                                                                      \
    X(INVALID_ARG_SIZE, -51)                                                                       \
    X(INVALID_KERNEL_ARGS, -52)                                                                    \
    X(INVALID_WORK_DIMENSION, -53)                                                                 \
    X(INVALID_WORK_GROUP_SIZE, -54)                                                                \
    X(INVALID_WORK_ITEM_SIZE, -55)                                                                 \
    X(INVALID_GLOBAL_OFFSET, -56)                                                                  \
    X(INVALID_EVENT_WAIT_LIST, -57)                                                                \
    X(INVALID_EVENT, -58)                                                                          \
    X(INVALID_OPERATION, -59)                                                                      \
    X(INVALID_GL_OBJECT, -60)                                                                      \
    X(INVALID_BUFFER_SIZE, -61)                                                                    \
    X(INVALID_MIP_LEVEL, -62)                                                                      \
    X(INVALID_GLOBAL_WORK_SIZE, -63)                                                               \
    X(INVALID_PROPERTY, -64)                                                                       \
    X(INVALID_IMAGE_DESCRIPTOR, -65)                                                               \
    X(INVALID_COMPILER_OPTIONS, -66)                                                               \
    X(INVALID_LINKER_OPTIONS, -67)                                                                 \
    X(INVALID_DEVICE_PARTITION_COUNT, -68)                                                         \
    X(INVALID_PIPE_SIZE, -69)                                                                      \
    X(INVALID_DEVICE_QUEUE, -70)                                                                   \
    X(INVALID_SPEC_ID, -71)                                                                        \
    X(MAX_SIZE_RESTRICTION_EXCEEDED, -72)                                                          \
    X(PLATFORM_NOT_FOUND_KHR, -1001)

#define CLBLAST_ERRORS(X)                                                                          \
    X(Success)                                                                                     \
    X(OpenCLCompilerNotAvailable)                                                                  \
    X(TempBufferAllocFailure)                                                                      \
    X(OpenCLOutOfResources)                                                                        \
    X(OpenCLOutOfHostMemory)                                                                       \
    X(OpenCLBuildProgramFailure)                                                                   \
    X(InvalidValue)                                                                                \
    X(InvalidCommandQueue)                                                                         \
    X(InvalidMemObject)                                                                            \
    X(InvalidBinary)                                                                               \
    X(InvalidBuildOptions)                                                                         \
    X(InvalidProgram)                                                                              \
    X(InvalidProgramExecutable)                                                                    \
    X(InvalidKernelName)                                                                           \
    X(InvalidKernelDefinition)                                                                     \
    X(InvalidKernel)                                                                               \
    X(InvalidArgIndex)                                                                             \
    X(InvalidArgValue)                                                                             \
    X(InvalidArgSize)                                                                              \
    X(InvalidKernelArgs)                                                                           \
    X(InvalidLocalNumDimensions)                                                                   \
    X(InvalidLocalThreadsTotal)                                                                    \
    X(InvalidLocalThreadsDim)                                                                      \
    X(InvalidGlobalOffset)                                                                         \
    X(InvalidEventWaitList)                                                                        \
    X(InvalidEvent)                                                                                \
    X(InvalidOperation)                                                                            \
    X(InvalidBufferSize)                                                                           \
    X(InvalidGlobalWorkSize)                                                                       \
    X(NotImplemented)                                                                              \
    X(InvalidMatrixA)                                                                              \
    X(InvalidMatrixB)                                                                              \
    X(InvalidMatrixC)                                                                              \
    X(InvalidVectorX)                                                                              \
    X(InvalidVectorY)                                                                              \
    X(InvalidDimension)                                                                            \
    X(InvalidLeadDimA)                                                                             \
    X(InvalidLeadDimB)                                                                             \
    X(InvalidLeadDimC)                                                                             \
    X(InvalidIncrementX)                                                                           \
    X(InvalidIncrementY)                                                                           \
    X(InsufficientMemoryA)                                                                         \
    X(InsufficientMemoryB)                                                                         \
    X(InsufficientMemoryC)                                                                         \
    X(InsufficientMemoryX)                                                                         \
    X(InsufficientMemoryY)                                                                         \
    X(InsufficientMemoryTemp)                                                                      \
    X(InvalidBatchCount)                                                                           \
    X(InvalidOverrideKernel)                                                                       \
    X(MissingOverrideParameter)                                                                    \
    X(InvalidLocalMemUsage)                                                                        \
    X(NoHalfPrecision)                                                                             \
    X(NoDoublePrecision)                                                                           \
    X(InvalidVectorScalar)                                                                         \
    X(InsufficientMemoryScalar)                                                                    \
    X(DatabaseError)                                                                               \
    X(UnknownError)                                                                                \
    X(UnexpectedError)

const char *ard_opencl_error_name(int code)
{
    switch (code) {
#define NAME_CASE(name, value)                                                                     \
    case value:                                                                                    \
        return "CL_" #name;
        OPENCL_ERRORS(NAME_CASE)
#undef NAME_CASE
    default:
        return "CL_UNKNOWN";
    }
}

/* NULL for a code that CLBlast does not define. */
static const char *clblast_name(int code)
{
    switch (code) {
#define NAME_CASE(name)                                                                            \
    case CLBlast##name:                                                                            \
        return "CLBlast" #name;
        CLBLAST_ERRORS(NAME_CASE)
#undef NAME_CASE
    default:
        return NULL;
    }
}

const char *ard_clblast_error_name(int code)
{
    const char *name = clblast_name(code);
    return name != NULL ? name : "CLBlastUnknown";
}

/* The memory status that a code of OpenCL or CLBlast (equal where both have it) stands for, else
 * `other`. */
static ard_status memory_status(int code, ard_status other)
{
    switch (code) {
    case CL_MEM_OBJECT_ALLOCATION_FAILURE:
        return ARD_STATUS_DEVICE_OUT_OF_MEMORY;
    case CL_OUT_OF_HOST_MEMORY:
        return ARD_STATUS_OUT_OF_MEMORY;
    default:
        return other;
    }
}

ard_status ard__fail_opencl(int code, const char *call)
{
    return ard__fail(memory_status(code, ARD_STATUS_OPENCL), "%s returned %s (%d)", call,
                     ard_opencl_error_name(code), code);
}

ard_status ard__fail_clblast(int code, const char *routine)
{
    /* CLBlast hands on codes of OpenCL that it has no name for. */
    const char *name = clblast_name(code);
    return ard__fail(memory_status(code, ARD_STATUS_CLBLAST), "%s returned %s (%d)", routine,
                     name != NULL ? name : ard_opencl_error_name(code), code);
}
