# SPDX-License-Identifier: Apache-2.0
# Doxygen's filter of pages. It numbers headings in a way of its own, so a link to a heading leads to its page, and one
# on the same page is its words alone.
function follow(link) {
    if (link ~ /\(#/) {
        sub(/^\[/, "", link)
        sub(/\]\(#.*/, "", link)
    } else {
        sub(/#[^)]*/, "", link)
    }
    return link
}
{
    line = ""
    while (match($0, /\[[^][]*\]\([^)#]*#[^)]*\)/)) {
        link = substr($0, RSTART, RLENGTH)
        line = line substr($0, 1, RSTART - 1) (link ~ /\]\([a-z]+:/ ? link : follow(link))
        $0 = substr($0, RSTART + RLENGTH)
    }
    print line $0
}
