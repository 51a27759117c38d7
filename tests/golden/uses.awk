# SPDX-License-Identifier: Apache-2.0
# Reads the options (of options.awk), then golden cases, whose names end in .case. Says which options, and which of their values, no
# case passes that ends without a mistake; ends with status 1 then.

function known(tool, command, word)
{
    return (tool, command, word) in values
}

# use: a command of `tool` passes `option` with `value`.
function use(tool, command, option, value)
{
    pending[++pendings] = tool SUBSEP command SUBSEP option SUBSEP value
}

# The words 1 to count of a simple command.
function read_command(count, i, tool, command, option, value, word)
{
    for (i = 1; i <= count && tool == ""; ++i) {
        word = words[i]
        sub(/^.*\//, "", word)
        if (word in tools)
            tool = word
    }
    if (tool == "")
        return
    command = "-"
    for (value = i; value <= count; ++value)
        if ((tool, words[value]) in commands) {
            command = words[value]
            break
        }
    for (; i <= count; ++i) {
        word = words[i]
        value = ""
        if (word ~ /^--[a-z-]+=/) {
            value = word
            sub(/^[^=]*=/, "", value)
            sub(/=.*/, "", word)
        }
        if (word !~ /^-/ || !known(tool, command, word))
            continue
        if (value == "" && values[tool, command, word] != "-")
            value = words[++i]
        use(tool, command, word, value)
        if ((tool, command, word) in longs)
            use(tool, command, longs[tool, command, word], value)
    }
}

# The commands of a line of shell, well enough for those of cases.
function read_line(text, i, c, quote, word, has, count)
{
    gsub(/\\\n/, " ", text)
    for (i = 1; i <= length(text); ++i) {
        c = substr(text, i, 1)
        if (quote != "") {
            if (c == quote)
                quote = ""
            else
                word = word c
        } else if (c == "'" || c == "\"") {
            quote = c
            has = 1
        } else if (c ~ /[ \t]/ || index("|;&(){}\n", c) > 0) {
            if (has || word != "")
                words[++count] = word
            word = ""
            has = 0
            if (c !~ /[ \t]/) {
                read_command(count)
                count = 0
            }
        } else
            word = word c
    }
    if (word != "")
        words[++count] = word
    read_command(count)
}

# What a command passed counts unless it was refused.
function settle(refused, i)
{
    if (line != "")
        read_line(line)
    for (i = 1; i <= pendings; ++i)
        if (!refused)
            used[pending[i]] = 1
    pendings = 0
    line = ""
}

function complain(text)
{
    print text
    lacking = 1
}

function passes(tool, command, option, i, key)
{
    for (key in used) {
        split(key, parts, SUBSEP)
        if (parts[1] == tool && parts[2] == command && parts[3] == option)
            return 1
    }
    return 0
}

# Whether some value was passed that is none of those spelled out.
function passes_other(tool, command, option, spelled, key)
{
    for (key in used) {
        split(key, parts, SUBSEP)
        if (parts[1] == tool && parts[2] == command && parts[3] == option && index("|" spelled "|", "|" parts[4] "|") == 0)
            return 1
    }
    return 0
}

function check_values(tool, command, option, title, list, count, i, free, words)
{
    count = split(list, words, "|")
    for (i = 1; i <= count; ++i) {
        if (words[i] !~ /^[a-z0-9-]+$/)
            free = 1
        else if (!((tool, command, option, words[i]) in used))
            complain(title " " words[i])
    }
    if (free && !passes_other(tool, command, option, list))
        complain(title " with another value than those spelled out in " list)
}

FILENAME !~ /\.case$/ {
    tools[$1] = 1
    if ($3 == "command")
        commands[$1, $2] = 1
    else {
        options[++option_count] = $0
        values[$1, $2, $3] = $5
        if ($4 != "-") {
            values[$1, $2, $4] = $5
            longs[$1, $2, $4] = $3
        }
    }
    next
}
FNR == 1 { settle(0) }
/^\$ / { settle(0); line = substr($0, 3); next }
/^\+ / { line = line "\n" substr($0, 3); next }
/^\? / { settle($2 == 2) }

END {
    settle(0)
    for (n = 1; n <= option_count; ++n) {
        split(options[n], o, " ")
        command = o[2] == "-" ? o[1] : o[1] " " o[2]
        title = command ": no golden case passes " o[3]
        if (!passes(o[1], o[2], o[3]))
            complain(title)
        else if (o[5] ~ /\|/)
            check_values(o[1], o[2], o[3], title, o[5])
        if (o[4] != "-" && !passes(o[1], o[2], o[4]))
            complain(command ": no golden case passes " o[4])
    }
    if (option_count == 0)
        complain("no --help has an option")
    exit lacking
}
