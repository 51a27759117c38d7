/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps every third of seven neurons and names the device that would compute them. */
#include <ard/ard.h>
#include <stdio.h>

int main(void)
{
    ard_context *context = NULL;
    ard_pattern pattern;
    int failed = ard_pattern_row(3, 1, &pattern) != ARD_STATUS_SUCCESS;
    for (size_t unit = 0; !failed && unit < 7; ++unit) {
        printf("%d", ard_pattern_keeps(&pattern, unit) ? 1 : 0);
    }
    failed = failed || ard_context_create(NULL, NULL, &context) != ARD_STATUS_SUCCESS;
    if (failed) {
        fprintf(stderr, "%s\n", ard_detail());
    } else {
        printf(" on %s\n", ard_context_device(context)->name);
    }
    ard_context_destroy(context);
    return failed;
}
