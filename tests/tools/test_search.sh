#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ard-search from the outside: exit status, output and messages, for good and bad command lines.
# Usage: test_search.sh PATH-OF-ARD-SEARCH VERSION
set -u
search=$1
version=$2
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
failures=0

# check STATUS OUTPUT ERROR ARGUMENT...: runs ard-search and compares all three.
check() {
    expected_status=$1
    printf '%s' "$2" >"$folder/expected.out"
    printf '%s' "$3" >"$folder/expected.err"
    shift 3
    "$search" "$@" >"$folder/out" 2>"$folder/err" </dev/null
    status=$?
    if [ "$status" -ne "$expected_status" ]; then
        echo "ard-search $*: exit status $status, expected $expected_status"
        failures=$((failures + 1))
    fi
    for stream in out err; do
        if ! diff -u "$folder/expected.$stream" "$folder/$stream"; then
            echo "ard-search $*: unexpected std$stream"
            failures=$((failures + 1))
        fi
    done
}

# mistake MESSAGE ARGUMENT...: exit status 2, one line on stderr, nothing on stdout.
mistake() {
    message=$1
    shift
    check 2 "" "ard-search: $message
" "$@"
}

check 0 "rate           0.5
achieved rate  0.500000000000
method         exact, 4 steps
entropy        1.013332 nats
kept share     0.500000 of a layer's units, the mean of 1/period
kept FLOPs     0.250000 of dense between two such layers

period  probability
     1  0.159248168834
     2  0.363007324664
     3  0.477744506502
" "" --rate 0.5

check 0 '{"rate": 0.75, "achieved_rate": 0.75, "entropy": 0, "method": "exact", "max_period": 4, "steps": 0, "probabilities": [0, 0, 0, 1]}
' "" --rate 0.75 --max-period 4 --format json
check 0 '{"rate": 0, "achieved_rate": 0, "entropy": 0, "method": "exact", "max_period": 2, "steps": 0, "probabilities": [1, 0]}
' "" -r0 -f json
check 0 '{"rate": 0, "achieved_rate": 0, "entropy": 0, "method": "sgd", "max_period": 1, "steps": 1, "probabilities": [1]}
' "" --method=sgd --rate=0 --max-period=1 --format=json
check 0 "ard-search $version
" "" --version
check 0 "Usage: ard-search [OPTION]...
Find how often each dropout period is to be drawn.

A step of training that draws period i keeps one unit of every i. The search
finds probabilities of the periods 1..N whose mean rate is P and that are as
random as possible. Periods up to N reach rates up to (N-1)/N.

Options:
  -r, --rate P            probability that a unit is dropped, 0 <= P < 1
                          (required)
  -n, --max-period N      largest period that may be drawn, 1 to 64 (default:
                          the smallest above 1/(1-P))
  -m, --method exact|sgd|cost
                          exact: the most random distribution of this rate, by
                          Newton's method
                          sgd: gradient descent, which comes near the rate
                          cost: the fastest of this rate that are random enough,
                          by measured times (default: exact)
  -c, --cost FILE         with --method cost: times of a network, as printed by
                          'ard-bench step --per-period --format json'
  -s, --entropy-share S   with --method cost: least entropy of each layer's
                          periods, as a share of the largest of this rate
                          (default: 0.9)
  -f, --format text|json  how to print it (default: text)

Help:
  -h, --help              print this text and exit
      --version           print the version and exit
" "" --help

range="is not a number of at least 0 and below 1"
mistake "--rate is missing: probability that a unit is dropped, 0 <= P < 1"
mistake "--rate needs a value" --rate
mistake "--rate needs a value" --rate --format json
mistake "--rate: 'nan' $range" --rate nan
mistake "--rate: '-0.1' $range" --rate -0.1
mistake "--rate: '1' $range" --rate 1
mistake "--rate: 'half' $range" --rate half
mistake "--rate: '0.5 ' $range" --rate "0.5 "
mistake "rate 0.99 is outside 0 <= rate < 0.984375, where the default period is at most 64" --rate 0.99
mistake "rate 0.8 is outside 0..0.75, which periods up to 4 can reach" --rate 0.8 --max-period 4
mistake "rate 0.8 is outside 0..0.75, which periods up to 4 can reach" -r 0.8 -n 4 -m sgd
mistake "--max-period: '0' is not a whole number from 1 to 64" --rate 0 --max-period 0
mistake "--max-period: '65' is not a whole number from 1 to 64" --rate 0 --max-period 65
mistake "--max-period: '3.5' is not a whole number from 1 to 64" --rate 0 --max-period 3.5
mistake "--method: 'newton' is not exact, sgd or cost" --rate 0.5 --method newton
mistake "--format: 'csv' is not text or json" --rate 0.5 --format csv
mistake "unknown option '--max-perod'; did you mean '--max-period'?" --rate 0.5 --max-perod 4
mistake "unknown option '-q'; 'ard-search --help' lists them" -q
mistake "unexpected argument '0.5'" 0.5

# The fastest distributions, by times of two layers that are 1 + 2/i + 3/j + 4/(i j), with half more where i is 2.
times=$folder/times.json
cat >"$times" <<'END'
{"schema": 1, "devices": [{"id": "0:0", "name": "a \"device\""}], "per_period": [{"device": "0:0", "case": "step",
"model": "mlp", "pattern": "row", "batch": 7, "layers": [19, 31, 24, 5], "max_period": 3, "unit": "ms",
"baselines": [{"baseline": "bernoulli", "ms": 9}], "times": [
{"periods": [1, 1], "ms": 10}, {"periods": [1, 2], "ms": 6.5}, {"periods": [1, 3], "ms": 5.333333333333333},
{"periods": [2, 1], "ms": 7.5}, {"periods": [2, 2], "ms": 5}, {"periods": [2, 3], "ms": 4.166666666666667},
{"periods": [3, 1], "ms": 6}, {"periods": [3, 2], "ms": 3.833333333333333}, {"periods": [3, 3], "ms": 3.111111111111111}]}]}
END
check 0 'network        19-31-24-5, batch 7, row
device         a "device"
rate           0.5
method         cost, at least 0 of the largest entropy
conventional   9 ms a step
expected       4.5 ms a step, a speed-up of 2x
exact search   4.682 ms a step, a speed-up of 1.922x
misfit         0.0%, the furthest that a measured time lies off the fitted one

layer          1
achieved rate  0.500000000000
entropy        0.562335 nats, 0.554937 of the largest

period  probability
     1  0.250000000000
     2  0.000000000000
     3  0.750000000000

layer          2
achieved rate  0.500000000000
entropy        1.013332 nats, 1.000000 of the largest

period  probability
     1  0.159248168834
     2  0.363007324664
     3  0.477744506502
' "" --rate 0.5 --method cost --cost "$times" --entropy-share 0
"$search" -r 0.5 -m cost -c "$times" -f json >"$folder/out" 2>"$folder/err" || failures=$((failures + 1))
grep -q '"method": "cost", "max_period": 3, "entropy_share": 0.9, "device": "a \\"device\\"", "conventional_ms": 9, ' \
    "$folder/out" && grep -q '"layers": \[{"achieved_rate": 0\..*}, {"achieved_rate": 0\..*}\]}$' "$folder/out" || {
    echo "ard-search --method cost --format json: $(cat "$folder/out" "$folder/err")"
    failures=$((failures + 1))
}

mistake "--method cost needs --cost" --rate 0.5 --method cost
mistake "--cost needs --method cost" --rate 0.5 --cost "$times"
mistake "--entropy-share needs --method cost" --rate 0.5 --entropy-share 0.5
mistake "--entropy-share: '1.1' is not a number from 0 to 1" --rate 0.5 --method cost --cost "$times" --entropy-share 1.1
mistake "--cost: cannot read '$folder/none': No such file or directory" --rate 0.5 -m cost -c "$folder/none"
mistake "rate 0.7 draws periods up to 4, and the times of --cost are of periods up to 3; measure with --max-period 4" \
    --rate 0.7 --method cost --cost "$times"
mistake "rate 0.7 is outside 0..0.666666666666667, which periods up to 3 can reach" --rate 0.7 -n 3 --method cost --cost "$times"
foreign="is not what 'ard-bench step --per-period --format json' prints:"
head -c 600 "$times" >"$folder/cut.json"
mistake "--cost: '$folder/cut.json' $foreign it is not JSON" --rate 0.5 -m cost -c "$folder/cut.json"
echo '{"schema": 1, "version": "0.1.0", "devices": [], "results": []}' >"$folder/results.json"
mistake "--cost: '$folder/results.json' $foreign it has no \"per_period\"" --rate 0.5 -m cost -c "$folder/results.json"

# Outside the closed cases the last digits are the host's: the sum must still be right.
"$search" --rate 0.7 --max-period 9 --format json >"$folder/out" || failures=$((failures + 1))
sed -e 's/.*probabilities": \[//' -e 's/\].*//' -e 's/, /\n/g' "$folder/out" |
    awk '{ sum += $1; rate += $1 * (NR - 1) / NR }
         END { exit !(NR == 9 && sum > 1 - 1e-12 && sum < 1 + 1e-12 &&
                      rate > 0.7 - 1e-12 && rate < 0.7 + 1e-12) }' || {
    echo "ard-search --rate 0.7 --max-period 9: the probabilities do not make the rate"
    failures=$((failures + 1))
}

if [ -w /dev/full ]; then
    "$search" --rate 0.5 >/dev/full 2>"$folder/err"
    if [ $? -ne 1 ] || [ "$(cat "$folder/err")" != "ard-search: the output could not be written" ]; then
        echo "ard-search on a full disk: $(cat "$folder/err")"
        failures=$((failures + 1))
    fi
fi

[ "$failures" -eq 0 ]
