#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs test programs and scripts ($EXEC before those that are not scripts), $JOBS at a time, says in
# a line how each went, shows the output of those that failed, and adds up. Each test ends with a
# line "N passed, N failed", which may go on with ", N skipped".
work=$(mktemp -d) || exit 1
lanes=
trap 'rm -rf "$work"' EXIT
trap 'kill $lanes 2>/dev/null; exit 1' HUP INT TERM

# Takes one test after another that no other lane has taken: a folder can be made only once.
lane() {
    i=0
    for test; do
        i=$((i + 1))
        mkdir "$work/$i" 2>/dev/null || continue
        began=$(date +%s)
        case $test in
        *.sh*) sh -c "exec sh $test" >"$work/$i/out" 2>&1 </dev/null ;; # with its arguments
        *) $EXEC "$test" >"$work/$i/out" 2>&1 </dev/null ;;
        esac
        echo "$? $(($(date +%s) - began))" >"$work/$i/status"
    done
}

job=0
while [ "$job" -lt "${JOBS:-3}" ]; do
    job=$((job + 1))
    lane "$@" &
    lanes="$lanes $!"
done
# shellcheck disable=SC2086
wait $lanes

passed=0
failed=0
skipped=0
i=0
for test; do
    i=$((i + 1))
    read -r status took <"$work/$i/status" || status=1
    counts=$(tail -n 1 "$work/$i/out" | sed -n \
        's/^\([0-9]*\) passed, \([0-9]*\) failed\(, \([0-9]*\) skipped.*\)\{0,1\}$/\1 \2 \4/p')
    # shellcheck disable=SC2086
    set -- ${counts:-0 1} # without that line it did not come to its end
    if [ "$status" -ne 0 ] && [ "$2" -eq 0 ]; then
        set -- "$1" 1 "${3:-0}"
    fi
    passed=$((passed + $1))
    failed=$((failed + $2))
    skipped=$((skipped + ${3:-0}))
    name=${test%% *}
    printf '  %-36s %5s passed, %s failed, %s skipped, %s s\n' "${name##*build/}" "$1" "$2" \
        "${3:-0}" "$took"
    if [ "$2" -ne 0 ]; then
        tail -n 40 "$work/$i/out" | sed 's/^/    /'
    elif [ "${3:-0}" -ne 0 ]; then
        grep '^skipped: ' "$work/$i/out" | sed 's/^/    /'
    fi
done
printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
