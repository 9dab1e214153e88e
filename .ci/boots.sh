#!/bin/sh
# SPDX-License-Identifier: MIT
# Whole boards in emulation, a 32-bit and a 64-bit one side by side; BOARDS="raspi-zero" others.
set -u
O=$(mkdir -p "${O:-build}" && cd "${O:-build}" && pwd) || exit 1
lanes=
for board in ${BOARDS:-virt-armv7 virt-aarch64}; do
    {
        make -s sysroot BOARD="$board" O="$O"
        make -s boot BOARD="$board" O="$O"
    } >"$O/boot-$board.log" 2>&1 &
    lanes="$lanes $!"
done
failures=0
for lane in $lanes; do
    wait "$lane" || failures=$((failures + 1))
done
for board in ${BOARDS:-virt-armv7 virt-aarch64}; do
    echo "-- $board"
    cat "$O/boot-$board.log"
done
[ "$failures" -eq 0 ]
