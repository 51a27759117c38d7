# SPDX-License-Identifier: Apache-2.0
# What golden cases show in place of what differs between runs and machines: sed -E. README.md lists the placeholders.

# Devices, engines, libraries and versions.
s/[0-9]+:[0-9]+ .+ \(.*, driver .*, [a-z]+, [0-9]+ compute units\)/<device>/
s/^[0-9]+:[0-9]+,.+,(cpu|gpu|accelerator|other),[0-9]+$/<device>/
s/(, on )[0-9]+:[0-9]+ .*/\1<device>/
s/^[0-9]+:[0-9]+: /<P:D>: /
s/--device [0-9]+:[0-9]+/--device <P:D>/
s/("device":[ \t]*)"[0-9]+:[0-9]+"/\1"<P:D>"/
/"id":[ \t]*"[0-9]+:[0-9]+"/{
s/"[0-9]+:[0-9]+"/"<P:D>"/
n
s/("name":[ \t]*)".*"/\1"<device>"/
}
s/("(platform|driver|type|environment)":[ \t]*)".*"/\1"<device>"/
s/("compute_units":[ \t]*)[0-9]+/\1<number>/
s/("cpu":[ \t]*)".*"/\1"<device>"/
s/("processors":[ \t]*)[0-9]+/\1<number>/
s/("engine":[ \t]*)"(packed|clblast)"/\1"<engine>"/
s/^(ard-[a-z]+) [0-9]+\.[0-9]+\.[0-9]+$/\1 <version>/
s/("version":[ \t]*)"[0-9]+\.[0-9]+\.[0-9]+"/\1"<version>"/
s/(against CBLAS \()[^)]*/\1<library>/
s/^ard-bench: .*: [0-9]+ threads$/ard-bench: <library>: <number> threads/

# ard-bench: what is slower than its baseline is a matter of the moment.
/^ard-bench: .*: slower than .*; repeat with: /d
# Its tables: speed-up, two times with their ranges, and the efficiency; the limit is exact.
s/^ *[0-9.]+x +[0-9.e+-]+ \([^)]*\) +[0-9.e+-]+ \([^)]*\) +([0-9.]+) +[0-9.]+ +([0-9.]+e[-+][0-9]+ +)?/<speed-up>  <ms>  <ms>  \1  <efficiency>  /
s/, predicted [0-9.]+x/, predicted <speed-up>/
s/^([0-9,]+) +[0-9.]+x +[0-9.e+-]+ \([^)]*\) +[-0-9.e+]+$/\1  <speed-up>  <ms>  <ms>/
s/^(conventional dropout|DropConnect): [0-9.e+-]+ ms \(.*\)$/\1: <ms>/
s/^fit: .*/fit: <fit>/
s/^(slower|faster) than conventional dropout at .*periods.*/<periods that lose>/
s/(MB: )[0-9.]+ (times as much)/\1<number> \2/
s/^(profile of a step, .*: )[0-9.e+-]+ ms/\1<ms>/
s/^(  all) +[0-9.]+ .*/\1  <number>/
s/^(  multiplication: )[0-9.]+ %(.*moved: )[0-9.e-]+ MB(.*: )[0-9.e-]+ ms/\1<number> %\2<number> MB\3<ms>/
# Its lines of CSV: all but the limit.
s/^[0-9]+:[0-9]+,((step|gemm),[^,]*,[^,]*,[^,]*),[^,]*,(([^,]*,){3})([^,]*,){7}([^,]*),[^,]*,/<P:D>,\1,<engine>,\3<ms>,<ms>,<ms>,<ms>,<ms>,<ms>,<speed-up>,\6,<efficiency>,/

# ard-train: what was computed in float, which rounds differently where vectors have another width, and times.
s/(^|[^-])(loss|perplexity|train|validation|test|accuracy|itself) +[0-9.]+(%?)/\1\2 <number>\3/g
s/  [0-9.]+ s(  [0-9]+ (words|characters)\/s)?$/  <s>/
s/[0-9.]+ s of training, [0-9.]+ s in all/<s> of training, <s> in all/
s/^(- )?([0-9]+ runs?)(, [0-9]{4}-[-0-9]+)?: libard .*/\1\2: <environment>/
s/("date":[ \t]*)".*"/\1"<date>"/
# Its tables, whose columns are as wide as what is in them, and lines of CSV.
s/ +[-+]?[0-9.]+(e-[0-9]+)? (\+-|±) [0-9.]+(e-[0-9]+)?/  <mean> \2 <error>/g
/<mean>|^setting +seeds/s/   +/  /g
s/^([^,]+,[^,]+,[0-9]+)(,[-0-9.e]+){4,5}$/\1,<numbers>/

# JSON: times and what is derived from them.
s/("([a-z_]+_)?ms(_min|_max)?":[ \t]*)[-0-9.e+]+/\1<ms>/
s/("([a-z_]+_)?(seconds|speedup|efficiency|constant|misfit|loss|train_accuracy|validation_accuracy|test_accuracy|perplexity|mean|standard_error|gflop_s|gb_s|per_second)":[ \t]*)[-0-9.e+]+/\1<number>/
s/("(multiplication_)?share":[ \t]*)[-0-9.e+]+/\1<number>/
s/("(losing|inverse|product|deviation)":[ \t]*)\[.*\]/\1[<numbers>]/

# ard-tune: what is searched depends on the device's registers and memory.
s/^((packed|clblast)  [A-Za-z ]*[a-z])  +(about )?[0-9.e+]+$/\1  <number>/
s/("candidates":[ \t]*)[0-9.e+]+,/\1<number>,/
s/("exact":[ \t]*)(true|false)/\1<whether>/
