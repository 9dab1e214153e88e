#!/bin/sh
# SPDX-License-Identifier: MIT
# How the cost of an operation grows: with idle connections, with active ones, with the members of a
# chat, with the size of a file. Prints four charts of text, bars on a logarithmic scale.
#
# LINNET=  PROGRAMS=   the program under test; the folder of bench and yard
# ROUNDS=3  MS=300     the least of so many interleaved runs, and how long each takes
# NICE=-15             for servers and load, where other work goes on
set -u
here=$(cd "$(dirname "$0")" && pwd)
: "${LINNET:=$here/../../build/host/linnet}" "${PROGRAMS:=$here/../../build/host/tests/bench}"
: "${ROUNDS:=3}" "${MS:=300}"
. "$here/peers.sh"
results=$temp/results
failures=0

# One curve: TITLE MEMBER KIND CORE PEERS OPTION VALUES WORK..., where MEMBER is of the line of JSON.
curve() {
    title=$1
    member=$2
    kind=$3
    core=$4
    peers=$5
    option=$6
    values=$7
    shift 7
    : >"$results"
    round=0
    while [ "$round" -lt "$ROUNDS" ]; do
        round=$((round + 1))
        for value in $values; do
            for peer in $peers; do
                point "$@"
            done
        done
    done
    awk -v title="$title" -v member="$member" -v peers="$peers" -v values="$values" \
        -f "$here/chart.awk" "$results"
}

point() { # WORK...
    path=
    dialect=
    [ "$option" = --size ] && path="--path $value"
    [ "$peer-$kind" = linnet-chat ] && dialect=--hello
    # shellcheck disable=SC2086
    if line=$(on_core "$core" "$PROGRAMS/bench" "$@" "$option" "$value" $path $dialect --ms "$MS" \
        --peer "$peer" --port "$(port_of "$peer" "$kind")" --pid "$(pid_of "$peer" "$kind")"); then
        echo "$value $peer $line" >>"$results"
    else
        failures=$((failures + 1))
    fi
}

files="1024 16384 262144 4194304"
for size in $files; do
    "$PROGRAMS/bench" file "$root/$size" "$size" || exit 1
done
chmod 644 "$root"/*
for peer in linnet yard-epoll yard-poll yard-chat; do
    server_start "$peer" || exit 1
done
file_peers=linnet
server_start nginx && file_peers="linnet nginx"
curve "us there and back, one active among N idle connections" p50_us echo 0 \
    "linnet yard-epoll yard-poll" --idle "10 1000 4000 8000" echo-idle
curve "us of the server for a message, N connections, all busy" server_us echo 1 \
    "linnet yard-epoll yard-poll" --connections "1 10 100 1000" echo-busy
curve "us of the server for a line to one member, N members, 16 lines under way" server_us chat 1 \
    "linnet yard-chat" --connections "10 100 300 1000" chat --depth 16
curve "us of the server for a file of N bytes by HTTP, 16 connections that stay" server_us http 1 \
    "$file_peers" --size "$files" http-keep
[ "$failures" -eq 0 ]
