#!/bin/sh
# SPDX-License-Identifier: MIT
# Proves port/lwip and the firmware, in about three minutes: the conformance and pool tests on
# lwip-host; then the Cortex-M3 image in qemu, by user networking, on a tap, on a UDP wire. What
# needs root (the tap) is skipped without. See README.md. Ends with "N passed, N failed".
#   O=build   LWIP_DIR=   MAKE=make   STAGES="host user tap wire images"   LONG=1 tries more
set -u
cd "$(dirname "$0")/../.." || exit 1
: "${O:=build}"
: "${MAKE:=make}"
: "${STAGES:=host user tap wire images}"
case $O in /*) ;; *) O=$PWD/$O ;; esac
: "${LWIP_DIR:=$O/lwip}"
mkdir -p "$O" || exit 1

# All of it happens in a network of its own, where that can be had.
root=0
if [ "${LWIP_RUN_INSIDE:-0}" = 1 ]; then
    root=1
elif [ "$(id -u)" -eq 0 ] && unshare -n true 2>/dev/null; then
    sh boards/lwip/fetch.sh "$LWIP_DIR" || exit 1
    LWIP_RUN_INSIDE=1 O=$O LWIP_DIR=$LWIP_DIR STAGES=$STAGES exec unshare -n sh tests/lwip/run.sh
else
    sh boards/lwip/fetch.sh "$LWIP_DIR" || exit 1
fi
[ "$root" = 0 ] || ip link set lo up

# The processes and the firmware are tried side by side.
lane=
case $STAGES in
"host "*)
    host_out=$(mktemp) || exit 1
    LWIP_RUN_INSIDE=$root STAGES=host O=$O LWIP_DIR=$LWIP_DIR sh tests/lwip/run.sh >"$host_out" 2>&1 &
    lane=$!
    STAGES=${STAGES#host }
    ;;
esac

passed=0
failed=0
skipped=0
qemu=
reader=
work=$(mktemp -d) || exit 1
log=$work/log
clean_up() {
    [ -z "$qemu" ] || kill "$qemu" 2>/dev/null
    [ -z "$reader" ] || kill "$reader" 2>/dev/null
    [ -z "$lane" ] || kill "$lane" 2>/dev/null
    wait 2>/dev/null
    [ -z "${host_out:-}" ] || rm -f "$host_out"
    chmod -R u+w "$work" 2>/dev/null
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

good() { passed=$((passed + 1)); }
bad() {
    failed=$((failed + 1))
    echo "FAILED: $*"
}
skip() {
    skipped=$((skipped + 1))
    echo "skipped: $*"
}
began=$(date +%s)
stage() {
    case " $STAGES " in
    *" $1 "*) echo "== $2 (at $(($(date +%s) - began)) s)" ;;
    *) return 1 ;;
    esac
}

# Runs a program and adds up its last line, "N passed, N failed". REPEAT=1: when it fails, its output
# is shown and it is tried once more.
count() { # WHAT COMMAND...
    what=$1
    shift
    timeout 120 "$@" >"$log" 2>&1
    if [ "$?" -ne 0 ] && [ "${REPEAT:-0}" = 1 ]; then
        echo "  $what failed once, and is repeated; the first time:"
        grep -v '^skipped' "$log" | cut -c1-300 | sed 's/^/    /' | tail -n 30
        timeout 120 "$@" >"$log" 2>&1
    fi
    sed -n '/^[0-9]* passed, [0-9]* failed/h;${x;p;}' "$log" >"$work/last"
    if ! grep -q passed "$work/last"; then
        sed 's/^/    /' "$log" | tail -n 20
        bad "$what: no report"
        return
    fi
    # shellcheck disable=SC2046
    set -- $(tr -d ',' <"$work/last")
    passed=$((passed + $1))
    failed=$((failed + $3))
    skipped=$((skipped + ${5:-0}))
    echo "  $what: $(cat "$work/last")"
    [ "$3" -eq 0 ] || grep -v '^skipped' "$log" | cut -c1-300 | sed 's/^/    /' | tail -n 30
}

build() { # FOLDER ARGUMENT...: with make; what fails is shown
    folder=$1
    shift
    $MAKE -s -j2 O="$O/lwip-test/$folder" LWIP_DIR="$LWIP_DIR" "$@" >"$log" 2>&1 && return 0
    tail -n 20 "$log"
    bad "does not build: $*"
    return 1
}

# ---- The port, as a process ----------------------------------------------------------------------

SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=undefined'
host_tests() { # FOLDER LABEL ARGUMENT...
    folder=$1
    label=$2
    shift 2
    programs=$O/lwip-test/$folder/lwip-host/tests
    build "$folder" BOARD=lwip-host APPS=echo "$@" "$programs/lwip/pools" "$programs/lwip/wire" \
        "$programs/port/conform" || return
    case $label in
    *small*) ;; # it has fewer handles than the conformance program asks for
    *) count "conformance, $label" "$programs/port/conform" ;;
    esac
    count "pools, $label" "$programs/lwip/pools"
}

if stage host "lwip-host"; then
    host_tests static "static pools"
    host_tests malloc "malloc and sanitizers" MALLOC_POOLS=1 CFLAGS="-O1 -g $SANITIZE" \
        LDFLAGS="$SANITIZE"
    host_tests small "small static pools" SIZES=mps2-an385
    [ "${LONG:-0}" = 0 ] || host_tests small-malloc "small, malloc and sanitizers" \
        SIZES=mps2-an385 MALLOC_POOLS=1 CFLAGS="-O1 -g $SANITIZE" LDFLAGS="$SANITIZE"
fi

# ---- The firmware --------------------------------------------------------------------------------

# qemu with the image $firmware; the rest says how it is connected. Its console is a pair of pipes.
board_start() { # QEMU-OPTION...
    rm -f "$work/uart.in" "$work/uart.out"
    mkfifo "$work/uart.in" "$work/uart.out"
    : >"$work/uart" # what the last one said
    cat "$work/uart.out" >"$work/uart" &
    reader=$!
    qemu-system-arm -M mps2-an385 -display none -monitor none -serial "pipe:$work/uart" \
        -semihosting-config enable=on,target=native -kernel "$firmware" "$@" 2>"$work/qemu" &
    qemu=$!
    waited=0
    while [ "$waited" -lt 20 ]; do # 2 s from reset
        grep -q "$last_app listening" "$work/uart" && break
        sleep 0.1
        waited=$((waited + 1))
    done
    if [ "$waited" -lt 20 ]; then
        good
        return 0
    fi
    cat "$work/qemu" "$work/uart"
    bad "the firmware does not serve within 2 s"
    board_stop
    return 1
}

board_stop() {
    kill "$qemu" 2>/dev/null
    wait "$qemu" 2>/dev/null
    kill "$reader" 2>/dev/null
    wait "$reader" 2>/dev/null
    qemu=
    reader=
}

# The console tells how full the pools are: nothing but TIME_WAIT, some seconds after the last peer.
pools_empty() { # AFTER
    for try in 1 2 3 4 5 6 7 8 9 10 11 12; do
        lines=$(grep -c 'linnet: lwip:' "$work/uart")
        printf '\024' >"$work/uart.in"
        sleep 0.5
        [ "$(grep -c 'linnet: lwip:' "$work/uart")" -gt "$lines" ] || continue
        if grep 'linnet: lwip:' "$work/uart" | tail -n 1 | tr -d '\r' | awk -F'[=/, ]+' '
            { for (i = 1; i < NF; i++) value[$i] = $(i + 1) }
            END { exit !(value["heap"] == 0 && value["frames"] == 0 && value["segments"] == 0 &&
                         value["tcp"] == value["time_wait"] && value["stack"] < 1280) }'; then
            good
            return
        fi
    done
    tail -n 6 "$work/uart"
    bad "the pools are not empty after $1"
}

still_well() { # nothing was said that should not be
    if grep -q 'defect\|fault' "$work/uart" || ! kill -0 "$qemu" 2>/dev/null; then
        tail -n 5 "$work/uart"
        bad "the firmware failed in $1"
    else
        good
    fi
}

# What is about hosts: files larger than the memory, changing, linked; a second address; a terminal.
NOT_HERE='20 MB|5 GB|shrinks|grows|FIFO|second address|a link that changes|stops reading a big file'
conversations() { # HOST ECHO CHAT FILE SCRIPT...
    host=$1
    ports="$2 $3 $4"
    shift 4
    for script; do
        # shellcheck disable=SC2086
        set -- $ports
        case $script in
        echo/*) port=$1 ;;
        chat/*) port=$2 ;;
        *) port=$3 ;;
        esac
        awk -v not="$NOT_HERE" '/^test / { on = $0 !~ not } /^#/ || NR == 1 || on || !begun { print }
            /^test / { begun = 1 }' "tests/wire/$script.talk" |
            awk -v not="$NOT_HERE" '/^test / { off = $0 ~ not } !off' >"$work/${script##*/}.talk"
        count "$script at $host" "$BIN/talk" "$host" "$port" "ROOT=$work/tree/root" \
            "TEMP=$work" "PID=0" CONNECTIONS=8 DATAGRAM=1472 LONG=0 LINE=256 LINKS=0 \
            SMALL_DATAGRAMS=1 "$work/${script##*/}.talk"
    done
    pools_empty "conversations at $host"
    still_well "conversations at $host"
}

# It may still be looking whether somebody else has its address.
answers() { # HOST ECHO-PORT
    for try in 1 2 3 4 5; do
        if timeout 10 "$BIN/abuse" "$1" "$2" hello >"$log" 2>&1; then
            good
            return 0
        fi
        sleep 0.5
    done
    bad "nobody answers at $1"
    return 1
}

abuse() { # HOST ECHO-PORT
    for how in turns resets drip; do
        count "$how at $1" "$BIN/abuse" "$1" "$2" "$how"
        pools_empty "$how at $1"
    done
    still_well "abuse at $1"
}

firmware=
last_app=file
hardware_ipv6=5054:ff:fe12:3456
if [ "$STAGES" != host ] && ! command -v qemu-system-arm >/dev/null; then
    skip "the firmware: there is no qemu-system-arm"
elif [ "$STAGES" != host ] && ! command -v arm-none-eabi-gcc >/dev/null; then
    skip "the firmware: there is no arm-none-eabi-gcc"
elif [ "$STAGES" != host ]; then
    BIN=$O/lwip-test/bin
    mkdir -p "$BIN"
    for helper in abuse attack advertise; do
        cc -std=c99 -O1 -I. "tests/lwip/$helper.c" -o "$BIN/$helper" || bad "$helper does not build"
    done
    cc -std=c99 -O1 -D_GNU_SOURCE -I. tests/wire/talk*.c -o "$BIN/talk" || bad "talk does not build"
    # What the conversations ask for, less what is larger than the board.
    (
        . tests/wire/tree.sh
        tree_make "$work/tree" 2>/dev/null
    )
    rm -f "$work/tree/root/large.bin" "$work/tree/root/big.bin"
    if build firmware BOARD=mps2-an385 ROM="$work/tree/root" FLASH_BYTES=1048576 SEMIHOSTING=1 \
        CPPFLAGS=-DCFG_PEER_CONN_MIN=9; then
        firmware=$O/lwip-test/firmware/mps2-an385/linnet.elf
    fi
fi

if [ -n "$firmware" ] && stage user "user networking, IPv4, no privileges"; then
    base=$((20000 + $$ % 10000))
    net="user,model=lan9118,net=10.77.0.0/24,host=10.77.0.1"
    for forward in "tcp 1 7007" "udp 1 7007" "tcp 2 6667" "tcp 3 8080"; do
        # shellcheck disable=SC2086
        set -- $forward
        net="$net,hostfwd=$1:127.0.0.1:$((base + $2))-10.77.0.2:$3"
    done
    if board_start -nic "$net"; then
        conversations 127.0.0.1 $((base + 1)) $((base + 2)) $((base + 3)) chat/text fileget/strict
        count "turns at 127.0.0.1" "$BIN/abuse" 127.0.0.1 $((base + 1)) turns
        pools_empty "turns"
        board_stop
    fi
fi

tap_open() {
    sysctl -qw net.ipv6.conf.default.dad_transmits=0 net.ipv6.conf.default.accept_dad=0 &&
        ip tuntap add dev tap0 mode tap && ip addr add 10.77.0.1/24 dev tap0 &&
        ip -6 addr add fd77::1/64 dev tap0 nodad && ip link set tap0 up
} 2>"$work/tap"

if [ -n "$firmware" ] && stage tap "a tap, IPv4 and IPv6 by router advertisements"; then
    if [ "$root" = 0 ] || ! tap_open; then
        skip "the tap: needs root and /dev/net/tun"
    elif board_start -nic tap,model=lan9118,ifname=tap0,script=no,downscript=no; then
        "$BIN/advertise" tap0 5
        slow="echo/tcp chat/text"
        for host in "fd77::$hardware_ipv6" 10.77.0.2; do
            answers "$host" 7007 || continue
            # shellcheck disable=SC2086
            conversations "$host" 7007 6667 8080 $slow echo/udp chat/room fileget/raw \
                fileget/http fileget/names fileget/range fileget/strict
            abuse "$host" 7007
            [ "${LONG:-0}" = 1 ] || slow=
        done
        board_stop
    fi
fi

if [ -n "$firmware" ] && stage wire "a UDP wire: lost frames, and frames of our own making"; then
    wire=$O/lwip-test/small/lwip-host/tests/lwip/wire
    [ -x "$wire" ] || build small BOARD=lwip-host APPS=echo SIZES=mps2-an385 "$wire"
    here=$((30000 + $$ % 2000))
    there=$((here + 2000))
    ends="local.type=inet,local.host=127.0.0.1,local.port=$there"
    ends="$ends,remote.type=inet,remote.host=127.0.0.1,remote.port=$here"
    if board_start -netdev "dgram,id=n0,$ends" -net nic,netdev=n0,model=lan9118; then
        sleep 1.5
        count "nothing lost" "$wire" "$here" "$there" 0 "fe80::$hardware_ipv6"
        pools_empty "a clean wire"
        count "2 % lost" "$wire" "$here" "$there" 20 "fe80::$hardware_ipv6"
        pools_empty "a lossy wire"
        count "attack" "$BIN/attack" "$here" "$there"
        still_well "the attack"
        board_stop
    fi
fi

# ---- Other images --------------------------------------------------------------------------------

# Boots the image and asks for a page, at the address that user networking gives or finds.
boots() { # LABEL FIRMWARE
    firmware=$2
    page=$((40000 + $$ % 10000))
    if board_start -nic "user,model=lan9118,net=10.77.0.0/24,host=10.77.0.1,dhcpstart=10.77.0.2,$(
        echo "hostfwd=tcp:127.0.0.1:$page-10.77.0.2:7007")"; then
        sleep 2
        count "$1" "$BIN/abuse" 127.0.0.1 "$page" turns
        board_stop
    fi
}

if [ -n "$firmware" ] && stage images "sizes, picolibc, DHCP"; then
    for board in mps2-an385 mps2-an385-fast; do
        build images BOARD=$board || continue
        count "$board, flash and memory" sh tests/size/firmware.sh \
            "$O/lwip-test/images/$board/linnet.map" "tests/size/$board.budget"
        boots "$board" "$O/lwip-test/images/$board/linnet.elf"
    done
    last_app=echo
    build picolibc BOARD=mps2-an385 LIBC=picolibc LWIP_IP4= APPS=echo &&
        boots "picolibc and DHCP" "$O/lwip-test/picolibc/mps2-an385/linnet.elf"
fi

if [ -n "$lane" ]; then
    wait "$lane"
    lane=
    sed '$d' "$host_out"
    # shellcheck disable=SC2046
    set -- $(tail -n 1 "$host_out" | tr -d ',')
    passed=$((passed + ${1:-0}))
    failed=$((failed + ${3:-1}))
    skipped=$((skipped + ${5:-0}))
fi
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
