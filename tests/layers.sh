#!/bin/sh
# SPDX-License-Identifier: MIT
# Who may know whom: boards -> apps -> core -> port. Reads every #include line, and asks nm which
# names the objects of core and apps need from elsewhere.
# usage: layers.sh FOLDER-OF-OBJECTS
objects=${1:?usage: layers.sh FOLDER-OF-OBJECTS}
cd "$(dirname "$0")/.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# ---- Includes ------------------------------------------------------------------------------------

find port core apps boards -name '*.[ch]' | sort >"$work/files"

xargs awk '
# The core headers that are for apps; the others are for the core, the composition root and tests.
function for_apps(path) {
    return path ~ /^core\/(app|config|address|date|editor[a-z_]*|line|log|name|rate|text|utf8)\.h$/
}
# Files that are built only where there is an operating system.
function hosted(file) {
    return file ~ /^apps\/(main|serve[a-z_]*|options|limits|target|client|terminal)\.[ch]$/ || file ~ /_options\.[ch]$/ ||
        file ~ /^apps\/(get|ping|talk)\//
}
# "apps/echo", or "apps" for the composition root.
function folder(path) {
    sub(/\/[^\/]*$/, "", path)
    return path
}
function exists(path,    line, status) {
    if (!(path in known)) {
        status = (getline line < path)
        close(path)
        known[path] = status >= 0
    }
    return known[path]
}
function wrong(why) {
    printf "%s:%d: %s: %s\n", FILENAME, FNR, why, $0
    bad++
}
function check_system(header,    room) {
    room = FILENAME
    sub(/\/.*/, "", room)
    if (room == "port" || room == "boards") {
        if (FILENAME ~ /^port\/[a-z_]*\.h$/ && header !~ /^(stdbool|stddef|stdint)\.h$/) {
            wrong("the contract needs only stdbool, stddef and stdint")
        }
        return
    }
    if (header == "stdarg.h" && FILENAME == "apps/options.c") {
        return
    }
    if (header !~ /^(stddef|stdint|stdbool|string|limits)\.h$/) {
        wrong("a system header above the port")
    }
}
function check_port(path) {
    if (FILENAME ~ /^port\//) {
        if (path !~ /^port\/[a-z_]*\.h$/ && folder(path) != folder(FILENAME)) {
            wrong("a port looks into another")
        }
    } else if (path == "port/port_tool.h") {
        if (FILENAME !~ /^boards\// && !hosted(FILENAME)) {
            wrong("port_tool.h in a file that boards without a system build too")
        }
    } else if (FILENAME !~ /^boards\// && path !~ /^port\/(port|compiler)\.h$/) {
        wrong("a private header of a port")
    }
}
function check_core(path) {
    if (FILENAME ~ /^port\//) {
        wrong("the port looks up into the core")
    } else if (FILENAME ~ /^apps\/[a-z]*\// && !for_apps(path) &&
               !(path == "core/loop.h" && hosted(FILENAME))) {
        wrong("an app looks at what the core keeps for itself")
    }
}
function check_apps(path) {
    if (FILENAME ~ /^(port|core)\//) {
        wrong("an app is known below")
    } else if (FILENAME ~ /^apps\/[a-z]*\// && folder(path) != folder(FILENAME)) {
        if (path !~ /^apps\/(options|target|client|terminal)\.h$/) {
            wrong("an app knows another, or the composition root")
        } else if (!hosted(FILENAME)) {
            wrong("options in a file that boards without a system build too")
        }
    }
}
function check_own(path) {
    if (!exists(path)) {
        path = folder(FILENAME) "/" path
    }
    if (path ~ /\.c$/) {
        wrong("a source, not a header")
    } else if (!exists(path)) {
        if (FILENAME !~ /^(port\/lwip|boards)\//) { # headers of the stack and of the chip
            wrong("no such header")
        }
    } else if (path ~ /^port\//) {
        check_port(path)
    } else if (path ~ /^core\//) {
        check_core(path)
    } else if (path ~ /^apps\//) {
        check_apps(path)
    } else if (path ~ /^boards\// && FILENAME ~ /^boards\//) {
        return
    } else {
        wrong("no room may know it")
    }
}
/^[ \t]*#[ \t]*include/ {
    includes++
    header = $0
    sub(/^[ \t]*#[ \t]*include[ \t]*/, "", header)
    if (header ~ /^<[^>]*>/) {
        sub(/^</, "", header)
        sub(/>.*/, "", header)
        check_system(header)
    } else if (header ~ /^"[^"]*"/) {
        sub(/^"/, "", header)
        sub(/".*/, "", header)
        check_own(header)
    } else if (FILENAME !~ /^(port\/lwip|boards)\//) {
        wrong("neither <...> nor \"...\"")
    }
}
END {
    print "counts", includes - bad, bad + 0
}' <"$work/files" >"$work/includes"

# ---- Names ---------------------------------------------------------------------------------------

nm=${NM:-nm}
: >"$work/needed"
: >"$work/names"
if command -v "${nm%% *}" >/dev/null 2>&1; then
    find "$objects/core" "$objects/apps" -name '*.o' 2>/dev/null | sort >"$work/objects"
    if [ ! -s "$work/objects" ]; then
        echo "$objects: no objects of core and apps here" >>"$work/names"
        echo "counts 0 1" >>"$work/names"
    fi
    while read -r object; do
        echo "object ${object#"$objects"/}"
        $nm -P "$object"
    done <"$work/objects" >"$work/needed"
    awk '
    # What compilers call of their own accord: arithmetic, stack protection, instrumentation, and
    # bcmp and strlen for comparisons and loops that amount to them.
    function helper(name) {
        return name ~ /^__(aeabi|udiv|umod|div|mod|mul|ash|lsh|clz|ctz|popcount|bswap|cmp|ucmp)/ ||
            name ~ /^__(stack_chk|gcov|asan|ubsan|tsan|sanitizer|llvm|gnu_local_gp|gnu_thumb1)/ ||
            name ~ /^__x86|^__mem(cpy|move|set)_chk$|^_(save|rest)gpr_|^\.TOC\.$|^_gp_disp$/ ||
            name ~ /^_GLOBAL_OFFSET_TABLE_$|^bcmp$|^strlen$/
    }
    function composition(object) {
        return object ~ /^apps\/[a-z_]*\.o$/
    }
    function hosted(object) {
        return composition(object) || object ~ /_options\.o$/ || object ~ /^apps\/(get|ping|talk)\//
    }
    function folder(object) {
        sub(/\/[^\/]*$/, "", object)
        return object
    }
    function allowed(object, name,    home) {
        if (name ~ /^port_/ || name ~ /^mem(cpy|move|set|cmp|chr)$/ || helper(name)) {
            return 1
        }
        if (hosted(object) && name ~ /^str(cmp|ncmp|chr|rchr|str|spn|cspn|pbrk)$/) {
            return 1
        }
        if (!(name in defined)) {
            return 0
        }
        home = defined[name]
        if (home ~ /^core\//) {
            return 1
        }
        return object ~ /^apps\// && (composition(object) || folder(home) == folder(object) ||
            (hosted(object) && composition(home)))
    }
    $1 == "object" {
        object = $2
        next
    }
    $2 == "U" || $2 == "w" || $2 == "v" {
        n++
        of[n] = object
        need[n] = $1
        next
    }
    $2 ~ /^[A-Z]$/ {
        defined[$1] = object
    }
    END {
        for (i = 1; i <= n; i++) {
            if (!allowed(of[i], need[i])) {
                source = of[i]
                sub(/\.o$/, ".c", source)
                printf "%s:1: needs %s, which is not below it\n", source, need[i]
                bad++
            }
        }
        print "counts", n - bad, bad + 0
    }' "$work/needed" >>"$work/names"
    skipped=
else
    skipped=", 1 skipped (no $nm here)"
fi

# ---- The sum -------------------------------------------------------------------------------------

grep -hv '^counts ' "$work/includes" "$work/names"
set -- $(awk '$1 == "counts" { passed += $2; failed += $3 } END { print passed + 0, failed + 0 }' \
    "$work/includes" "$work/names")
echo "$1 passed, $2 failed$skipped"
[ "$2" -eq 0 ]
