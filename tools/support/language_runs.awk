# SPDX-License-Identifier: Apache-2.0
# After language_study.awk: prints what to train, a line NAME SEED OPTION... for each run.

END {
    for (r = 1; r <= runs; r++) {
        print names[run_setting[r]], run_seed[r], common, options[run_setting[r]]
    }
}
