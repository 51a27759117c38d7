/* SPDX-License-Identifier: Apache-2.0 */
#include "models/elsewhere.h"

#include <string.h>

#include "files/checkpoint_file.h"
#include "support/unit.h"

const char elsewhere_environment[] = "a machine elsewhere";

void elsewhere_move(ard_context *context, const char *path)
{
    const size_t length = strlen(elsewhere_environment);
    ard__reader reader;
    ard__writer writer = {0};
    assert_success(ard__reader_open(path, &reader));
    ard__put_u32(&writer, ard__get_u32(&reader)); /* the kind of model */
    const uint32_t environment = ard__get_u32(&reader);
    assert_int_equal(environment, strlen(ard_context_environment(context)));
    assert_non_null(ard__get_bytes(&reader, environment));
    const size_t left = ard__reader_left(&reader);
    ard__put_u32(&writer, (uint32_t)length);
    ard__put_bytes(&writer, elsewhere_environment, length);
    ard__put_bytes(&writer, ard__get_bytes(&reader, left), left);
    assert_success(ard__writer_save(&writer, path));
    ard__writer_free(&writer);
    ard__reader_close(&reader);
}

void elsewhere_assert_noted(const ard_context *context, const char *note)
{
    assert_non_null(note);
    assert_non_null(strstr(note, elsewhere_environment));
    assert_non_null(strstr(note, ard_context_environment(context)));
}
