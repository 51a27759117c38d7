/* SPDX-License-Identifier: Apache-2.0 */
/* Time by kernels: a picture for the first results of each network with profiles, a bar
 * for each of their sides. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/case_words.h"
#include "report/gather.h"

/* Kernels with a colour of their own; the others share the next style, and the last is the time
 * outside of the device. */
enum { MOST_KERNELS = PICTURE_STYLES - 2, OTHERS = MOST_KERNELS, HOST = PICTURE_STYLES - 1 };

enum { MOST_PICTURES = 4 }; /* of a network; the tables have all results */

typedef struct ranking {
    const char *names[MOST_KERNELS];
    size_t count;
} ranking;

static double time_in(const report_profile *profile, const char *name)
{
    double sum = 0;
    for (size_t i = 0; i < profile->count; i++) {
        const report_kernel *kernel = &profile->kernels[i];
        sum += strcmp(kernel->name, name) == 0 && kernel->ms > 0 ? kernel->ms : 0;
    }
    return sum;
}

static bool is_ranked(const ranking *ranking, const char *name)
{
    for (size_t i = 0; i < ranking->count; i++) {
        if (strcmp(ranking->names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* The kernel that takes longest on both sides together and has no rank yet, or NULL. */
static const char *find_longest(const report_profile *const sides[2], const ranking *ranking)
{
    const char *longest = NULL;
    double most = 0;
    for (size_t side = 0; side < 2; side++) {
        for (size_t i = 0; i < sides[side]->count; i++) {
            const char *name = sides[side]->kernels[i].name;
            const double time = time_in(sides[0], name) + time_in(sides[1], name);
            if (time > most && !is_ranked(ranking, name)) {
                most = time;
                longest = name;
            }
        }
    }
    return longest;
}

static void add_bar(picture_list *list, picture *picture, const char *name,
                    const report_profile *profile, const ranking *ranking)
{
    picture_bar *bar = picture_add_bar(list, picture, name);
    double others = 0;
    for (size_t i = 0; i < ranking->count; i++) {
        picture_add_part(list, bar, ranking->names[i], (unsigned)i,
                         time_in(profile, ranking->names[i]));
    }
    for (size_t i = 0; i < profile->count; i++) {
        const report_kernel *kernel = &profile->kernels[i];
        others += !is_ranked(ranking, kernel->name) && kernel->ms > 0 ? kernel->ms : 0;
    }
    picture_add_part(list, bar, "other kernels", OTHERS, others);
    picture_add_part(list, bar, "outside of the device", HOST, profile->host_ms);
}

static bool has_profile(const report_result *result)
{
    return result->dense_profile.count + result->ard_profile.count > 0;
}

/* Whether profiles are from several files. */
static bool have_files(const report_data *data)
{
    const report_result *first = NULL;
    for (size_t i = 0; i < data->result_count; i++) {
        const report_result *result = &data->results[i];
        if (has_profile(result) && first != NULL && result->file != first->file) {
            return true;
        }
        first = first == NULL && has_profile(result) ? result : first;
    }
    return false;
}

/* The device, and with `files` the file's name. */
static void describe_source(const report_data *data, const report_result *result, bool files,
                            char note[PICTURE_TITLE])
{
    char device[CASE_WORDS];
    const char *path = data->files[result->file].path;
    const char *slash = strrchr(path, '/');
    case_device(data, result->device, device);
    snprintf(note, PICTURE_TITLE, "%.150s%s%.90s", device, files ? ", " : "",
             !files          ? ""
             : slash != NULL ? slash + 1
                             : path);
}

/* Whether a network has all its pictures. */
static bool is_full(const picture_list *list, const char *network, const char *note)
{
    char beginning[PICTURE_TITLE];
    size_t own = 0;
    const int length = snprintf(beginning, sizeof beginning, "%.110s, rate ", network);
    for (size_t i = 0; i < list->count; i++) {
        const picture *picture = &list->pictures[i];
        const bool profile = picture->section == PICTURE_PROFILE;
        const bool same = strcmp(picture->note, note) == 0 &&
                          strncmp(picture->title, beginning, (size_t)length) == 0;
        own += profile && same ? 1 : 0;
    }
    return own >= MOST_PICTURES;
}

static void add_result(const report_data *data, const report_result *result, bool files,
                       picture_list *list)
{
    const report_profile *const sides[2] = {&result->dense_profile, &result->ard_profile};
    char network[CASE_WORDS];
    char pattern[CASE_WORDS];
    char rates[CASE_WORDS];
    char note[PICTURE_TITLE];
    char title[PICTURE_TITLE];
    char name[PICTURE_NAME];
    ranking ranking = {.count = 0};
    case_network(result, network);
    case_pattern(result, pattern);
    case_rates(result, rates);
    describe_source(data, result, files, note);
    if (is_full(list, network, note)) {
        return;
    }
    snprintf(title, sizeof title, "%.110s, rate %.40s, %.50s / %.20s", network, rates, pattern,
             result->baseline);
    picture *picture = picture_find(list, PICTURE_PROFILE, title, note);
    if (picture == NULL || picture->bar_count > 0) {
        return; /* a case that was measured again */
    }
    for (const char *next = find_longest(sides, &ranking);
         next != NULL && ranking.count < MOST_KERNELS; next = find_longest(sides, &ranking)) {
        ranking.names[ranking.count++] = next;
    }
    picture->x_label = "ms a step";
    snprintf(name, sizeof name, "dense, %.60s", result->baseline);
    add_bar(list, picture, name, sides[0], &ranking);
    add_bar(list, picture, "compacted", sides[1], &ranking);
}

void gather_profiles(const report_data *data, picture_list *list)
{
    const bool files = have_files(data);
    for (size_t i = 0; i < data->result_count; i++) {
        if (has_profile(&data->results[i])) {
            add_result(data, &data->results[i], files, list);
        }
    }
}
