/* SPDX-License-Identifier: Apache-2.0 */
/* The embedded kernel texts are the files of cl/, byte for byte, behind their #line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device/kernel_sources.h"
#include "support/unit.h"

/* The file's bytes; the caller frees them. */
static char *read_kernel_file(const char *name, size_t *length)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/cl/%s", ARD_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    const long size = ftell(file);
    assert_true(size >= 0);
    rewind(file);
    char *bytes = malloc((size_t)size + 1);
    assert_non_null(bytes);
    *length = fread(bytes, 1, (size_t)size, file);
    assert_int_equal(*length, size);
    assert_int_equal(fclose(file), 0);
    return bytes;
}

static void test_texts_are_the_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < ard__kernel_source_count; ++i) {
        const ard__kernel_source *source = &ard__kernel_sources[i];
        char head[256];
        (void)snprintf(head, sizeof head, "#line 1 \"cl/%s\"\n", source->name);
        const size_t head_length = strlen(head);
        size_t length = 0;
        char *bytes = read_kernel_file(source->name, &length);
        assert_int_equal(source->length, head_length + length);
        assert_int_equal(source->length, strlen(source->text));
        assert_memory_equal(source->text, head, head_length);
        assert_memory_equal(source->text + head_length, bytes, length);
        free(bytes);
    }
}

static void test_names_are_distinct(void **state)
{
    (void)state;
    for (size_t i = 0; i < ard__kernel_source_count; ++i) {
        for (size_t j = 0; j < i; ++j) {
            assert_string_not_equal(ard__kernel_sources[i].name, ard__kernel_sources[j].name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_are_the_files),
        cmocka_unit_test(test_names_are_distinct),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
