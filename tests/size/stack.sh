#!/bin/sh
# SPDX-License-Identifier: MIT
# stack.sh [BYTES]: compiles core and apps for a Cortex-M3, without linking, and walks the call
# graph the compiler tells of. No path may need more than BYTES (512) of stack, no frame may depend on
# what a call is given, and nothing may call itself. A call through a pointer may reach every
# function of a hook of that name, or else every hook. What lies below, the port, is not counted.
#   ARM_CC  the compiler           TMPDIR  for the objects
set -u
cd "$(dirname "$0")/../.." || exit 1
limit=${1:-512}
: "${ARM_CC:=arm-none-eabi-gcc}"
if ! command -v "$ARM_CC" > /dev/null; then
    echo "skipped: there is no $ARM_CC here"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# What firmware is made of: the command line and its options are for hosts.
number=0
for source in core/*.c apps/table.c apps/*/*.c; do
    case $source in
    *_options.c | apps/ping/* | apps/get/* | apps/talk/*) continue ;;
    esac
    number=$((number + 1))
    "$ARM_CC" -std=c99 -I. -mcpu=cortex-m3 -mthumb -Os -DAPP_ECHO=1 -DAPP_CHAT=1 -DAPP_FILEGET=1 \
        -DTOOL_PING=0 -DCHAT_BOT=1 -fcallgraph-info=su -c -o "$work/$number.o" "$source" || exit 1
done

# "hook NAME FUNCTION": what the apps' tables hold.
sed -n 's/^ *\.\([a-z_]*\) = \([a-z_]*\),\{0,1\}$/hook \1 \2/p' apps/*/*.c > "$work/hooks"

cat "$work/hooks" "$work"/*.ci | awk -v limit="$limit" '
# The text of a line of the sources.
function source_line(place, part, line, i) {
    split(place, part, ":")
    i = 0
    while (i < part[2] + 0 && (getline line < part[1]) > 0) { i++ }
    close(part[1])
    return line
}
# Which functions a call through a pointer in this line may reach.
function hooks_called(place, text, name) {
    text = source_line(place)
    for (name in hooks) {
        if (index(text, name "(") > 0) { return hooks[name] }
    }
    return all_hooks
}
function name_of(title) { sub(/^.*:/, "", title); return title }
# The deepest path from f on: sets depth[f] and next_of[f].
function walk(f, callees, n, i, best, deeper) {
    if (state[f] == "done") { return depth[f] }
    if (state[f] == "open") {
        if (!(f in told)) { print "recursion: " name_of(f) " comes back to itself"; bad++ }
        told[f] = 1
        return 0
    }
    state[f] = "open"
    best = 0
    n = split(calls[f], callees, " ")
    for (i = 1; i <= n; i++) {
        deeper = walk(callees[i])
        if (deeper > best) { best = deeper; next_of[f] = callees[i] }
    }
    depth[f] = frame[f] + best
    state[f] = "done"
    return depth[f]
}
function print_path(f) {
    for (; f != ""; f = next_of[f]) { printf "    %4d  %s\n", frame[f], name_of(f) }
}
$1 == "hook" {
    hooks[$2] = hooks[$2] " " $3
    all_hooks = all_hooks " " $3
    next
}
/^node:/ {
    split($0, quoted, "\"")
    if (match(quoted[4], /[0-9]+ bytes \([a-z,]*\)/)) {
        bytes = substr(quoted[4], RSTART, RLENGTH)
        frame[quoted[2]] = bytes + 0
        functions++
        if (bytes !~ /\(static\)/) {
            print "not static: the frame of " name_of(quoted[2]) " is " bytes
            bad++
        }
        # a static function is known by its file as well, and a hook by its name alone
        titles[name_of(quoted[2])] = titles[name_of(quoted[2])] " " quoted[2]
    }
}
/^edge:/ {
    split($0, quoted, "\"")
    edges++
    edge_from[edges] = quoted[2]
    edge_to[edges] = quoted[4]
    edge_place[edges] = quoted[6]
}
END {
    for (i = 1; i <= edges; i++) {
        if (edge_to[i] != "__indirect_call") {
            calls[edge_from[i]] = calls[edge_from[i]] " " edge_to[i]
            called[edge_to[i]] = 1
        } else {
            n = split(hooks_called(edge_place[i]), names, " ")
            for (j = 1; j <= n; j++) {
                calls[edge_from[i]] = calls[edge_from[i]] titles[names[j]]
                m = split(titles[names[j]], reached, " ")
                for (k = 1; k <= m; k++) { called[reached[k]] = 1 }
            }
            pointers++
        }
    }
    for (f in frame) {
        walk(f)
        if (frame[f] > frame[widest]) { widest = f }
        if (depth[f] > depth[deepest]) { deepest = f }
        if (!(f in called) && depth[f] > limit) {
            printf "too deep: %d bytes from %s on\n", depth[f], name_of(f)
            print_path(f)
            bad++
        }
    }
    if (functions < 100 || pointers < 5) { print "the call graph is not all there"; bad++ }
    printf "%d functions, %d calls through pointers; the largest frame is %d bytes, %s\n", \
        functions, pointers, frame[widest], name_of(widest)
    printf "the deepest path takes %d bytes of %d:\n", depth[deepest], limit
    print_path(deepest)
    printf "%d passed, %d failed\n", functions, bad
    exit bad > 0
}'
