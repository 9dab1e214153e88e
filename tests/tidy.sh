#!/bin/sh
# SPDX-License-Identifier: MIT
# The habits of this house that a compiler does not know: lengths, layout, first lines, calls that
# are not made here, paths that the pages name; and every header stands alone, in C and in C++.
# usage: tidy.sh FOLDER-OF-OBJECTS
build=${1:?usage: tidy.sh FOLDER-OF-OBJECTS}
case $build in
/*) ;;
*) build=$PWD/$build ;;
esac
cd "$(dirname "$0")/.." || exit 1
LC_ALL=C
export LC_ALL
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
passed=0
failed=0
: >"$work/wrong"

# Adds up: how many things were looked at, and the lines about what is wrong with them.
tally() {
    bad=$(cut -d: -f1 "$2" | sort -u | wc -l)
    cat "$2"
    failed=$((failed + bad))
    if [ "$1" -gt "$bad" ]; then
        passed=$((passed + $1 - bad))
    fi
}

find port core apps boards tests -name '*.[ch]' | sort >"$work/sources"
{
    echo Makefile
    find port core apps boards tests .ci -name '*.sh' -o -name '*.mk' -o -name '*.ld' \
        -o -name '*.awk' 2>/dev/null
} | sort >"$work/scripts"
{
    [ -f README.md ] && echo README.md
    find port core apps boards tests -name '*.md'
} | sort >"$work/pages"
find port core apps boards tests -name '*.talk' -o -name '*.txt' | sort >"$work/texts"

# ---- Every line of the sources -------------------------------------------------------------------

cat >"$work/sources.awk" <<'END'
function wrong(line, why) {
    printf "%s:%d: %s\n", file, line, why
}

# The line without comments, and with empty strings.
function strip(line,    out, c, two) {
    out = ""
    while (length(line) > 0) {
        if (in_comment) {
            c = index(line, "*/")
            if (c == 0) {
                return out
            }
            line = substr(line, c + 2)
            in_comment = 0
            continue
        }
        if (!match(line, marks)) {
            return out line
        }
        out = out substr(line, 1, RSTART - 1)
        line = substr(line, RSTART)
        c = substr(line, 1, 1)
        two = substr(line, 1, 2)
        if (two == "/*") {
            in_comment = 1
            line = substr(line, 3)
        } else if (two == "//") {
            return out
        } else if (c == "/") {
            out = out c
            line = substr(line, 2)
        } else {
            line = after_string(substr(line, 2), c)
            out = out c c
        }
    }
    return out
}
function after_string(line, quote,    c) {
    while (length(line) > 0) {
        c = substr(line, 1, 1)
        if (c == "\\") {
            line = substr(line, 3)
        } else {
            line = substr(line, 2)
            if (c == quote) {
                return line
            }
        }
    }
    return line
}

# Whether `word` stands in the line as a whole one, followed by a parenthesis.
function calls(line, word) {
    return (" " line) ~ ("[^A-Za-z0-9_]" word "[ \t]*\\(")
}

function check_first_lines() {
    if (FNR == 1 && $0 != "/* SPDX-License-Identifier: MIT */") {
        wrong(1, "the first line is not the licence")
    }
    if (FNR == 2 && $0 !~ /^\/\*/) {
        wrong(2, "the second line does not say what the file is for")
    }
}

function check_layout(line) {
    gsub(/[\200-\277]/, "", line) # of a character of several bytes, the first counts
    if (length(line) > 100) {
        wrong(FNR, "longer than 100 columns")
    }
    if (line ~ /\t/) {
        wrong(FNR, "a tab")
    }
    if (line ~ /[ \t\r]$/) {
        wrong(FNR, "blanks at the end")
    }
    if (line == "" && blank) {
        wrong(FNR, "two empty lines")
    }
    blank = line == ""
}

# A function's body stands between braces in the first column; what comes before them is its head.
function check_functions(code) {
    if (code ~ /^[A-Za-z_].*\(/ && body == 0) {
        head = FNR
    }
    if (code ~ /^\{/) {
        body = FNR
    }
    if (code ~ /^\}/ && body > 0) {
        if (FNR - head + 1 > 70) {
            wrong(head, "a function of " FNR - head + 1 " lines")
        }
        body = 0
    }
    if (body > 0 && file ~ /^(core|apps\/[a-z]*)\/[a-z0-9_]*\.c$/ && code ~ /^[ \t]*#[ \t]*if/) {
        wrong(FNR, "#if inside a function")
    }
}

# Follows the parentheses of if, for and while over lines; a brace must stand behind them.
function check_braces(code,    i, c) {
    if (code ~ /^[ \t]*#/ || code ~ /\\$/) {
        return
    }
    if (depth == 0) {
        if (code ~ /^[ \t]*(\} )?else[ \t]*$/ || code ~ /^[ \t]*(\} )?else [^{i]/) {
            wrong(FNR, "else without braces")
        }
        if (code !~ /^[ \t]*(\} )?(else )?(if|for|while) \(/ || code ~ /^[ \t]*\} while/) {
            return
        }
        match(code, /\(/)
        code = substr(code, RSTART)
    }
    for (i = 1; i <= length(code); i++) {
        c = substr(code, i, 1)
        if (c == "(") {
            depth++
        } else if (c == ")") {
            depth--
            if (depth == 0) {
                if (substr(code, i + 1) !~ /^ \{/) {
                    wrong(FNR, "no brace after if, for or while")
                }
                return
            }
        }
    }
}

function check_words(code,    i) {
    for (i in banned) {
        if (calls(code, banned[i])) {
            wrong(FNR, "calls " banned[i])
        }
    }
    if (own) {
        for (i in banned_own) {
            if (calls(code, banned_own[i])) {
                wrong(FNR, "calls " banned_own[i])
            }
        }
        if ((" " code) ~ /[^A-Za-z0-9_]typedef struct/) {
            wrong(FNR, "a typedef for a struct")
        }
        if ((" " code) ~ /[^A-Za-z0-9_]fd_set[^A-Za-z0-9_]/ && file !~ /^port\//) {
            wrong(FNR, "an fd_set")
        }
    }
    if (code ~ /^[ \t]*[a-z_][a-z0-9_ ]* \*?[a-z_][a-z0-9_]*( = [^,(]*)?, \*?[a-z_][a-z0-9_]*( = [^,(]*)?;/ &&
        code !~ /^[ \t]*(return|for|goto|case)[ (]/) {
        wrong(FNR, "two declarations in one line")
    }
}

function check_guard() {
    if (file !~ /\.h$/ || file ~ /\/board_config\.h$/) { # that one is given to every file by make
        return
    }
    if (guard == "") {
        wrong(1, "no include guard")
    } else if (guard in guards) {
        wrong(1, "the include guard of " guards[guard])
    }
    guards[guard] = file
}

function end_of_file() {
    if (file == "") {
        return
    }
    if (lines > 500) {
        wrong(lines, "a file of " lines " lines")
    }
    if (blank) {
        wrong(lines, "an empty line at the end")
    }
    check_guard()
}

BEGIN {
    marks = "[\"/" sprintf("%c", 39) "]"
    split("gets sprintf vsprintf tmpnam mktemp alloca", banned, " ")
    split("strcpy strcat strncpy strncat stpcpy strtok atoi atol atoll atof strtod sscanf " \
        "scanf inet_ntoa inet_addr inet_aton gethostbyname gethostbyaddr FD_SET FD_CLR FD_ISSET " \
        "FD_ZERO usleep sleep rand srand system popen setjmp assert", banned_own, " ")
}
FNR == 1 {
    end_of_file()
    file = FILENAME
    own = file ~ /^(port\/posix|port\/lwip|core|apps)\//
    in_comment = 0
    body = 0
    head = 0
    depth = 0
    blank = 0
    guard = ""
    pending = ""
}
{
    lines = FNR
    check_first_lines()
    check_layout($0)
    code = strip($0)
    if (guard == "" && pending != "" && code ~ /^#define /) {
        split(code, words, " ")
        if (words[2] == pending) {
            guard = pending
        }
    }
    if (pending == "" && code ~ /^#ifndef /) {
        split(code, words, " ")
        pending = words[2]
    }
    check_functions(code)
    check_braces(code)
    check_words(code)
}
END {
    end_of_file()
}
END
xargs awk -f "$work/sources.awk" <"$work/sources" >"$work/wrong"
tally "$(wc -l <"$work/sources")" "$work/wrong"

# ---- Every line of everything --------------------------------------------------------------------

cat >"$work/texts.awk" <<'END'
function wrong(why) {
    printf "%s:%d: %s\n", FILENAME, FNR, why
}
BEGIN {
    # In two halves, so that this file passes.
    markers = "[^A-Za-z](" "TO" "DO|FIX" "ME|X" "XX|HA" "CK)[^A-Za-z]"
}
(" " $0 " ") ~ markers {
    wrong("a marker of something left over")
}
/\r$/ && FILENAME !~ /\.(talk|txt)$/ {
    wrong("a carriage return")
}
/^(<<<<<<<|>>>>>>>|=======)( |$)/ {
    wrong("a conflict that was not resolved")
}
END
cat "$work/sources" "$work/scripts" "$work/pages" "$work/texts" >"$work/all"
xargs awk -f "$work/texts.awk" <"$work/all" >"$work/wrong"
while read -r file; do
    if [ -s "$file" ] && [ "$(tail -c 1 "$file" | wc -l)" -eq 0 ]; then
        echo "$file:1: no line end at the end"
    fi
    case $file in
    *[!a-zA-Z0-9_./-]*) echo "$file:1: a name of other than letters, digits and _" ;;
    esac
done <"$work/all" >>"$work/wrong"
while read -r file; do
    line=1
    # A script that others read in has no first line of its own; a linker script has C's comments.
    [ "$(sed -n 1p "$file")" = '#!/bin/sh' ] && line=2
    if ! sed -n "${line}p" "$file" | grep -q '^\(#\|/\*\) SPDX-License-Identifier: MIT\( \*/\)\{0,1\}$'; then
        echo "$file:$line: the licence is not here"
    fi
    case $file in
    *.sh)
        sh -n "$file" 2>&1 | sed "s,^,$file:1: ,"
        ;;
    esac
done <"$work/scripts" >>"$work/wrong"
tally "$(wc -l <"$work/all")" "$work/wrong"

# ---- The pages -----------------------------------------------------------------------------------

# A path into one of the rooms is there, unless it has a part to be filled in, as in boards/NAME;
# and so is what a link leads to.
while read -r page; do
    folder=${page%/*}
    [ "$folder" = "$page" ] && folder=.
    grep -no '\(port\|core\|apps\|tests\|boards\)/[A-Za-z0-9_./<>*{},$-]*' "$page" |
        while IFS=: read -r line path; do
            path=$(printf '%s' "$path" | sed 's/[.,/-]*$//')
            case $path in
            *[\<\>*{}\$,]* | */[A-Z][A-Z] | */[A-Z][A-Z][A-Z]*[A-Z]) continue ;;
            esac
            [ -e "$path" ] || [ -e "$folder/$path" ] || echo "$page:$line: there is no $path"
        done
    grep -no '](\([^):#]*\)[)#]' "$page" | while IFS=: read -r line link; do
        path=$(printf '%s' "$link" | sed 's/^](//; s/[)#]*$//')
        [ -z "$path" ] || [ -e "$folder/$path" ] || echo "$page:$line: there is no $path"
    done
done <"$work/pages" >"$work/wrong"
tally "$(wc -l <"$work/pages")" "$work/wrong"

# ---- The top of the house ------------------------------------------------------------------------

for entry in *; do
    case $entry in
    Makefile | port | core | apps | tests | boards | README.md | LICENSE | build) ;;
    *)
        case $build in
        "$PWD/$entry" | "$PWD/$entry"/*) ;;
        *) echo "$entry:1: not one of the rooms" ;;
        esac
        ;;
    esac
done >"$work/wrong"
tally 1 "$work/wrong"

# ---- Headers -------------------------------------------------------------------------------------

# Included twice, and first. The lwIP port needs the stack's own headers, a board its chip's.
compile_headers() { # ending compiler flags...
    ending=$1
    shift
    rm -rf "$work/alone"
    mkdir "$work/alone"
    find port core apps -name '*.h' ! -path 'port/lwip/*' | sort | while read -r header; do
        name=$(printf '%s' "$header" | tr / -)
        printf '#include "%s"\n#include "%s"\nextern int alone;\n' "$header" "$header" \
            >"$work/alone/$name.$ending"
    done
    for source in "$work/alone"/*."$ending"; do
        if ! "$@" -I. -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -DPORT_RESOLVE=0 -c \
            -o "$work/alone.o" "$source" >"$work/said" 2>&1; then
            header=$(sed -n '1s/#include "\(.*\)"/\1/p' "$source")
            echo "$header:1: does not compile alone: $(grep -m 1 'error' "$work/said")"
        fi
    done >"$work/wrong"
    tally "$(find "$work/alone" -name "*.$ending" | wc -l)" "$work/wrong"
}
compile_headers c ${HOSTCC:-cc} -std=c99 -pedantic -Wall -Werror
skipped=
if command -v "${CXX:-c++}" >/dev/null 2>&1; then
    compile_headers cpp ${CXX:-c++} -std=c++11 -Wall -Werror
else
    skipped=", 1 skipped (no C++ compiler)"
fi

echo "$passed passed, $failed failed$skipped"
[ "$failed" -eq 0 ]
