# SPDX-License-Identifier: Apache-2.0
# After language_results.awk: prints ENVIRON["SHOW"]: "table", in Markdown, or "curves" or "differences", with the columns
# of ard-train compare --csv.

function counted(count, word) {
    return count " " word (count == 1 ? "" : "s")
}

function shown(list, form) {
    if (count_of[list] == 0) {
        return "-"
    }
    return sprintf(form, mean(list)) (count_of[list] > 1 ? " ± " sprintf("%.2f", error(list)) : "")
}

# Seeds that lack a run with conventional dropout are said.
function shown_difference(list, s) {
    if (baseline[s] == names[s]) {
        return "-"
    }
    return shown(list, "%+.2f") \
        (count_of[list] > 0 && count_of[list] < count_of["test" SUBSEP s] ? " (" counted(count_of[list], "seed") ")" : "")
}

function print_head(    i, s) {
    if (runs_done > 0) {
        print "- " text
    }
    print "- " runs_done + 0 " of " runs " runs done"
    print "- all: `ard-train lstm" (common == "" ? "" : " " common) "`"
    for (i = 1; i <= environment_count; i++) {
        print "- " counted(environments[environment_names[i]], "run") ": " environment_names[i]
    }
    print "- perplexity after the last epoch, and the least after any; differences to conventional dropout of the same rate and place"
    print "  with the same seed, in per cent of its perplexity (below 0 is better); mean ± standard error over the seeds"
    for (s = 1; s <= settings; s++) {
        if (less_fresh[s]) {
            print "- " names[s] " is compared with " baseline[s] ", where one of them alone is --fresh"
        }
    }
    print ""
}

function print_table(    s) {
    print_head()
    print "| setting | seeds | validation | least validation | test | validation - conventional, % | test - conventional, % |"
    print "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for (s = 1; s <= settings; s++) {
        printf "| %s | %d | %s | %s | %s | %s | %s |\n", names[s], count_of["test" SUBSEP s], shown("validation" SUBSEP s, "%.2f"),
            shown("least" SUBSEP s, "%.2f"), shown("test" SUBSEP s, "%.2f"), shown_difference("validation_difference" SUBSEP s, s),
            shown_difference("test_difference" SUBSEP s, s)
    }
}

function columns(list,    deviation) {
    deviation = error(list)
    return sprintf(",%.8g,", mean(list)) (deviation == "" ? "" : sprintf("%.8g", deviation))
}

# Seconds are none here: runs may have shared the machine.
function print_curves(    s, epoch, list) {
    print "setting,epoch,runs,seconds,validation_perplexity,validation_perplexity_error"
    for (s = 1; s <= settings; s++) {
        for (epoch = 1; (curves == 0 || names[s] in in_curves) && epoch <= epochs_of[s]; epoch++) {
            list = "curve" SUBSEP s SUBSEP epoch
            print names[s] "," epoch "," count_of[list] "," columns(list)
        }
    }
}

function print_differences(    s, list) {
    print "setting,baseline,runs,validation_difference,validation_difference_error,test_difference,test_difference_error"
    for (s = 1; s <= settings; s++) {
        list = "validation_difference" SUBSEP s
        if (count_of[list] > 0) {
            print names[s] "," baseline[s] "," count_of[list] columns(list) columns("test_difference" SUBSEP s)
        }
    }
}

END {
    if (ENVIRON["SHOW"] == "curves") {
        print_curves()
    } else if (ENVIRON["SHOW"] == "differences") {
        print_differences()
    } else {
        print_table()
    }
}
