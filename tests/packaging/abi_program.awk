# SPDX-License-Identifier: Apache-2.0
# awk -f abi_program.awk include/ard/*.h: a C program that prints the binary interface that the headers declare, one line
# a function, structure, field and enumerator. The headers are in the project's own format, which is all it understands.

function stop(message) {
    printf "%s: %s: %s\n", FILENAME, message, statement >"/dev/stderr"
    failed = 1
    exit 1
}

function squeezed(text) {
    gsub(/[ \t\n]+/, " ", text)
    gsub(/^ | $/, "", text)
    return text
}

# A line of the program's output as it is.
function emit(text) {
    gsub(/["\\]/, "\\\\&", text)
    printf "    puts(\"%s\");\n", text
}

# Names of parameters may change.
function without_names(text, at, count, parts, i, list) {
    at = index(text, "(")
    if (index(substr(text, at + 1), "(")) {
        return text # a parameter that is a function
    }
    count = split(substr(text, at + 1, length(text) - at - 1), parts, ",")
    for (i = 1; i <= count; ++i) {
        parts[i] = squeezed(parts[i])
        if (parts[i] !~ /^[a-z0-9_]+$/) {
            sub(/[a-z0-9_]+$/, "", parts[i])
            sub(/[a-z0-9_]+\[/, "[", parts[i])
        }
        list = list (i > 1 ? ", " : "") squeezed(parts[i])
    }
    return substr(text, 1, at) list ")"
}

function structure(name, body, count, fields, i, field) {
    if (body ~ /[{}]/) {
        stop("a structure in a structure has no lines here")
    }
    printf "    printf(\"struct %s: %%zu bytes\\n\", sizeof(%s));\n", name, name
    count = split(body, fields, "#")
    for (i = 1; i <= count; ++i) {
        if (squeezed(fields[i]) == "") {
            continue
        }
        field = fields[i] = squeezed(fields[i])
        if (field ~ /[,(]/) {
            stop("one field a declaration, and no functions, is what this reads")
        }
        sub(/(\[[^]]*\])+$/, "", field)
        sub(/^.*[ *]/, "", field)
        printf "    printf(\"field %s.%s: %%zu bytes at %%zu, %s\\n\", sizeof(((%s *)0)->%s), offsetof(%s, %s));\n",
            name, field, fields[i], name, field, name, field
    }
}

function enumeration(body, count, values, i) {
    count = split(body, values, ",")
    for (i = 1; i <= count; ++i) {
        sub(/=.*/, "", values[i])
        values[i] = squeezed(values[i])
        if (values[i] ~ /^ARD_STATUS_MAP\(/) {
            print "    ARD_STATUS_MAP(STATUS)"
        } else if (values[i] ~ /^[A-Z0-9_]+$/) {
            printf "    printf(\"value %s: %%lld\\n\", (long long)%s);\n", values[i], values[i]
        } else if (values[i] != "") {
            stop("not an enumerator")
        }
    }
}

function read_statement(inner, name) {
    statement = squeezed(statement)
    inner = statement
    sub(/^[^{]*{/, "", inner)
    sub(/}[^}]*$/, "", inner)
    name = statement
    sub(/^.*} ?/, "", name)
    if (statement ~ /^ARD_API /) {
        emit("function " without_names(substr(statement, 9)))
    } else if (statement ~ /^typedef struct [a-z0-9_]+ {/) {
        structure(name, inner)
    } else if (statement ~ /^(typedef )?enum [a-z0-9_ ]*{/) {
        enumeration(inner)
    } else if (statement ~ /^typedef .*\(\*ard_[a-z0-9_]*\)\(/) {
        emit("type " substr(statement, 9))
    } else if (statement !~ /^typedef struct ard_[a-z0-9_]+ ard_[a-z0-9_]+$/ && statement != "") {
        stop("neither a function nor a type")
    }
    statement = ""
}

# A semicolon inside braces ends a field; it becomes "#", which nothing else is by then.
function read_code(text, i, letter) {
    for (i = 1; i <= length(text); ++i) {
        letter = substr(text, i, 1)
        depth += letter == "{" ? 1 : letter == "}" ? -1 : 0
        if (letter == ";" && depth == 0) {
            read_statement()
        } else {
            statement = statement (letter == ";" ? "#" : letter)
        }
    }
    statement = statement " "
}

BEGIN {
    print "#include <ard/ard.h>\n#include <stddef.h>\n#include <stdio.h>\n"
    print "#define STATUS(name, value, sentence) printf(\"value ARD_STATUS_\" #name \": %d\\n\", (int)ARD_STATUS_##name);\n"
    print "int main(void)\n{"
}

FNR == 1 { depth = 0; statement = ""; comment = continued = 0 }

/^extern "C" {/ || /^}$/ { next }

{
    line = $0
    while (comment || (at = index(line, "/*"))) {
        end = index(line, "*/")
        if (comment && !end) {
            line = ""
            break
        }
        if (comment) {
            line = substr(line, end + 2)
            comment = 0
        } else {
            end = index(substr(line, at + 2), "*/")
            if (!end) {
                comment = 1
                line = substr(line, 1, at - 1)
                break
            }
            line = substr(line, 1, at - 1) " " substr(line, at + end + 3)
        }
    }
    directive = continued || line ~ /^#/
    continued = directive && line ~ /\\$/
    if (!directive) {
        read_code(line)
    }
}

END {
    if (!failed) {
        print "    return 0;\n}"
    }
}
