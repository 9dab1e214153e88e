#!/bin/sh
# SPDX-License-Identifier: MIT
# The simulation: a million connections under hostile clients and faults, every fault at every
# occasion, days of virtual time, the same hash from every build, and a canary that must die.
set -u
O=${O:-build}
failures=0
mkdir -p "$O"

# counted NAME LEAST COMMAND...: a run whose last line is "N connections, S seeds, F failures, hash".
counted() {
    name=$1
    least=$2
    shift 2
    "$@" >"$O/sim.out" 2>&1
    status=$?
    tail -n 6 "$O/sim.out"
    n=$(tail -n 1 "$O/sim.out" | sed -n 's/^\([0-9]*\) connections, .* 0 failures, hash 0x.*/\1/p')
    if [ "$status" -eq 0 ] && [ "${n:-0}" -ge "$least" ]; then
        echo "$name: at least $least connections"
        echo "1 passed, 0 failed"
    else
        echo "$name FAILED (status $status, ${n:-no} connections, $least wanted)"
        echo "0 passed, 1 failed"
        failures=$((failures + 1))
    fi
}

must() {
    name=$1
    shift
    if "$@" >"$O/sim.out" 2>&1; then
        echo "$name: $(tail -n 1 "$O/sim.out")"
        echo "1 passed, 0 failed"
    else
        tail -n 20 "$O/sim.out"
        echo "$name FAILED"
        echo "0 passed, 1 failed"
        failures=$((failures + 1))
    fi
}

counted "sim" 300000 make -s sim O="$O"
counted "torture" 100000 make -s torture O="$O"
must "canary" make -s canary O="$O"
must "soak" make -s soak O="$O" HOURS=72
must "det" make -s det O="$O"
must "matrix" make -s matrix O="$O"
must "results" make -s results O="$O"

# The hash of the same seeds, whoever compiled them.
hash_of() { # NAME MAKE-ARGUMENT...
    name=$1
    shift
    make -s sim O="$O/det-$name" N=100 "$@" >"$O/sim.out" 2>&1
    sed -n 's/.*, 0 failures, hash \(0x[0-9a-f]*\)$/\1/p' "$O/sim.out" | tail -n 1
}
first=
for build in gcc-O0 gcc-O2 clang sanitizers 32-bit; do
    case $build in
    gcc-O0) hash=$(hash_of $build CC=gcc CFLAGS=-O0) ;;
    gcc-O2) hash=$(hash_of $build CC=gcc CFLAGS=-O2) ;;
    clang) hash=$(hash_of $build CC=clang CFLAGS=-O2) ;;
    sanitizers) hash=$(hash_of $build CC=clang \
        CFLAGS="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all") ;;
    32-bit) hash=$(hash_of $build CC=i686-linux-gnu-gcc CFLAGS="-O2 -static") ;;
    esac
    first=${first:-$hash}
    if [ -n "$hash" ] && [ "$hash" = "$first" ]; then
        echo "$build: hash $hash"
        echo "1 passed, 0 failed"
    elif [ "$build" = 32-bit ] && ! command -v i686-linux-gnu-gcc >/dev/null; then
        echo "skipped: no 32-bit compiler"
        echo "0 passed, 0 failed, 1 skipped"
    else
        echo "$build: hash ${hash:-none}, not $first"
        echo "0 passed, 1 failed"
        failures=$((failures + 1))
    fi
done
[ "$failures" -eq 0 ]
