#!/bin/sh
# SPDX-License-Identifier: MIT
# This machine's builds: the full check with gcc, the same under sanitizers with clang, every subset
# of the apps, tcc, other optimisations, real clients, and the slower wire tests.
set -u
O=${O:-build}
failures=0

# must NAME COMMAND...: a build that has to succeed.
must() {
    name=$1
    shift
    if "$@" >"$O/must.out" 2>&1; then
        echo "$name"
        echo "1 passed, 0 failed"
    else
        echo "$name FAILED:"
        tail -n 20 "$O/must.out"
        echo "0 passed, 1 failed"
        failures=$((failures + 1))
    fi
}
mkdir -p "$O"

echo "-- gcc: make check"
make -s -j2 check O="$O" || failures=$((failures + 1))

echo "-- clang with AddressSanitizer and UndefinedBehaviorSanitizer: unit tests, port, wire"
export ASAN_OPTIONS=detect_leaks=0
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
make -s -j2 check-programs O="$O/san" CC=clang \
    CFLAGS="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer" \
    || failures=$((failures + 1))

echo "-- every subset of the apps"
for apps in echo chat fileget "echo chat" "echo fileget" "chat fileget"; do
    must "APPS=\"$apps\" TOOLS=" make -s -j2 O="$O/subset-$(echo "$apps" | tr ' ' -)" \
        APPS="$apps" TOOLS= CFLAGS=-Os
done

echo "-- other compilers and dialects"
must "clang -O2" make -s -j2 O="$O/clang" CC=clang
must "gcc -O0" make -s -j2 O="$O/gcc-O0" CC=gcc CFLAGS=-O0
must "gcc -O3, fortified" make -s -j2 O="$O/gcc-O3" CC=gcc CFLAGS="-O3 -D_FORTIFY_SOURCE=2"
if command -v tcc >/dev/null; then
    must "tcc" make -s -j2 O="$O/tcc" CC=tcc CFLAGS=
    make -s wire O="$O/tcc" CC=tcc CFLAGS= HOSTCC=cc ONLY=echo || failures=$((failures + 1))
else
    echo "skipped: tcc is not installed"
    echo "0 passed, 0 failed, 1 skipped"
fi

echo "-- what takes longer, and other people's clients"
JOBS=4 make -s wire-long O="$O" || failures=$((failures + 1))
[ "$failures" -eq 0 ]
