/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs as text, CSV and JSON. */
#include <math.h>
#include <string.h>

#include "json_text.h"
#include "report/case_words.h"
#include "report/compare_print.h"

/* What a file holds may be anything; a line stays one. */
static void make_line(char *text)
{
    for (char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7F) {
            *c = '?';
        }
    }
}

static const char *kind_of(const report_result *result)
{
    return strcmp(result->kind, "gemm") == 0 ? "" : result->kind;
}

void compare_describe(const report_data *data, const report_result *result,
                      char text[COMPARE_WORDS])
{
    char network[CASE_WORDS];
    char rates[CASE_WORDS];
    char pattern[CASE_WORDS];
    case_network(result, network);
    case_rates(result, rates);
    case_pattern(result, pattern);
    snprintf(text, COMPARE_WORDS, "%.40s%s%s, rate %s, %s / %.40s, %.40s, on %.120s",
             kind_of(result), kind_of(result)[0] != '\0' ? " " : "", network, rates, pattern,
             result->baseline, result->engine, data->devices[result->device].name);
    make_line(text);
}

static void print_ratio(FILE *output, int width, double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.3f", value);
    fprintf(output, "%*s", width, isfinite(value) ? text : "-");
}

static void print_ms(FILE *output, double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.4g", value);
    fprintf(output, "%11s", isfinite(value) ? text : "-");
}

static void print_text_pair(FILE *output, const comparison *comparison, const paired *pair)
{
    char words[COMPARE_WORDS];
    compare_describe(comparison->old_data, pair->old_result, words);
    print_ratio(output, 7, pair->ratio);
    print_ratio(output, 10, pair->dense_ratio);
    print_ms(output, pair->old_result->ard.median);
    print_ms(output, pair->new_result->ard.median);
    fprintf(output, "  %-8s %s", verdict_name(pair->verdict), words);
    if (strcmp(pair->old_result->engine, pair->new_result->engine) != 0) {
        char engine[64];
        snprintf(engine, sizeof engine, "%.60s", pair->new_result->engine);
        make_line(engine);
        fprintf(output, ", now %s", engine);
    }
    fputc('\n', output);
}

static void print_text(FILE *output, const comparison *comparison)
{
    fprintf(output, "%7s%10s%11s%11s  %-8s %s\n", "ratio", "dense", "old ms", "new ms", "verdict",
            "case");
    for (size_t i = 0; i < comparison->pairing->count; i++) {
        print_text_pair(output, comparison, &comparison->pairing->pairs[i]);
    }
}

/* A quoted field. */
static void print_field(FILE *output, const char *text)
{
    char line[COMPARE_WORDS];
    snprintf(line, sizeof line, "%s", text);
    make_line(line);
    fputs(",\"", output);
    for (const char *c = line; *c != '\0'; c++) {
        fprintf(output, *c == '"' ? "\"\"" : "%c", *c);
    }
    fputc('"', output);
}

static void print_measure(FILE *output, const char *before, double value)
{
    fputs(before, output);
    if (isfinite(value)) {
        fprintf(output, "%.6g", value);
    }
}

static void print_csv(FILE *output, const comparison *comparison)
{
    fputs("ratio,dense_ratio,old_ard_ms,old_ard_ms_min,old_ard_ms_max,new_ard_ms,new_ard_ms_min,"
          "new_ard_ms_max,old_dense_ms,new_dense_ms,verdict,old_engine,new_engine,device,case\n",
          output);
    for (size_t i = 0; i < comparison->pairing->count; i++) {
        const paired *pair = &comparison->pairing->pairs[i];
        char words[COMPARE_WORDS];
        compare_describe(comparison->old_data, pair->old_result, words);
        print_measure(output, "", pair->ratio);
        print_measure(output, ",", pair->dense_ratio);
        print_measure(output, ",", pair->old_result->ard.median);
        print_measure(output, ",", pair->old_result->ard.min);
        print_measure(output, ",", pair->old_result->ard.max);
        print_measure(output, ",", pair->new_result->ard.median);
        print_measure(output, ",", pair->new_result->ard.min);
        print_measure(output, ",", pair->new_result->ard.max);
        print_measure(output, ",", pair->old_result->dense.median);
        print_measure(output, ",", pair->new_result->dense.median);
        fprintf(output, ",%s", verdict_name(pair->verdict));
        print_field(output, pair->old_result->engine);
        print_field(output, pair->new_result->engine);
        print_field(output, comparison->old_data->devices[pair->old_result->device].name);
        print_field(output, words);
        fputc('\n', output);
    }
}

/* The results themselves, but for what is long. */
static bool add_result(cJSON *object, const char *key, const report_result *result)
{
    cJSON *copy = cJSON_Duplicate(result->object, true);
    cJSON_DeleteItemFromObjectCaseSensitive(copy, "profile");
    if (copy != NULL && cJSON_AddItemToObject(object, key, copy)) {
        return true;
    }
    cJSON_Delete(copy);
    return false;
}

static bool add_pair(cJSON *array, const comparison *comparison, const paired *pair)
{
    cJSON *object = cJSON_CreateObject();
    const char *device = comparison->old_data->devices[pair->old_result->device].name;
    return json_append(array, object) && json_add_measure(object, "ratio", pair->ratio) &&
           json_add_measure(object, "dense_ratio", pair->dense_ratio) &&
           cJSON_AddStringToObject(object, "verdict", verdict_name(pair->verdict)) != NULL &&
           cJSON_AddStringToObject(object, "device", device) != NULL &&
           add_result(object, "old", pair->old_result) &&
           add_result(object, "new", pair->new_result);
}

static bool add_alone(cJSON *document, const char *key, const report_result *const *results,
                      size_t count)
{
    cJSON *array = cJSON_AddArrayToObject(document, key);
    bool good = array != NULL;
    for (size_t i = 0; i < count && good; i++) {
        cJSON *copy = cJSON_Duplicate(results[i]->object, true);
        cJSON_DeleteItemFromObjectCaseSensitive(copy, "profile");
        good = json_append(array, copy);
    }
    return good;
}

static bool fill_document(cJSON *document, const comparison *comparison)
{
    const pairing *pairing = comparison->pairing;
    if (document == NULL || cJSON_AddNumberToObject(document, "schema", 1) == NULL ||
        !json_add_measure(document, "tolerance", comparison->tolerance)) {
        return false;
    }
    for (verdict i = 0; i < VERDICTS; i++) {
        if (cJSON_AddNumberToObject(document, verdict_name(i), (double)pairing->verdicts[i]) ==
            NULL) {
            return false;
        }
    }
    cJSON *array = cJSON_AddArrayToObject(document, "pairs");
    bool good = array != NULL;
    for (size_t i = 0; i < pairing->count && good; i++) {
        good = add_pair(array, comparison, &pairing->pairs[i]);
    }
    return good && add_alone(document, "old_only", pairing->old_only, pairing->old_only_count) &&
           add_alone(document, "new_only", pairing->new_only, pairing->new_only_count);
}

bool compare_print(FILE *output, compare_format format, const comparison *comparison)
{
    if (format == COMPARE_JSON) {
        cJSON *document = cJSON_CreateObject();
        const bool good = fill_document(document, comparison) && json_print(output, document);
        cJSON_Delete(document);
        return good;
    }
    if (format == COMPARE_CSV) {
        print_csv(output, comparison);
    } else {
        print_text(output, comparison);
    }
    return true;
}
