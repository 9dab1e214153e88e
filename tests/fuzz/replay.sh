#!/bin/sh
# SPDX-License-Identifier: MIT
# Plays the corpus of each fuzz target: replay.sh FOLDER, of the programs that fuzz.mk builds. EXEC
# runs them, if they are not of this machine. The last line is "N passed, N failed".
bin=${1:?usage: replay.sh FOLDER-OF-PROGRAMS}
cd "$(dirname "$0")/../.." || exit 1
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
passed=0
failed=0
for program in "$bin"/*; do
    name=${program##*/}
    # shellcheck disable=SC2086
    timeout 120 $EXEC "$program" tests/fuzz/corpus/"$name"/* >"$out" 2>&1
    counts=$(tail -n 1 "$out" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p')
    # shellcheck disable=SC2086
    set -- ${counts:-0 1}
    echo "$name: $1 passed, $2 failed"
    [ "$2" -eq 0 ] || cat "$out"
    passed=$((passed + $1))
    failed=$((failed + $2))
done
[ "$passed" -gt 0 ] || failed=$((failed + 1))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
