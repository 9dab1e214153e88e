#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh FOLDER: builds everything in FOLDER with gcc's counters, plays the unit tests, the port's
# conformance, the corpora of the fuzzers, the simulation, the torture and the conversations over
# real sockets, and counts the branches of core and apps that were taken, over all of these
# together. Prints a line for each file; FOLDER/coverage.txt lists the branches never taken. Fails
# when a file is below what tests/coverage.txt records of it.
set -u
cd "$(dirname "$0")/../.." || exit 1
folder=$1
list=$folder/coverage.txt
: "${CC:=gcc}" "${GCOV:=gcov}"
if ! command -v "$GCOV" > /dev/null ||
    ! "$CC" --version 2> /dev/null | grep -q 'Free Software'; then
    echo "skipped: needs gcc and gcov"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
find "$folder" -name '*.gcda' -exec rm -f {} +

# A server that has given up its rights writes its counters as whoever it is now, and one that is
# confined to a root cannot; that is no failure.
export GCOV_ERROR_FILE=/dev/null
umask 0
flags="-O0 -g --coverage"

# What these tests prove is judged elsewhere: here they drive, and counters disturb some of them,
# for example those that leave a program no descriptors. But each must have run.
build() { # RUNS TARGET...
    runs=$1
    shift
    make -s -k -j2 O="$folder" BOARD=host CC="$CC" CFLAGS="$flags" WERROR=0 \
        LDFLAGS="-Wl,--wrap=_exit,-u,__wrap__exit $folder/exit.a" "$@" > "$folder/build.out" 2>&1
    if [ "$(grep -c "^[0-9]* passed, [0-9]* failed" "$folder/build.out")" -ne "$runs" ]; then
        tail -n 20 "$folder/build.out"
        echo "0 passed, 1 failed"
        exit 1
    fi
}

"$CC" -O0 -c -o "$folder/exit.o" tests/coverage/exit.c || exit 1
ar rc "$folder/exit.a" "$folder/exit.o" || exit 1
build 3 unit conform fuzz-replay "$folder/sim/sim"
awk '/^[0-9]* passed/ { n += $1 } END {
    print "unit tests, conformance, corpora: " n " passed" }' "$folder/build.out"

# Two at a time; a job of its own would leave without writing.
simulate() { # APP...
    for app; do
        "$folder/sim/sim" run APP="$app" N=60
        "$folder/sim/sim" torture APP="$app" N=1
    done
    "$folder/sim/sim" soak HOURS=2
}
simulate echo udp file > "$folder/sim-1.out" 2>&1 &
simulate chat mixed > "$folder/sim-2.out" 2>&1
wait
cat "$folder"/sim-?.out | awk '/ seeds, / { n += $1; s += $3 } END {
    print "simulation: " n " connections, " s " seeds" }'
build 0 "$folder/host/linnet" wire-programs
export LINNET="$folder/host/linnet.debug" BIN="$folder/host/tests/wire" EXEC=
LONG=1 sh tests/wire/talk_tool.sh > "$folder/talk.out" 2>&1 &
sh tests/check.sh tests/wire/get.sh tests/wire/run.sh tests/wire/start.sh tests/wire/desk.sh \
    tests/wire/bot.sh tests/wire/console.sh tests/wire/output.sh > "$folder/wire.out" 2>&1
wait
cat "$folder/talk.out" "$folder/wire.out" | awk '/^[0-9]* passed, [0-9]* failed/ { n += $1 } END {
    print "conversations: " n " passed" }'

find "$folder/host/core" "$folder/host/apps" "$folder/sim/core" "$folder/sim/apps" \
    -name '*.gcda' -exec "$GCOV" -b -c -t {} + 2> /dev/null |
    awk -f tests/coverage/count.awk | sort -k1,1 -k2,2 -k3,3n > "$folder/counted"
grep -v '^file' "$folder/counted" > "$list"
awk -v list="$list" -f tests/coverage/judge.awk \
    tests/coverage.txt "$folder/counted"
