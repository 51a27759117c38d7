# SPDX-License-Identifier: Apache-2.0
# Writes a program of gnuplot that draws each setting's difference to the baseline, in points of validation accuracy
# or, with ENVIRON["MEASURE"] "perplexity", in per cent of validation perplexity.
# Input: what ard-train compare --csv differences prints, or of the same columns.

BEGIN {
    perplexity = ENVIRON["MEASURE"] == "perplexity"
}

NR > 1 {
    name = csv_first($0)
    baseline = csv_first(csv_rest)
    split(csv_rest, fields, ",")
    if (fields[2] == "") {
        next
    }
    names[++settings] = name
    is_baseline[settings] = name == baseline
    mean[settings] = fields[2] + 0
    error[settings] = fields[3]
    good[settings] = perplexity ? -mean[settings] : mean[settings]
    high = larger(high, good[settings] + error[settings])
}

# Runs that failed must not press the others together: what is far worse than the middle is not in the picture.
function choose_range(    half, limit, low, margin, s) {
    half = quantile(good, settings, 0.5)
    limit = high - larger(5 * (high - half), 0.1)
    for (s = 1; s <= settings; s++) {
        shown[s] = good[s] >= limit
        low = shown[s] ? smaller(low, good[s] - error[s]) : low
    }
    margin = larger((high - low) * 0.08, 0.02)
    if (perplexity) {
        printf "set xrange [%.8g:%.8g]\n", -high - margin, margin - low
    } else {
        printf "set xrange [%.8g:%.8g]\n", low - margin, high + margin
    }
}

function axis_title() {
    if (perplexity) {
        return quoted("validation perplexity above that of conventional dropout of the same rate and place,") \
            " . \"\\n\" . " quoted("per cent, mean ± standard error; left is better")
    }
    return quoted("validation accuracy above that of " baseline ",") " . \"\\n\" . " quoted("points, mean ± standard error")
}

function number(s) {
    if (is_baseline[s]) {
        return "baseline"
    }
    return error[s] == "" ? sprintf("%+.2f", mean[s]) : sprintf("%+.2f ± %.2f", mean[s], error[s])
}

# Labels of tics are formats.
function tics(axis,    s, label, text) {
    text = "set " axis "tics scale 0 ("
    for (s = 1; s <= settings; s++) {
        label = axis == "y" ? names[s] : number(s)
        gsub(/%/, "%%", label)
        text = text (s > 1 ? ", " : "") quoted(label) " " s
    }
    print text ")"
}

END {
    if (settings == 0) {
        exit
    }
    begin_picture(105 + 26 * settings)
    choose_range()
    printf "set yrange [%g:%g]\nset y2range [%g:%g]\n", settings + 0.6, 0.4, settings + 0.6, 0.4
    tics("y")
    tics("y2")
    print "set border 1"
    print "set key off"
    print "set xlabel " axis_title()
    print "set arrow from 0, graph 0 to 0, graph 1 nohead back linecolor rgb \047black\047 linewidth 1.5"
    for (s = 1; s <= settings; s++) {
        if (!shown[s]) { # an arrow to where it would be
            printf "set arrow from graph %g, first %d to graph %d, first %d linecolor rgb \0470x0072B2\047 linewidth 2\n", \
                perplexity ? 0.94 : 0.06, s, perplexity, s
        }
    }
    print "$points << end"
    for (s = 1; s <= settings; s++) {
        if (shown[s]) {
            print mean[s], s, (error[s] == "" ? 0 : error[s]), (is_baseline[s] ? "0x000000" : "0x0072B2")
        }
    }
    print "end"
    print "plot $points using 1:2:3:4 with xerrorbars pointtype 7 pointsize 0.8 linewidth 2 linecolor rgb variable"
}
