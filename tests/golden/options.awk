# SPDX-License-Identifier: Apache-2.0
# The options in texts of --help, one a line: tool, command, option, letter, value, default; "-" stands for none of it, and "_" for
# a blank in the last two. Of each command a line with the option `command`. A text is that of the tool in its first line,
# "usage: tool", and of COMMAND if that is not -.

function finish(default_text)
{
    if (option == "")
        return
    default_text = "-"
    if (match(text, /\(default: [^()]*(\([^()]*\))?[^()]*\)/)) {
        default_text = substr(text, RSTART + 10, RLENGTH - 11)
        gsub(/ /, "_", default_text)
    }
    print option, default_text
    option = ""
}

function begin(rest, letter, name, value)
{
    letter = "-"
    if (rest ~ /^-[a-zA-Z], /) {
        letter = substr(rest, 1, 2)
        rest = substr(rest, 5)
    }
    name = rest
    sub(/ .*/, "", name)
    rest = substr(rest, length(name) + 1)
    value = "-"
    if (rest ~ /^ [^ ]/) {
        value = substr(rest, 2)
        sub(/  .*/, "", value)
        rest = substr(rest, length(value) + 2)
        gsub(/ /, "_", value)
    }
    option = tool " " command " " name " " letter " " value
    text = rest
}

FNR == 1 {
    finish()
    tool = $2
    sub(/^tools\//, "", tool)
    command = COMMAND
    commands = 0
}
/^Commands:/ { commands = 1; next }
/^$/ { finish(); commands = 0; next }
commands && /^  [a-z]/ { print tool, $1, "command - - -"; next }
/^  (    |-[a-zA-Z], )?--[a-z]/ {
    finish()
    line = $0
    sub(/^ +/, "", line)
    begin(line)
    next
}
{
    line = $0
    sub(/^ +/, "", line)
    text = text " " line
}
END { finish() }
