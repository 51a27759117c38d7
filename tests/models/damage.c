/* SPDX-License-Identifier: Apache-2.0 */
#include "models/damage.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "support/memory.h"
#include "support/unit.h"

damage damage_begin(ard_context *context, const damage_model *kind, void *model, void *data)
{
    damage d = {.kind = kind, .context = context, .data = data};
    d.place = test_place_create("run.ard");
    assert_success(kind->save(model, d.place.path));
    kind->destroy(model);
    d.bytes = test_file_read(d.place.path, &d.size);
    return d;
}

void damage_end(damage *d)
{
    free(d->bytes);
    test_place_destroy(&d->place);
}

/* Writes the bytes and expects the file to be refused. */
static void assert_refused(const damage *d, const void *bytes, size_t size)
{
    void *model = &size;
    test_file_write(d->place.path, bytes, size);
    const ard_status status = d->kind->load(d->context, d->place.path, &model);
    assert_true(status == ARD_STATUS_FORMAT || status == ARD_STATUS_IO);
    assert_null(model);
    assert_true(ard_detail()[0] != '\0');
}

void damage_check_truncation(const damage *d)
{
    for (size_t size = 0; size < 64; ++size) {
        assert_refused(d, d->bytes, size);
    }
    for (size_t i = 0; i < 60; ++i) {
        assert_refused(d, d->bytes, 64 + i * (d->size - 64) / 60);
    }
    assert_refused(d, d->bytes, d->size - 1);
}

void damage_check_flipped_bytes(const damage *d)
{
    const size_t stride = d->size / 400 + 1;
    for (size_t at = 0; at < d->size; at += at < 600 ? 1 : stride) {
        const unsigned char bit = (unsigned char)(1u << (at % 8));
        d->bytes[at] ^= bit;
        assert_refused(d, d->bytes, d->size);
        d->bytes[at] ^= 0xff;
        assert_refused(d, d->bytes, d->size);
        d->bytes[at] ^= (unsigned char)(0xff ^ bit);
    }
}

static unsigned char *copy_bytes(const damage *d)
{
    unsigned char *copy = test_alloc(d->size + 1, 1);
    memcpy(copy, d->bytes, d->size);
    return copy;
}

void damage_check_foreign_files(const damage *d)
{
    const unsigned char zeros[4096] = {0};
    unsigned char *other = copy_bytes(d);
    assert_refused(d, other, d->size + 1);
    other[DAMAGE_VERSION_AT] = 3; /* an earlier one */
    assert_refused(d, other, d->size);
    assert_non_null(strstr(ard_detail(), "version 3, expected 4"));
    memcpy(other, "PK\003\004....", 8);
    assert_refused(d, other, d->size);
    assert_refused(d, zeros, sizeof zeros);
    free(other);
    void *model = &other;
    assert_fails(d->kind->load(d->context, d->place.folder.path, &model), ARD_STATUS_IO);
    assert_null(model);
    char missing[TEST_PATH_CAPACITY];
    test_folder_join(d->place.folder.path, "missing", missing);
    assert_fails(d->kind->load(d->context, missing, &model), ARD_STATUS_IO);
    assert_non_null(strstr(ard_detail(), missing));
}

void damage_check_absurd_length(const damage *d)
{
    unsigned char *other = copy_bytes(d);
    memset(other + DAMAGE_LENGTH_AT, 0xff, 8);
    assert_refused(d, other, d->size);
    memset(other + DAMAGE_LENGTH_AT, 0, 8);
    assert_refused(d, other, d->size);
    free(other);
}

static size_t peak_memory(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return (size_t)usage.ru_maxrss * 1024;
}

static void save_payload(const damage *d, const void *payload, size_t size)
{
    ard__writer writer = {0};
    ard__put_bytes(&writer, payload, size);
    assert_success(ard__writer_save(&writer, d->place.path));
    ard__writer_free(&writer);
}

/* Loads a payload in a valid container. Whatever loads must work. */
static void try_payload(const damage *d, const unsigned char *payload, size_t size)
{
    void *model = NULL;
    save_payload(d, payload, size);
    const ard_status status = d->kind->load(d->context, d->place.path, &model);
    if (status == ARD_STATUS_SUCCESS) {
        assert_non_null(model);
        d->kind->use(model, d->data);
        d->kind->destroy(model);
        return;
    }
    assert_null(model);
    if (status != ARD_STATUS_FORMAT && status != ARD_STATUS_OUT_OF_MEMORY &&
        status != ARD_STATUS_DEVICE_OUT_OF_MEMORY) {
        fail_msg("a damaged payload gives %s: %s", ard_status_name(status), ard_detail());
    }
}

/* What loads may train, and its kernels be compiled in this process, which takes some hundred
 * megabytes; believing a length would take far more. */
void damage_check_wrong_values(const damage *d, size_t first_part)
{
    const size_t size = d->size - DAMAGE_HEADER;
    unsigned char *payload = test_alloc(size + 8, 1);
    const size_t before = peak_memory();
    for (size_t at = 0; at < size; at += at < first_part ? 3 : 211) {
        static const unsigned char fills[] = {0xff, 0x00, 0x7f};
        const size_t run = at % 2 == 0 ? 8 : 1;
        memcpy(payload, d->bytes + DAMAGE_HEADER, size);
        memset(payload + at, fills[at % 3], run);
        try_payload(d, payload, size);
    }
    assert_true(peak_memory() - before < (size_t)1 << 30);
    free(payload);
}

static void refuse_payload(const damage *d, const void *payload, size_t size)
{
    void *model = &size;
    save_payload(d, payload, size);
    assert_fails(d->kind->load(d->context, d->place.path, &model), ARD_STATUS_FORMAT);
    assert_null(model);
}

void damage_check_short_payloads(const damage *d, size_t first_part)
{
    const size_t size = d->size - DAMAGE_HEADER;
    for (size_t length = 0; length < size; length += length < first_part ? 29 : 401) {
        refuse_payload(d, d->bytes + DAMAGE_HEADER, length);
    }
}

void damage_refuse_replaced(const damage *d, size_t at, const void *bytes, size_t size)
{
    const size_t whole = d->size - DAMAGE_HEADER;
    unsigned char *payload = test_alloc(whole, 1);
    assert_true(at + size <= whole);
    memcpy(payload, d->bytes + DAMAGE_HEADER, whole);
    memcpy(payload + at, bytes, size);
    refuse_payload(d, payload, whole);
    free(payload);
}

/* Saves over the file with no room for more than some bytes. */
static ard_status save_without_room(const damage *d, void *model)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    const struct rlimit small = {.rlim_cur = 100, .rlim_max = limit.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const ard_status status = d->kind->save(model, d->place.path);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    signal(SIGXFSZ, SIG_DFL);
    return status;
}

void damage_check_failed_saves(const damage *d)
{
    const char *folder = d->place.folder.path;
    void *model = NULL;
    char elsewhere[TEST_PATH_CAPACITY];
    test_file_write(d->place.path, d->bytes, d->size);
    assert_success(d->kind->load(d->context, d->place.path, &model));
    test_folder_join(folder, "missing/run.ard", elsewhere);
    assert_fails(d->kind->save(model, elsewhere), ARD_STATUS_IO);
    test_folder_join(d->place.path, "run.ard", elsewhere); /* below a file */
    assert_fails(d->kind->save(model, elsewhere), ARD_STATUS_IO);
    test_folder_join(folder, "folder", elsewhere);
    assert_int_equal(mkdir(elsewhere, 0700), 0);
    assert_fails(d->kind->save(model, elsewhere), ARD_STATUS_IO);
    assert_int_equal(test_folder_count(folder, NULL), 2);
    assert_int_equal(test_folder_count(elsewhere, NULL), 0);
    assert_int_equal(save_without_room(d, model), ARD_STATUS_IO);
    size_t size = 0;
    unsigned char *now = test_file_read(d->place.path, &size);
    assert_int_equal(size, d->size);
    assert_memory_equal(now, d->bytes, size);
    assert_int_equal(test_folder_count(folder, NULL), 2);
    free(now);
    d->kind->destroy(model);
}
