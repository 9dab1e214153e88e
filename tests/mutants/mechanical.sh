#!/bin/sh
# SPDX-License-Identifier: MIT
# Mechanical mutants: N one-token changes of core and apps, drawn by SEED (the commit's hash), each
# compiled and played against the unit tests and the corpora (with sanitizers, where the compiler
# has them), a short simulation and, in the end, the conversations over real sockets that its file
# has a part in, until one notices. Those that nobody noticed are listed; read them: each is a test
# that is missing, or a line more for equivalent.txt, which is not counted, as are changes that give
# the same code. It fails below LEAST=90 per cent.
# Usage: mechanical.sh FOLDER, from the repository's top, with what sim.mk and tests.mk give:
#   COMPILE LINK LIBRARIES UNITS FUZZERS SIM_PORT   of this build
#   SIM_COMPILE SIM_OBJECTS                         of the simulation's
#   LINNET MAIN BIN                                 the program, its main's object, wire's helpers
#   N=200 SEED= SEEDS=60 ONLY=FILE JOBS=2 LEAST=90 WIRE=1
set -u
folder=$1
lane=${2:-}
jobs=${JOBS:-2}
known=tests/mutants/equivalent.txt
objects=$folder/objects
sanitize='-fsanitize=address,undefined -fno-sanitize-recover=all'
ASAN_OPTIONS=detect_leaks=0
export ASAN_OPTIONS

limited() { # COMMAND...: neither endless nor without limits
    (ulimit -t 30; ulimit -f 400000; exec timeout 120 "$@")
} > /dev/null 2>&1 < /dev/null

# What an app's own files are played against in the simulation.
sim_apps() { # FILE
    case $1 in
    apps/echo/*) echo "echo udp" ;;
    apps/chat/*) echo "chat desk" ;;
    apps/fileget/*) echo "file mixed" ;;
    core/*) echo "udp desk echo file chat mixed" ;;
    esac
}

# The conversations over real sockets that a file has a part in: a script, or run.sh and what it is
# to play.
wire_tests() { # FILE
    case $1 in
    core/console.c | core/editor*) echo "console.sh talk_tool.sh" ;;
    core/address.c | core/name.c) echo "start.sh network.sh" ;;
    core/*) echo "run:echo output.sh" ;;
    apps/echo/*) echo "run:echo" ;;
    apps/chat/bot* | apps/chat/json*) echo "bot.sh" ;;
    apps/chat/chat_operator.c | apps/chat/chat_de* | apps/chat/chat_do*) echo "desk.sh run:chat" ;;
    apps/chat/chat_log.c | apps/chat/chat_record.c) echo "room_files.sh run:chat" ;;
    apps/chat/chat_options.c) echo "start.sh run:chat" ;;
    apps/chat/*) echo "run:chat desk.sh" ;;
    apps/fileget/fileget_options.c) echo "start.sh run:fileget" ;;
    apps/fileget/*) echo "cases.sh run:fileget" ;;
    apps/get/*) echo "get.sh" ;;
    apps/ping/*) echo "ping.sh" ;;
    apps/talk/* | apps/terminal.c) echo "talk_tool.sh" ;;
    apps/client.c | apps/target.c) echo "talk_tool.sh get.sh ping.sh" ;;
    apps/serve.c) echo "start.sh shortage.sh output.sh console.sh" ;;
    apps/*) echo "start.sh output.sh console.sh" ;;
    esac
}

# ---- Once: the objects of the tests, and which test holds which file -----------------------------

prepare() {
    rm -rf "$folder"
    mkdir -p "$objects"
    : > "$folder/holds"
    echo 'int main(void) { return 0; }' > "$objects/probe.c"
    # shellcheck disable=SC2086
    $LINK $sanitize -o "$objects/probe" "$objects/probe.c" 2> /dev/null &&
        "$objects/probe" 2> /dev/null || sanitize=
    echo "$sanitize" > "$folder/sanitize"
    for program in $UNITS; do
        name=${program##*/}
        source=tests/unit/$name.c
        list=$objects/$name.o
        # shellcheck disable=SC2086
        $COMPILE -w $sanitize -c -o "$objects/$name.o" "$source" || exit 1
        for fake in tests/unit/fake_*.c; do
            if grep -q "uses ${fake##*/}" "$source"; then
                part=$objects/$(basename "$fake" .c).o
                # shellcheck disable=SC2086
                [ -f "$part" ] || $COMPILE -w $sanitize -c -o "$part" "$fake" || exit 1
                list="$list $part"
            fi
        done
        if grep -q 'uses port/sim' "$source"; then list="$list $SIM_PORT"; fi
        echo "$list" > "$objects/$name.list"
        at=$(date +%s)
        # shellcheck disable=SC2086
        if ! $LINK $sanitize -o "$objects/test" $list $LIBRARIES || ! limited "$objects/test"; then
            echo "note: $name fails as it is, and judges nothing" >&2
            continue
        fi
        took=$(($(date +%s) - at))
        "${NM:-nm}" -a "$program" | awk -v name="unit $took $name" '$2 == "a" { print $3, name }' \
            >> "$folder/holds"
    done
    for program in $FUZZERS; do
        name=${program##*/}
        "${NM:-nm}" -a "$program" | awk -v name="fuzz 9 $name" '$2 == "a" { print $3, name }' \
            >> "$folder/holds"
    done
    # shellcheck disable=SC2086
    awk -v SEED="${SEED:-1}" -v COUNT=$((${N:-200} * 2)) -f tests/mutants/mechanical.awk \
        ${ONLY:-core/*.c apps/*.c apps/*/*.c} > "$folder/drawn"
}

# ---- One mutant ----------------------------------------------------------------------------------

# The mutated source: the same lines, for __LINE__ is in every CHECK.
mutate() { # TO
    awk -v line="$line" -v column="$column" -v old="$old" -v new="$new" '
        FNR != line { print; next }
        column == 0 { print "    ;"; next }
        { print substr($0, 1, column - 1) new substr($0, column + length(old)) }' "$file" > "$1"
}

# Which test notices; nothing: none does.
killer() {
    source=$(basename "$file")
    stem=${source%.c}
    : > "$work/by"
    # shellcheck disable=SC2086
    $COMPILE -w -O1 $sanitize -c -o "$work/checked.o" "$work/source.c" 2> /dev/null || return
    # Its own test first, then the quick ones.
    for test in $(awk -v source="$source" -v stem="$stem" '$1 == source {
        print (index($4, stem) == 1 ? 0 : 1 + $3), $2 ":" $4 }' "$folder/holds" | sort -n |
        cut -d' ' -f2); do
        name=${test#*:}
        case $test in
        unit:*)
            # shellcheck disable=SC2046,SC2086
            $LINK $sanitize -o "$work/test" $(cat "$objects/$name.list") "$work/checked.o" \
                $LIBRARIES 2> /dev/null || continue
            limited "$work/test" || { echo "unit $name"; return; }
            ;;
        fuzz:*)
            # shellcheck disable=SC2086
            $LINK $sanitize -o "$work/test" $(fuzz_objects "$name") "$work/checked.o" $SIM_PORT \
                $LIBRARIES 2> /dev/null || continue
            limited "$work/test" tests/fuzz/corpus/"$name"/* || { echo "fuzz $name"; return; }
            ;;
        esac
    done
    sim_killer
    [ -s "$work/by" ] || [ "${WIRE:-1}" = 0 ] || wire_killer
    cat "$work/by"
}

sim_killer() {
    apps=$(sim_apps "$file")
    case " $SIM_OBJECTS " in *"/${file%.c}.o "*) ;; *) return ;; esac
    $SIM_COMPILE -w -c -o "$work/sim.o" "$work/source.c" 2> /dev/null || return
    list=
    for object in $SIM_OBJECTS; do
        case $object in
        *"/${file%.c}.o") list="$list $work/sim.o" ;;
        *) list="$list $object" ;;
        esac
    done
    # shellcheck disable=SC2086
    $LINK -o "$work/sim" $list 2> /dev/null || return
    for script in tests/regress/*.txt; do
        limited "$work/sim" script "$script" || { echo "sim $script" > "$work/by"; return; }
    done
    limited "$work/sim" split || { echo "sim split" > "$work/by"; return; }
    for app in $apps; do
        limited "$work/sim" hunt APP="$app" N="${SEEDS:-60}"
        [ "$?" -eq 1 ] || { echo "sim $app" > "$work/by"; return; }
    done
}

# Conversations may be late where much else runs: what fails counts when it fails again, while the
# sound program passes it.
wire_killer() {
    case $MAIN in
    *"/${file%.c}.o") main= ;; # it is the mutant itself
    *) main=$MAIN ;;
    esac
    # shellcheck disable=SC2086
    $LINK -o "$work/linnet" $main "$work/mutant.o" $LIBRARIES 2> /dev/null || return
    for test in $(wire_tests "$file"); do
        if ! wire_passes "$work/linnet" first && ! wire_passes "$work/linnet" again &&
            { wire_passes "$LINNET" sound ||
                grep -Fx -f "$work/first" "$work/again" | grep -qvFx -f "$work/sound"; }; then
            echo "wire $test" > "$work/by"
            return
        fi
    done
}

# What fails is left in a file, without its numbers.
wire_passes() { # PROGRAM NAME
    case $test in
    run:*) script=run.sh only=${test#run:} ;;
    *) script=$test only= ;;
    esac
    (
        ulimit -t 60 # whoever is left over and never ends, too
        LINNET=$1 BIN=$BIN EXEC="" ONLY=$only PATIENCE=2 \
            exec timeout 200 sh tests/wire/"$script" > "$work/said" 2>&1 < /dev/null
    )
    set -- $? "$2"
    grep -v ' passed, ' "$work/said" | sed 's/[0-9][0-9]*/0/g' > "$work/$2"
    return "$1"
}

fuzz_objects() { # NAME
    base=${FUZZERS%% *}
    base=${base%/bin/*}
    echo "$base/fuzz_$1.o $base/replay.o $base/fuzz.o"
    [ "$1" != world ] || echo "$WORLD"
}

# Changes that equivalent.txt explains: by the file, the function, and the line's text.
explained() {
    text=$(sed -n "${line}s/^ *//p" "$file")
    function=$(sed -n "1,${line}p" "$file" |
        sed -n 's/^[a-z][^;=]*[ *]\([a-z_0-9]*\)(.*[^;]$/\1/p' | tail -n 1)
    grep -qF "$file|$function|$old|$new|$text|" "$known"
}

try() {
    work=$folder/lane$lane
    mkdir -p "$work/same"
    mutate "$work/source.c"
    $COMPILE -w -O1 -g0 -c -o "$work/mutant.o" "$work/source.c" 2> /dev/null || return
    sound=$work/same/$(echo "$file" | tr / -).o
    if [ ! -f "$sound" ]; then
        mv "$work/source.c" "$work/mutated.c"
        cp "$file" "$work/source.c" # by the same name, which is in every CHECK
        $COMPILE -w -O1 -g0 -c -o "$sound" "$work/source.c"
        mv "$work/mutated.c" "$work/source.c"
    fi
    text=$(sed -n "${line}s/^ *//p" "$file")
    if cmp -s "$sound" "$work/mutant.o"; then
        echo "same~$file:$line"
    elif explained; then
        echo "equal~$file:$line"
    else
        by=$(killer)
        if [ -n "$by" ]; then
            echo "killed~$file:$line~$by"
        else
            printf '%s\n' "alive~$file:$line~$old~$new~$text"
        fi
    fi
}

if [ -n "$lane" ]; then
    read -r sanitize < "$folder/sanitize"
    number=0
    counted=0
    while IFS='~' read -r file line column old new; do
        number=$((number + 1))
        [ $((number % jobs)) -eq "$lane" ] || continue
        [ "$counted" -lt $((${N:-200} / jobs)) ] || break
        result=$(try)
        case $result in killed* | alive*) counted=$((counted + 1)) ;; esac
        [ -z "$result" ] || printf '%s\n' "$result"
    done < "$folder/drawn"
    exit 0
fi

began=$(date +%s)
prepare
prepared=$(($(date +%s) - began))
i=0
while [ "$i" -lt "$jobs" ]; do
    sh "$0" "$folder" "$i" > "$folder/results$i" 2> "$folder/errors$i" &
    i=$((i + 1))
done
wait
cat "$folder"/results? > "$folder/results"
awk -F'~' '$1 == "killed" { split($3, part, /[\/ ]/); by[part[1]]++ }
    END { for (b in by) { print "killed by " b ": " by[b] } }' "$folder/results"
sed -n 's/^alive~\([^~]*\)~\([^~]*\)~\([^~]*\)~/ALIVE   \1  \2 -> \3  in: /p' "$folder/results" |
    sed 's/   -> *in: /  gone: /'
awk -F'~' -v least="${LEAST:-90}" -v took="$(($(date +%s) - began))" -v prepared="$prepared" '
    { n[$1]++ }
    END {
        tried = n["killed"] + n["alive"]
        share = tried ? 100 * n["killed"] / tried : 0
        printf "%d mutants: %d noticed (%.1f %%), %d not; ", tried, n["killed"], share, n["alive"]
        printf "%d more give the same code, %d are explained; ", n["same"], n["equal"]
        printf "%d s, %d of them to begin\n", took, prepared
        enough = tried > 0 && n["killed"] >= least / 100 * tried
        print enough ? "1 passed, 0 failed" : "0 passed, 1 failed"
        exit !enough
    }' "$folder/results"
