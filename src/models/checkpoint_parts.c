/* SPDX-License-Identifier: Apache-2.0 */
#include "models/checkpoint_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/status_internal.h"

enum { MAX_EXTRA = 64 << 10, MAX_ENVIRONMENT = 4096 };

ard_status ard__checkpoint_check_hits(float hits)
{
    return hits >= 0.0f && hits < 0x1p63f ? ARD_STATUS_SUCCESS
                                          : ard__checkpoint_damaged("its hits are out of range");
}

ard_status ard__checkpoint_as_format(ard_status status)
{
    if (status == ARD_STATUS_INVALID_ARGUMENT || status == ARD_STATUS_INVALID_PATTERN ||
        status == ARD_STATUS_INVALID_RATE) {
        return ard__fail(ARD_STATUS_FORMAT, "the checkpoint is damaged: %s", ard_detail());
    }
    return status;
}

void ard__dropout_put(ard__writer *writer, const ard_dropout *dropout)
{
    ard__put_u32(writer, (uint32_t)dropout->kind);
    ard__put_u32(writer, (uint32_t)dropout->scale);
    ard__put_f64(writer, dropout->rate);
    const ard_distribution *d = &dropout->distribution;
    ard__put_u32(writer, d->max_period);
    for (size_t i = 0; i < ARD_MAX_PERIOD; ++i) {
        ard__put_f64(writer, d->probabilities[i]);
        ard__put_u64(writer, d->cumulative[i]);
    }
    ard__put_f64(writer, d->rate);
    ard__put_f64(writer, d->achieved_rate);
    ard__put_f64(writer, d->entropy);
    ard__put_u32(writer, d->steps);
    const ard_subset_distribution *s = &dropout->subset;
    ard__put_u32(writer, s->period);
    ard__put_u32(writer, s->low);
    ard__put_u32(writer, s->high);
    ard__put_u64(writer, s->high_threshold);
    ard__put_f64(writer, s->high_probability);
    ard__put_f64(writer, s->rate);
    ard__put_u32(writer, dropout->tile_edge);
    ard__put_u32(writer, (uint32_t)dropout->tile_numbering);
}

void ard__dropout_get(ard__reader *reader, ard_dropout *dropout)
{
    dropout->kind = (ard_dropout_kind)(ard__get_u32(reader) & 0xff);
    dropout->scale = (ard_scale_kind)(ard__get_u32(reader) & 0xff);
    dropout->rate = ard__get_f64(reader);
    ard_distribution *d = &dropout->distribution;
    d->max_period = ard__get_u32(reader);
    for (size_t i = 0; i < ARD_MAX_PERIOD; ++i) {
        d->probabilities[i] = ard__get_f64(reader);
        d->cumulative[i] = ard__get_u64(reader);
    }
    d->rate = ard__get_f64(reader);
    d->achieved_rate = ard__get_f64(reader);
    d->entropy = ard__get_f64(reader);
    d->steps = ard__get_u32(reader);
    ard_subset_distribution *s = &dropout->subset;
    s->period = ard__get_u32(reader);
    s->low = ard__get_u32(reader);
    s->high = ard__get_u32(reader);
    s->high_threshold = ard__get_u64(reader);
    s->high_probability = ard__get_f64(reader);
    s->rate = ard__get_f64(reader);
    dropout->tile_edge = ard__get_u32(reader);
    dropout->tile_numbering = (ard_tile_numbering)(ard__get_u32(reader) & 0xff);
}

void ard__sgd_options_put(ard__writer *writer, const ard_sgd_options *options)
{
    const ard_schedule *schedule = &options->schedule;
    ard__put_u32(writer, (uint32_t)schedule->kind);
    ard__put_f64(writer, schedule->rate);
    ard__put_f64(writer, schedule->factor);
    ard__put_f64(writer, schedule->final_rate);
    ard__put_u64(writer, schedule->every);
    ard__put_u64(writer, schedule->warmup);
    ard__put_f64(writer, options->momentum);
    ard__put_f64(writer, options->weight_decay);
}

void ard__sgd_options_get(ard__reader *reader, ard_sgd_options *options)
{
    ard_schedule *schedule = &options->schedule;
    schedule->kind = (ard_schedule_kind)(ard__get_u32(reader) & 0xff);
    schedule->rate = ard__get_f64(reader);
    schedule->factor = ard__get_f64(reader);
    schedule->final_rate = ard__get_f64(reader);
    schedule->every = ard__get_u64(reader);
    schedule->warmup = ard__get_u64(reader);
    options->momentum = ard__get_f64(reader);
    options->weight_decay = ard__get_f64(reader);
}

ard_status ard__preamble_check(const void *extra, size_t extra_size)
{
    ARD__CHECK(extra != NULL || extra_size == 0, "extra is NULL with %zu bytes", extra_size);
    ARD__CHECK(extra_size <= MAX_EXTRA, "the extra bytes are %zu, expected at most %d", extra_size,
               MAX_EXTRA);
    return ARD_STATUS_SUCCESS;
}

void ard__preamble_put(ard__writer *writer, ard__checkpoint_kind kind, const ard_context *context,
                       const void *extra, size_t extra_size)
{
    const char *environment = ard_context_environment(context);
    ard__put_u32(writer, (uint32_t)kind);
    ard__put_u32(writer, (uint32_t)strlen(environment));
    ard__put_bytes(writer, environment, strlen(environment));
    ard__put_u32(writer, (uint32_t)extra_size);
    ard__put_bytes(writer, extra, extra_size);
}

static const char *kind_name(ard__checkpoint_kind kind)
{
    return kind == ARD__CHECKPOINT_MLP ? "a perceptron" : "a language model";
}

ard_status ard__preamble_get(ard__reader *reader, ard__checkpoint_kind kind, ard__preamble *found)
{
    const uint32_t stored = ard__get_u32(reader);
    if (!reader->failed && stored != (uint32_t)kind &&
        (stored == ARD__CHECKPOINT_MLP || stored == ARD__CHECKPOINT_LSTM)) {
        return ard__fail(ARD_STATUS_FORMAT, "the checkpoint is of %s, expected one of %s",
                         kind_name((ard__checkpoint_kind)stored), kind_name(kind));
    }
    found->environment_size = ard__get_u32(reader);
    found->environment = ard__get_bytes(reader, found->environment_size);
    found->extra_size = ard__get_u32(reader);
    found->extra = ard__get_bytes(reader, found->extra_size);
    if (reader->failed || stored != (uint32_t)kind || found->environment_size > MAX_ENVIRONMENT ||
        found->extra_size > MAX_EXTRA) {
        return ard__checkpoint_damaged("its first part is cut");
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard__preamble_keep(const ard_context *context, const ard__preamble *found, void **extra,
                              size_t *extra_size, char **resume_note)
{
    const char *here = ard_context_environment(context);
    const size_t here_size = strlen(here);
    if (found->extra_size > 0) {
        *extra = malloc(found->extra_size);
        if (*extra == NULL) {
            return ard__fail(ARD_STATUS_OUT_OF_MEMORY,
                             "no host memory for a checkpoint's extra bytes");
        }
        memcpy(*extra, found->extra, found->extra_size);
        *extra_size = found->extra_size;
    }
    if (found->environment_size == here_size && memcmp(found->environment, here, here_size) == 0) {
        return ARD_STATUS_SUCCESS;
    }
    const size_t capacity = found->environment_size + here_size + 128;
    *resume_note = malloc(capacity);
    if (*resume_note == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for a note of %zu bytes",
                         capacity);
    }
    snprintf(*resume_note, capacity,
             "saved under (%.*s), loaded under (%s): the same bits cannot be expected",
             (int)found->environment_size, found->environment, here);
    return ARD_STATUS_SUCCESS;
}
