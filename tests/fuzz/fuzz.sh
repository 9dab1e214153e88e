#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs fuzz targets; fuzz.mk calls this.
#   fuzz.sh all SECONDS NAME...    each for so long, two at a time; the world five times as long
#   fuzz.sh one SECONDS NAME       one, with all it says
#   fuzz.sh afl SECONDS NAME       one, with AFL++
#   fuzz.sh merge 0 NAME...        the corpora anew: the fewest inputs that cover the same
# What is found is kept in FUZZ_DIR; an input that breaks something is also shown. The last line is
# "N passed, N failed", a target each.
how=${1:?usage: fuzz.sh all|one|afl|merge SECONDS NAME...}
seconds=$2
shift 2
cd "$(dirname "$0")/../.." || exit 1
dir=${FUZZ_DIR:-build/fuzz}
corpus=tests/fuzz/corpus
symbolize=0
command -v llvm-symbolizer >/dev/null && symbolize=1
export ASAN_OPTIONS=detect_leaks=0:abort_on_error=1:symbolize=$symbolize
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1

# The longest input, in bytes.
length() {
    case $1 in
    world) echo 600 ;;
    http_head | get_head) echo 1400 ;;
    utf8 | http_condition) echo 200 ;;
    http_sniff) echo 48 ;;
    *) echo 700 ;;
    esac
}

clang_run() { # NAME SECONDS
    mkdir -p "$dir/corpus/$1" "$dir/found/$1"
    rm -f "$dir/found/$1"/*
    timeout -k 5 $(($2 + 60)) "$dir/clang/$1" -max_total_time="$2" -max_len="$(length "$1")" \
        -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$dir/found/$1/" \
        "$dir/corpus/$1" "$corpus/$1" 2>&1
}

# How it went, in a line, and what broke.
report() { # NAME STATUS OUTPUT
    rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$3")
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$3")
    covered=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$3" | tail -n 1)
    if [ "$2" -eq 0 ] && [ -n "$runs" ]; then
        echo "$1: $runs inputs, $rate a second, $covered edges"
        return 0
    fi
    echo "$1: FAILED with status $2"
    grep -v '^#\|^stat::\|^INFO:\|NEW_FUNC\|^    #.* 0x[0-9a-f]*  (' "$3" | head -n 40
    for input in "$dir/found/$1"/*; do
        [ -f "$input" ] || continue
        echo "the input, to be replayed with $dir/clang/$1 $input:"
        od -An -v -tx1 "$input" | head -n 60
    done
    return 1
}

# Takes one target after another that no other lane has taken.
lane() {
    for name; do
        mkdir "$work/$name" 2>/dev/null || continue
        t=$seconds
        [ "$name" = world ] && t=$((5 * seconds))
        clang_run "$name" "$t" >"$work/$name/out"
        echo $? >"$work/$name/status"
    done
}

fuzz_all() {
    work=$(mktemp -d) || exit 1
    trap 'rm -rf "$work"' EXIT
    names=$* # the longest first
    case " $names " in
    *" world "*) names="world $(echo " $names " | sed 's/ world / /')" ;;
    esac
    # shellcheck disable=SC2086
    lane $names &
    first=$!
    # shellcheck disable=SC2086
    lane $names &
    trap 'kill $first $! 2>/dev/null; exit 1' HUP INT TERM
    wait
    for name in $names; do
        status=1
        read -r status <"$work/$name/status"
        if report "$name" "$status" "$work/$name/out"; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
        fi
    done
}

merge() {
    for name; do
        mkdir -p "$dir/corpus/$name" "$dir/merged/$name"
        rm -f "$dir/merged/$name"/*
        "$dir/clang/$name" -merge=1 -max_len="$(length "$name")" "$dir/merged/$name" \
            "$corpus/$name" "$dir/corpus/$name" >"$dir/merged/$name.out" 2>&1
        echo "$name: $(find "$dir/merged/$name" -type f | wc -l) inputs in $dir/merged/$name"
        passed=$((passed + 1))
    done
}

passed=0
failed=0
case $how in
all) fuzz_all "$@" ;;
one)
    out=$(mktemp) || exit 1
    trap 'rm -f "$out"' EXIT
    { clang_run "$1" "$seconds"; echo "status $?"; } | tee "$out"
    report "$1" "$(sed -n 's/^status //p' "$out" | tail -n 1)" "$out" && passed=1 || failed=1
    ;;
afl)
    unset ASAN_OPTIONS UBSAN_OPTIONS
    mkdir -p "$dir/afl-found"
    export AFL_AUTORESUME=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1
    export AFL_NO_AFFINITY=1 # others may have bound themselves to all processors
    timeout -k 5 $((seconds + 60)) afl-fuzz -V "$seconds" -i "$corpus/$1" \
        -o "$dir/afl-found/$1" "$dir/afl/$1"
    status=$?
    if [ "$status" -ne 0 ] || [ -n "$(find "$dir/afl-found/$1" -path '*crashes/id*')" ]; then
        find "$dir/afl-found/$1" -path '*crashes/id*'
        failed=1
    else
        passed=1
    fi
    ;;
merge) merge "$@" ;;
*) exit 2 ;;
esac
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
