#!/bin/sh
# SPDX-License-Identifier: MIT
# All Linux boards: built, measured, and each one's server played against over IPv4 and IPv6, the
# port's conformance shown, on this machine or under qemu-user; the unit tests on a big-endian one.
set -u
O=$(mkdir -p "${O:-build}" && cd "${O:-build}" && pwd) || exit 1
export O
failures=0
boards=$(make -s --no-print-directory help | sed -n 's/^Boards: //p')

for board in $boards; do
    case $board in
    host-musl) ;; # the distribution has it
    *-musl) make -s sysroot BOARD="$board" O="$O" || failures=$((failures + 1)) ;;
    esac
done
make -s boards O="$O" || failures=$((failures + 1))
make -s stack O="$O" || failures=$((failures + 1))
sh tests/size/given.sh || failures=$((failures + 1))
sh tests/size/packages.sh || failures=$((failures + 1))
make -s -j2 O="$O" "$O/host/tests/wire/talk" || exit 1
tests=
for board in $boards; do
    case $board in host | virt-* | raspi-* | lwip-* | mps2-*) ;; *)
        tests="$tests
.ci/board.sh $board" ;;
    esac
done
tests="$tests
.ci/smallest.sh armv7-musl"
# A few at a time: they wait most of the time.
IFS='
'
# shellcheck disable=SC2086
JOBS=4 sh tests/check.sh $tests || failures=$((failures + 1))
unset IFS
make -s -j2 unit BOARD=mips TOOLS= O="$O/size/all" || failures=$((failures + 1))
[ "$failures" -eq 0 ]
