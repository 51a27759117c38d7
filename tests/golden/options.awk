# SPDX-License-Identifier: Apache-2.0
# The options in texts of --help, one a line: tool, command (or -), option, letter (or -), value (or -). Of commands a line with
# the option `command`. A text is that of the tool in its first line, "usage: tool", and of COMMAND if that is not -.

function print_option(rest, letter, name, value)
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
        gsub(/ /, "_", value)
    }
    print tool, command, name, letter, value
}

FNR == 1 {
    tool = $2
    sub(/^tools\//, "", tool)
    command = COMMAND
    commands = 0
}
/^Commands:/ { commands = 1; next }
/^$/ { commands = 0 }
commands && /^  [a-z]/ { print tool, $1, "command", "-", "-"; next }
/^  (    |-[a-zA-Z], )?--[a-z]/ {
    line = $0
    sub(/^ +/, "", line)
    print_option(line)
}
