#!/bin/sh
# SPDX-License-Identifier: MIT
# A short run of every fuzz target, the whole server five times as long as a parser: what is left of
# two minutes once they are built. What was found before is replayed by `make check`.
set -u
O=${O:-build}
seconds=${SECONDS_IN_ALL:-95}
mkdir -p "$O"

echo 'int LLVMFuzzerTestOneInput(const unsigned char *b, unsigned long n);
int LLVMFuzzerTestOneInput(const unsigned char *b, unsigned long n) { return b == 0 && n > 0; }' \
    >"$O/fuzzer_there.c"
if ! clang -fsanitize=fuzzer,address,undefined -o "$O/fuzzer_there" "$O/fuzzer_there.c" \
    2>/dev/null; then
    echo "skipped: no clang here with libFuzzer and sanitizers"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
began=$(date +%s)
if ! make -s -j2 fuzz-build O="$O" >"$O/fuzz-build.out" 2>&1; then
    tail -n 30 "$O/fuzz-build.out"
    echo "0 passed, 1 failed"
    exit 1
fi
took=$(($(date +%s) - began))
targets=$(find tests/fuzz -name 'fuzz_*.c' | wc -l)
each=$(((seconds - took) * 2 / (targets + 4) - 1)) # a second to begin and end
[ "$each" -ge 1 ] || each=1
echo "built in $took s; $each s for a target, two at a time"
make -s fuzz O="$O" T="$each"
