# SPDX-License-Identifier: Apache-2.0
# After json.awk and language_study.awk: reads the results of the runs, ENVIRON["RESULTS"]/NAME-SEED.json, into lists of
# numbers: "validation", "least" and "test" perplexity of a setting, "curve" of a setting and epoch, and the differences
# "validation_difference" and "test_difference" of a setting, in per cent.

# The text of a file, nothing of one that is not there.
function read_file(path,    line, text, got) {
    while ((got = (getline line < path)) > 0) {
        text = text line "\n"
    }
    close(path)
    return got < 0 ? "" : text "\n"
}

function note(list, value) {
    values_of[list, ++count_of[list]] = value
}

function mean(list,    i, sum) {
    for (i = 1; i <= count_of[list]; i++) {
        sum += values_of[list, i]
    }
    return sum / count_of[list]
}

# The standard error of the mean; one value has none.
function error(list,    i, middle, squares) {
    if (count_of[list] < 2) {
        return ""
    }
    middle = mean(list)
    for (i = 1; i <= count_of[list]; i++) {
        squares += (values_of[list, i] - middle) ^ 2
    }
    return sqrt(squares / (count_of[list] - 1) / count_of[list])
}

function refuse_result(r, message) {
    refuse(path_of(r) ": " message)
}

function path_of(r) {
    return ENVIRON["RESULTS"] "/" names[run_setting[r]] "-" run_seed[r] ".json"
}

# An option and what a run says of it: numbers may be written in several ways.
function agrees(asked, made) {
    return asked == made || (asked ~ /^[-+.0-9]/ && made ~ /^[-0-9]/ && asked + 0 == made + 0)
}

# Results of other options would stand in the table under a wrong name.
function check_options(r,    words, count, i, name, value) {
    count = split(common " " options[run_setting[r]] " --seed " run_seed[r], words, " ")
    for (i = 1; i <= count; i++) {
        name = words[i]
        value = "true"
        if (index(name, "=") > 0) {
            value = substr(name, index(name, "=") + 1)
            name = substr(name, 1, index(name, "=") - 1)
        } else if (i < count && words[i + 1] !~ /^--/) {
            value = words[++i]
        }
        sub(/^--/, "", name)
        gsub(/-/, "_", name)
        if (("settings." name) in result && !agrees(value, result["settings." name])) {
            refuse_result(r, "made with " name " " result["settings." name] ", but the description asks for " value)
        }
    }
}

function text_of() {
    return result["settings.training_text"] " training, " result["settings.validation_text"] " validation and " \
        result["settings.test_text"] " test tokens, vocabulary " result["settings.vocabulary"]
}

function check_result(r) {
    if (result["model"] != "lstm" || result["test_perplexity"] !~ /^[0-9]/ || result["best_validation_perplexity"] !~ /^[0-9]/ ||
        result["epochs.1.validation_perplexity"] !~ /^[0-9]/) {
        refuse_result(r, "not the JSON of an ard-train lstm that ended")
    }
    check_options(r)
    if (text == "") {
        text = text_of()
        text_from = path_of(r)
    }
    if (text_of() != text) {
        refuse_result(r, "another text than that of " text_from ": " text_of() ", not " text)
    }
}

function take_result(r,    s, epoch, environment) {
    s = run_setting[r]
    for (epoch = 1; ("epochs." epoch ".validation_perplexity") in result; epoch++) {
        note("curve" SUBSEP s SUBSEP epoch, result["epochs." epoch ".validation_perplexity"])
        final[r] = result["epochs." epoch ".validation_perplexity"]
    }
    epochs_of[s] = epoch - 1
    test[r] = result["test_perplexity"]
    note("validation" SUBSEP s, final[r])
    note("least" SUBSEP s, result["best_validation_perplexity"])
    note("test" SUBSEP s, test[r])
    place[r] = result["settings.rate"] SUBSEP result["settings.placement"] SUBSEP run_seed[r]
    fresh[r] = result["settings.fresh"]
    conventional[r] = result["settings.dropout"] == "bernoulli"
    environment = "libard " result["version"] "; device " result["device.name"] "; platform " result["device.platform"] \
        "; driver " result["device.driver"]
    if (environments[environment]++ == 0) {
        environment_names[++environment_count] = environment
    }
    done[r] = 1
    runs_done++
}

# The run with conventional dropout at the same place, rate and seed, --fresh as well if there is such a one; 0: none.
function baseline_of(r,    q, found) {
    for (q = 1; q <= runs; q++) {
        if (done[q] && conventional[q] && place[q] == place[r] && (!found || fresh[q] == fresh[r])) {
            found = q
        }
    }
    return found
}

function compare_runs(    r, q, s) {
    for (r = 1; r <= runs; r++) {
        q = done[r] ? baseline_of(r) : 0
        if (q) {
            s = run_setting[r]
            baseline[s] = names[run_setting[q]]
            less_fresh[s] = fresh[r] != fresh[q]
            note("validation_difference" SUBSEP s, 100 * (final[r] / final[q] - 1))
            note("test_difference" SUBSEP s, 100 * (test[r] / test[q] - 1))
        }
    }
}

END {
    for (r = 1; r <= runs; r++) {
        json = read_file(path_of(r))
        if (json != "") {
            if (!json_read(json, result)) {
                refuse_result(r, "not JSON")
            }
            check_result(r)
            take_result(r)
        }
    }
    compare_runs()
}
