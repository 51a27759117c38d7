#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ard-search from the outside: exit status, output and messages, for good and bad command lines.
# Usage: test_search.sh PATH-OF-ARD-SEARCH VERSION
# shellcheck source=tests/tools/shell_support.sh
. "$(dirname "$0")/shell_support.sh"
search=$1
version=$2
begin ard-search

start() {
    "$search" "$@"
}

# check STATUS OUTPUT ERROR ARGUMENT...: the two texts and nothing else.
check() {
    expected=$1
    output=$2
    error=$3
    shift 3
    run "$expected" "$@"
    output_is "$output"
    error_is "$error"
}

# wrong MESSAGE ARGUMENT...: a mistake whose line is that to the last character.
wrong() {
    line="ard-search: $1
"
    shift
    check 2 "" "$line" "$@"
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
wrong "--rate is missing: probability that a unit is dropped, 0 <= P < 1"
wrong "--rate needs a value" --rate
wrong "--rate needs a value" --rate --format json
wrong "--rate: 'nan' $range" --rate nan
wrong "--rate: '-0.1' $range" --rate -0.1
wrong "--rate: '1' $range" --rate 1
wrong "--rate: 'half' $range" --rate half
wrong "--rate: '0.5 ' $range" --rate "0.5 "
wrong "rate 0.99 is outside 0 <= rate < 0.984375, where the default period is at most 64" --rate 0.99
wrong "rate 0.8 is outside 0..0.75, which periods up to 4 can reach" --rate 0.8 --max-period 4
wrong "rate 0.8 is outside 0..0.75, which periods up to 4 can reach" -r 0.8 -n 4 -m sgd
wrong "--max-period: '0' is not a whole number from 1 to 64" --rate 0 --max-period 0
wrong "--max-period: '65' is not a whole number from 1 to 64" --rate 0 --max-period 65
wrong "--max-period: '3.5' is not a whole number from 1 to 64" --rate 0 --max-period 3.5
wrong "--method: 'newton' is not exact, sgd or cost" --rate 0.5 --method newton
wrong "--format: 'csv' is not text or json" --rate 0.5 --format csv
wrong "unknown option '--max-perod'; did you mean '--max-period'?" --rate 0.5 --max-perod 4
wrong "unknown option '-q'; 'ard-search --help' lists them" -q
wrong "unexpected argument '0.5'" 0.5

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
run 0 -r 0.5 -m cost -c "$times" -f json
no_error
output_holds '"method": "cost", "max_period": 3, "entropy_share": 0.9, "device": "a \\"device\\"", "conventional_ms": 9, '
output_holds '"layers": \[{"achieved_rate": 0\..*}, {"achieved_rate": 0\..*}\]}$'

wrong "--method cost needs --cost" --rate 0.5 --method cost
wrong "--cost needs --method cost" --rate 0.5 --cost "$times"
wrong "--entropy-share needs --method cost" --rate 0.5 --entropy-share 0.5
wrong "--entropy-share: '1.1' is not a number from 0 to 1" --rate 0.5 --method cost --cost "$times" --entropy-share 1.1
wrong "--cost: cannot read '$folder/none': No such file or directory" --rate 0.5 -m cost -c "$folder/none"
wrong "rate 0.7 draws periods up to 4, and the times of --cost are of periods up to 3; measure with --max-period 4" \
    --rate 0.7 --method cost --cost "$times"
wrong "rate 0.7 is outside 0..0.666666666666667, which periods up to 3 can reach" --rate 0.7 -n 3 --method cost --cost "$times"
foreign="is not what 'ard-bench step --per-period --format json' prints:"
head -c 600 "$times" >"$folder/cut.json"
wrong "--cost: '$folder/cut.json' $foreign it is not JSON" --rate 0.5 -m cost -c "$folder/cut.json"
echo '{"schema": 1, "version": "0.1.0", "devices": [], "results": []}' >"$folder/results.json"
wrong "--cost: '$folder/results.json' $foreign it has no \"per_period\"" --rate 0.5 -m cost -c "$folder/results.json"

# Outside the closed cases the last digits are the host's: the sum must still be right.
run 0 --rate 0.7 --max-period 9 --format json
no_error
sed -e 's/.*probabilities": \[//' -e 's/\].*//' -e 's/, /\n/g' "$folder/out" |
    awk '{ sum += $1; rate += $1 * (NR - 1) / NR }
         END { exit !(NR == 9 && sum > 1 - 1e-12 && sum < 1 + 1e-12 &&
                      rate > 0.7 - 1e-12 && rate < 0.7 + 1e-12) }' ||
    complain "the probabilities do not make the rate"

if [ -w /dev/full ]; then
    command="on a full disk"
    start --rate 0.5 >/dev/full 2>"$folder/err"
    status=$?
    [ "$status" -eq 1 ] || complain "exit status $status, expected 1"
    error_is "ard-search: the output could not be written
"
fi

finish
