/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of ard-bench report and compare: texts in HTML, ticks of axes, points that become one, and
 * when a time is a regression. */
#include "report/axis.h"
#include "report/pairing.h"
#include "report/picture.h"
#include "report/text_buffer.h"
#include "support/unit.h"

#include <math.h>
#include <string.h>

static void assert_escaped(const char *text, const char *expected)
{
    text_buffer buffer = {0};
    text_add_escaped(&buffer, text);
    assert_false(buffer.failed);
    assert_string_equal(buffer.data != NULL ? buffer.data : "", expected);
    text_free(&buffer);
}

#define REPLACED "\xEF\xBF\xBD"

static void escapes_texts(void **state)
{
    (void)state;
    assert_escaped("", "");
    assert_escaped("a<b>&\"'", "a&lt;b&gt;&amp;&quot;&#39;");
    assert_escaped("\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80",
                   "\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80");
    /* Control characters, bytes alone, overlong forms, surrogates, beyond the last character. */
    assert_escaped("\x01\x7F\x1B", REPLACED REPLACED REPLACED);
    assert_escaped("\x80"
                   "a\xC3",
                   REPLACED "a" REPLACED);
    assert_escaped("\xC0\xBC", REPLACED REPLACED);
    assert_escaped("\xED\xA0\x80", REPLACED REPLACED REPLACED);
    assert_escaped("\xF4\x90\x80\x80", REPLACED REPLACED REPLACED REPLACED);
    assert_escaped("\xC2\x85", REPLACED REPLACED);
    assert_int_equal(text_length("\xC3\xA4<\xFF"), 3);
    text_buffer buffer = {0};
    text_add_cut(&buffer, "\xC3\xA4<xyz", 2);
    assert_string_equal(buffer.data, "\xC3\xA4&lt;\xE2\x80\xA6");
    text_free(&buffer);
}

static void shows_numbers(void **state)
{
    (void)state;
    const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"},           {-0.0, "0"},           {0.5, "0.5"},
                 {1.23456, "1.235"}, {12345.6, "12346"},    {999999999, "999999999"},
                 {1e9, "1e+09"},     {NAN, "\xE2\x80\x93"}, {INFINITY, "\xE2\x80\x93"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[TEXT_NUMBER];
        text_number(text, cases[i].value);
        assert_string_equal(text, cases[i].text);
    }
}

/* Ticks lie on the axis in increasing order, and all values between its ends. */
static void check_axis(bool log, bool from_zero, double least, double most)
{
    axis axis;
    axis_begin(&axis, log, from_zero);
    axis_include(&axis, least);
    axis_include(&axis, most);
    axis_include(&axis, NAN);
    axis_finish(&axis, 6);
    assert_true(axis.tick_count >= 2);
    assert_true(isfinite(axis.least) && isfinite(axis.most) && axis.least < axis.most);
    for (size_t i = 0; i < axis.tick_count; i++) {
        const double place = axis_place(&axis, axis.ticks[i]);
        assert_true(place >= 0 && place <= 1);
        assert_true(i == 0 || axis.ticks[i] > axis.ticks[i - 1]);
    }
    assert_true(axis_place(&axis, least) <= axis_place(&axis, most));
    assert_true(axis.least <= least && axis.most >= most);
    assert_true(!from_zero || log || axis.least <= 0);
}

static void makes_axes(void **state)
{
    (void)state;
    const double values[] = {5e-324,    1e-323, 1e-300, 1e-9, 0.001, 0.31, 1,
                             1.0000001, 7,      128,    2048, 99999, 1e12, 1e30};
    const size_t count = sizeof values / sizeof values[0];
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i; j < count; j++) {
            check_axis(false, false, values[i], values[j]);
            check_axis(false, true, values[i], values[j]);
            if (values[i] >= 1e-30) {
                check_axis(true, false, values[i], values[j]);
            }
        }
    }
    axis axis;
    axis_begin(&axis, false, true);
    axis_include(&axis, 6.1);
    axis_finish(&axis, 6);
    assert_int_equal(axis.tick_count, 5);
    assert_true(axis.ticks[1] == 2 && axis.ticks[4] == 8);
    assert_false(axis_shows(&axis, NAN));
    axis_begin(&axis, true, false);
    assert_false(axis_shows(&axis, 0));
    axis_finish(&axis, 6);
    assert_true(axis.least < axis.most);
}

static void joins_points(void **state)
{
    (void)state;
    picture_list list = {0};
    picture *picture = picture_find(&list, PICTURE_SPEEDUP, "title", "note");
    assert_non_null(picture);
    assert_ptr_equal(picture_find(&list, PICTURE_SPEEDUP, "title", "note"), picture);
    picture_series *series = picture_find_series(&list, picture, "line", false);
    picture_add_point(&list, series, (picture_point){.x = 2, .y = 4, .low = 3, .high = NAN});
    picture_add_point(&list, series, (picture_point){.x = 1, .y = 1, .low = NAN, .high = NAN});
    picture_add_point(&list, series, (picture_point){.x = 2, .y = 8, .low = NAN, .high = 9});
    picture_add_point(&list, series, (picture_point){.x = 2, .y = 6, .low = 2, .high = 7});
    picture_add_point(&list, series, (picture_point){.x = NAN, .y = 6});
    (void)picture_find(&list, PICTURE_SPEEDUP, "empty", "note");
    picture_list_finish(&list);
    assert_false(list.failed);
    assert_int_equal(list.count, 1);
    series = list.pictures[0].series;
    assert_int_equal(series->count, 2);
    assert_true(series->points[0].x == 1 && isnan(series->points[0].low));
    assert_true(series->points[1].y == 6 && series->points[1].low == 2);
    assert_true(series->points[1].high == 9);
    picture_list_free(&list);
}

static void judges_times(void **state)
{
    (void)state;
    const report_time old_time = {10, 9, 11};
    const struct {
        report_time time;
        verdict expected;
    } cases[] = {
        {{10.5, 9, 12}, VERDICT_SAME},    {{10.5, 11.5, 12}, VERDICT_SAME},
        {{12, 11, 13}, VERDICT_UNCLEAR},  {{12, 11.01, 13}, VERDICT_SLOWER},
        {{12, NAN, NAN}, VERDICT_SLOWER}, {{8, 7, 9}, VERDICT_UNCLEAR},
        {{8, 7, 8.9}, VERDICT_FASTER},    {{9.6, 7, 8}, VERDICT_SAME},
        {{NAN, NAN, NAN}, VERDICT_SAME},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(pairing_judge(&old_time, &cases[i].time, 0.05), cases[i].expected);
    }
    assert_string_equal(verdict_name(VERDICT_SLOWER), "slower");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_texts), cmocka_unit_test(shows_numbers),
        cmocka_unit_test(makes_axes),    cmocka_unit_test(joins_points),
        cmocka_unit_test(judges_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
