#!/bin/sh
# SPDX-License-Identifier: MIT
# The corpora once more, with what other compilers and machines make of the same sources: tcc, 32
# bits, ARM, and MIPS, which has its bytes in the other order. O= says where to build.
set -u
cd "$(dirname "$0")/../.." || exit 1
O=${O:-build}
passed=0
failed=0
skipped=0

have() { command -v "$1" > /dev/null; }

# on NAME MAKE-ARGUMENT...: builds and replays there.
on() {
    name=$1
    shift
    out=$O/elsewhere-$name.out
    mkdir -p "$O"
    if make -s -j2 fuzz-replay O="$O/elsewhere-$name" "$@" > "$out" 2>&1; then
        passed=$((passed + 1))
        echo "$name: $(tail -n 1 "$out")"
    else
        failed=$((failed + 1))
        echo "$name FAILED:"
        tail -n 20 "$out"
    fi
}

# missing NAME PROGRAM...: one of these is not there, and it says so.
missing() {
    name=$1
    shift
    for program; do
        if ! have "$program"; then
            echo "skipped: $name: $program is not installed"
            skipped=$((skipped + 1))
            return 0
        fi
    done
    return 1
}

missing tcc tcc || on tcc CC=tcc CFLAGS= WERROR=0 # it does not know what never returns
missing 32-bit i686-linux-gnu-gcc || on 32-bit BOARD=i686 SIZES=host RESOLVE=1 BOT=1
missing arm arm-linux-gnueabihf-gcc qemu-arm ||
    on arm BOARD=armv7 SIZES=host RESOLVE=1 BOT=1
missing mips mips-linux-gnu-gcc qemu-mips ||
    on mips BOARD=mips SIZES=host RESOLVE=1 BOT=1
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
