# SPDX-License-Identifier: MIT
# Lists the one-token changes that C sources allow, and draws some of them: COUNT different ones, by
# SEED (a number in hexadecimal). Prints "FILE~LINE~COLUMN~OLD~NEW" for each; OLD is what stands there,
# "" for a whole statement, which goes. Comments, texts, preprocessor lines, tables and CHECK() are
# left alone.

BEGIN {
    pairs = "== != < <= <= < > >= >= > && || || && + - - + true false false true"
    n = split(pairs, half, " ")
    half_of["!="] = "=="
    for (i = 1; i < n; i += 2) { becomes[half[i]] = half[i + 1] }
    becomes["!="] = "=="
    digits = "0123456789abcdef"
}

function offer(column, old, new) {
    total++
    changes[total] = FILENAME "~" FNR "~" column "~" old "~" new
}

# The line without texts and comments, as long as before.
function bared(line, out, i, c, quote) {
    out = ""
    quote = ""
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (comment) {
            if (substr(line, i, 2) == "*/") { comment = 0; out = out " "; i++ }
            out = out " "
        } else if (quote != "") {
            if (c == "\\") { out = out " "; i++ }
            else if (c == quote) { quote = "" }
            out = out " "
        } else if (substr(line, i, 2) == "/*") {
            comment = 1
            out = out "  "
            i++
        } else if (c == "\"" || c == "'") {
            quote = c
            out = out " "
        } else {
            out = out c
        }
    }
    return out
}

FNR == 1 { comment = 0; inside = 0; checked = 0 }

{
    line = bared($0)
    if (line ~ /^[a-zA-Z].*[^;]$/ && line !~ /=/) { header = 1 }
    if (line ~ /^\{/) { inside = 1 }
    if (line ~ /^\}/) { inside = 0 }
    if (!inside || line ~ /^[{}#]/) { next }
    if (line ~ /^ *(CHECK|STATIC_ASSERT)\(/ || checked) {
        checked = line !~ /;/
        next
    }
    if (line ~ /static const/) { table = line !~ /;/; next }
    if (table) { table = line !~ /;/; next }
    if (line ~ /^ +(case|default|goto|#)/) { next }
    statement = line ~ /^ +[a-z_]+(->[a-z_.]+|\.[a-z_.]+|\[[^]]*\])* *([-+|&^]?=|\().*\);$/ ||
        line ~ /^ +[a-z_]+(->[a-z_.]+|\.[a-z_.]+|\[[^]]*\])+ *[-+|&^]?=.*;$/ ||
        line ~ /^ +[a-z_]+(->[a-z_.]+|\.[a-z_.]+)+(\+\+|--);$/
    if (statement && line !~ /^ +(return|if|for|while|else|switch)/ && whole_before) {
        offer(0, "", "")
    }
    whole_before = line ~ /[;{}] *$/ || line ~ /^ *$/
    rest = line
    at = 0
    while (match(rest, /==|!=|<=|>=|&&|\|\||->|<<|>>|\+\+|--|\+=|-=|[a-zA-Z_][a-zA-Z0-9_]*|0x[0-9a-fA-F]+u?|[0-9]+u?|[-+<>]/)) {
        token = substr(rest, RSTART, RLENGTH)
        column = at + RSTART
        before = substr(line, 1, column - 1)
        after = substr(line, column + length(token), 1)
        at += RSTART + RLENGTH - 1
        rest = substr(line, at + 1)
        if (token ~ /^[-+]$/ && (before !~ /[a-zA-Z0-9_)\]] $/ || after != " ")) { continue }
        if (token ~ /^[<>]$/ && after != " ") { continue }
        if (token in becomes) {
            offer(column, token, becomes[token])
        } else if (token ~ /^[0-9]+$/ && length(token) < 7 && line !~ /^ +(static|struct|enum|char|uint8_t) [^=]*;/) {
            offer(column, token, token + 1)
            if (token > 0) { offer(column, token, token - 1) }
        }
    }
}

# A multiplication modulo 2^31 - 1 that no awk rounds (Schrage).
function draw() {
    state = 16807 * (state % 127773) - 2836 * int(state / 127773)
    if (state <= 0) { state += 2147483647 }
    return state
}

END {
    state = 1
    for (i = 1; i <= length(SEED); i++) {
        state = (state * 16 + index(digits, substr(SEED, i, 1))) % 2147483647
    }
    state = state == 0 ? 1 : state
    for (i = 0; i < 10; i++) { draw() }
    while (drawn < COUNT && drawn < total) {
        i = 1 + draw() % total
        if (!(i in taken)) {
            taken[i] = 1
            drawn++
            print changes[i]
        }
    }
}
