/* SPDX-License-Identifier: Apache-2.0 */
/* Everything of libard. Each header also stands alone; this is the order to read them in. */
#ifndef ARD_ARD_H
#define ARD_ARD_H

#include <ard/version.h>

#include <ard/status.h>

#include <ard/pattern.h>

#include <ard/tile.h>

#include <ard/distribution.h>

#include <ard/cost.h>

#include <ard/sampler.h>

#include <ard/device.h>

#include <ard/tuning.h>

#include <ard/log.h>

#include <ard/context.h>

#include <ard/matrix.h>

#include <ard/compact.h>

#include <ard/linear.h>

#include <ard/loss.h>

#include <ard/lstm_cell.h>

#include <ard/batch.h>

#include <ard/sgd.h>

#include <ard/mlp.h>

#include <ard/lstm.h>

#include <ard/profile.h>

#endif
