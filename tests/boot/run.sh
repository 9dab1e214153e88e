#!/bin/sh
# SPDX-License-Identifier: MIT
# Boots a whole board in emulation, whose only program is linnet, and plays the wire tests against
# it: over IPv4 through the emulator's own network, over IPv6 through a tap, and sees it start again
# when it cannot serve. All this happens in a network namespace of its own.
#   KERNEL INITRAMFS TREE   files; TREE, the device tree, may be empty
#   MACHINE DEVICE INTERFACE ARGUMENTS   as boards/boot/boot.mk has them
#   FAST   0: the device is too slow for bulk; one that turns out to be is not asked either
#   LINNET EXEC   the same server as a program, asked for its limits      BIN   talk and the others
#   ONLY="echo chat"   plays these alone
set -u
if [ "${1:-}" != --apart ]; then
    for how in "unshare -n" "unshare -rn"; do
        if $how true 2> /dev/null; then
            exec $how sh "$0" --apart
        fi
    done
    echo "skipped: no network namespace of one's own here"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../wire/server.sh"
. "$here/../wire/tree.sh"
# An emulated board beside other work stands still for a second at times, which no pause between two
# pieces survives: bounds are wide, and what failed is tried again, and said to have been.
PATIENCE=10
TRIES=3
export TRIES
: "${FAST:=1}"
ip link set lo up
connections=$(limit_of CFG_CONN_MAX)
share=$((${connections:-64} / 4)) # what one peer may have of them
datagram=$(limit_of CFG_DATAGRAM_BYTES)
line=$(limit_of CFG_CHAT_LINE_BYTES)

# What is served, appended to the first archive. 5 GB of nothing would be 5 GB here.
tree_make "$temp/tree"
rm "$temp/tree/root/big.bin"
mv "$temp/tree/root" "$temp/tree/srv"
(cd "$temp/tree" && find . | cpio --quiet -o -R 0:0 -H newc) > "$temp/tree.cpio" || exit 1
cat "$INITRAMFS" "$temp/tree.cpio" > "$temp/initramfs"

# Starts the board with a network, and what linnet is told; $server is the emulator.
board_start() { # NETDEV KERNEL_ARGUMENTS SERVE_OPTIONS
    : > "$temp/console"
    # shellcheck disable=SC2086
    $MACHINE -display none -monitor none -serial "file:$temp/console" -no-reboot -nic none \
        -kernel "$KERNEL" ${TREE:+-dtb "$TREE"} -initrd "$temp/initramfs" -netdev "$1" \
        -device "$DEVICE,netdev=n0" \
        -append "$ARGUMENTS panic=5 linnet.time=$(date +%s) linnet.interface=$INTERFACE $2 -- $3" \
        < /dev/null > "$temp/emulator" 2>&1 &
    server=$!
}

# Waits until the console says TEXT, SECONDS at most.
console_says() { # TEXT SECONDS
    waited=0
    until grep -q "$1" "$temp/console"; do
        if ! kill -0 "$server" 2> /dev/null || [ "$waited" -ge $(($2 * 10)) ]; then
            tail -n 30 "$temp/emulator" "$temp/console"
            return 1
        fi
        nap 100
        waited=$((waited + 1))
    done
}

board_stop() {
    kill "$server" 2> /dev/null
    wait "$server" 2> /dev/null
    server=
}

# Whether the board answers at HOST, on every port: an address is the board's own only after some
# seconds in which nobody else claimed it, and a slow board takes longer for that.
board_answers() { # HOST
    for port in 7007 6667 8080; do
        "$BIN/talk" --await "$1" "$port" 90 || return 1
    done
}

# Whether 2 MB come back within some seconds.
board_is_fast() { # HOST
    printf '%s\n' 'test "2 MB"' 'open a' 'send a random 2000000' \
        'expect a random 2000000 within 3000' > "$temp/speed.talk"
    PATIENCE=1 TRIES=1 "$BIN/talk" "$1" 7007 "$temp/speed.talk" > "$temp/speed"
}

# Everything that can be tried over one address.
board_try() { # HOST
    if ! board_answers "$1"; then
        tail -n 30 "$temp/console"
        bad "the board serves, and does not answer at $1"
        return
    fi
    good
    fast=$FAST
    if [ "$fast" = 1 ] && ! board_is_fast "$1"; then
        echo "slow: 2 MB take more than 3 s at $1: no bulk today"
        fast=0
    fi
    play_all "$1"
}

play() { # APP PORT HOST
    for script in "$here/../wire/$1"/*.talk; do
        if ! grep -q '^# options:' "$script"; then
            "$BIN/talk" "$3" "$2" "CONNECTIONS=$share" "DATAGRAM=${datagram:-1472}" LINKS=1 \
                "LINE=${line:-0}" SMALL_DATAGRAMS=1 "FAST=$fast" LONG=0 LOCAL=0 ROOT=/srv \
                "$script" > "$temp/played-$1" 2>&1
            count_report "$temp/played-$1" "$script $3"
        fi
    done
}

lane() { # ARGUMENTS OF play: counts apart, and reports
    passed=0
    failed=0
    skipped=0
    play "$@"
    echo "$passed passed, $failed failed, $skipped skipped"
}

# The apps side by side.
play_all() { # HOST
    players=
    host=$1
    for lane in "echo 7007" "chat 6667" "fileget 8080"; do
        case " ${ONLY:-echo chat fileget} " in *" ${lane% *} "*) ;; *) continue ;; esac
        # shellcheck disable=SC2086
        (trap - EXIT && lane $lane "$host") > "$temp/lane-${lane% *}" 2>&1 &
        players="$players $!"
    done
    for player in $players; do
        wait "$player"
    done
    for report in "$temp"/lane-*; do
        count_report "$report" "${report##*-} $host"
        rm "$report"
    done
}

began=$(date +%s)
forward=$(for port in 7007 6667 8080; do printf ',hostfwd=tcp:127.0.0.1:%s-:%s' $port $port; done)
board_start "user,id=n0,hostfwd=udp:127.0.0.1:7007-:7007$forward" \
    "linnet.ip=10.0.2.15/24 linnet.gateway=10.0.2.2" "-r /srv"
if console_says "file listening on" 180; then
    echo "serving $(($(date +%s) - began)) s after the start"
    board_try 127.0.0.1
else
    bad "the board does not serve"
fi
board_stop

if ip tuntap add dev tap0 mode tap 2> /dev/null; then
    ip addr add fd77::1/64 dev tap0 nodad
    ip link set tap0 up
    board_start "tap,id=n0,ifname=tap0,script=no,downscript=no" \
        "linnet.ip=fd77::2/64" "-r /srv"
    if console_says "file listening on" 180; then
        board_try fd77::2
    else
        bad "the board does not serve over a tap"
    fi
    board_stop
else
    skip "IPv6: no tap here"
fi

board_start "user,id=n0" "" "-r /nowhere"
console_says "init: the server failed; starting again" 120
verdict "a board that cannot serve says so and starts again"
board_stop
report
