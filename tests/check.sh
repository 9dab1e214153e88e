#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs test programs and scripts one after another ($EXEC before those that are not scripts), says
# in a line how each went, shows the output of those that failed, and adds up. Each ends with a
# line "N passed, N failed", which may go on with ", N skipped".
passed=0
failed=0
skipped=0
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
trap 'exit 1' HUP INT TERM

for test; do
    began=$(date +%s)
    case $test in
    *.sh*) sh -c "$test" >"$out" 2>&1 </dev/null ;; # a script may be given with its arguments
    *) $EXEC "$test" >"$out" 2>&1 </dev/null ;;
    esac
    status=$?
    counts=$(tail -n 1 "$out" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed\(, \([0-9]*\) skipped.*\)\{0,1\}$/\1 \2 \4/p')
    if [ -z "$counts" ]; then
        counts="0 1 0" # it did not come to its end
    fi
    set -- $counts
    passed=$((passed + $1))
    failed=$((failed + $2))
    skipped=$((skipped + ${3:-0}))
    name=${test%% *}
    if [ "$status" -ne 0 ] && [ "$2" -eq 0 ]; then
        failed=$((failed + 1))
        set -- "$1" 1
    fi
    printf '  %-44s %s passed, %s failed%s, %s s\n' "${name##*build/}" "$1" "$2" \
        "${3:+, $3 skipped}" "$(($(date +%s) - began))"
    if [ "$2" -ne 0 ] || [ "$status" -ne 0 ]; then
        sed 's/^/    /' "$out" | tail -n 40
    fi
done
printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
