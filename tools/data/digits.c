/* SPDX-License-Identifier: Apache-2.0 */
#include "data/digits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <ard/sampler.h>

#include "data/digits_glyphs.h"

enum {
    PIXELS = DIGITS_SIDE * DIGITS_SIDE,
    CURVE_PIECES = 6, /* straight pieces that a curve is drawn with */
    STREAM_TAG = 0x64 /* keeps these draws apart from those of training with the same seed */
};
static const uint64_t BUILTIN_SEED = 20190325;

/* A reader of the random words of one sample. */
typedef struct word_source {
    uint32_t key[2];
    uint32_t counter[4];
    uint32_t words[4];
    unsigned used;
} word_source;

static word_source word_source_init(uint64_t seed, uint32_t half, size_t sample)
{
    return (word_source){.key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
                         .counter = {0, (uint32_t)STREAM_TAG << 24 | half, (uint32_t)sample,
                                     (uint32_t)((uint64_t)sample >> 32)},
                         .used = 4};
}

static uint32_t next_word(word_source *source)
{
    if (source->used == 4) {
        ard_philox4x32(source->counter, source->key, source->words);
        ++source->counter[0];
        source->used = 0;
    }
    return source->words[source->used++];
}

/* Uniform in [low, high). */
static double next_between(word_source *source, double low, double high)
{
    return low + (high - low) * ((double)next_word(source) / 4294967296.0);
}

typedef struct point {
    double x;
    double y;
} point;

/* How one picture is distorted and drawn; lengths in pixels. */
typedef struct hand {
    double xx, xy, yx, yy; /* from the box of the glyph to pixels */
    point centre;
    double shake;  /* how far a point strays, in hundredths of the box */
    double radius; /* of the pen */
    double ink;    /* darkness of a stroke's middle, 0..1 */
    double noise;  /* amplitude of the noise, 0..1 */
} hand;

/* The turn comes as two opposite shears, which need no sine: for small angles they are a rotation.
 */
static hand draw_hand(word_source *source)
{
    const double width = next_between(source, 12.0, 20.0);
    const double height = next_between(source, 17.0, 22.0);
    const double turn = next_between(source, -0.3, 0.3);
    const double slant = next_between(source, -0.3, 0.3);
    hand result;
    result.xx = width;
    result.xy = -(turn + slant) * height;
    result.yx = turn * width;
    result.yy = height;
    result.centre.x = DIGITS_SIDE / 2.0 + next_between(source, -2.0, 2.0);
    result.centre.y = DIGITS_SIDE / 2.0 + next_between(source, -2.0, 2.0);
    result.shake = next_between(source, 2.0, 9.0);
    result.radius = next_between(source, 1.0, 2.2);
    result.ink = next_between(source, 0.75, 1.0);
    result.noise = next_between(source, 0.02, 0.15);
    return result;
}

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

static double distance_to_segment(point p, point a, point b)
{
    const double dx = b.x - a.x;
    const double dy = b.y - a.y;
    const double length2 = dx * dx + dy * dy;
    double t = 0.0;
    if (length2 > 0.0) {
        t = clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length2, 0.0, 1.0);
    }
    const double ex = p.x - (a.x + t * dx);
    const double ey = p.y - (a.y + t * dy);
    return sqrt(ex * ex + ey * ey);
}

/* First and one-past-last pixel that a pen of `reach` around low..high can touch. */
static void pixel_range(double low, double high, double reach, int *first, int *end)
{
    *first = (int)clamp(low - reach, 0.0, DIGITS_SIDE);
    *end = (int)clamp(high + reach + 1.0, 0.0, DIGITS_SIDE);
}

/* Pixels get the darkest ink of all the strokes over them, as a pen leaves it. */
static void draw_segment(double canvas[PIXELS], const hand *writer, point a, point b)
{
    const double reach = writer->radius + 0.5;
    int left, right, top, bottom;
    pixel_range(fmin(a.x, b.x), fmax(a.x, b.x), reach, &left, &right);
    pixel_range(fmin(a.y, b.y), fmax(a.y, b.y), reach, &top, &bottom);
    for (int y = top; y < bottom; ++y) {
        for (int x = left; x < right; ++x) {
            const double distance = distance_to_segment((point){x + 0.5, y + 0.5}, a, b);
            const double ink = writer->ink * clamp(reach - distance, 0.0, 1.0);
            double *pixel = &canvas[y * DIGITS_SIDE + x];
            *pixel = fmax(*pixel, ink);
        }
    }
}

static point place(const hand *writer, const signed char xy[2], word_source *source)
{
    const double dx = next_between(source, -writer->shake, writer->shake);
    const double dy = next_between(source, -writer->shake, writer->shake);
    const double u = (xy[0] + dx - 50.0) / 100.0;
    const double v = (xy[1] + dy - 50.0) / 100.0;
    return (point){writer->centre.x + writer->xx * u + writer->xy * v,
                   writer->centre.y + writer->yx * u + writer->yy * v};
}

static void draw_curve(double canvas[PIXELS], const hand *writer, const point ends[3])
{
    point from = ends[0];
    for (int i = 1; i <= CURVE_PIECES; ++i) {
        const double t = (double)i / CURVE_PIECES;
        const double s = 1.0 - t;
        const point to = {s * s * ends[0].x + 2.0 * s * t * ends[1].x + t * t * ends[2].x,
                          s * s * ends[0].y + 2.0 * s * t * ends[1].y + t * t * ends[2].y};
        draw_segment(canvas, writer, from, to);
        from = to;
    }
}

static void draw_stroke(double canvas[PIXELS], const hand *writer, const glyph_stroke *stroke,
                        word_source *source)
{
    if (stroke->points == 0) {
        return;
    }
    point ends[3];
    ends[0] = place(writer, stroke->xy[0], source);
    for (size_t i = 1; i + 1 < stroke->points; i += 2) {
        ends[1] = place(writer, stroke->xy[i], source);
        ends[2] = place(writer, stroke->xy[i + 1], source);
        draw_curve(canvas, writer, ends);
        ends[0] = ends[2];
    }
}

/* Noise in steps of 1/128 of its amplitude: four pixels a word. */
static void to_bytes(const double canvas[PIXELS], double noise, word_source *source,
                     unsigned char *pixels)
{
    for (size_t i = 0; i < PIXELS; i += 4) {
        const uint32_t word = next_word(source);
        for (size_t j = 0; j < 4; ++j) {
            const double unit = ((double)((word >> (8 * j)) & 0xffu) - 127.5) / 128.0;
            const double value = clamp(canvas[i + j] + noise * unit, 0.0, 1.0);
            pixels[i + j] = (unsigned char)(value * 255.0 + 0.5);
        }
    }
}

static void draw_digit(word_source *source, unsigned digit, unsigned char *pixels)
{
    double canvas[PIXELS] = {0};
    const hand writer = draw_hand(source);
    const glyph *shape = &digits_glyphs[digit][next_word(source) >> 31];
    for (size_t i = 0; i < GLYPH_MAX_STROKES; ++i) {
        draw_stroke(canvas, &writer, &shape->strokes[i], source);
    }
    to_bytes(canvas, writer.noise, source, pixels);
}

bool digits_make(uint64_t seed, uint32_t half, size_t samples, dataset *set, data_error *error)
{
    if (samples == 0 || samples > SIZE_MAX / PIXELS) {
        return data_fail(error, "%zu drawn digits were asked for; it must be 1 to %zu", samples,
                         SIZE_MAX / PIXELS);
    }
    dataset made = {.samples = samples, .rows = DIGITS_SIDE, .cols = DIGITS_SIDE};
    made.pixels = malloc(samples * PIXELS);
    made.classes = malloc(samples);
    if (made.pixels == NULL || made.classes == NULL) {
        dataset_destroy(&made);
        return data_fail(error, "not enough memory for %zu drawn digits", samples);
    }
    for (size_t i = 0; i < samples; ++i) {
        word_source source = word_source_init(seed, half, i);
        made.classes[i] = (unsigned char)(i % DATASET_CLASSES);
        draw_digit(&source, made.classes[i], made.pixels + i * PIXELS);
    }
    *set = made;
    return true;
}

bool digits_builtin(dataset_pair *pair, data_error *error)
{
    dataset_pair made = {0};
    if (!digits_make(BUILTIN_SEED, 0, DIGITS_TRAIN, &made.train, error) ||
        !digits_make(BUILTIN_SEED, 1, DIGITS_TEST, &made.test, error)) {
        dataset_pair_destroy(&made);
        return false;
    }
    *pair = made;
    return true;
}
