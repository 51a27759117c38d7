#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ard-bench report and compare, from the outside: what the page and the pictures hold, what a comparison says, and that
# damaged files are refused in one line with nothing written. No device is needed.
# Usage: test_report.sh PATH-OF-ARD-BENCH SOURCE-FOLDER
# shellcheck source=tests/tools/shell_support.sh
. "$(dirname "$0")/shell_support.sh"
bench=$1
source=$2/tests/tools
results=$source/report_results.json
begin ard-bench
cd "$folder" || exit 1

search=$PATH
start() {
    PATH=$search "$bench" "$@"
}

# holds FILE TEXT...: each stands in the file.
holds() {
    file=$1
    shift
    for text in "$@"; do
        grep -qF -e "$text" "$file" || complain "$file has no \"$text\""
    done
}

# nothing_written: no page, no picture, nothing beside them.
nothing_written() {
    ls -A >names
    grep -qE 'html|svg|png|partial|plots' names && complain "left behind: $(cat names)"
}

# well_formed FILE: each element is closed by its own end, text has no bare ">" or "&".
well_formed() {
    awk '
    BEGIN { RS = "<" }
    NR == 1 { if ($0 != "") bad = 1; next }
    /^[?!]/ { next }
    {
        if (gsub(/>/, ">") != 1 || /&([^a-z#]|[a-z]+[^a-z;])/) bad = 1
        tag = substr($0, 1, index($0, ">") - 1)
        name = tag
        sub(/^\//, "", name)
        sub(/[ \n\/].*/, "", name)
        if (tag ~ /^\//) {
            if (depth == 0 || stack[depth--] != name) bad = 1
        } else if (tag !~ /\/$/ && name != "meta") {
            stack[++depth] = name
        }
    }
    END { exit bad || depth != 0 || NR < 2 }' "$1" || complain "$1 is not well-formed"
}

test_page() {
    run 0 report "$results" "$source/compare_results.json" --title 'T & <T>' --output p.html
    no_output
    well_formed p.html
    holds p.html '<title>T &amp; &lt;T&gt;</title>' 'prefers-color-scheme:dark' '@media print' '3 results, 5 training runs'
    # The devices, and the name of one that must not become a part of the page.
    holds p.html 'a &lt;script&gt;alert(&#39;&quot;&amp;&#39;)&lt;/script&gt; CPU' 'P &amp; Q' '1.2' 'idle' '2026-01-30T10:00:00Z'
    grep -qi '<script\|javascript:\|http://[^w]\|https://\|url(\|@import\| src=\| on[a-z]*=' p.html && complain "the page needs or runs something"
    # Each picture, with limits, lines and bars.
    holds p.html 'id="speedup-1-title"' 'id="speedup-2-title"' 'id="width-1-title"' 'id="profile-1-title"' 'id="learning-3-title"'
    holds p.html 'm-27 0h54' '>FLOP limit<' '>row / bernoulli<' '>dense: bernoulli<' '>1 ard_multiply<' '>rows, N = 4<' '>validation accuracy, %<' \
        '>seconds of training<' 'dropout rate. row / bernoulli: 2 at 0.5, 3.824 at 0.7.'
    [ "$(grep -c '<svg' p.html)" -eq 7 ] || complain "there are $(grep -c '<svg' p.html) pictures, not 7"
    # Every number of the tables.
    for number in 4 3.5 4.5 2 1.75 2.25 3.125 0.64 4.0625 4.125 1.0625 1.125 3.82353 6.5 0.588235 1.5e-06 8 7.5 8.5 5 5.5 1.6 3.25 \
        0.492308 3 75 25 1.5 2.5 0.125 0.25 1.25 100 97 96.5 0.25; do
        grep -qE "[>\"]$number( |<)|[ ]$number<" p.html || complain "the tables lack $number"
    done
    # In words: how many times, per cent, and what a line of a comparison says of its device.
    holds p.html 'The best case is <b>3.82 times</b> as fast as its baseline, where arithmetic alone would allow 6.5 times' \
        'The best test accuracy is <b>97.5 %</b>' 'class="w">a CPU</th><td>' '<td>P</td><td>1</td>'
    cp p.html q.html
    run 0 report "$results" "$source/compare_results.json" --title 'T & <T>' --output p.html
    cmp -s p.html q.html || complain "another page of the same"
    run 0 report "$results" --output -
    holds out '</html>'
    rm -f p.html q.html
}

# What is long is folded away, in a page of a size that grows with what is new alone.
test_long() {
    awk 'BEGIN {
        print "{\"schema\": \"ard-train-1\", \"version\": \"1\", \"date\": \"2026-01-30\", \"device\": {\"name\": \"d\"}, \"model\": \"mlp\","
        print "\"settings\": {\"data\": \"/a/b/digits/\", \"dropout\": \"row\", \"seed\": 12345678}, \"epochs\": ["
        for (i = 1; i < 62; i++)
            printf "%s{\"epoch\": %d, \"loss\": %s, \"test_loss\": %s, \"test_accuracy\": 0.5}", (i > 1 ? "," : ""), i, (i % 2 ? "5e-324" : "1e-323"), (i % 2 ? "5e-324" : "-0.0")
        print "]}" }' >long.json
    run 0 report long.json --output p.html
    well_formed p.html
    holds p.html '<details><summary>Epochs of 1 training run</summary>' 'network on digits<' '>12345678<' '>50<'
    grep -q '>-0<' p.html && complain "a zero with a sign"
    # Two files of the same cases: each has its picture of kernels.
    cp "$results" again.json
    run 0 report "$results" again.json --output p.html
    holds p.html 'id="profile-2-title"' ', again.json<'
    # A network with six profiles: four pictures and six tables.
    awk 'BEGIN {
        print "{\"schema\": 1, \"devices\": [{\"id\": \"0:0\", \"name\": \"d\"}], \"results\": ["
        for (i = 1; i < 7; i++) {
            side = "{\"kernels\": [{\"name\": \"k" i "\", \"ms\": 1}], \"host_ms\": 0}"
            printf "%s{\"device\": \"0:0\", \"case\": \"step\", \"pattern\": \"row\", \"baseline\": \"none\", \"layers\": [3, 3], \"rates\": [0.%d], " \
                "\"dense_ms\": 2, \"ard_ms\": 1, \"speedup\": 2, \"flop_limit\": null, \"profile\": {\"dense\": %s, \"ard\": %s}}", (i > 1 ? "," : ""), i, side, side
        }
        print "]}" }' >long.json
    run 0 report long.json --output p.html
    [ "$(grep -c 'id="profile-[0-9]*-title"' p.html)" -eq 4 ] || complain "not four pictures of kernels"
    [ "$(grep -c 'Kernels of a step' p.html)" -eq 6 ] || complain "not six tables of kernels"
    rm -f p.html long.json again.json
}

test_plots() {
    run 0 report "$results" --output p.html --plot svg --plot-dir plots
    [ "$(ls plots)" = "$(printf '%s\n' profile-1-19-31-24-5-batch-7-rate-0-5-row-bernoulli.svg speedup-1-19-31-24-5-batch-7.svg \
        speedup-2-19-62-48-5-batch-7.svg width-1-19-2-hidden-layers-5-batch-7-rate-0-5.svg)" ] || complain "pictures: $(ls plots)"
    for picture in plots/*; do
        well_formed "$picture"
        holds "$picture" '<svg xmlns="http://www.w3.org/2000/svg" viewBox=' '<title id=' '<desc id=' 'fill="#fff"'
    done
    rm -rf plots p.html
    # No program of that name in PATH.
    mkdir empty
    search=$PWD/empty
    bad 1 "--plot png needs the program rsvg-convert (Debian package librsvg2-bin)" report "$results" --output p.html --plot png
    search=$PATH
    rmdir empty
    nothing_written
    if command -v rsvg-convert >/dev/null; then
        run 0 report "$results" --output p.html --plot png --plot-dir plots
        for picture in plots/*; do
            head -c 4 "$picture" | grep -q PNG || complain "$picture is no PNG"
        done
        [ "$(find plots -type f | wc -l)" -eq 4 ] || complain "pictures: $(ls plots)"
        rm -rf plots p.html
    fi
}

# refused EXPECTED: report and compare say that of bad.json, and nothing is written.
refused() {
    bad 2 "$1" report bad.json
    nothing_written
    bad 2 "$1" compare bad.json "$results"
}

test_damaged() {
    bad 2 "cannot read none.json" report none.json
    head -c 700 "$results" >bad.json && refused "bad.json: not JSON from line"
    awk 'BEGIN { for (i = 0; i < 100000; i++) printf "[" }' >bad.json && refused "bad.json: not JSON"
    echo '{"a": 1}' >bad.json && refused "bad.json: expected what 'ard-bench --format json'"
    echo '[1]' >bad.json && refused "bad.json: expected what"
    sed 's/"schema": 1/"schema": 2/' "$results" >bad.json && refused "bad.json: schema should be 1"
    sed 's/"ard_ms": 2,/"ard_ms": NaN,/' "$results" >bad.json && refused "bad.json: not JSON from line"
    sed 's/"ard_ms": 2,/"ard_ms": 1e308,/' "$results" >bad.json && refused "bad.json: results[0].ard_ms should be a number from 0 to 1e+12"
    sed 's/"ard_ms": 2,/"ard_ms": 1e999,/' "$results" >bad.json && refused "bad.json: results[0].ard_ms should be a number"
    sed 's/"ard_ms": 2,/"ard_ms": -1,/' "$results" >bad.json && refused "bad.json: results[0].ard_ms should be a number"
    sed 's/"ard_ms": 2,/"ard_ms": "2",/' "$results" >bad.json && refused "bad.json: results[0].ard_ms should be a number"
    sed 's/"ard_ms": 5, //' "$results" >bad.json && refused "bad.json: results[2].ard_ms should be there"
    sed 's/\[19, 62, 48, 5\]/[]/' "$results" >bad.json && refused "bad.json: results[2].layers should be an array of 1 to 65 numbers"
    sed 's/"device": "0:0"/"device": "9:9"/' "$results" >bad.json && refused "bad.json: results[0].device should be the id of one of"
    sed 's/"name": "ard_update_dense"/"name": 3/' "$results" >bad.json && refused "bad.json: results[0].profile.dense.name should be a text"
    sed 's/"epoch": 2/"epoch": null/' "$source/compare_results.json" >bad.json
    bad 2 "bad.json: runs[0].epochs.epoch should be the number of the epoch" report bad.json
    bad 2 "has no results" compare "$source/compare_results.json" "$results"
    awk 'BEGIN { printf "{\"schema\": 1, \"devices\": ["; for (i = 0; i < 257; i++) printf "%s{\"name\": \"d\"}", i ? "," : ""; print "]}" }' >bad.json
    refused "bad.json: devices should be an array of at most 256 objects"
    # A good file beside a bad one is not reported on either.
    bad 2 "bad.json: devices" report "$results" bad.json
    nothing_written
}

test_output() {
    cp "$results" r.json
    bad 2 "--output: r.json is one of the files to report on" report r.json --output r.json
    cmp -s r.json "$results" || complain "wrote over its input"
    mkdir d
    bad 2 "--output: d is not a regular file" report r.json --output d
    bad 1 "cannot write nowhere/p.html" report r.json --output nowhere/p.html
    bad 2 "--plot-dir needs --plot" report r.json --plot-dir d
    bad 2 "unknown option '--format'; 'ard-bench report --help' lists them" report r.json --format csv
    bad 2 "--device does not go with report" --device cpu report r.json
    bad 2 "unknown option '--device'" compare r.json r.json --device cpu
    bad 2 "'ard-bench report' needs FILE..." report
    bad 2 "'ard-bench compare' needs OLD.json NEW.json" compare r.json
    bad 2 "unexpected argument 'c'" compare r.json r.json c
    bad 2 "--tolerance: '-1' is not" compare r.json r.json --tolerance -1
    nothing_written
    # A full disk: the page of before stays, and nothing is beside it.
    if [ -w /dev/full ]; then
        (ulimit -f 8 && trap '' XFSZ && echo old >p.html && "$bench" report r.json --output p.html 2>error)
        [ "$(cat p.html)" = old ] || complain "the page of before is gone"
        holds error "cannot write p.html"
        rm -f p.html
    fi
    nothing_written
    rmdir d
}

test_compare() {
    # The same but for what identifies nothing: other ids, seeds and repeats.
    sed -e 's/"0:0"/"2:0"/g' -e 's/"seed": 1/"seed": 9/' -e 's/"repeat": 5/"repeat": 7/' -e 's/ard-bench step/ard-bench/' "$results" >new.json
    run 0 compare "$results" new.json
    output_holds '^ *1.000 *1.000 *2 *2 *same *step 19-31-24-5, batch 7, rate 0.5, row / bernoulli, packed'
    output_holds '^3 pairs: 0 slower and 0 faster by more than 5 %, 0 unclear, 3 the same; 0 cases are in one file only$'
    no_error
    # A document of before a key was there means what is usual by it.
    sed -e 's/"case": "step",/"case": "step", "scale": "rate", "groups": 1, "fresh": false,/' "$results" >new.json
    run 0 compare "$results" new.json
    output_holds '^3 pairs: '
    sed -e 's/"case": "step",/"case": "step", "scale": "period",/' "$results" >new.json
    bad 2 "have no case in common" compare "$results" new.json
    # Slower in every pass; within the tolerance; slower with ranges that overlap.
    sed -e 's/"ard_ms": 2, "ard_ms_min": 1.75, "ard_ms_max": 2.25/"ard_ms": 3, "ard_ms_min": 2.5, "ard_ms_max": 3.5/' "$results" >new.json
    run 1 compare "$results" new.json
    output_holds '^ *1.500 *1.000 *2 *3 *slower '
    run 0 compare "$results" new.json --tolerance 50
    run 0 compare new.json "$results"
    output_holds '^ *0.667 *1.000 *3 *2 *faster '
    sed -e 's/"ard_ms": 2, "ard_ms_min": 1.75, "ard_ms_max": 2.25/"ard_ms": 3, "ard_ms_min": 2.25, "ard_ms_max": 3.5/' "$results" >new.json
    run 0 compare "$results" new.json
    output_holds '^ *1.500 *1.000 *2 *3 *unclear '
    # Without ranges the medians decide.
    sed -e 's/, "ard_ms_min": [0-9.]*, "ard_ms_max": [0-9.]*//' -e 's/"ard_ms": 5/"ard_ms": 6/' "$results" >new.json
    run 1 compare "$results" new.json --format csv
    output_holds '^1.2,1,5,4.5,5.5,6,,,8,8,slower,"packed","packed","a <script>alert(.""&.*</script> CPU","step 19-62-48-5'
    # Another engine is paired where nothing else is; another rate is not.
    sed -e 's/"packed"/"clblast"/' -e 's/\[0.7, 0.7\]/[0.6, 0.7]/' "$results" >new.json
    run 0 compare "$results" new.json --format json
    output_holds '"pairs":'
    output_holds '"old_only":'
    output_holds '"engine":.*"clblast"'
    holds err "ard-bench: only in $results: step 19-31-24-5, batch 7, rate 0.7, row" \
        "ard-bench: only in new.json: step 19-31-24-5, batch 7, rate 0.6, 0.7, row" '2 pairs: '
    run 0 compare "$results" new.json
    output_holds 'packed, on .*, now clblast$'
    # Nothing in common, and why.
    sed -e 's/"name": "a <[^,]*CPU"/"name": "another"/' -e 's/"name": "idle"/"name": "new"/' "$results" >new.json
    bad 2 "the files have no case in common: $results was measured on 'a <script>" compare "$results" new.json
    error_holds "new.json on 'another'"
    sed -e 's/"batch": 7/"batch": 8/' "$results" >new.json
    bad 2 "no case in common: the first of $results is 'step 19-31-24-5, batch 7" compare "$results" new.json
    error_holds "of new.json 'step 19-31-24-5, batch 8"
    rm -f new.json
}

test_page
test_long
test_plots
test_damaged
test_output
test_compare
finish
