# SPDX-License-Identifier: Apache-2.0
# The shell commands in the blocks of code of a page of Markdown, one after another, each ended by a line with a single dot.
# A command begins with a known program, after "$ " or variables; it goes on after a backslash and to the end of a here-document.

function is_command(text)
{
    sub(/^\$ /, "", text)
    while (match(text, /^[A-Z_]+=[^ ]* /))
        text = substr(text, RLENGTH + 1)
    return text ~ /^(ard-[a-z]+|(tools|tests)\/[a-z\/-]+|cmake|ctest|cpack|apt-get|apt|dpkg|sudo|git|cc|c\+\+|gcc|g\+\+|clang|make|ninja|pkg-config|cd|mkdir|cp|mv|cat|sed|export|clinfo|man|python3|oclgrind|gcovr|doxygen|chromium|xdg-open|\.\/[A-Za-z0-9_.\/-]+)( |$)/
}

function finish()
{
    if (command != "")
        print command "\n."
    command = ""
    until = ""
}

function take(text)
{
    command = command == "" ? text : command "\n" text
    if (until != "") {
        if (text == until)
            finish()
    } else if (match(text, /<<-?'?[A-Z]+'?/)) {
        until = substr(text, RSTART, RLENGTH)
        gsub(/[<'-]/, "", until)
    } else if (text !~ /\\$/)
        finish()
}

/^```/ {
    finish()
    shown = !fenced && $0 ~ /^```(sh|bash|console|shell)?[ \t]*$/
    fenced = !fenced
    next
}
{
    text = $0
    if (fenced ? !shown : text !~ /^    /) {
        if (!fenced)
            finish()
        next
    }
    if (!fenced)
        text = substr(text, 5)
    if (command != "")
        take(text)
    else if (is_command(text)) {
        sub(/^\$ /, "", text)
        take(text)
    }
}
END { finish() }
