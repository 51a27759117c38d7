# SPDX-License-Identifier: Apache-2.0
# Doxygen's filter of headers: plain comments become documentation, so that the headers need no markup. The first
# comment after the licence is the file's, one behind code on its line belongs to that code, all others to what follows.
NR == 1 && /SPDX/ {
    next # the line that "@file" takes
}
!seen && /^\/\*/ {
    seen = 1
    sub(/^\/\* ?/, " * ")
    print "/** @file"
    print
    next
}
/^[ \t]*\/\*/ {
    sub(/\/\*/, "/**")
    print
    next
}
/[^ \t].*\/\*/ {
    sub(/\/\*/, "/**<")
    print
    next
}
{ print }
