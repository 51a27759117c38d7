/* SPDX-License-Identifier: Apache-2.0 */
/* The tunings that ship: each file is one, serves the devices that it says, and the rest have
 * defaults. */
#include <ard/tuning.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/folder.h"
#include "support/unit.h"
#include "tuning/tuning_internal.h"
#include "tuning/tuning_json.h"
#include "tuning/tuning_texts.h"

static void test_files(void **state)
{
    (void)state;
    assert_true(ard__tuning_text_count >= 2);
    for (size_t i = 0; i < ard__tuning_text_count; ++i) {
        const ard__tuning_text *file = &ard__tuning_texts[i];
        char path[TEST_PATH_CAPACITY];
        size_t size = 0;
        ard__tuning_document document;
        ard__tuning_serves serves;
        test_folder_join(ARD_SOURCE_DIR "/tuning", file->name, path);
        unsigned char *bytes = test_file_read(path, &size);
        assert_int_equal(file->length, size);
        assert_memory_equal(file->text, bytes, size);
        free(bytes);
        assert_success(ard__tuning_parse(file->name, file->text, size, &document, &serves));
        assert_true(document.tuning.name[0] != '\0');
        /* It is what the device gets that it says it serves. */
        ard_tuning tuning;
        assert_success(
            ard__tuning_shipped_for(serves.platform, serves.type, serves.vector_width, &tuning));
        assert_string_equal(tuning.name, document.tuning.name);
        assert_int_equal(ard__tuning_checksum(&tuning), ard__tuning_checksum(&document.tuning));
        /* It is no file of a user's. */
        assert_fails(ard__tuning_parse(file->name, file->text, size, &document, NULL),
                     ARD_STATUS_FORMAT);
    }
}

static void test_defaults(void **state)
{
    static const struct {
        size_t width;
        uint32_t vector_width;
        uint32_t rows;
    } cases[] = {{1, 4, 6}, {4, 4, 6}, {8, 8, 6}, {16, 16, 12}, {32, 16, 12}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        ard_tuning cpu;
        ard_tuning gpu;
        assert_success(ard__tuning_shipped_for("Another", ARD_DEVICE_CPU, cases[i].width, &cpu));
        assert_success(ard__tuning_shipped_for("Another", ARD_DEVICE_GPU, cases[i].width, &gpu));
        assert_success(ard__tuning_check(&cpu));
        assert_success(ard__tuning_check(&gpu));
        assert_int_equal(cpu.packed.vector_width, cases[i].vector_width);
        assert_int_equal(cpu.packed.rows, cases[i].rows);
        assert_memory_equal(&cpu.packed, &gpu.packed, sizeof cpu.packed);
        const bool vectors = cases[i].width > 1;
        assert_int_equal(cpu.engine, vectors ? ARD_ENGINE_PACKED : ARD_ENGINE_CLBLAST);
        assert_int_equal(gpu.engine, ARD_ENGINE_CLBLAST);
        assert_int_equal(cpu.clblast_count, vectors ? 2 : 0);
        assert_int_equal(gpu.clblast_count, 0);
        assert_true(cpu.strided_batched == !vectors);
        assert_true(gpu.strided_batched);
        assert_int_equal(strncmp(cpu.name, "default-", 8), 0);
    }
}

/* A part of the platform's name is enough; type and width are to be the same. */
static void test_matching(void **state)
{
    static const char platform[] = "Portable Computing Language 9";
    (void)state;
    ard_tuning tuning;
    assert_success(ard__tuning_shipped_for(platform, ARD_DEVICE_CPU, 16, &tuning));
    assert_int_equal(strncmp(tuning.name, "pocl-x86-64-avx512", 18), 0);
    assert_success(ard__tuning_shipped_for(platform, ARD_DEVICE_CPU, 8, &tuning));
    assert_int_equal(strncmp(tuning.name, "pocl-x86-64-avx2", 16), 0);
    assert_success(ard__tuning_shipped_for(platform, ARD_DEVICE_CPU, 4, &tuning));
    assert_string_equal(tuning.name, "default-4");
    assert_success(ard__tuning_shipped_for(platform, ARD_DEVICE_GPU, 16, &tuning));
    assert_string_equal(tuning.name, "default-16");
    assert_success(ard__tuning_shipped_for("Portable", ARD_DEVICE_CPU, 16, &tuning));
    assert_string_equal(tuning.name, "default-16");
}

static void test_of_a_device(void **state)
{
    (void)state;
    ard_device_info device;
    ard_tuning tuning;
    ard_tuning expected;
    cl_uint width = 0;
    assert_success(ard_device_find(NULL, &device));
    assert_int_equal(clGetDeviceInfo(device.handle, CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT,
                                     sizeof width, &width, NULL),
                     CL_SUCCESS);
    assert_success(ard_tuning_shipped(&device, &tuning));
    assert_success(ard__tuning_check(&tuning));
    assert_success(ard__tuning_shipped_for(device.platform, device.type, width, &expected));
    assert_string_equal(tuning.name, expected.name);
    device.handle = NULL;
    assert_invalid(ard_tuning_shipped(&device, &tuning));
    assert_invalid(ard_tuning_shipped(NULL, &tuning));
    assert_invalid(ard_tuning_shipped(&device, NULL));
}

/* What a file that ships may not be. */
static void test_bad_files(void **state)
{
    (void)state;
    const ard__tuning_text *file = &ard__tuning_texts[0];
    char *text = malloc(file->length + 1);
    assert_non_null(text);
    static const char *const words[] = {"\"serves\"", "\"cpu\"", "\"vector_width\"", "\"name\""};
    for (size_t i = 0; i < 4; ++i) {
        ard__tuning_document document;
        ard__tuning_serves serves;
        memcpy(text, file->text, file->length + 1);
        strstr(text, words[i])[1] ^= 1;
        assert_fails(ard__tuning_parse("FILE", text, file->length, &document, &serves),
                     ARD_STATUS_FORMAT);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),     cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_matching),  cmocka_unit_test(test_of_a_device),
        cmocka_unit_test(test_bad_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
