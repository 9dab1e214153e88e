#!/bin/sh
# SPDX-License-Identifier: MIT
# Fewer descriptors than clients (hazards 3, 4): few from the start, and taken away while serving.
# LONG=1 watches the processor for ten seconds instead of two.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
mkdir -p "$temp/tree/root"
echo 'hello, world' > "$temp/tree/root/hello.txt"
span=2
[ "${LONG:-0}" -eq 0 ] || span=10

if [ "$(limit_of CFG_CONN_MAX)" -lt 80 ]; then
    skip "a shortage of descriptors: the table of this build is the narrower"
    report
fi

starve() { # WHAT
    "$BIN/starve" 127.0.0.1 "$echo_port" "$server" "$span" > "$temp/starved" 2>&1
    count_report "$temp/starved" "$1"
}

room_said() { sed -n 's/.*room for \([0-9]*\) connections instead of.*/\1/p' "$temp/stderr"; }

# A low limit from the start: a smaller table, said in one line.
handles=32
if server_start_all; then
    starve "32 descriptors from the start"
    grep -q "room for [0-9]* connections instead of $(limit_of CFG_CONN_MAX): " "$temp/stderr"
    verdict "the smaller table is said in one line"
    room=$(room_said)
    lines=$(grep -c -v 'listening on' "$temp/stderr")
    [ "$lines" -le 2 ]
    verdict "a shortage is worth a line or two, not $lines"
    server_end
    [ "$status" -eq 0 ]
    verdict "exit status $status after the shortage"
fi
# Of eight more a quarter is for files.
handles=40
if [ "$(limit_of CFG_CONN_MAX)" -gt 40 ] && server_start_all; then
    [ "$(room_said)" -eq $((room + 6)) ]
    verdict "40 descriptors: room for $(room_said) connections, not 6 more than $room"
    server_end
fi
handles=

# Taken away while serving: accept itself fails.
if command -v prlimit > /dev/null && server_start_all; then
    if prlimit --pid "$server" --nofile=32:32 2>/dev/null; then
        starve "32 descriptors while serving"
        lines=$(grep -c -v 'listening on' "$temp/stderr")
        [ "$lines" -ge 1 ] && [ "$lines" -le 2 ]
        verdict "a shortage is worth one line, not $lines"
        server_end
        [ "$status" -eq 0 ]
        verdict "exit status $status after the shortage"
    else
        skip "prlimit cannot"
    fi
else
    skip "there is no prlimit"
fi
report
