#!/bin/sh
# SPDX-License-Identifier: MIT
# Standard descriptors that are closed, and outputs that nobody reads: no line of the log ever
# reaches a peer (hazard 7), and a stalled terminal or log delays nobody.
# LONG=1 keeps the log stalled for a minute.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
mkdir -p "$temp/tree/root"
echo 'hello, world' > "$temp/tree/root/hello.txt"
chmod -R a+rX "$temp"
stall_ms=4000
[ "${LONG:-0}" -eq 0 ] || stall_ms=60000
built=$(apps_built)
few=$(limit_of CFG_CONN_MAX) # peers at once, beside three others
few=$((few < 25 ? few - 5 : 20))

# The numbers of a server that has just ended: this one cannot say which it got.
server_start_all || report
server_stop "finding free ports"
fixed=
for app in $built; do
    case $app in
    echo) fixed="$fixed --echo $echo_port" ;;
    chat) fixed="$fixed --chat $chat_port" ;;
    file) fixed="$fixed --file $file_port -r $temp/tree/root" ;;
    esac
done

# Peers who hear nothing but their own echo, whatever the server has to say meanwhile.
cat > "$temp/quiet.talk" << 'END'
test "nobody hears the log"
open a
open b
udp u
send a "hello"
expect a "hello"
shell "i=0; while [ \$i -lt 20 ]; do kill -USR1 $PID; i=\$((i+1)); done"
open c
reset b
open d[1-$FEW]
reset d[1-$FEW]
shell "kill -USR1 $PID"
expect a silence 300
expect c silence 1
send u "datagram"
expect u "datagram"
send a "still"
expect a "still"
shut a
expect a end
END

await_port() {
    printf 'test "there"\nopen a\nsend a "x"\nexpect a "x"\n' > "$temp/there.talk"
    waited=0
    while [ $waited -lt $((100 * PATIENCE)) ]; do
        "$BIN/talk" 127.0.0.1 "$echo_port" "$temp/there.talk" > /dev/null && return 0
        nap 30
        waited=$((waited + 1))
    done
    return 1
}

end_quietly() { # WHAT
    server_end TERM
    [ "$status" -eq 0 ]
    verdict "$1: status $status"
}

test_closed() { # WHICH: some of 0 1 2
    (
        case $1 in *0*) exec 0<&- ;; esac
        case $1 in *1*) exec 1>&- ;; *) exec > /dev/null ;; esac
        case $1 in *2*) exec 2>&- ;; *) exec 2> /dev/null ;; esac
        # shellcheck disable=SC2086
        exec $EXEC "$LINNET" serve $fixed -v
    ) &
    server=$!
    await_port
    verdict "descriptors $1 closed: it serves"
    "$BIN/talk" 127.0.0.1 "$echo_port" "PID=$server" FEW=$few "$temp/quiet.talk" > "$temp/quiet"
    count_report "$temp/quiet" "descriptors $1 closed"
    end_quietly "descriptors $1 closed"
}

# While the outputs are stalled: everybody is served, and as fast as ever.
cat > "$temp/served.talk" << 'END'
test "served in time while nobody reads the log"
repeat $TIMES
open a[1-4]
send a[1-4] "hello"
expect a[1-4] "hello" within 300
udp u
send u "datagram"
expect u "datagram" within 300
reset a[1-2]
shut a[3-4]
expect a[3-4] end within 300
close a[3-4]
close u
shell "kill -USR1 $PID; kill -USR1 $PID"
pause 20
done
END

# stalled NAME: the server's standard error (and output, as the console) go to a pipe that nobody
# reads from now on; then somebody does, and every line is whole.
test_stalled() {
    mkfifo "$temp/pipe"
    ( trap - EXIT; exec sleep 600 < "$temp/pipe" ) & # holds the reading end, and never reads
    holder=$!
    others=$holder
    # shellcheck disable=SC2086
    $EXEC "$LINNET" serve $fixed -v "$@" < /dev/null > "$temp/pipe" 2>&1 &
    server=$!
    await_port
    verdict "with a pipe for the log: it serves"
    begun=$("$BIN/talk" --clock)
    rounds=0
    while [ $(($("$BIN/talk" --clock) - begun)) -lt "$stall_ms" ]; do
        "$BIN/talk" 127.0.0.1 "$echo_port" "PID=$server" TIMES=80 "$temp/served.talk" \
            > "$temp/served" 2>&1
        count_report "$temp/served" "stalled log"
        rounds=$((rounds + 1))
    done
    cat "$temp/pipe" > "$temp/log" & # at last somebody reads
    others="$holder $!"
    nap 200
    kill -USR1 "$server"
    nap 300
    "$BIN/talk" 127.0.0.1 "$echo_port" "PID=$server" TIMES=1 "$temp/served.talk" > "$temp/served"
    count_report "$temp/served" "after the stall"
    end_quietly "stalled log"
    nap 100
    kill "$holder" 2>/dev/null
    wait 2>/dev/null
    others=
    bytes=$(wc -c < "$temp/log")
    [ "$bytes" -ge 50000 ] || [ -n "$EXEC" ] || [ "$stall_ms" -lt 2000 ]
    verdict "the pipe was full: $bytes bytes"
    strange=$(grep -v -c '^linnet: ' "$temp/log")
    [ "$strange" -eq 0 ]
    verdict "every line is whole (hazard 76): $strange are not"
    ! grep -q -i '::ffff' "$temp/log" && grep -q '127\.0\.0\.1' "$temp/log"
    verdict "addresses are written as people know them (hazard 28)"
    grep -q 'lost' "$temp/log"
    verdict "what was lost is told"
    rm "$temp/pipe"
}

test_closed 0
test_closed 1
test_closed 2
test_closed 012
test_stalled
report
