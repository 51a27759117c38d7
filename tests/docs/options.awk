# SPDX-License-Identifier: Apache-2.0
# Reads foreign-options, options of --help (of tests/golden/options.awk) and pages of Markdown. Says which pages name an option
# that no program has, spell out other values than its --help, tell another default, or leave out a command of the tool that the
# page is named after; ends with status 1 then.
# A default is read where it stands as "`--x` ... (5 by default)" or "(`--x`, 5 by default)" in one sentence; those told otherwise
# are not.

function complain(text)
{
    print page ": " text
    wrong = 1
}

# Whether a tool has the option `name` with `what` in `field`; of the page's own tool where it is about one.
function says(name, what, field, i, o)
{
    for (i = 1; i <= option_count; ++i) {
        split(options[i], o, " ")
        if (o[3] == name && (tool == "" || o[1] == tool || !(tool in tools)) && (what == "" || o[field] == what))
            return 1
    }
    return 0
}

function known(name, saved, found)
{
    saved = tool
    tool = ""
    found = says(name, "", 3)
    tool = saved
    return found || (name in foreign)
}

# The words --like-this of a text.
function check_names(text, name)
{
    while (match(text, /(^|[^A-Za-z0-9_-])--[a-z][a-z0-9-]*/)) {
        name = substr(text, RSTART, RLENGTH)
        sub(/^[^-]/, "", name)
        if (name in foreign)
            met[name] = 1
        if (!known(name) && !((page, name) in said)) {
            said[page, name] = 1
            complain("no --help has " name "; where it is another program's, tests/docs/foreign-options lists it")
        }
        text = substr(text, RSTART + RLENGTH)
    }
}

function check_values(text, part, words)
{
    while (match(text, /`--[a-z-]+ [a-z0-9-]+(\|[a-z0-9-]+)+`/)) {
        part = substr(text, RSTART + 1, RLENGTH - 2)
        split(part, words, " ")
        if (!says(words[1], words[2], 5))
            complain(words[1] " takes other values in --help than " words[2])
        text = substr(text, RSTART + RLENGTH)
    }
}

function check_defaults(text, part, name, value)
{
    while (match(text, /`--[a-z-]+[^`]*`[^`.]*[(, ][A-Za-z0-9.]+ by default\)/)) {
        part = substr(text, RSTART, RLENGTH)
        name = part
        sub(/^`/, "", name)
        sub(/[ `].*/, "", name)
        value = part
        sub(/ by default\)$/, "", value)
        sub(/^.*[(, ]/, "", value)
        ++defaults
        if (!says(name, value, 6))
            complain(name " has another default in --help than " value)
        text = substr(text, RSTART + RLENGTH)
    }
}

function check_paragraph()
{
    check_names(paragraph)
    check_values(paragraph)
    check_defaults(paragraph)
    whole = whole " " paragraph
    paragraph = ""
}

# A page that is named after a tool mentions each command of it, if only to say where it is explained.
function check_page(i, c)
{
    if (page == "")
        return
    check_paragraph()
    if (own)
        for (i = 1; i <= command_count; ++i) {
            split(commands[i], c, " ")
            if (c[1] == tool && whole !~ (c[1] " " c[2]) && whole !~ ("`" c[2] "`"))
                complain("the command " c[1] " " c[2] " is not mentioned")
        }
    whole = ""
}

FILENAME ~ /\/foreign-options$/ {
    if ($0 !~ /^#/)
        foreign[$1] = 1
    next
}
FILENAME !~ /\.md$/ {
    tools[$1] = 1
    if ($3 == "command")
        commands[++command_count] = $0
    else
        options[++option_count] = $0
    next
}
FNR == 1 {
    check_page()
    page = FILENAME
    tool = page
    sub(/^.*\//, "", tool)
    sub(/\.md$/, "", tool)
    own = tool in tools
    while (!(tool in tools) && sub(/-[^-]*$/, "", tool))
        ;
}
/^[ \t]*$/ { check_paragraph(); next }
{ paragraph = paragraph " " $0 }

END {
    check_page()
    page = "tests/docs/foreign-options"
    for (name in foreign)
        if (!(name in met))
            complain(name " is in no page")
    page = "the pages"
    if (defaults == 0)
        complain("no default was found in them")
    exit wrong
}
