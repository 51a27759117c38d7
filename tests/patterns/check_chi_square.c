/* SPDX-License-Identifier: Apache-2.0 */
#include "patterns/check_chi_square.h"

#include <inttypes.h>

#include "support/statistics.h"
#include "support/unit.h"

void check_chi_square(const uint64_t *observed, const double *expected, size_t count,
                      const char *what, double significance, uint64_t seed)
{
    size_t freedom = 0;
    const double statistic = statistics_chi_square(observed, expected, count, &freedom);
    const double critical = statistics_chi_square_critical(freedom, significance);
    if (!(statistic <= critical)) {
        fail_msg("%s: chi-square %g > %g with %zu degrees of freedom, seed %" PRIu64, what,
                 statistic, critical, freedom, seed);
    }
}
