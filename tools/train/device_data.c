/* SPDX-License-Identifier: Apache-2.0 */
#include "train/device_data.h"

#include <stdlib.h>

#include "train/messages.h"

/* Converted and sent in slices, so that the host never holds the whole set as floats. */
enum { SLICE = 2048 };

static int create_buffer(ard_context *context, size_t bytes, cl_mem *buffer)
{
    cl_int code = CL_SUCCESS;
    *buffer = clCreateBuffer(ard_context_opencl(context), CL_MEM_READ_WRITE, bytes, NULL, &code);
    return code == CL_SUCCESS ? CLI_SUCCESS : report_opencl("data on the device", code);
}

static int write_buffer(ard_context *context, cl_mem buffer, size_t offset, size_t bytes,
                        const void *src)
{
    const cl_int code = clEnqueueWriteBuffer(ard_context_queue(context), buffer, CL_TRUE, offset,
                                             bytes, src, 0, NULL, NULL);
    return code == CL_SUCCESS ? CLI_SUCCESS : report_opencl("data to the device", code);
}

static void release_buffer(cl_mem *buffer)
{
    if (*buffer != NULL) {
        (void)clReleaseMemObject(*buffer);
        *buffer = NULL;
    }
}

static int upload_slice(ard_context *context, const dataset *host, const device_set *set,
                        size_t first, size_t count, float *floats, cl_int *labels)
{
    const unsigned char *pixels = host->pixels + first * set->width;
    for (size_t i = 0; i < count * set->width; ++i) {
        floats[i] = (float)pixels[i] / 255.0f;
    }
    for (size_t i = 0; i < count; ++i) {
        labels[i] = host->classes[first + i];
    }
    const ard_matrix dst = {set->pixels.buffer, set->pixels.offset + first * set->pixels.ld,
                            set->pixels.ld};
    const ard_status status = ard_matrix_write(context, count, set->width, floats, &dst);
    if (status != ARD_STATUS_SUCCESS) {
        return report_status("data to the device", status);
    }
    return write_buffer(context, set->labels.buffer, first * sizeof(cl_int), count * sizeof(cl_int),
                        labels);
}

static int upload(ard_context *context, const dataset *host, const device_set *set)
{
    int result = CLI_SUCCESS;
    float *floats = malloc(SLICE * set->width * sizeof *floats);
    cl_int *labels = malloc(SLICE * sizeof *labels);
    if (floats == NULL || labels == NULL) {
        result = cli_failure(&train_messages, "not enough memory to upload the data");
    }
    for (size_t first = 0; result == CLI_SUCCESS && first < host->samples; first += SLICE) {
        const size_t left = host->samples - first;
        result =
            upload_slice(context, host, set, first, left < SLICE ? left : SLICE, floats, labels);
    }
    free(floats);
    free(labels);
    return result;
}

int device_set_create(ard_context *context, const dataset *host, device_set *set)
{
    *set = (device_set){.samples = host->samples, .width = host->rows * host->cols};
    const ard_status status = ard_matrix_create(context, set->samples, set->width, &set->pixels);
    int result =
        status == ARD_STATUS_SUCCESS ? CLI_SUCCESS : report_status("data on the device", status);
    if (result == CLI_SUCCESS) {
        result = create_buffer(context, set->samples * sizeof(cl_int), &set->labels.buffer);
    }
    if (result == CLI_SUCCESS) {
        result = upload(context, host, set);
    }
    if (result != CLI_SUCCESS) {
        device_set_destroy(set);
    }
    return result;
}

void device_set_destroy(device_set *set)
{
    ard_matrix_destroy(&set->pixels);
    release_buffer(&set->labels.buffer);
    *set = (device_set){0};
}

static int allocate_feeder(feeder *feed)
{
    const size_t samples = feed->set->samples;
    feed->host_order = malloc(samples * sizeof *feed->host_order);
    if (feed->host_order == NULL) {
        return cli_failure(&train_messages, "not enough memory to shuffle %zu samples", samples);
    }
    const ard_status status =
        ard_matrix_create(feed->context, feed->batch, feed->set->width, &feed->pixels);
    if (status != ARD_STATUS_SUCCESS) {
        return report_status("batch on the device", status);
    }
    const int result =
        create_buffer(feed->context, feed->batch * sizeof(cl_int), &feed->labels.buffer);
    return result != CLI_SUCCESS
               ? result
               : create_buffer(feed->context, samples * sizeof *feed->host_order, &feed->order);
}

int feeder_create(ard_context *context, const device_set *set, size_t batch, uint64_t seed,
                  feeder *feed)
{
    *feed = (feeder){.context = context, .set = set, .seed = seed, .batch = batch};
    const int result = allocate_feeder(feed);
    if (result != CLI_SUCCESS) {
        feeder_destroy(feed);
    }
    return result;
}

void feeder_destroy(feeder *feed)
{
    free(feed->host_order);
    ard_matrix_destroy(&feed->pixels);
    release_buffer(&feed->labels.buffer);
    release_buffer(&feed->order);
    *feed = (feeder){0};
}

int feeder_start_epoch(feeder *feed, uint64_t epoch)
{
    const size_t samples = feed->set->samples;
    const ard_status status = ard_sample_order(feed->seed, epoch, samples, feed->host_order);
    if (status != ARD_STATUS_SUCCESS) {
        return report_status("order of the data", status);
    }
    return write_buffer(feed->context, feed->order, 0, samples * sizeof *feed->host_order,
                        feed->host_order);
}

int feeder_take(feeder *feed, size_t first, size_t count)
{
    const device_set *set = feed->set;
    const ard_status status =
        ard_batch_gather(feed->context, count, set->width, set->samples, &set->pixels, &set->labels,
                         feed->order, first, &feed->pixels, &feed->labels, NULL);
    return status == ARD_STATUS_SUCCESS ? CLI_SUCCESS : report_status("batch", status);
}
