#!/bin/sh
# SPDX-License-Identifier: MIT
# check.sh BOARD...: `make check` for one board after another, those of Linux whose tools are here, a
# line for each; what failed is shown. Ends with "N passed, N failed, N skipped".
#   MAKE  O   as make has them
set -u
: "${MAKE:=make}"
: "${O:=build}"
passed=0
failed=0
skipped=0
mkdir -p "$O" || exit 1
sysroots=$(cd "$O" && pwd)/sysroot
for board; do
    make="$MAKE -s -j2 --no-print-directory BOARD=$board SYSROOTS=$sysroots O=$O"
    facts=$($make facts)
    compiler=$(echo "$facts" | sed -n 's/^compiler: //p')
    needs=$(echo "$facts" | sed -n 's/^needs: //p')
    run=$(echo "$facts" | sed -n 's/^run: //p')
    case $facts in
    *"port: lwip"* | *"boots: l"*) continue ;;
    esac
    here=yes
    command -v "$compiler" >/dev/null || here=
    [ -z "$run" ] || command -v "${run%% *}" >/dev/null || here=
    [ -z "$needs" ] || [ -e "$needs" ] || here=
    if [ -z "$here" ]; then
        echo "$board: skipped: its compiler, C library or emulator is not here"
        skipped=$((skipped + 1))
        continue
    fi
    began=$(date +%s)
    $make check >"$O/check-$board.log" 2>&1
    status=$?
    counts=$(sed -n 's/^\([0-9]* passed, [0-9]* failed, [0-9]* skipped\)$/\1/p' "$O/check-$board.log" |
        tail -n 1)
    echo "$board: ${counts:-does not build}, $(($(date +%s) - began)) s"
    echo "${counts:-0 passed, 1 failed, 0 skipped}" | tr -d , >"$O/check-counts"
    read -r p _ f _ s _ <"$O/check-counts"
    passed=$((passed + p))
    failed=$((failed + f))
    skipped=$((skipped + s))
    if [ "$status" -ne 0 ]; then
        grep -E 'FAILED|rror[ :]|:[0-9]+: |[^0-9][1-9][0-9]* failed' "$O/check-$board.log" |
            head -n 40 | sed 's/^ */    /'
        [ "$f" -ne 0 ] || failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
