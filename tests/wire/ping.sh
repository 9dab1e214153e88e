#!/bin/sh
# SPDX-License-Identifier: MIT
# `linnet ping` over real sockets: our echo, over TCP and UDP and both families, in all sizes; nobody
# there; somebody who changes what comes or never answers (ncat and socat, where they are); a
# person's Ctrl-C. What is said, to the line, and the exit status.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"

tool_needed ping

# Runs ping; $status, and what it said in $temp/out and $temp/err. No ping may hang.
ping() { # OPTION...
    set -- $EXEC "$LINNET" ping "$@"
    ! command -v timeout > /dev/null || set -- timeout 20 "$@"
    "$@" > "$temp/out" 2> "$temp/err" < /dev/null
    status=$?
}

# Leaves a ping running, as $others, once it has shown probe COUNT.
ping_begin() { # INTERVAL COUNT
    : > "$temp/out"
    $EXEC "$LINNET" ping -i "$1" "127.0.0.1:$echo_port" > "$temp/out" 2> "$temp/err" &
    others=$!
    waited=0
    while ! grep -q "seq=$2 " "$temp/out" && [ "$waited" -lt $((100 * PATIENCE)) ]; do
        nap 20
        waited=$((waited + 1))
    done
}

# The last ping ended with STATUS, said nothing on standard error, and each PATTERN is a line.
said() { # WHAT STATUS PATTERN...
    what=$1
    wanted=$2
    shift 2
    wrong=
    [ "$status" -eq "$wanted" ] || wrong=" status $status;"
    [ ! -s "$temp/err" ] || wrong="$wrong $(cat "$temp/err");"
    for pattern; do
        grep -Eqx -e "$pattern" "$temp/out" || wrong="$wrong no line '$pattern';"
    done
    if [ -z "$wrong" ]; then good; else bad "$what:$wrong $(cat "$temp/out")"; fi
}

# The last ping ended with STATUS, and said nothing but SENTENCE on standard error.
complained() { # STATUS SENTENCE
    [ "$status" -eq "$1" ] && [ "$(cat "$temp/err")" = "linnet: $2" ] && [ ! -s "$temp/out" ]
    verdict "status $status, not $1 and '$2': $(cat "$temp/err" "$temp/out")"
}

ms='[0-9]+\.[0-9]{3}'
hosts=127.0.0.1
if "$BIN/talk" --have ::1; then hosts="$hosts ::1"; else skip "IPv6: this host has none"; fi
datagram=$(limit_of CFG_DATAGRAM_BYTES)

[ "$(apps_built | grep -c echo)" -eq 1 ] || { skip "echo is not in this build"; report; }
server_start --echo 0 --chat off --file off || report
for host in $hosts; do
    at="$host:$echo_port"
    case $host in *:*) at="[$host]:$echo_port" ;; esac
    there=$(echo "$at" | sed 's/[].[]/\\&/g')
    ping -c 3 -i 0.01 "$at"
    said "TCP $host" 0 "ping $host \\($there\\) over TCP, 64 bytes, connected in $ms ms" \
        "64 bytes from $there: seq=1 time=$ms ms" "64 bytes from $there: seq=3 time=$ms ms" \
        "--- $host \\($there\\): 3 sent, 3 received, 0 lost \\(0\\.0%\\)" \
        "round trip min/avg/max/stddev = $ms/$ms/$ms/$ms ms"
    [ "$(wc -l < "$temp/out")" -eq 6 ]
    verdict "TCP $host: six lines, not $(wc -l < "$temp/out")"
    ping -u -c 3 -i 0.01 "$at"
    said "UDP $host" 0 "ping $host \\($there\\) over UDP, 64 bytes" \
        "64 bytes from $there: seq=3 time=$ms ms" \
        "--- $host \\($there\\): 3 sent, 3 received, 0 lost \\(0\\.0%\\)"
    for bytes in 1 7 1448 1000000; do
        ping -q -c 2 -i 0 -s "$bytes" -W $((2 * PATIENCE)) "$at"
        said "$bytes bytes, TCP $host" 0 "--- $host \\($there\\): 2 sent, 2 received, 0 lost .*"
    done
    for bytes in 8 1472 65507; do
        [ "$bytes" -le "$datagram" ] || continue
        ping -u -q -c 2 -i 0 -s "$bytes" "$at"
        said "$bytes bytes, UDP $host" 0 "--- $host \\($there\\): 2 sent, 2 received, 0 lost .*"
    done
    ping -q -c 200 -i 0 -s 1000 "$at"
    said "200 one after another, TCP $host" 0 "--- .*: 200 sent, 200 received, 0 lost \\(0\\.0%\\)"
done

# A longer datagram than the server takes, who drops it.
if [ "$datagram" -lt 65507 ]; then
    ping -u -c 1 -W 0.2 -s $((datagram + 1)) "127.0.0.1:$echo_port"
    said "a datagram that is too long" 1 "seq=1: no reply in 0\\.200 s" \
        "--- .*: 1 sent, 0 received, 1 lost \\(100\\.0%\\)"
fi

# A person's Ctrl-C: the summary, and the status of what came until then.
ping_begin 0.05 3
kill -INT "$others"
wait "$others"
status=$?
others=
said "Ctrl-C" 0 "--- .* sent, [0-9]+ received, 0 lost \\(0\\.0%\\)" "round trip .*"

# The server goes away between two probes.
ping_begin 0.2 2
server_stop "ping's server"
wait "$others"
status=$?
others=
[ "$status" -eq 1 ] && grep -q '^--- .* sent, [0-9]* received' "$temp/out"
verdict "a server that ends: status $status: $(cat "$temp/out" "$temp/err")"

ping -c 1 "127.0.0.1:$echo_port"
complained 7 "cannot reach 127.0.0.1 at 127.0.0.1:$echo_port: connection refused"
ping -u -c 2 -i 0 -W 0.2 "127.0.0.1:$echo_port"
said "nobody there, UDP" 1 "seq=2: no reply in 0\\.200 s" \
    "--- .*: 2 sent, 0 received, 2 lost \\(100\\.0%\\)"
ping -4 -c 1 ::1
complained 7 "there is no host ::1 with an IPv4 address"
ping -c 0 127.0.0.1
[ "$status" -eq 2 ] && grep -q "^linnet: -c wants " "$temp/err"
verdict "-c 0: status $status: $(cat "$temp/err")"

# Others: one who changes a byte, one who never answers.
peer() { # PORT PROGRAM: a service on loopback until peer_end
    ncat -l -k 127.0.0.1 "$1" -c "$2" 2> "$temp/peer" &
    others=$!
    waited=0
    while ! ncat -z 127.0.0.1 "$1" 2> /dev/null && [ "$waited" -lt $((100 * PATIENCE)) ]; do
        nap 20
        waited=$((waited + 1))
    done
}
peer_end() {
    kill "$others"
    wait "$others" 2> /dev/null
    others=
}
if command -v ncat > /dev/null; then
    port=$((20000 + $$ % 10000))
    peer "$port" cat
    ping -c 3 -i 0.01 -s 3000 "127.0.0.1:$port"
    said "ncat and cat" 0 "--- .*: 3 sent, 3 received, 0 lost \\(0\\.0%\\)"
    peer_end
    peer $((port + 1)) "dd bs=64 count=1 2> /dev/null | tr '\\000-\\377' '\\001-\\377\\000'; sleep 1"
    ping -c 1 -W 0.5 "127.0.0.1:$((port + 1))"
    said "bytes that are changed" 1 "seq=1: differs first in byte 0 .*: 0x02 came back for 0x01" \
        "--- .*: 1 sent, 1 received, 0 lost \\(0\\.0%\\), 1 damaged"
    peer_end
    peer $((port + 2)) "cat > /dev/null"
    ping -c 2 -i 0.1 -W 0.2 "127.0.0.1:$((port + 2))"
    said "never an answer" 1 "seq=1: no reply in 0\\.200 s" "--- .*: 2 sent, 0 received, 2 lost .*"
    peer_end
else
    skip "there is no ncat here"
fi
report
