#!/bin/sh
# SPDX-License-Identifier: MIT
# The load generator must find fault with servers that do wrong: yardsticks that change a byte, lose
# a line or cut a file now and then; and nothing with those that do not, nor with linnet.
# usage: check.sh [FOLDER-OF-PROGRAMS]; LINNET= the program under test
set -u
here=$(cd "$(dirname "$0")" && pwd)
: "${LINNET:=$here/../../build/host/linnet}" "${EXEC:=}"
PROGRAMS=${1:-$here/../../build/host/tests/bench}
. "$here/peers.sh"
pinned= # time does not matter here
passed=0
failed=0

# One short run against a yardstick of KIND, which lies or not; expects its exit status, and that
# the report says the same.
expect() { # STATUS KIND LIE WORK OPTION...
    expected=$1
    kind=$2
    lie=$3
    shift 3
    choose_port
    launch "yard-$kind" "$PROGRAMS/yard" "$kind" "$port" --root "$root" --lie "$lie" || exit 1
    verdict "$expected" "$kind that does '$lie': $*" "$@" --port "$port"
}

verdict() { # STATUS WHAT WORK OPTION...
    expected=$1
    what=$2
    shift 2
    # Of an honest server, nothing is taken for lost that is only late; a liar is given time to lie.
    patience=10000
    least=60
    [ "$expected" -eq 0 ] || { patience=100 && least=100000; }
    "$PROGRAMS/bench" "$@" --ms 30 --least "$least" --patience "$patience" >"$temp/line" 2>"$temp/said"
    status=$?
    grep -q '"errors":0}$' "$temp/line"
    said=$?
    if [ "$status" -eq "$expected" ] && [ "$said" -eq "$expected" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $what: status $status instead of $expected"
        cat "$temp/line" "$temp/said"
    fi
}

"$PROGRAMS/bench" file "$root/1k" 1024 || exit 1
for work in echo-latency "echo-busy --connections 8" echo-bulk echo-churn; do
    # shellcheck disable=SC2086
    expect 1 echo-epoll byte $work
done
expect 0 echo-epoll "" echo-pipelined
expect 1 udp byte udp
expect 1 udp lose udp
expect 0 udp "" udp
expect 1 http byte http-keep
expect 1 http cut http-keep
expect 1 http cut http-close
expect 0 http "" http-keep
expect 1 raw cut raw
expect 0 raw "" raw
for lie in byte lose; do
    expect 1 chat $lie chat --depth 4 --senders 2 --connections 5
done
expect 0 chat "" chat --connections 5

# shellcheck disable=SC2086
help=$($EXEC "$LINNET" serve --help)
peers=$($EXEC "$LINNET" --limits | sed -n 's/^CFG_CONN_MAX  *\([0-9]*\) .*/\1/p')
case $help in
*"--echo "*"--chat "*"--file "*)
    if [ "$peers" -lt 1000 ]; then
        echo "skipped: this linnet has a table too small for so many peers"
        echo "$passed passed, $failed failed, 1 skipped"
        exit "$failed"
    fi
    server_start linnet || exit 1
    verdict 0 linnet echo-busy --port "$(port_of linnet echo)"
    verdict 0 linnet udp --port "$(port_of linnet echo)"
    verdict 0 linnet http-keep --port "$(port_of linnet http)"
    verdict 0 linnet chat --hello --connections 5 --port "$(port_of linnet chat)"
    echo "$passed passed, $failed failed"
    ;;
*)
    echo "skipped: this linnet does not have all apps"
    echo "$passed passed, $failed failed, 1 skipped"
    ;;
esac
[ "$failed" -eq 0 ]
