#!/bin/sh
# SPDX-License-Identifier: MIT
# What needs a network of one's own, made with `unshare -n` (Linux, root; else all is skipped): no
# IPv6, no IPv4, link-local addresses, limits per address, UDP rates of peers who are not this host's
# loopback, and all conversations where the system's buffers are small.
set -u
here=$(cd "$(dirname "$0")" && pwd)

if [ "${1:-}" != --inside ]; then
    if [ "$(id -u)" -ne 0 ] || ! unshare -n true 2>/dev/null || ! command -v ip > /dev/null; then
        echo "skipped: a network of one's own needs root, unshare and ip"
        echo "0 passed, 0 failed, 1 skipped"
        exit 0
    fi
    exec unshare -n sh "$0" --inside
fi

. "$here/server.sh"
mkdir -p "$temp/tree/root"
echo 'hello, world' > "$temp/tree/root/hello.txt"
chmod -R a+rX "$temp"
ip link set lo up
ip address add 10.9.9.1/24 dev lo
ip address add 10.9.9.2/24 dev lo
ip -6 address add 2001:db8:0:1::1/64 dev lo nodad 2>/dev/null
ip -6 address add 2001:db8:0:1::2/64 dev lo nodad 2>/dev/null
ip -6 address add 2001:db8:0:2::1/64 dev lo nodad 2>/dev/null

played=0
play() { # HOST TEXT: a conversation with the echo
    played=$((played + 1))
    echo "$2" > "$temp/network$played.talk"
    "$BIN/talk" "$1" "$echo_port" "$temp/network$played.talk" > "$temp/played" 2>&1
    count_report "$temp/played" "network$played.talk"
}

hello='test "hello"
open a
send a "hello"
expect a "hello"'
hello_udp='test "hello over UDP"
udp u
send u "hello"
expect u "hello"'
ipv6_switch=/proc/sys/net/ipv6/conf/all/disable_ipv6

test_without_ipv6() {
    echo 1 > $ipv6_switch || { skip "IPv6 cannot be turned off"; return; }
    if server_start_all; then
        play 127.0.0.1 "$hello"
        play 127.0.0.1 "$hello_udp"
        play 10.9.9.1 "$hello_udp"
        server_stop "without IPv6 (hazard 30)"
    fi
    echo 0 > $ipv6_switch
    ip -6 address add ::1/128 dev lo nodad 2>/dev/null
    ip -6 address add 2001:db8:0:1::1/64 dev lo nodad 2>/dev/null
    ip -6 address add 2001:db8:0:1::2/64 dev lo nodad 2>/dev/null
    ip -6 address add 2001:db8:0:2::1/64 dev lo nodad 2>/dev/null
}

test_without_ipv4() {
    ip -4 address flush dev lo
    if server_start_all; then
        play ::1 "$hello"
        play ::1 "$hello_udp"
        server_stop "without IPv4 (hazard 30)"
    fi
    ip address add 127.0.0.1/8 dev lo
    ip address add 10.9.9.1/24 dev lo
    ip address add 10.9.9.2/24 dev lo
}

# The emulator hands a big-endian program the number of the interface as this machine has it.
play_zoned_udp() {
    case $EXEC in
    qemu-mips | qemu-mips\ * | qemu-ppc* | qemu-s390x*) skip "datagrams of a zone under $EXEC" ;;
    *) play fe80::99%d0 "$hello_udp" ;;
    esac
}

test_link_local() {
    if ! ip link add d0 type dummy 2>/dev/null && ! ip link add d0 type veth peer name d1 2>/dev/null
    then
        skip "a second interface"
        return
    fi
    ip link set d0 up
    ip link set d1 up 2>/dev/null
    ip -6 address add fe80::99/64 dev d0 nodad
    nap 100
    if server_start_all; then
        play fe80::99%d0 "$hello"
        play_zoned_udp
        server_stop "a link-local address (hazard 31)"
    fi
    if server_start_all -l fe80::99%d0; then
        play fe80::99%d0 "$hello"
        play_zoned_udp
        server_stop "-l with a zone (hazard 31)"
    fi
    ip link del d0
}

# One address takes its share and no more; the next is served (hazards 5, 6, 27).
test_peer_limit() {
    if [ "$(limit_of CFG_CONN_MAX)" -lt 12 ]; then
        skip "nine of one address: the table is too small"
        return
    fi
    server_start_all --peer-limit 8 || return
    play 10.9.9.1 'test "nine of one IPv4 address: the ninth is not served, another address is"
open a[1-8] from 10.9.9.1
send a[1-8] "x"
expect a[1-8] "x"
open b from 10.9.9.1
expect b closed within 1000
open c from 10.9.9.2
send c "x"
expect c "x"
close a8
pause 100
open d from 10.9.9.1
send d "x"
expect d "x"'
    play 2001:db8:0:1::1 'test "nine of one /64: the ninth is not served, another /64 is"
open a[1-4] from 2001:db8:0:1::1
open b[1-4] from 2001:db8:0:1::2
send a[1-4] "x"
send b[1-4] "x"
expect a[1-4] "x"
expect b[1-4] "x"
open c from 2001:db8:0:1::2
expect c closed within 1000
open d from 2001:db8:0:2::1
send d "x"
expect d "x"'
    server_end TERM
    [ "$status" -eq 0 ]
    verdict "exit status $status after the peer limits"
}

# A burst of 200 is answered, then only what the rate allows; others are not held back, and the
# other family's bucket is its own (hazards 27, 33, 35).
test_udp_rate() {
    server_start_all --udp-rate 2 || return
    play 10.9.9.1 'test "300 datagrams of one source: 200 answers, then 2 a second"
udp a from 10.9.9.1
repeat 300
send a "x"
done
repeat 200
expect a "x"
done
expect a silence 80
udp b from 10.9.9.2
send b "another source"
expect b "another source"
pause 1100
send a "x"
expect a "x"'
    server_stop "UDP rates"
}

test_addresses() { # replies leave from the address that was asked, on all of them (hazards 26, 32)
    server_start_all || return
    for host in 10.9.9.1 10.9.9.2 127.0.0.9 2001:db8:0:1::1 2001:db8:0:1::2 2001:db8:0:2::1; do
        play "$host" "$hello"
        play "$host" "$hello_udp"
    done
    server_stop "many addresses"
}

# Conversations once more where the system keeps hardly a byte for us: every write is partial.
# LONG=1 has all of them.
test_small_buffers() {
    echo 4096 4608 8192 > /proc/sys/net/ipv4/tcp_wmem || return
    echo 4096 8192 16384 > /proc/sys/net/ipv4/tcp_rmem
    export LINNET EXEC BIN
    if [ "${LONG:-0}" -eq 0 ]; then
        ONLY="echo/tcp.talk fileget/raw.talk fileget/http.talk"
        export ONLY
    fi
    LONG=0 sh "$here/run.sh" > "$temp/small" 2>&1 < /dev/null &
    others=$!
    wait "$others"
    others=
    count_report "$temp/small" "small buffers"
}

test_addresses
test_link_local
test_peer_limit
test_udp_rate
test_without_ipv4
test_without_ipv6
test_small_buffers
report
