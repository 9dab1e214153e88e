#!/bin/sh
# SPDX-License-Identifier: MIT
# size.sh BOARD...: builds each board's server, tools left out, prints one table of what it needs
# and compares that with tests/size/BOARD.budget, lines of "what bytes":
#   file  the stripped program          ram  .data and .bss: all memory but some KB of stack
#   echo.file, echo.ram                 the same with echo alone
#   fixed.file, fixed.ram               the same without a command line (OPTIONS=0)
# Boards whose compiler is not installed are skipped. Ends with "N passed, N failed, N skipped".
#   MAKE  O   as make has them
#   TABLE=1   only the table, as README has it: with C libraries, and firmware that was built in O
set -u
here=$(cd "$(dirname "$0")" && pwd)
: "${MAKE:=make}"
: "${O:=build}"
passed=0
failed=0
skipped=0
trouble=
work=$O/size
mkdir -p "$work" || exit 1

build() { # BOARD FOLDER ARGUMENT...: into $work/FOLDER/BOARD
    board=$1
    folder=$2
    shift 2
    $MAKE -s -j2 --no-print-directory BOARD="$board" SYSROOTS="$(cd "$O" && pwd)/sysroot" \
        O="$work/$folder" TOOLS= "$@" > "$work/log" 2>&1
}

# What README calls a board: with how it is linked, where that is not as its name says.
label() { # BOARD
    case ${TABLE:+$1} in
    "" | *musl | *lwip*) echo "$1" ;;
    host) echo "$1 (dynamic)" ;;
    *) echo "$1 (glibc)" ;;
    esac
}

# A row of firmware, if it was built: what it takes of flash stands for its file.
row_firmware() { # BOARD
    elf=$O/$1/linnet.elf
    if [ -n "${TABLE:-}" ] && [ -f "$elf" ] && command -v arm-none-eabi-size > /dev/null; then
        peers=$(sed -n 's/^#define CFG_CONN_MAX //p' "$here/../../boards/$1/board_config.h")
        arm-none-eabi-size "$elf" | awk -v label="$1, with lwIP" -v peers="${peers:--}" 'NR == 2 {
            printf "| %-22s | %6s | %8s | %8s | %8s | %8s | %8s |\n", label, peers, $1, $2, $3,
                $1 + $2, $2 + $3 }'
    fi
}

say() { # TEXT: shown below the table
    trouble="$trouble$*
"
}

compare() { # WHAT BYTES: with the board's budget
    allowed=$(awk -v what="$1" '$1 == what { print $2 }' "$here/$board.budget" 2> /dev/null)
    if [ -z "$allowed" ]; then
        say "$board: no budget for $1, which is $2 bytes: see tests/size/$board.budget"
        failed=$((failed + 1))
    elif [ "$2" -gt "$allowed" ]; then
        say "$board: $1 is $2 bytes, $(($2 - allowed)) more than its budget allows"
        failed=$((failed + 1))
    else
        passed=$((passed + 1))
    fi
}

# Prints a row about $work/FOLDER/BOARD and compares; PREFIX is that of the budget's lines.
row() { # BOARD FOLDER LABEL PREFIX
    file=$(wc -c < "$work/$2/$1/linnet" | tr -d ' ')
    # shellcheck disable=SC2046
    set -- "$@" $("$size" "$work/$2/$1/linnet.debug" | awk 'NR == 2 { print $1, $2, $3 }')
    printf '| %-22s | %6s | %8s | %8s | %8s | %8s | %8s |\n' "$3" "${connections:--}" \
        "$5" "$6" "$7" "$file" "$(($6 + $7))"
    compare "$4file" "$file"
    compare "$4ram" "$(($6 + $7))"
}

measure() { # BOARD
    facts=$($MAKE -s --no-print-directory BOARD="$1" SYSROOTS="$(cd "$O" && pwd)/sysroot" facts)
    compiler=$(echo "$facts" | sed -n 's/^compiler: //p')
    size=$(echo "$facts" | sed -n 's/^size: //p')
    run=$(echo "$facts" | sed -n 's/^run: //p')
    needs=$(echo "$facts" | sed -n 's/^needs: //p')
    case $facts in
    *"port: lwip"*) # it has other measures
        row_firmware "$1"
        return ;;
    *"boots: l"*) return ;; # these are others under another name
    esac
    if ! command -v "$compiler" > /dev/null; then
        say "$1: skipped: there is no $compiler here"
        skipped=$((skipped + 1))
        return
    elif [ -n "$needs" ] && [ ! -e "$needs" ]; then
        say "$1: skipped: make sysroot BOARD=$1 fetches what it needs"
        skipped=$((skipped + 1))
        return
    elif ! build "$1" all; then
        say "$1: does not build:"
        say "$(tail -n 20 "$work/log")"
        failed=$((failed + 1))
        return
    fi
    connections=$($run "$work/all/$1/linnet" --limits 2> /dev/null |
        awk '$1 == "CFG_CONN_MAX" { print $2 }' | tr -d ,)
    row "$1" all "$(label "$1")" ""
    part "$1" echo "echo alone" APPS=echo
    part "$1" fixed "echo, OPTIONS=0" APPS=echo OPTIONS=0
}

# The same for less than all, where there is a budget for that.
part() { # BOARD FOLDER LABEL ARGUMENT...
    if ! grep -q "^$2\." "$here/$1.budget" 2> /dev/null; then
        return
    fi
    board=$1
    folder=$2
    label=$3
    shift 3
    if build "$board" "$folder" "$@"; then
        row "$board" "$folder" "- $label" "$folder."
    else
        say "$board: $label does not build:"
        say "$(tail -n 20 "$work/log")"
        failed=$((failed + 1))
    fi
}

printf '| %-22s | %6s | %8s | %8s | %8s | %8s | %8s |\n' board peers text data bss file RAM
printf '|%s|%s:|%s:|%s:|%s:|%s:|%s:|\n' ------------------------ ------- --------- --------- \
    --------- --------- ---------
for board; do
    measure "$board"
done
[ -z "${TABLE:-}" ] || exit 0
printf '%s' "$trouble"
printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
