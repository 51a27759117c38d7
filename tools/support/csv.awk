# SPDX-License-Identifier: Apache-2.0
# What both drawings need: fields of CSV and words of gnuplot.

# The first field of a line, without its quotes; csv_rest gets what comes after its comma.
function csv_first(line,    field, at) {
    if (substr(line, 1, 1) != "\"") {
        at = index(line ",", ",")
        csv_rest = substr(line, at + 1)
        return substr(line, 1, at - 1)
    }
    line = substr(line, 2)
    while ((at = index(line, "\"")) > 0) {
        field = field substr(line, 1, at - 1)
        line = substr(line, at + 1)
        if (substr(line, 1, 1) != "\"") {
            break
        }
        field = field "\""
        line = substr(line, 2)
    }
    csv_rest = substr(line, 2)
    return field
}

# A string of gnuplot in which nothing is replaced.
function quoted(text) {
    gsub(/\047/, "\047\047", text)
    return "\047" text "\047"
}

function larger(a, b) {
    return a > b ? a : b
}

function smaller(a, b) {
    return a < b ? a : b
}

# The smallest of values[1..count] with at least this share of them at or below it, to many digits.
function quantile(values, count, share,    low, high, middle, step, below, i) {
    low = high = values[1]
    for (i = 2; i <= count; i++) {
        low = smaller(low, values[i])
        high = larger(high, values[i])
    }
    for (step = 0; step < 50; step++) {
        middle = (low + high) / 2
        below = 0
        for (i = 1; i <= count; i++) {
            below += values[i] <= middle
        }
        if (below >= share * count) {
            high = middle
        } else {
            low = middle
        }
    }
    return high
}

# A white ground, so that the black of the text is legible in a dark page too.
function begin_picture(height) {
    print "set encoding utf8"
    print "set terminal svg size 800," height " font \047sans-serif,14\047 background rgb \047white\047 noenhanced linewidth 1"
    print "set border 3 linecolor rgb \047#404040\047"
    print "set grid linetype 1 linecolor rgb \047#d8d8d8\047"
    print "set tics nomirror out"
}
