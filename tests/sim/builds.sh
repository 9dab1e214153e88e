#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the simulator with other compilers, levels, sanitizers and for 32 bits, and expects the
# same hash from each. Usage: builds.sh OBJECTS_DIR, from the repository's top; SEEDS= seeds an app.
# What a machine has no compiler for is said and skipped. Last line "N passed, N failed".
set -u

scratch=$1/builds
seeds=${SEEDS:-40}
apps='echo udp file chat desk mixed'
passed=0
failed=0
expected=

# The last line of every app's run.
play() { # binary
    for app in $apps; do
        $RUN "$1" run APP="$app" N="$seeds" 2>&1 | tail -n 1
    done
}

try() { # name compiler flags
    name=$1
    RUN=
    if ! command -v "${2%% *}" > /dev/null; then
        printf 'skipped %-8s no %s here\n' "$name" "$2"
        return
    fi
    printf 'O := %s\nCC := %s\nCFLAGS := %s\ninclude tests/sim/sim.mk\n' \
        "$scratch/$name" "$2" "$3" > "$scratch/$name.mk"
    if ! make -s -f "$scratch/$name.mk" "$scratch/$name/sim/sim" > "$scratch/$name.log" 2>&1; then
        printf 'FAILED  %-8s does not build: %s\n' "$name" "$(head -n 1 "$scratch/$name.log")"
        failed=$((failed + 1))
        return
    fi
    got=$(play "$scratch/$name/sim/sim")
    expected=${expected:-$got}
    if [ "$got" = "$expected" ] && ! echo "$got" | grep -qv ' 0 failures, hash'; then
        printf 'ok      %-8s %s\n' "$name" "$(echo "$got" | tail -n 1)"
        passed=$((passed + 1))
    else
        printf 'FAILED  %-8s %s\n' "$name" "$(echo "$got" | tail -n 1)"
        failed=$((failed + 1))
    fi
}

mkdir -p "$scratch"
try O2 gcc -O2
try O0 gcc -O0
try clang clang -O2
try asan gcc '-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all'
try i686 i686-linux-gnu-gcc '-O2 -static'
echo "$passed passed, $failed failed"
test "$failed" -eq 0
