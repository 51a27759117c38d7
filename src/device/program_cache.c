/* SPDX-License-Identifier: Apache-2.0 */
#include "device/program_cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <ard/version.h>

#include "device/context_internal.h"
#include "files/cache_folder.h"
#include "files/file.h"

/* File layout, in the host's byte order (entries are not moved between machines): the header, the
 * key text, the binary. `check` is the CRC-32 of the two. */
typedef struct entry_header {
    char magic[8];
    uint64_t key_bytes;
    uint64_t binary_bytes;
    uint64_t check;
} entry_header;

static const char entry_magic[8] = {'A', 'R', 'D', 'P', 'R', 'O', 'G', '1'};

enum { KEY_CAPACITY = 2048, MAX_ENTRY_BYTES = 64 << 20 };

ard_status ard__program_cache_check(void)
{
    const char *mode = getenv("ARD_CACHE");
    ARD__CHECK(mode == NULL || mode[0] == '\0' || strcmp(mode, "never") == 0 ||
                   strcmp(mode, "auto") == 0 || strcmp(mode, "always") == 0,
               "ARD_CACHE is \"%.100s\", expected never, auto or always", mode);
    return ARD_STATUS_SUCCESS;
}

bool ard__program_cache_wanted(const ard_context *context)
{
    const char *mode = getenv("ARD_CACHE");
    if (mode != NULL && strcmp(mode, "always") == 0) {
        return true;
    }
    if (mode != NULL && strcmp(mode, "never") == 0) {
        return false;
    }
    return strstr(context->info.platform, "Portable Computing Language") == NULL &&
           strstr(context->info.platform, "NVIDIA") == NULL;
}

/* FNV-1a, 64 bits. */
static uint64_t hash_text(const char *text)
{
    uint64_t hash = 14695981039346656037u;
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; ++c) {
        hash = (hash ^ *c) * 1099511628211u;
    }
    return hash;
}

/* All that the binary depends on, as text. */
static void make_key(const ard_context *context, const ard__program_source *source,
                     char key[KEY_CAPACITY])
{
    snprintf(key, KEY_CAPACITY, "libard %s\n%s\n%s\n%s\n%s\n%s\n%016llx%016llx %zu", ard_version(),
             context->info.platform, context->info.name, context->info.driver, source->options,
             source->name, (unsigned long long)hash_text(source->common),
             (unsigned long long)hash_text(source->text),
             strlen(source->common) + strlen(source->text));
}

static bool entry_path(const char *key, char *path, size_t capacity)
{
    char name[64];
    snprintf(name, sizeof name, "%016llx.program", (unsigned long long)hash_text(key));
    return ard__cache_path(name, path, capacity);
}

/* The CRC-32 of key and binary, which lie behind one another. */
static uint64_t entry_check(const unsigned char *payload, size_t bytes)
{
    return crc32_z(0, payload, bytes);
}

/* The binary inside an entry, or NULL when the entry is damaged or of another key. */
static const unsigned char *find_binary(const void *data, size_t size, const char *key,
                                        size_t *bytes)
{
    entry_header header;
    if (size < sizeof header) {
        return NULL;
    }
    memcpy(&header, data, sizeof header);
    const unsigned char *payload = (const unsigned char *)data + sizeof header;
    const size_t rest = size - sizeof header;
    const size_t key_bytes = strlen(key);
    if (memcmp(header.magic, entry_magic, sizeof entry_magic) != 0 ||
        header.key_bytes != key_bytes || key_bytes > rest ||
        header.binary_bytes != rest - key_bytes || header.binary_bytes == 0 ||
        memcmp(payload, key, key_bytes) != 0 || header.check != entry_check(payload, rest)) {
        return NULL;
    }
    *bytes = rest - key_bytes;
    return payload + key_bytes;
}

bool ard__program_cache_load(ard_context *context, const ard__program_source *source,
                             cl_program *program)
{
    char key[KEY_CAPACITY];
    char path[4096];
    void *data = NULL;
    size_t size = 0;
    make_key(context, source, key);
    if (!entry_path(key, path, sizeof path) ||
        ard__file_read(path, MAX_ENTRY_BYTES, &data, &size) != ARD_STATUS_SUCCESS) {
        return false;
    }
    size_t bytes = 0;
    const unsigned char *binary = find_binary(data, size, key, &bytes);
    cl_program loaded = NULL;
    if (binary != NULL) {
        cl_int code = CL_SUCCESS;
        cl_int binary_status = CL_SUCCESS;
        loaded = clCreateProgramWithBinary(context->opencl, 1, &context->device, &bytes, &binary,
                                           &binary_status, &code);
        if (code != CL_SUCCESS) {
            loaded = NULL;
        } else if (binary_status != CL_SUCCESS ||
                   clBuildProgram(loaded, 1, &context->device, source->options, NULL, NULL) !=
                       CL_SUCCESS) {
            clReleaseProgram(loaded);
            loaded = NULL;
        }
    }
    free(data);
    if (loaded == NULL) {
        return false;
    }
    *program = loaded;
    return true;
}

void ard__program_cache_store(ard_context *context, const ard__program_source *source,
                              cl_program program)
{
    char key[KEY_CAPACITY];
    char path[4096];
    size_t bytes = 0;
    make_key(context, source, key);
    if (!entry_path(key, path, sizeof path) ||
        clGetProgramInfo(program, CL_PROGRAM_BINARY_SIZES, sizeof bytes, &bytes, NULL) !=
            CL_SUCCESS ||
        bytes == 0 || bytes > MAX_ENTRY_BYTES / 2) {
        return;
    }
    const size_t key_bytes = strlen(key);
    const size_t size = sizeof(entry_header) + key_bytes + bytes;
    unsigned char *data = malloc(size);
    if (data == NULL) {
        return;
    }
    unsigned char *payload = data + sizeof(entry_header);
    unsigned char *binary = payload + key_bytes;
    memcpy(payload, key, key_bytes);
    if (clGetProgramInfo(program, CL_PROGRAM_BINARIES, sizeof binary, &binary, NULL) ==
        CL_SUCCESS) {
        entry_header header = {.key_bytes = key_bytes,
                               .binary_bytes = bytes,
                               .check = entry_check(payload, key_bytes + bytes)};
        memcpy(header.magic, entry_magic, sizeof entry_magic);
        memcpy(data, &header, sizeof header);
        ard__make_folders(path);
        ard__file_write(path, data, size);
    }
    free(data);
}
