#!/bin/sh
# SPDX-License-Identifier: MIT
# Mutants: each *.sed plants one defect in one file; the simulator must find it, by one of the
# invariants named. How soon: the median of STARTS=5 searches from different seeds; the median of
# these is to be at most 20 (STARTS=0: not asked). Without names, a table shows which
# invariant found which; one that found none fails.
# Usage: run.sh OBJECTS_DIR [NAME...], from the repository's top, with COMPILE, OBJECTS and SEEDS
# set by the Makefile. Prints a line each; last line "N passed, N failed".
set -u

scratch=$1
shift
names=${*:-$(cd tests/mutants && ls *.sed | sed 's/\.sed$//')}
seeds=${SEEDS:-1000}
starts=${STARTS:-5}
medians=20 # at most
killers= # "INVARIANT:MUTANT ..."
all_medians=
passed=0
failed=0

say() { # verdict name text
    printf '%-7s %-28s %s\n' "$1" "$2" "$3"
    case $1 in
    ok) passed=$((passed + 1)) ;;
    *) failed=$((failed + 1)) ;;
    esac
}

# The objects of the simulator, with that of the mutated file in place of the sound one.
link_list() {
    for object in $OBJECTS; do
        case $object in
        *"/${file%.c}.o") echo "$scratch/mutants/$name/mutant.o" ;;
        *) echo "$object" ;;
        esac
    done
}

median() { # of numbers, one a line
    sort -n | awk '{ n[NR] = $1 } END { print n[int((NR + 1) / 2)] + 0 }'
}

# How many seeds it takes, 200 at most, from so many starts: the median.
soon() {
    start=1
    while [ "$start" -le "$starts" ]; do
        found=$(timeout "${LIMIT:-60}" "$folder/sim" hunt APP="$app" SEED="$((start * 7919))" \
            N=200 2>&1 | tail -n 1)
        how_many=$(echo "$found" | sed -n 's/^killed by [A-Z0-9]* with seed \([0-9]*\).*/\1/p')
        echo "${how_many:-200}"
        start=$((start + 1))
    done | median
}

try() {
    name=$1
    script=tests/mutants/$name.sed
    file=$(sed -n 's/^# file: //p' "$script")
    app=$(sed -n 's/^# app: //p' "$script")
    wanted=$(sed -n 's/^# killed by: //p' "$script")
    folder=$scratch/mutants/$name
    mkdir -p "$folder/$(dirname "$file")"
    sed -f "$script" "$file" > "$folder/$file"
    if cmp -s "$file" "$folder/$file"; then
        say STALE "$name" "the script changes nothing in $file"
        return
    fi
    if ! $COMPILE -w -c -o "$folder/mutant.o" "$folder/$file" 2> "$folder/errors" ||
        ! $LINK -o "$folder/sim" $(link_list) 2>> "$folder/errors"; then
        say BROKEN "$name" "does not build: $(head -n 1 "$folder/errors")"
        return
    fi
    verdict=$(timeout "${LIMIT:-60}" "$folder/sim" hunt APP="$app" N="$seeds" 2>&1 | tail -n 1)
    case $verdict in
    killed*)
        by=$(echo "$verdict" | sed 's/^killed by \([A-Z0-9]*\).*/\1/')
        killers="$killers $by:$name"
        if [ "$starts" -gt 0 ]; then
            middle=$(soon)
            verdict="median $middle; $verdict"
            all_medians="$all_medians $middle"
        fi
        case " $wanted " in
        *" $by "*) say ok "$name" "$verdict" ;;
        *) say WRONG "$name" "$verdict, not by $wanted" ;;
        esac
        ;;
    alive*) say ALIVE "$name" "$verdict" ;;
    *) case " $wanted " in
        *" HANG "*) say ok "$name" "killed by a hang" ;;
        *) say HANGS "$name" "${verdict:-no answer in ${LIMIT:-60} s}" ;;
        esac ;;
    esac
}

for each in $names; do
    try "$each"
done

if [ $# -eq 0 ]; then
    middle=$(for number in $all_medians; do echo "$number"; done | median)
    echo "seeds until one is found, the median of all medians: $middle"
    [ "$starts" -eq 0 ] || [ "$middle" -le "$medians" ] ||
        say SLOW "all" "a median of $middle seeds, $medians at most"
    # What the simulation can find at all, by the names in its sources.
    for invariant in $(grep -rhoE '"[A-Z][0-9]{1,2}"' tests/sim port/sim | tr -d '"' | sort -u); do
        found=
        for pair in $killers; do
            case $pair in "$invariant":*) found="$found ${pair#*:}" ;; esac
        done
        if [ -n "$found" ]; then
            printf '%-7s %-28s %s\n' finds "$invariant" "$found"
        else
            say none "$invariant" "was first to find no mutant"
        fi
    done
fi
echo "$passed passed, $failed failed"
test "$failed" -eq 0
