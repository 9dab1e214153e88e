#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs test programs and scripts ($EXEC before those that are not scripts), $JOBS at a time, says in
# a line how each went, shows the output of those that failed, and adds up. Each test ends with a
# line "N passed, N failed", which may go on with ", N skipped". REPEAT=1: what failed is run once
# more, alone, and both outcomes are shown: machines that others use too are late at times.
work=$(mktemp -d) || exit 1
lanes=
trap 'rm -rf "$work"' EXIT
trap 'kill $lanes 2>/dev/null; exit 1' HUP INT TERM

# Runs a test; its output and its status go into a folder.
run() { # TEST FOLDER
    began=$(date +%s)
    case $1 in
    *.sh*) sh -c "exec sh $1" >"$2/out" 2>&1 </dev/null ;; # with its arguments
    *) $EXEC "$1" >"$2/out" 2>&1 </dev/null ;;
    esac
    echo "$? $(($(date +%s) - began))" >"$2/status"
}

# Takes one test after another that no other lane has taken: a folder can be made only once.
lane() {
    i=0
    for test; do
        i=$((i + 1))
        if mkdir "$work/$i" 2>/dev/null; then
            run "$test" "$work/$i"
        fi
    done
}

# Sets status, took, and the counts of a test that has run; without its last line it did not come
# to its end.
judge() { # FOLDER
    read -r status took <"$1/status" || status=1
    counts=$(tail -n 1 "$1/out" | sed -n \
        's/^\([0-9]*\) passed, \([0-9]*\) failed\(, \([0-9]*\) skipped.*\)\{0,1\}$/\1 \2 0\4/p')
    # shellcheck disable=SC2086
    set -- ${counts:-0 1 0}
    test_passed=$1
    test_failed=$2
    test_skipped=$((${3#0} + 0))
    if [ "$status" -ne 0 ] && [ "$test_failed" -eq 0 ]; then
        test_failed=1
    fi
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
    judge "$work/$i"
    name=${test%% *}
    name=${name##*build/}
    if [ "$test_failed" -ne 0 ] && [ "${REPEAT:-0}" = 1 ]; then
        mv "$work/$i/out" "$work/$i/first"
        run "$test" "$work/$i"
        judge "$work/$i"
        if [ "$test_failed" -eq 0 ]; then
            printf '  %s failed once, and passed when repeated alone; the first time:\n' "$name"
            tail -n 40 "$work/$i/first" | sed 's/^/    /'
        fi
    fi
    passed=$((passed + test_passed))
    failed=$((failed + test_failed))
    skipped=$((skipped + test_skipped))
    printf '  %-36s %5s passed, %s failed, %s skipped, %s s\n' "$name" "$test_passed" \
        "$test_failed" "$test_skipped" "$took"
    if [ "$test_failed" -ne 0 ]; then
        grep -v '^skipped: ' "$work/$i/out" | tail -n 40 | sed 's/^/    /'
    else
        grep -E '^skipped: |^ *tried again: ' "$work/$i/out" | sed 's/^ */    /'
    fi
done
printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
