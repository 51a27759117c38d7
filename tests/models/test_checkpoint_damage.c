/* SPDX-License-Identifier: Apache-2.0 */
/* Damaged checkpoints are refused, never trusted, and failed saves leave nothing behind. */
#include <ard/mlp.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "files/checkpoint_file.h"
#include "models/toy.h"
#include "support/device.h"
#include "support/folder.h"
#include "support/memory.h"
#include "support/unit.h"

enum { SAMPLES = 20, INPUTS = 5, CLASSES = 3, BATCH = 4 };

/* The container's header: magic, version, checksum and length. */
enum { VERSION_AT = 8, LENGTH_AT = 16, HEADER = 24 };

enum { LAYERS = 4, TILE_EDGE = 2 };

static const size_t widths[LAYERS + 1] = {INPUTS, 17, 16, 18, CLASSES};

/* Bytes of one hidden layer's dropout; the edge and the numbering of tiles are its last 8. */
enum { DROPOUT_BYTES = 1116 };

/* More than the bytes before the weights. */
enum { FIRST_PART = (LAYERS - 1) * DROPOUT_BYTES + 500 };

/* A good checkpoint of a lazily updated network, as bytes. */
typedef struct fixture {
    ard_context *context;
    test_folder folder;
    char path[TEST_PATH_CAPACITY];
    toy_data data;
    unsigned char *bytes;
    size_t size;
} fixture;

static fixture make_fixture(ard_context *context)
{
    fixture f = {.context = context, .folder = test_folder_create()};
    test_folder_join(f.folder.path, "run.ard", f.path);
    f.data = toy_create(context, SAMPLES, INPUTS, CLASSES, 0.5f, 6);
    ard_dropout dropout[LAYERS - 1] = {toy_dropout(ARD_DROPOUT_TILE, ARD_SCALE_RATE),
                                       toy_dropout(ARD_DROPOUT_SUBSET, ARD_SCALE_RATE)};
    dropout[0].tile_edge = TILE_EDGE;
    dropout[0].tile_numbering = ARD_TILE_LINEAR;
    assert_success(ard_dropout_init(ARD_DROPOUT_ROW, 0.6, 16, ARD_SCALE_RATE, &dropout[2]));
    const ard_mlp_options options = toy_options(LAYERS, widths, dropout, BATCH);
    ard_mlp *mlp = toy_network(context, &options);
    toy_train(mlp, &f.data, 5, BATCH);
    assert_success(ard_mlp_save(mlp, f.path, "extra", 5));
    ard_mlp_destroy(mlp);
    f.bytes = test_file_read(f.path, &f.size);
    return f;
}

static void drop_fixture(fixture *f)
{
    free(f->bytes);
    toy_destroy(&f->data);
    test_folder_destroy(&f->folder);
}

/* Writes the bytes and expects the file to be refused. */
static void assert_refused(const fixture *f, const void *bytes, size_t size)
{
    ard_mlp *mlp = (ard_mlp *)&size;
    test_file_write(f->path, bytes, size);
    const ard_status status = ard_mlp_load(f->context, f->path, &mlp);
    assert_true(status == ARD_STATUS_FORMAT || status == ARD_STATUS_IO);
    assert_null(mlp);
    assert_true(ard_detail()[0] != '\0');
}

static void test_truncation(void **state)
{
    fixture f = make_fixture(*state);
    for (size_t size = 0; size < 64; ++size) {
        assert_refused(&f, f.bytes, size);
    }
    for (size_t i = 0; i < 60; ++i) {
        assert_refused(&f, f.bytes, 64 + i * (f.size - 64) / 60);
    }
    assert_refused(&f, f.bytes, f.size - 1);
    drop_fixture(&f);
}

static void test_flipped_bytes(void **state)
{
    fixture f = make_fixture(*state);
    const size_t stride = f.size / 400 + 1;
    for (size_t at = 0; at < f.size; at += at < 600 ? 1 : stride) {
        const unsigned char bit = (unsigned char)(1u << (at % 8));
        f.bytes[at] ^= bit;
        assert_refused(&f, f.bytes, f.size);
        f.bytes[at] ^= 0xff;
        assert_refused(&f, f.bytes, f.size);
        f.bytes[at] ^= (unsigned char)(0xff ^ bit);
    }
    drop_fixture(&f);
}

static void test_foreign_files(void **state)
{
    fixture f = make_fixture(*state);
    unsigned char *longer = test_alloc(f.size + 1, 1);
    memcpy(longer, f.bytes, f.size);
    assert_refused(&f, longer, f.size + 1);
    free(longer);
    f.bytes[VERSION_AT] = 3; /* an earlier one */
    assert_refused(&f, f.bytes, f.size);
    assert_non_null(strstr(ard_detail(), "version 3, expected 4"));
    memcpy(f.bytes, "PK\003\004....", 8);
    assert_refused(&f, f.bytes, f.size);
    const unsigned char zeros[4096] = {0};
    assert_refused(&f, zeros, sizeof zeros);
    ard_mlp *mlp = (ard_mlp *)&f;
    assert_fails(ard_mlp_load(f.context, f.folder.path, &mlp), ARD_STATUS_IO);
    assert_null(mlp);
    char missing[TEST_PATH_CAPACITY];
    test_folder_join(f.folder.path, "missing", missing);
    assert_fails(ard_mlp_load(f.context, missing, &mlp), ARD_STATUS_IO);
    assert_non_null(strstr(ard_detail(), missing));
    drop_fixture(&f);
}

/* A length of 2^64 - 1 in the header must not be believed. */
static void test_absurd_length(void **state)
{
    fixture f = make_fixture(*state);
    memset(f.bytes + LENGTH_AT, 0xff, 8);
    assert_refused(&f, f.bytes, f.size);
    memset(f.bytes + LENGTH_AT, 0, 8);
    assert_refused(&f, f.bytes, f.size);
    drop_fixture(&f);
}

static size_t peak_memory(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return (size_t)usage.ru_maxrss * 1024;
}

/* Loads a payload in a valid container. Whatever loads must work. */
static void try_payload(const fixture *f, const unsigned char *payload, size_t size)
{
    ard__writer writer = {0};
    ard__put_bytes(&writer, payload, size);
    assert_success(ard__writer_save(&writer, f->path));
    ard__writer_free(&writer);
    ard_mlp *mlp = NULL;
    const ard_status status = ard_mlp_load(f->context, f->path, &mlp);
    if (status == ARD_STATUS_SUCCESS) {
        ard_mlp_result result;
        assert_non_null(mlp);
        const ard_mlp_options *options = ard_mlp_get_options(mlp);
        const size_t batch = options->max_batch < BATCH ? options->max_batch : BATCH;
        if (options->widths[0] == INPUTS) {
            ard_mlp_step(mlp, batch, &f->data.src, &f->data.src_labels, NULL);
            ard_mlp_take_training_result(mlp, &result);
        }
        ard_mlp_destroy(mlp);
        return;
    }
    assert_null(mlp);
    if (status != ARD_STATUS_FORMAT && status != ARD_STATUS_OUT_OF_MEMORY &&
        status != ARD_STATUS_DEVICE_OUT_OF_MEMORY) {
        fail_msg("a damaged payload gives %s: %s", ard_status_name(status), ard_detail());
    }
}

/* Damage under a right checksum: numbers and lengths beyond all bounds, everywhere in the first
 * part and here and there in the rest. What loads may train, and its kernels be compiled in this
 * process, which takes some hundred megabytes; believing a length would take far more. */
static void test_wrong_values(void **state)
{
    fixture f = make_fixture(*state);
    const size_t size = f.size - HEADER;
    unsigned char *payload = test_alloc(size + 8, 1);
    const size_t before = peak_memory();
    for (size_t at = 0; at < size; at += at < FIRST_PART ? 3 : 211) {
        static const unsigned char fills[] = {0xff, 0x00, 0x7f};
        const size_t run = at % 2 == 0 ? 8 : 1;
        memcpy(payload, f.bytes + HEADER, size);
        memset(payload + at, fills[at % 3], run);
        try_payload(&f, payload, size);
    }
    assert_true(peak_memory() - before < (size_t)1 << 30);
    free(payload);
    drop_fixture(&f);
}

/* Where the edge of the tiles of hidden layer 0 is in the payload. */
static size_t find_tile_edge(const fixture *f)
{
    ard__reader reader;
    test_file_write(f->path, f->bytes, f->size);
    assert_success(ard__reader_open(f->path, &reader));
    assert_non_null(ard__get_bytes(&reader, ard__get_u32(&reader))); /* the environment */
    assert_non_null(ard__get_bytes(&reader, ard__get_u32(&reader))); /* the extra bytes */
    assert_int_equal(ard__get_u32(&reader), LAYERS);
    assert_non_null(ard__get_bytes(&reader, sizeof(uint64_t) * (LAYERS + 1)));
    assert_non_null(ard__get_bytes(&reader, DROPOUT_BYTES - 2 * sizeof(uint32_t)));
    const size_t at = reader.at;
    assert_int_equal(ard__get_u32(&reader), TILE_EDGE);
    assert_int_equal(ard__get_u32(&reader), ARD_TILE_LINEAR);
    ard__reader_close(&reader);
    return at;
}

/* An edge and a numbering that are not the run's, under a right checksum. */
static void test_wrong_tiles(void **state)
{
    static const struct {
        uint32_t edge;
        uint32_t numbering;
    } bad[] = {{0, ARD_TILE_LINEAR},         {TILE_EDGE, 7},
               {TILE_EDGE, UINT32_MAX},      {TILE_EDGE + 1, ARD_TILE_LINEAR},
               {1, ARD_TILE_LINEAR},         {32, ARD_TILE_LINEAR}, /* one tile only */
               {UINT32_MAX, ARD_TILE_LINEAR}};
    fixture f = make_fixture(*state);
    const size_t at = find_tile_edge(&f);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        ard__writer writer = {0};
        ard_mlp *mlp = (ard_mlp *)&f;
        ard__put_bytes(&writer, f.bytes + HEADER, at);
        ard__put_u32(&writer, bad[i].edge);
        ard__put_u32(&writer, bad[i].numbering);
        ard__put_bytes(&writer, f.bytes + HEADER + at + 8, f.size - HEADER - at - 8);
        assert_success(ard__writer_save(&writer, f.path));
        ard__writer_free(&writer);
        assert_fails(ard_mlp_load(f.context, f.path, &mlp), ARD_STATUS_FORMAT);
        assert_null(mlp);
    }
    drop_fixture(&f);
}

/* What the network has room for, when that is not what it draws or can have: layer, periods,
 * residues and units. */
static void test_wrong_rooms(void **state)
{
    static const struct {
        size_t layer;
        uint64_t periods;
        uint32_t residues;
        uint32_t units;
    } bad[] = {
        {0, 0, 0, 0},          {0, UINT64_MAX, 0, 0}, {0, 7, 1, 0},      {0, 7, 0, 1}, {1, 0, 0, 0},
        {1, 0, 3, 0},          {1, 0, 9, 0},          {1, 1, 4, 0},      {1, 0, 4, 1}, {2, 1, 0, 0},
        {2, UINT64_MAX, 0, 0}, {2, 0xffff, 1, 0},     {2, 0xffff, 0, 1},
    };
    enum { ROOM_BYTES = 16, BEFORE_ROOMS = 8 + 8 + 44 + 16 + 4 + 4 };
    fixture f = make_fixture(*state);
    const size_t rooms = find_tile_edge(&f) + 8 + (LAYERS - 2) * DROPOUT_BYTES + BEFORE_ROOMS;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        const size_t at = rooms + bad[i].layer * ROOM_BYTES;
        ard__writer writer = {0};
        ard_mlp *mlp = (ard_mlp *)&f;
        ard__put_bytes(&writer, f.bytes + HEADER, at);
        ard__put_u64(&writer, bad[i].periods);
        ard__put_u32(&writer, bad[i].residues);
        ard__put_u32(&writer, bad[i].units);
        ard__put_bytes(&writer, f.bytes + HEADER + at + ROOM_BYTES,
                       f.size - HEADER - at - ROOM_BYTES);
        assert_success(ard__writer_save(&writer, f.path));
        ard__writer_free(&writer);
        assert_fails(ard_mlp_load(f.context, f.path, &mlp), ARD_STATUS_FORMAT);
        assert_non_null(strstr(ard_detail(), "hidden layer"));
        assert_null(mlp);
    }
    drop_fixture(&f);
}

static void test_short_payloads(void **state)
{
    fixture f = make_fixture(*state);
    const size_t size = f.size - HEADER;
    for (size_t length = 0; length < size; length += length < FIRST_PART ? 29 : 401) {
        ard__writer writer = {0};
        ard_mlp *mlp = (ard_mlp *)&f;
        ard__put_bytes(&writer, f.bytes + HEADER, length);
        assert_success(ard__writer_save(&writer, f.path));
        ard__writer_free(&writer);
        assert_fails(ard_mlp_load(f.context, f.path, &mlp), ARD_STATUS_FORMAT);
        assert_null(mlp);
    }
    drop_fixture(&f);
}

static void test_null(void **state)
{
    fixture f = make_fixture(*state);
    ard_mlp *mlp = NULL;
    test_file_write(f.path, f.bytes, f.size);
    assert_success(ard_mlp_load(f.context, f.path, &mlp));
    assert_invalid(ard_mlp_save(NULL, f.path, NULL, 0));
    assert_invalid(ard_mlp_save(mlp, NULL, NULL, 0));
    ard_mlp_destroy(mlp);
    mlp = (ard_mlp *)&f;
    assert_invalid(ard_mlp_load(NULL, f.path, &mlp));
    assert_null(mlp);
    assert_invalid(ard_mlp_load(f.context, NULL, &mlp));
    assert_invalid(ard_mlp_load(f.context, f.path, NULL));
    drop_fixture(&f);
}

/* A save that fails leaves the earlier file as it was and nothing beside it. */
static void test_failed_saves(void **state)
{
    fixture f = make_fixture(*state);
    ard_mlp *mlp = NULL;
    char elsewhere[TEST_PATH_CAPACITY];
    assert_success(ard_mlp_load(f.context, f.path, &mlp));
    test_folder_join(f.folder.path, "missing/run.ard", elsewhere);
    assert_fails(ard_mlp_save(mlp, elsewhere, NULL, 0), ARD_STATUS_IO);
    test_folder_join(f.path, "run.ard", elsewhere); /* below a file */
    assert_fails(ard_mlp_save(mlp, elsewhere, NULL, 0), ARD_STATUS_IO);
    test_folder_join(f.folder.path, "folder", elsewhere);
    assert_int_equal(mkdir(elsewhere, 0700), 0);
    assert_fails(ard_mlp_save(mlp, elsewhere, NULL, 0), ARD_STATUS_IO);
    assert_int_equal(test_folder_count(f.folder.path, NULL), 2);
    assert_int_equal(test_folder_count(elsewhere, NULL), 0);

    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    const struct rlimit small = {.rlim_cur = 100, .rlim_max = limit.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const ard_status status = ard_mlp_save(mlp, f.path, NULL, 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(status, ARD_STATUS_IO);
    size_t size = 0;
    unsigned char *now = test_file_read(f.path, &size);
    assert_int_equal(size, f.size);
    assert_memory_equal(now, f.bytes, size);
    assert_int_equal(test_folder_count(f.folder.path, NULL), 2);
    free(now);
    ard_mlp_destroy(mlp);
    drop_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truncation),    cmocka_unit_test(test_flipped_bytes),
        cmocka_unit_test(test_foreign_files), cmocka_unit_test(test_absurd_length),
        cmocka_unit_test(test_wrong_values),  cmocka_unit_test(test_wrong_tiles),
        cmocka_unit_test(test_wrong_rooms),   cmocka_unit_test(test_short_payloads),
        cmocka_unit_test(test_null),          cmocka_unit_test(test_failed_saves),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
