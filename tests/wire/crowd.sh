#!/bin/sh
# SPDX-License-Identifier: MIT
# Thousands of connections at once, a full room with members who stall, and the memory they take.
# Hazards 1 and 10. Sizes follow the table of this build: from CFG_CONN_MAX 3,100 on 3,000 connections.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
mkdir -p "$temp/tree/root"
echo 'hello, world' > "$temp/tree/root/hello.txt"
chmod -R a+rX "$temp"
built=$(apps_built)
table=$(limit_of CFG_CONN_MAX)
hosts=127.0.0.1
"$BIN/talk" --have ::1 && hosts="$hosts ::1"

room() { # MEMBERS LINES
    for host in $hosts; do
        server_start_all --peer-limit 0 --chat-rate 0 --join-rate 0 || continue
        "$BIN/room" "$host" "$chat_port" "$1" 3 4 "$2" > "$temp/room" 2>&1
        count_report "$temp/room" "room $host"
        server_stop "room $host"
    done
}

crowd() { # CONNECTIONS
    for host in $hosts; do
        server_start_all --peer-limit 0 || continue
        "$BIN/crowd" "$host" "$echo_port" "$chat_port" "$file_port" "$server" "$1" \
            > "$temp/crowd" 2>&1
        count_report "$temp/crowd" "crowd $host"
        server_stop "crowd $host"
    done
}

at_most() { # NUMBER: or three quarters of the table
    if [ $(($1 + 20)) -le "$table" ]; then echo "$1"; else echo $((table * 3 / 4)); fi
}

if [ "${1:-}" = --small-buffers ]; then
    ip link set lo up
    echo 4096 16384 65536 > /proc/sys/net/ipv4/tcp_wmem
    hosts="127.0.0.1 ::1"
    room "$(at_most 200)" 250
    report
fi
if [ "$(echo $built)" != "echo chat file" ]; then
    skip "the crowd: this build has not all three apps"
    report
fi
crowd "$(at_most 3000)"
# Who stalls is noticed when the system's buffer for him is full: megabytes, unless we have a
# network of our own where it is small.
if [ "$(id -u)" -eq 0 ] && command -v ip > /dev/null && unshare -n true 2>/dev/null; then
    export LINNET EXEC BIN
    unshare -n sh "$here/crowd.sh" --small-buffers > "$temp/small" 2>&1 < /dev/null &
    others=$!
    wait "$others"
    others=
    count_report "$temp/small" "a room with small buffers"
else
    room "$(at_most 30)" 4000
fi
report
