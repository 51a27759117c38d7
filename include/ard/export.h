/* SPDX-License-Identifier: Apache-2.0 */
/* Symbol visibility and C linkage, shared by every header of libard. */
#ifndef ARD_EXPORT_H
#define ARD_EXPORT_H

/* Before every function of the interface. */
#if defined(ARD_STATIC)
#define ARD_API
#elif defined(_WIN32) && defined(ARD_BUILDING)
#define ARD_API __declspec(dllexport)
#elif defined(_WIN32)
#define ARD_API __declspec(dllimport)
#else
#define ARD_API __attribute__((visibility("default")))
#endif

#endif
