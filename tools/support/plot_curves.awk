# SPDX-License-Identifier: Apache-2.0
# Writes a program of gnuplot that draws validation accuracy, or with ENVIRON["MEASURE"] "perplexity" that, against
# epochs or seconds (ENVIRON["AGAINST"]).
# Input: what ard-train compare --csv differences prints, then --csv curves; or of the same columns.

BEGIN {
    perplexity = ENVIRON["MEASURE"] == "perplexity"
}

FNR == 1 {
    file++
    next
}

file == 1 {
    csv_first($0)
    baselines[csv_first(csv_rest)]
    next
}

{
    name = csv_first($0)
    split(csv_rest, fields, ",")
    if (!(name in number)) {
        number[name] = ++settings
        names[settings] = name
    }
    s = number[name]
    n = ++epochs[s]
    x[s, n] = (ENVIRON["AGAINST"] == "seconds" ? fields[3] : fields[1]) + 0
    right = larger(right, x[s, n])
    mean[s, n] = fields[4]
    error[s, n] = fields[5] == "" ? 0 : fields[5]
    good = perplexity ? -fields[4] : fields[4] + 0
    all[++count] = good
    best[s] = n == 1 ? good : larger(best[s], good)
    top = count == 1 ? good : larger(top, good)
    longest = larger(longest, length(name))
    most_epochs = larger(most_epochs, n)
}

# From where learning has become slow; runs that failed must not press the others together.
function choose_range(    half, margin) {
    half = quantile(all, count, 0.5)
    bottom = larger(quantile(all, count, 0.2), top - 3 * (top - half))
    margin = larger((top - bottom) * 0.05, 0.02)
    if (perplexity) {
        printf "set yrange [%.8g:%.8g]\n", -top - margin, -bottom + margin
    } else {
        printf "set yrange [%.8g:%.8g]\n", larger(bottom - margin, 0), smaller(top + margin, 100)
    }
}

# Colours that are told apart without red and green (Okabe and Ito), dashes and marks: each list is of another
# length, so that all three are the same only after 210 settings. A baseline is black.
function style(s,    colours, dashes, marks, colour_count, dash_count, mark_count) {
    colour_count = split("#0072B2 #D55E00 #009E73 #CC79A7 #E69F00 #56B4E9", colours, " ")
    dash_count = split("1,2,4,3,5", dashes, ",")
    mark_count = split("7 5 9 6 13 4 11", marks, " ")
    if (names[s] in baselines) {
        return "linecolor rgb \047black\047 dashtype " dashes[blacks++ % dash_count + 1] " linewidth 2.5 pointtype 2"
    }
    others++
    return "linecolor rgb \047" colours[(others - 1) % colour_count + 1] "\047 dashtype " dashes[(others - 1) % dash_count + 1] \
        " linewidth 2 pointtype " marks[(others - 1) % mark_count + 1]
}

# What is not in the picture is said in the legend.
function title(s) {
    return quoted(names[s] (best[s] < bottom ? (perplexity ? " (above)" : " (below)") : ""))
}

END {
    if (count == 0) {
        exit
    }
    columns = larger(1, smaller(settings, int(760 / (70 + 9 * (longest + 1)))))
    begin_picture(440 + 22 * int((settings + columns - 1) / columns))
    print "set key below center horizontal Left reverse maxcols", columns, "samplen 4 spacing 1.2"
    # The line of blanks keeps the legend away.
    print "set xlabel", (ENVIRON["AGAINST"] == "seconds" ? "\047seconds of training\047" : "\047epochs\047"), ". \"\\n \" offset 0, 0.4"
    print "set ylabel", (perplexity ? "\047validation perplexity\047" : "\047validation accuracy, %\047")
    printf "set xrange [0:%.8g]\n", right * 1.005
    if (ENVIRON["AGAINST"] != "seconds" && right <= 12) {
        print "set xtics 1"
    }
    choose_range()
    for (s = 1; s <= settings; s++) {
        print "$setting" s " << end"
        for (n = 1; n <= epochs[s]; n++) {
            print x[s, n], mean[s, n], mean[s, n] - error[s, n], mean[s, n] + error[s, n]
        }
        print "end"
    }
    for (s = 1; s <= settings; s++) {
        look = style(s)
        split(look, words, " ")
        bands = bands (s > 1 ? ", " : "") "$setting" s " using 1:3:4 with filledcurves fillcolor rgb " words[3] \
            " fillstyle transparent solid 0.15 noborder notitle"
        lines = lines ", $setting" s " using 1:2 with linespoints " look " pointsize 0.6 pointinterval " \
            larger(1, int(most_epochs / 10)) " title " title(s)
    }
    print "plot " bands lines
}
