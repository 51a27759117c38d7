/* SPDX-License-Identifier: Apache-2.0 */
/* Damaged checkpoints of networks are refused, never trusted, and failed saves leave nothing
 * behind. */
#include <ard/mlp.h>

#include <string.h>

#include "files/checkpoint_file.h"
#include "models/checkpoint_parts.h"
#include "models/damage.h"
#include "models/toy.h"
#include "support/device.h"
#include "support/unit.h"

enum { SAMPLES = 20, INPUTS = 5, CLASSES = 3, BATCH = 4 };

enum { LAYERS = 4, TILE_EDGE = 2 };

static const size_t widths[LAYERS + 1] = {INPUTS, 17, 16, 18, CLASSES};

/* Bytes of one hidden layer's dropout; the edge and the numbering of tiles are its last 8. */
enum { DROPOUT_BYTES = 1116 };

/* More than the bytes before the weights. */
enum { FIRST_PART = (LAYERS - 1) * DROPOUT_BYTES + 500 };

static ard_status save(void *model, const char *path)
{
    return ard_mlp_save(model, path, "extra", 5);
}

static ard_status load(ard_context *context, const char *path, void **model)
{
    ard_mlp *mlp = *model;
    const ard_status status = ard_mlp_load(context, path, &mlp);
    *model = mlp;
    return status;
}

static void destroy(void *model)
{
    ard_mlp_destroy(model);
}

static void use(void *model, void *data)
{
    const toy_data *toy = data;
    const ard_mlp_options *options = ard_mlp_get_options(model);
    const size_t batch = options->max_batch < BATCH ? options->max_batch : BATCH;
    ard_mlp_result result;
    if (options->widths[0] == INPUTS) {
        ard_mlp_step(model, batch, &toy->src, &toy->src_labels, NULL);
        ard_mlp_take_training_result(model, &result);
    }
}

static const damage_model network = {save, load, destroy, use};

/* Of a lazily updated network. */
static damage begin(ard_context *context, toy_data *data)
{
    *data = toy_create(context, SAMPLES, INPUTS, CLASSES, 0.5f, 6);
    ard_dropout dropout[LAYERS - 1] = {toy_dropout(ARD_DROPOUT_TILE, ARD_SCALE_RATE),
                                       toy_dropout(ARD_DROPOUT_SUBSET, ARD_SCALE_RATE)};
    dropout[0].tile_edge = TILE_EDGE;
    dropout[0].tile_numbering = ARD_TILE_LINEAR;
    assert_success(ard_dropout_init(ARD_DROPOUT_ROW, 0.6, 16, ARD_SCALE_RATE, &dropout[2]));
    const ard_mlp_options options = toy_options(LAYERS, widths, dropout, BATCH);
    ard_mlp *mlp = toy_network(context, &options);
    toy_train(mlp, data, 5, BATCH);
    return damage_begin(context, &network, mlp, data);
}

static void end(damage *d)
{
    toy_destroy(d->data);
    damage_end(d);
}

static void test_files(void **state)
{
    toy_data data;
    damage d = begin(*state, &data);
    damage_check_truncation(&d);
    damage_check_flipped_bytes(&d);
    damage_check_foreign_files(&d);
    damage_check_absurd_length(&d);
    end(&d);
}

static void test_wrong_values(void **state)
{
    toy_data data;
    damage d = begin(*state, &data);
    damage_check_wrong_values(&d, FIRST_PART);
    end(&d);
}

static void test_short_payloads(void **state)
{
    toy_data data;
    damage d = begin(*state, &data);
    damage_check_short_payloads(&d, FIRST_PART);
    end(&d);
}

static void test_failed_saves(void **state)
{
    toy_data data;
    damage d = begin(*state, &data);
    damage_check_failed_saves(&d);
    end(&d);
}

/* Where the edge of the tiles of hidden layer 0 is in the payload. */
static size_t find_tile_edge(const damage *d)
{
    ard__reader reader;
    test_file_write(d->place.path, d->bytes, d->size);
    assert_success(ard__reader_open(d->place.path, &reader));
    assert_int_equal(ard__get_u32(&reader), ARD__CHECKPOINT_MLP);
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
    toy_data data;
    damage d = begin(*state, &data);
    const size_t at = find_tile_edge(&d);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        ard__writer writer = {0};
        ard__put_u32(&writer, bad[i].edge);
        ard__put_u32(&writer, bad[i].numbering);
        damage_refuse_replaced(&d, at, writer.data, writer.size);
        ard__writer_free(&writer);
    }
    end(&d);
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
    toy_data data;
    damage d = begin(*state, &data);
    const size_t rooms = find_tile_edge(&d) + 8 + (LAYERS - 2) * DROPOUT_BYTES + BEFORE_ROOMS;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        const size_t at = rooms + bad[i].layer * ROOM_BYTES;
        ard__writer writer = {0};
        ard__put_u64(&writer, bad[i].periods);
        ard__put_u32(&writer, bad[i].residues);
        ard__put_u32(&writer, bad[i].units);
        damage_refuse_replaced(&d, at, writer.data, writer.size);
        assert_non_null(strstr(ard_detail(), "hidden layer"));
        ard__writer_free(&writer);
    }
    end(&d);
}

static void test_null(void **state)
{
    toy_data data;
    damage d = begin(*state, &data);
    const char *path = d.place.path;
    ard_mlp *mlp = NULL;
    assert_success(ard_mlp_load(d.context, path, &mlp));
    assert_invalid(ard_mlp_save(NULL, path, NULL, 0));
    assert_invalid(ard_mlp_save(mlp, NULL, NULL, 0));
    ard_mlp_destroy(mlp);
    mlp = (ard_mlp *)&d;
    assert_invalid(ard_mlp_load(NULL, path, &mlp));
    assert_null(mlp);
    assert_invalid(ard_mlp_load(d.context, NULL, &mlp));
    assert_invalid(ard_mlp_load(d.context, path, NULL));
    end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),          cmocka_unit_test(test_wrong_values),
        cmocka_unit_test(test_wrong_tiles),    cmocka_unit_test(test_wrong_rooms),
        cmocka_unit_test(test_short_payloads), cmocka_unit_test(test_null),
        cmocka_unit_test(test_failed_saves),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
