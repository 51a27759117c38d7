# SPDX-License-Identifier: Apache-2.0
# A reader of JSON.

# Fills values[PATH], such as values["epochs.1.loss"] of the first epoch, with what is no object and no array; values of
# an array are counted from 1, and strings keep their escapes. Answers whether the text is JSON.
function json_read(text, values) {
    split("", values)
    json_rest = text
    return json_value(json_next(), "", values) && json_next() == "" && json_rest == ""
}

# The next number, string, word or mark; nothing at the end, or where there is none of these.
function json_next(    token) {
    sub(/^[ \t\r\n]+/, "", json_rest)
    if (!match(json_rest, /^"([^"\\]|\\.)*"/) && !match(json_rest, /^-?[0-9][-+.0-9eE]*/) &&
        !match(json_rest, /^(true|false|null)/) && !match(json_rest, /^[][{}:,]/)) {
        return ""
    }
    token = substr(json_rest, 1, RLENGTH)
    json_rest = substr(json_rest, RLENGTH + 1)
    return token
}

function json_value(token, path, values) {
    if (token == "{" || token == "[") {
        return json_members(token == "{" ? "}" : "]", path, values)
    }
    if (token ~ /^"/) {
        values[path] = substr(token, 2, length(token) - 2)
        return 1
    }
    values[path] = token
    return token ~ /^[-0-9tfn]/
}

# What stands between a bracket and the one that ends it.
function json_members(last, path, values,    token, name, count) {
    token = json_next()
    if (token == last) {
        return 1
    }
    for (;;) {
        name = ++count
        if (last == "}") {
            if (token !~ /^"/ || json_next() != ":") {
                return 0
            }
            name = substr(token, 2, length(token) - 2)
            token = json_next()
        }
        if (!json_value(token, path == "" ? name : path "." name, values)) {
            return 0
        }
        token = json_next()
        if (token != ",") {
            return token == last
        }
        token = json_next()
    }
}
