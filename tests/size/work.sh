#!/bin/sh
# SPDX-License-Identifier: MIT
# work.sh: how many instructions the server of the smallest Linux configuration takes for an echoed
# message and for a small file by HTTP, with all of the C library that it calls, and compares that
# with tests/size/work.budget: more than 5 % off, up or down, fails. The figure is the difference
# between a short and a long run, divided by how many exchanges the long one had more.
# Counted by valgrind; without it, or with another compiler than the budget's, nothing is compared.
#   MAKE  O   as make has them         WORK_CC  the compiler
# Ends with "N passed, N failed, N skipped".
set -u
cd "$(dirname "$0")/../.." || exit 1
: "${MAKE:=make}" "${O:=build}" "${WORK_CC:=gcc}"
budget=tests/size/work.budget
work=$O/size/work
short=200
long=700
passed=0
failed=0
skipped=0
server=

finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
    exit
}

if ! command -v valgrind > /dev/null || ! command -v "$WORK_CC" > /dev/null; then
    echo "skipped: needs valgrind and $WORK_CC"
    skipped=1
    finish
fi
mkdir -p "$work/root" || exit 1
trap '[ -z "$server" ] || kill "$server"' EXIT
trap 'exit 1' HUP INT TERM
compiler="gcc $("$WORK_CC" -dumpfullversion) $("$WORK_CC" -dumpmachine)"
"$WORK_CC" -O1 -std=c99 -D_GNU_SOURCE -o "$work/client" tests/size/work_client.c || exit 1
"$MAKE" -s -j2 --no-print-directory BOARD=tiny CC="$WORK_CC" CFLAGS="-Os -g" BOARD_LDFLAGS= TOOLS= \
    O="$work" > "$work/log" 2>&1 || { tail -n 20 "$work/log"; exit 1; }
awk 'BEGIN { for (i = 0; i < 1024; i++) printf "x" }' > "$work/root/1k"
touch -d 2020-01-01T00:00:00 "$work/root/1k"
chmod 755 "$work/root"
chmod 644 "$work/root/1k"

# Instructions of a whole run of the server, with so many exchanges.
count() { # KIND TIMES
    : > "$work/said" # by the last one
    valgrind --tool=callgrind --callgrind-out-file="$work/out" "$work/tiny/linnet.debug" serve \
        -l 127.0.0.1 --echo 0 --chat off --file 0 -r "$work/root" 2> "$work/said" &
    server=$!
    tries=600
    while ! grep -q ' file listening' "$work/said" && [ "$tries" -gt 0 ]; do
        sleep 0.1
        tries=$((tries - 1))
    done
    name=$1
    [ "$1" = echo ] || name=file
    port=$(sed -n "s/^linnet: $name listening on 127.0.0.1:\([0-9]*\)\$/\1/p" "$work/said")
    "$work/client" "$1" "${port:-0}" "$2" || echo "$1: no exchange" >&2
    kill "$server"
    wait "$server" || echo "$1: the server failed" >&2
    server=
    sed -n 's/^totals: //p' "$work/out"
}

compare() { # KIND
    few=$(count "$1" "$short" 2> "$work/trouble")
    many=$(count "$1" "$long" 2>> "$work/trouble")
    if grep -q . "$work/trouble"; then
        cat "$work/trouble"
        failed=$((failed + 1))
        return
    fi
    each=$(((many - few) / (long - short)))
    allowed=$(awk -v kind="$1" '$1 == kind { print $2 }' "$budget")
    off=$(((each - allowed) * 1000 / allowed))
    printf '%-5s %6d instructions, budget %d (%s, -Os)\n' "$1" "$each" "$allowed" "$compiler"
    if [ "$(sed -n 's/^compiler //p' "$budget")" != "$compiler" ]; then
        echo "$1: not compared, the budget is of another compiler"
        skipped=$((skipped + 1))
    elif [ "$off" -gt 50 ] || [ "$off" -lt -50 ]; then
        echo "$1: more than 5 % off; when that is meant, say so in $budget"
        failed=$((failed + 1))
    else
        passed=$((passed + 1))
    fi
}

compare echo
compare http
finish
