/* SPDX-License-Identifier: Apache-2.0 */
/* Fitting times of joint periods, predicting others, and the expectation over distributions. */
#include "support/unit.h"

#include <ard/cost.h>
#include <math.h>
#include <string.h>

enum { MOST_SAMPLES = 512, MOST_LAYERS = 5 };

/* Of coefficients and times of the order of 1: the unknowns are few and their columns far from
 * parallel. */
static const double TOLERANCE = 1e-11;

typedef struct samples {
    size_t layers;
    size_t count;
    uint32_t periods[MOST_SAMPLES * MOST_LAYERS];
    double milliseconds[MOST_SAMPLES];
} samples;

static void expect(ard_status status, const char *text)
{
    assert_int_equal(status, ARD_STATUS_INVALID_ARGUMENT);
    if (strstr(ard_detail(), text) == NULL) {
        fail_msg("detail \"%s\" does not contain \"%s\"", ard_detail(), text);
    }
}

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance)) {
        fail_msg("%.17g is not within %g of %.17g", value, tolerance, expected);
    }
}

/* Numbers in 0..1 that look random, the same in every run. */
static double next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) / 9007199254740992.0;
}

/* All joint periods 1..n. */
static samples make_grid(size_t layers, uint32_t n)
{
    samples made = {.layers = layers, .count = 1};
    for (size_t layer = 0; layer < layers; layer++) {
        made.count *= n;
    }
    assert_true(made.count <= MOST_SAMPLES);
    for (size_t sample = 0; sample < made.count; sample++) {
        size_t rest = sample;
        for (size_t layer = 0; layer < layers; layer++) {
            made.periods[sample * layers + layer] = (uint32_t)(rest % n) + 1;
            rest /= n;
        }
    }
    return made;
}

static samples make_random(size_t layers, uint32_t n, size_t count, uint64_t seed)
{
    samples made = {.layers = layers, .count = count};
    for (size_t i = 0; i < count * layers; i++) {
        made.periods[i] = (uint32_t)(next(&seed) * n) + 1;
    }
    return made;
}

/* The time by the formula of the header, written again. */
static double time_of(const ard_cost_model *model, const uint32_t *periods)
{
    double sum = model->constant;
    for (size_t l = 0; l < model->layers; l++) {
        sum += model->inverse[l] / periods[l] + model->deviation[l][periods[l] - 1];
        if (l + 1 < model->layers) {
            sum += model->product[l] / ((double)periods[l] * periods[l + 1]);
        }
    }
    return sum;
}

static void fill_times(const ard_cost_model *model, samples *samples)
{
    for (size_t i = 0; i < samples->count; i++) {
        samples->milliseconds[i] = time_of(model, samples->periods + i * samples->layers);
    }
}

static ard_cost_model make_smooth(size_t layers, uint64_t seed)
{
    ard_cost_model made = {.layers = layers, .constant = 1 + next(&seed)};
    for (size_t l = 0; l < layers; l++) {
        made.inverse[l] = 0.1 + next(&seed);
        made.product[l] = l + 1 < layers ? 2 * next(&seed) : 0.0;
    }
    return made;
}

/* Deviations at the periods 1..n without a part of a constant or of 1/i. */
static void add_deviations(uint32_t n, uint64_t seed, ard_cost_model *model)
{
    for (size_t l = 0; l < model->layers; l++) {
        double mean_x = 0;
        double mean = 0;
        for (uint32_t i = 1; i <= n; i++) {
            model->deviation[l][i - 1] = next(&seed) / 4;
            mean_x += 1.0 / i / n;
            mean += model->deviation[l][i - 1] / n;
        }
        double dot = 0;
        double square = 0;
        for (uint32_t i = 1; i <= n; i++) {
            dot += (1.0 / i - mean_x) * (model->deviation[l][i - 1] - mean);
            square += (1.0 / i - mean_x) * (1.0 / i - mean_x);
        }
        for (uint32_t i = 1; i <= n; i++) {
            model->deviation[l][i - 1] -= mean + dot / square * (1.0 / i - mean_x);
        }
    }
}

static ard_cost_model fit(const samples *samples)
{
    ard_cost_model fitted;
    memset(&fitted, 0x55, sizeof fitted);
    assert_success(ard_cost_fit(samples->layers, samples->count, samples->periods,
                                samples->milliseconds, 9.5, &fitted));
    assert_int_equal(fitted.layers, samples->layers);
    assert_true(fitted.conventional == 9.5);
    return fitted;
}

static void assert_same_model(const ard_cost_model *fitted, const ard_cost_model *known)
{
    assert_near(fitted->constant, known->constant, TOLERANCE);
    for (size_t l = 0; l < ARD_COST_MAX_LAYERS; l++) {
        assert_near(fitted->inverse[l], known->inverse[l], TOLERANCE);
        assert_near(fitted->product[l], known->product[l], TOLERANCE);
        for (uint32_t i = 0; i < ARD_MAX_PERIOD; i++) {
            assert_near(fitted->deviation[l][i], known->deviation[l][i], TOLERANCE);
        }
    }
}

static void recovers_coefficients(void **state)
{
    (void)state;
    const struct {
        size_t layers;
        uint32_t n;
    } cases[] = {{1, 2}, {1, 3}, {1, 64}, {2, 2}, {2, 3}, {2, 4}, {2, 8}, {3, 3}, {3, 7}, {5, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        samples samples = make_grid(cases[i].layers, cases[i].n);
        ard_cost_model known = make_smooth(cases[i].layers, 100 + i);
        for (int with = 0; with < 2; with++) {
            fill_times(&known, &samples);
            const ard_cost_model fitted = fit(&samples);
            assert_same_model(&fitted, &known);
            assert_near(fitted.misfit, 0, TOLERANCE);
            for (size_t l = 0; l < ARD_COST_MAX_LAYERS; l++) {
                assert_int_equal(fitted.max_period[l], l < cases[i].layers ? cases[i].n : 0);
                for (uint32_t j = 0; j < ARD_MAX_PERIOD && with == 0; j++) {
                    assert_true(fitted.deviation[l][j] == 0.0); /* no rounding is left */
                }
            }
            if (cases[i].n > 2) {
                add_deviations(cases[i].n, 200 + i, &known);
            }
        }
    }
}

/* Not all joint periods, some of them twice: the coefficients are as far determined, and where a
 * layer's periods are not equally frequent the split differs but not the times. */
static void predicts_what_was_not_measured(void **state)
{
    (void)state;
    const struct {
        size_t layers;
        uint32_t n;
        size_t count;
    } cases[] = {{2, 5, 21}, {3, 4, 40}, {4, 6, 64}, {5, 8, 64}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        samples samples = make_random(cases[i].layers, cases[i].n, cases[i].count, i);
        ard_cost_model known = make_smooth(cases[i].layers, 300 + i);
        add_deviations(cases[i].n, 400 + i, &known);
        fill_times(&known, &samples);
        const ard_cost_model fitted = fit(&samples);
        assert_near(fitted.misfit, 0, TOLERANCE);
        const struct samples others = make_random(cases[i].layers, cases[i].n, 200, 50 + i);
        for (size_t j = 0; j < others.count; j++) {
            double milliseconds = 0;
            const uint32_t *periods = others.periods + j * others.layers;
            assert_success(ard_cost_predict(&fitted, periods, &milliseconds));
            assert_near(milliseconds, time_of(&known, periods), 10 * TOLERANCE);
        }
    }
}

/* Deviations take more samples than the rest, and a period without samples has none. */
static void leaves_out_deviations(void **state)
{
    (void)state;
    samples few = make_random(3, 16, 40, 7); /* of 6 + 3 * 14 unknowns */
    ard_cost_model known = make_smooth(3, 8);
    fill_times(&known, &few);
    ard_cost_model fitted = fit(&few);
    assert_same_model(&fitted, &known);

    samples gaps = make_grid(2, 4);
    for (size_t i = 0; i < gaps.count * gaps.layers; i++) {
        gaps.periods[i] = 1U << (gaps.periods[i] - 1); /* 1, 2, 4, 8 */
    }
    known = make_smooth(2, 9);
    fill_times(&known, &gaps);
    for (size_t i = 0; i < gaps.count; i++) {
        gaps.milliseconds[i] += gaps.periods[2 * i + 1] == 4 ? 0.5 : 0.0;
    }
    fitted = fit(&gaps);
    assert_near(fitted.misfit, 0, TOLERANCE);
    assert_int_equal(fitted.max_period[1], 8);
    assert_true(fitted.deviation[1][3] > 0.2);
    for (uint32_t i = 1; i <= ARD_MAX_PERIOD; i++) {
        assert_near(fitted.deviation[0][i - 1], 0, TOLERANCE);
        if (i != 1 && i != 2 && i != 4 && i != 8) {
            assert_true(fitted.deviation[1][i - 1] == 0.0);
        }
    }
}

/* With noise the residuals are orthogonal to every column, and the misfit is their largest. */
static void is_a_least_squares_fit(void **state)
{
    (void)state;
    samples samples = make_grid(2, 5);
    const ard_cost_model known = make_smooth(2, 11);
    uint64_t seed = 12;
    fill_times(&known, &samples);
    for (size_t i = 0; i < samples.count; i++) {
        samples.milliseconds[i] *= 0.9 + 0.2 * next(&seed);
    }
    const ard_cost_model fitted = fit(&samples);
    double product = 0;
    double misfit = 0;
    double at_period[2][6] = {{0}};
    for (size_t i = 0; i < samples.count; i++) {
        const uint32_t *periods = samples.periods + 2 * i;
        const double residual = samples.milliseconds[i] - time_of(&fitted, periods);
        product += residual / ((double)periods[0] * periods[1]);
        at_period[0][periods[0]] += residual;
        at_period[1][periods[1]] += residual;
        misfit = fmax(misfit, fabs(residual) / samples.milliseconds[i]);
    }
    assert_near(product, 0, TOLERANCE);
    for (size_t i = 1; i <= 5; i++) {
        assert_near(at_period[0][i], 0, TOLERANCE);
        assert_near(at_period[1][i], 0, TOLERANCE);
    }
    assert_true(misfit > 0.01);
    assert_near(fitted.misfit, misfit, 1e-14);
}

/* The expectation against the sum over all joint periods. */
static void expects_the_mean(void **state)
{
    (void)state;
    ard_cost_model model = make_smooth(3, 21);
    add_deviations(6, 22, &model);
    const double rates[] = {0.5, 0.3, 0.7};
    const uint32_t most[] = {3, 4, 6};
    ard_distribution distributions[3];
    for (size_t l = 0; l < 3; l++) {
        assert_success(ard_distribution_exact(rates[l], most[l], &distributions[l]));
    }
    double sum = 0;
    for (uint32_t i = 1; i <= most[0]; i++) {
        for (uint32_t j = 1; j <= most[1]; j++) {
            for (uint32_t k = 1; k <= most[2]; k++) {
                sum += distributions[0].probabilities[i - 1] *
                       distributions[1].probabilities[j - 1] *
                       distributions[2].probabilities[k - 1] *
                       time_of(&model, (const uint32_t[]){i, j, k});
            }
        }
    }
    double expected = 0;
    assert_success(ard_cost_expected(&model, distributions, &expected));
    assert_near(expected, sum, 1e-13);
}

static void refuses_bad_samples(void **state)
{
    (void)state;
    samples good = make_grid(2, 3);
    const ard_cost_model known = make_smooth(2, 31);
    fill_times(&known, &good);
    ard_cost_model model = {.layers = 77};
#define FIT(layers, count) ard_cost_fit(layers, count, good.periods, good.milliseconds, 9.5, &model)
    expect(ard_cost_fit(2, 9, NULL, good.milliseconds, 9.5, &model), "NULL");
    expect(ard_cost_fit(2, 9, good.periods, NULL, 9.5, &model), "NULL");
    expect(ard_cost_fit(2, 9, good.periods, good.milliseconds, 9.5, NULL), "NULL");
    expect(FIT(0, 9), "0 layers, expected 1 to 64");
    expect(FIT(65, 200), "65 layers");
    expect(FIT(2, 3), "3 samples of 2 layers, expected at least 4");
    expect(FIT(2, SIZE_MAX), "too many");
    const double bad[] = {0, -1, NAN, INFINITY};
    for (size_t i = 0; i < 4; i++) {
        expect(ard_cost_fit(2, 9, good.periods, good.milliseconds, bad[i], &model),
               "the conventional step takes");
        samples other = good;
        other.milliseconds[8] = bad[i];
        expect(ard_cost_fit(2, 9, other.periods, other.milliseconds, 9.5, &model),
               "sample 8 takes");
    }
    samples other = good;
    other.periods[5] = 0;
    expect(ard_cost_fit(2, 9, other.periods, other.milliseconds, 9.5, &model),
           "sample 2 has period 0 in layer 1, expected 1 to 64");
    other.periods[5] = 65;
    expect(ard_cost_fit(2, 9, other.periods, other.milliseconds, 9.5, &model), "period 65");
    for (size_t i = 0; i < 9; i++) {
        other.periods[2 * i + 1] = 3;
    }
    expect(ard_cost_fit(2, 9, other.periods, other.milliseconds, 9.5, &model),
           "layer 1 has period 3 in all samples");
    /* Both layers always alike; and one that only varies with the other. */
    for (size_t i = 0; i < 9; i++) {
        other.periods[2 * i + 1] = other.periods[2 * i];
    }
    expect(ard_cost_fit(2, 9, other.periods, other.milliseconds, 9.5, &model),
           "the term in 1/i of layer 1 undetermined");
    for (size_t i = 0; i < 9; i++) {
        other.periods[2 * i] = i % 3 == 0 ? 2 : 1;
        other.periods[2 * i + 1] = i % 3 == 1 ? 2 : 1;
    }
    expect(ard_cost_fit(2, 9, other.periods, other.milliseconds, 9.5, &model),
           "the term in 1/(i j) of layer 0 undetermined");
    assert_int_equal(model.layers, 77);
    assert_success(FIT(2, 9));
#undef FIT
}

static void refuses_bad_periods(void **state)
{
    (void)state;
    const ard_cost_model model = make_smooth(2, 41);
    ard_distribution distributions[2] = {{0}};
    double milliseconds = -1;
    expect(ard_cost_predict(NULL, (const uint32_t[]){1, 1}, &milliseconds), "NULL");
    expect(ard_cost_predict(&model, NULL, &milliseconds), "NULL");
    expect(ard_cost_predict(&model, (const uint32_t[]){1, 1}, NULL), "NULL");
    expect(ard_cost_predict(&model, (const uint32_t[]){1, 0}, &milliseconds),
           "period 0 of layer 1");
    expect(ard_cost_predict(&model, (const uint32_t[]){65, 1}, &milliseconds),
           "period 65 of layer 0");
    expect(ard_cost_expected(NULL, distributions, &milliseconds), "NULL");
    expect(ard_cost_expected(&model, NULL, &milliseconds), "NULL");
    expect(ard_cost_expected(&model, distributions, NULL), "NULL");
    assert_true(milliseconds == -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recovers_coefficients), cmocka_unit_test(predicts_what_was_not_measured),
        cmocka_unit_test(leaves_out_deviations), cmocka_unit_test(is_a_least_squares_fit),
        cmocka_unit_test(expects_the_mean),      cmocka_unit_test(refuses_bad_samples),
        cmocka_unit_test(refuses_bad_periods),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
