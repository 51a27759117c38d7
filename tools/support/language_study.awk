# SPDX-License-Identifier: Apache-2.0
# Reads a description of tools/run-language-study, into
#   common, runs, run_setting[run] (a number), run_seed[run],
#   settings, names[setting], options[setting], in_curves[name].

function refuse(message) {
    print "run-language-study: " message > "/dev/stderr"
    refused = 1
    exit 2
}

function refuse_line(message) {
    refuse(FILENAME ", line " FNR ": " message)
}

# The fields from the first one on: options, without those that the script gives.
function read_options(first,    i, text) {
    for (i = first; i <= NF; i++) {
        if ($i ~ /^--(data|seed|format|save|resume|sample)(=|$)/) {
            refuse_line("\"" $i "\" has no place here; tools/run-language-study gives the data, the seed and the format")
        }
        text = text (i > first ? " " : "") $i
    }
    if (first <= NF && $first !~ /^-/) {
        refuse_line("expected an option in place of \"" $first "\"")
    }
    return text
}

function read_run(    s, text) {
    if (NF < 3 || $2 !~ /^[0-9A-Za-z][-+._0-9A-Za-z]*$/ || $3 !~ /^(0|[1-9][0-9]*)$/) {
        refuse_line("expected run NAME SEED OPTION..., the name of letters, digits and any of + - . _")
    }
    text = read_options(4)
    if (!($2 in number)) {
        number[$2] = ++settings
        names[settings] = $2
        options[settings] = text
    }
    s = number[$2]
    if (options[s] != text) {
        refuse_line("the options of \"" $2 "\" are others in an earlier line")
    }
    if (($2, $3) in run_of) {
        refuse_line("\"" $2 "\" with seed " $3 " is there already")
    }
    run_of[$2, $3] = ++runs
    run_setting[runs] = s
    run_seed[runs] = $3
}

{
    sub(/\r$/, "")
}

NF == 0 || $1 ~ /^#/ {
    next
}

$1 == "run" {
    read_run()
    next
}

$1 == "common" && commons++ == 0 {
    common = read_options(2)
    next
}

$1 == "curves" && curves++ == 0 && NF > 1 {
    for (i = 2; i <= NF; i++) {
        in_curves[$i] = 1
    }
    next
}

{
    refuse_line("expected run NAME SEED OPTION..., or once each common OPTION... and curves NAME...")
}

END {
    if (refused) {
        exit 2
    }
    if (runs == 0) {
        refuse(FILENAME " has no run: lines of run NAME SEED OPTION...")
    }
    for (name in in_curves) {
        if (!(name in number)) {
            refuse(FILENAME ": curves of \"" name "\", of which there is no run")
        }
    }
}
