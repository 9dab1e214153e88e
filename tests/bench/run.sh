#!/bin/sh
# SPDX-License-Identifier: MIT
# How fast linnet is beside its peers; see README.md. Prints a table and the goals; every run's line
# of JSON is in $RESULTS. Exit status 1 when a byte was wrong or a line lost, whatever the speed.
#
# LINNET=  PROGRAMS=   the program under test; the folder of bench and yard
# ROUNDS=9  MS=1000    interleaved rounds, and how long each run takes
# QUICK=1              linnet and the yardsticks only, 3 short rounds: under a minute
# WORKS="busy udp"     these only        PEERS="nginx"   of the installed ones, these only
# CALLS=0              no system calls per operation
# NICE=-15             for servers and load, where other work goes on
set -u
here=$(cd "$(dirname "$0")" && pwd)
: "${LINNET:=$here/../../build/host/linnet}" "${PROGRAMS:=$here/../../build/host/tests/bench}"
: "${QUICK:=0}" "${WORKS:=}" "${PEERS:=}" "${CALLS:=1}" "${RESULTS:=}"
if [ "$QUICK" -ne 0 ]; then
    : "${ROUNDS:=3}" "${MS:=100}"
    CALLS=0
else
    : "${ROUNDS:=9}" "${MS:=1000}"
fi
. "$here/peers.sh"
command -v strace >/dev/null || CALLS=0
: "${RESULTS:=$temp/results}"
: >"$RESULTS"
large=$((QUICK == 0 ? 268435456 : 16777216))

# A line for each work: name, generator's work and options, port, the core of the load, peers.
# Where one operation is under way at a time, server and load share a core: two would measure how
# fast the machine wakes a core that sleeps.
works() {
    cat <<EOF
latency|echo-latency|echo|0|linnet yard-blocking yard-epoll yard-select xinetd socat ncat
busy|echo-busy|echo|1|linnet yard-epoll yard-select xinetd socat ncat
pipelined|echo-pipelined|echo|1|linnet yard-blocking yard-epoll yard-select xinetd socat
bulk|echo-bulk|echo|1|linnet yard-blocking yard-epoll yard-select xinetd socat
churn|echo-churn|echo|0|linnet yard-blocking yard-epoll yard-select xinetd socat
idle-10|echo-idle --idle 10|echo|0|linnet yard-epoll yard-select
idle-1000|echo-idle --idle 1000|echo|0|linnet yard-epoll yard-select yard-poll
idle-4000|echo-idle --idle 4000|echo|0|linnet yard-epoll
idle-8000|echo-idle --idle 8000|echo|0|linnet yard-epoll
udp|udp|udp|1|linnet yard-udp
http-1k|http-keep|http|1|linnet yard-http nginx lighttpd webfs busybox
http-close|http-close|http|0|linnet yard-http nginx lighttpd webfs busybox
http-64k|http-keep --path 64k --size 65536|http|1|linnet yard-http-64k nginx lighttpd webfs busybox
http-large|http-close --path large --size $large|http|1|linnet nginx lighttpd webfs busybox
raw|raw|raw|0|linnet yard-raw
chat-1|chat|chat|1|linnet yard-chat ncat-chat ngircd inspircd
chat-16|chat --depth 16|chat|1|linnet yard-chat ncat-chat ngircd inspircd
chat-4x16|chat --depth 16 --senders 4|chat|1|linnet yard-chat ncat-chat ngircd inspircd
chat-join|chat-join|chat|1|linnet yard-chat ncat-chat ngircd inspircd
EOF
}

wanted() { # WORK
    case " $WORKS " in
    "  " | *" $1 "*) ;;
    *) return 1 ;;
    esac
    [ "$QUICK" -eq 0 ] || case $1 in idle-4000 | idle-8000) return 1 ;; esac
}

peer_wanted() { # PEER
    case $1 in
    linnet | yard-*) return 0 ;;
    *) [ "$QUICK" -eq 0 ] && case " $PEERS " in "  " | *" $1 "*) ;; *) return 1 ;; esac ;;
    esac
}

# One run; its line of JSON, with the name of the work and the round before it.
measure() { # ROUND WORK OPTIONS KIND CORE PEER
    server_revive "$6" "$4" || return 1
    dialect=
    case $6-$4 in
    *ircd-chat) dialect=--irc ;;
    linnet-chat | ncat-chat-chat) dialect=--hello ;;
    esac
    pid=$(pid_of "$6" "$4")
    trace=
    ms=$MS
    # The children that it forks and does not wait for take what they used with them.
    [ "$6" = busybox ] && [ "$1" != calls ] && pid=0
    [ "$1" = calls ] && trace=--calls && ms=300
    # shellcheck disable=SC2086
    line=$(on_core "$5" "$PROGRAMS/bench" $3 --peer "$6" --port "$(port_of "$6" "$4")" \
        --pid "$pid" --ms "$ms" $dialect $trace 2>>"$temp/said")
    status=$?
    echo "$2 $1 $line" >>"$RESULTS"
    case $6 in
    linnet | yard-*)
        if [ "$status" -ne 0 ]; then
            failures=$((failures + 1))
            tail -n 5 "$temp/said" >&2
        fi
        ;;
    esac
}

start_all() {
    here_are=
    for peer in $(works | cut -d '|' -f 5); do
        case "$here_are $missing " in *" $peer "*) continue ;; esac
        if peer_wanted "$peer" && server_start "$peer"; then
            here_are="$here_are $peer"
        else
            missing="$missing $peer"
        fi
    done
}

round() { # ROUND
    works >"$temp/works"
    while IFS='|' read -r work options kind core peers <&3; do
        wanted "$work" || continue
        for peer in $peers; do
            case "$here_are " in
            *" $peer "*) measure "$1" "$work" "$options" "$kind" "$core" "$peer" ;;
            esac
        done
    done 3<"$temp/works"
}

failures=0
missing=
for file in "1k 1024" "64k 65536" "large $large"; do
    # shellcheck disable=SC2086
    "$PROGRAMS/bench" file "$root"/$file || exit 1
done
chmod 644 "$root"/*
start_all
load=$(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null)
n=1
while [ "$n" -le "$ROUNDS" ]; do
    round "$n"
    n=$((n + 1))
done
[ "$CALLS" -eq 0 ] || round calls
echo "$(uname -sr) $(uname -m), $cores cores${pinned:+, pinned}, $(date '+%Y-%m-%d'), $ROUNDS rounds of $MS ms;" \
    "load average $load before, $(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null) after"
awk -f "$here/table.awk" "$RESULTS"
[ "$failures" -eq 0 ] || echo "$failures runs had errors"
[ "$failures" -eq 0 ]
