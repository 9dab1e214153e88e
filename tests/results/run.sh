#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs what was linked with the layer that notes results: the simulated world (SEEDS= of them), the
# conformance program on the simulated port and on a real one (PORT=), under its faults too, and
# some of the wire tests, if there is a LINNET= for them; then compares what the ports showed. Last
# line "N passed, N failed". usage: run.sh FOLDER, from the repository's top
set -u
folder=${1:?usage: run.sh FOLDER}
failed=0

# noting NAME COMMAND...: runs it, noting in FOLDER/NAME.results.
noting() {
    name=$1
    shift
    if ! RESULTS=$folder/$name.results "$@" >"$folder/$name.out" 2>&1; then
        tail -n 5 "$folder/$name.out"
        echo "FAILED $name"
        return 1
    fi
}

for name in world apart conform wire; do
    "$folder/show" "$folder/$name.results" empty || exit 1
done
noting world "$folder/sim" run N="${SEEDS:-800}" JOBS=1 &
world=$!
noting apart "$folder/apart" || failed=1
noting conform "$folder/conform" || failed=1
if [ -n "${LINNET:-}" ]; then
    for test in run shortage output; do
        noting wire sh "tests/wire/$test.sh" || failed=1
    done
fi
wait "$world" || failed=1
for name in world apart conform wire; do
    "$folder/show" "$folder/$name.results" >"$folder/$name.txt" || failed=1
done
awk -f tests/results/compare.awk tests/results/contract.txt port/port.h port/port_tool.h \
    by=world "$folder/world.txt" by=apart "$folder/apart.txt" \
    by="${PORT:=posix}" "$folder/conform.txt" by="$PORT" "$folder/wire.txt" || failed=1
exit "$failed"
