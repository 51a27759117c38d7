/* SPDX-License-Identifier: Apache-2.0 */
#include "needs.h"

#include <stdio.h>
#include <unistd.h>

/* Bytes at the least. Doubles, because sums of such sizes overflow nothing then. */
typedef struct needs {
    double device;
    double buffer; /* the largest one on the device */
    double host;
} needs;

/* A matrix that there are `copies` of. */
static void add_matrix(needs *needs, size_t rows, size_t cols, double copies)
{
    const double bytes = sizeof(float) * (double)rows * (double)cols;
    needs->device += copies * bytes;
    needs->buffer = bytes > needs->buffer ? bytes : needs->buffer;
}

/* The operands and the results of three products. */
static void add_gemm(needs *needs, const bench_case *kase)
{
    add_matrix(needs, kase->batch, kase->widths[0], 2);
    add_matrix(needs, kase->batch, kase->widths[1], 2);
    add_matrix(needs, kase->widths[1], kase->widths[0], 2);
    needs->host = needs->device / 2;
}

/* The input; of each network weights, velocities and activations. */
static void add_mlp(needs *needs, const bench_case *kase)
{
    const double networks = 1 + (double)case_device_baselines(kase);
    add_matrix(needs, kase->batch, kase->widths[0], 1);
    needs->host = needs->device;
    for (size_t layer = 0; layer < kase->layers; layer++) {
        add_matrix(needs, kase->widths[layer + 1], kase->widths[layer], 2 * networks);
        add_matrix(needs, kase->batch, kase->widths[layer + 1], networks);
    }
}

/* Of each network weights, and the hidden states of a window. */
static void add_lstm(needs *needs, const bench_case *kase)
{
    const double networks = 1 + (double)case_device_baselines(kase);
    add_matrix(needs, kase->widths[kase->layers], kase->widths[0], networks);
    for (size_t layer = 0; layer < kase->layers; layer++) {
        add_matrix(needs, case_lstm_cols(kase, layer), kase->widths[layer], networks);
    }
    for (size_t layer = 1; layer < kase->layers; layer++) {
        add_matrix(needs, kase->batch * kase->steps, kase->widths[layer], networks);
    }
}

static double host_memory(void)
{
    return (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
}

bool needs_fit(const ard_device_info *device, const bench_case *kase, char why[NEEDS_TEXT])
{
    needs needs = {0};
    const double memory = (double)device->global_memory;
    const double allocation = (double)device->max_allocation;
    if (kase->kind == BENCH_GEMM) {
        add_gemm(&needs, kase);
    } else if (kase->model == MODEL_LSTM) {
        add_lstm(&needs, kase);
    } else {
        add_mlp(&needs, kase);
    }
    if (memory > 0 && needs.device > memory) {
        snprintf(why, NEEDS_TEXT, "needs at least %.3g GB of the device's memory, which is %.3g GB",
                 needs.device / 1e9, memory / 1e9);
        return false;
    }
    if (allocation > 0 && needs.buffer > allocation) {
        snprintf(why, NEEDS_TEXT,
                 "needs a buffer of at least %.3g GB, and the device allows %.3g GB",
                 needs.buffer / 1e9, allocation / 1e9);
        return false;
    }
    if (host_memory() > 0 && needs.host > host_memory()) {
        snprintf(why, NEEDS_TEXT, "needs at least %.3g GB of the host's memory, which is %.3g GB",
                 needs.host / 1e9, host_memory() / 1e9);
        return false;
    }
    return true;
}
