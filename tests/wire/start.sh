#!/bin/sh
# SPDX-License-Identifier: MIT
# Starting and stopping: what is refused and how it is said, ports, families, restart, TERM, USR1.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
mkdir -p "$temp/tree/root"
echo 'hello, world' > "$temp/tree/root/hello.txt"
"$BIN/talk" --random 300000 1 > "$temp/tree/root/data.bin"
chmod -R a+rX "$temp"
root=$temp/tree/root
built=$(apps_built)
has() { case " $built" in *" $1 "*) return 0 ;; esac; return 1; }
echo_alone= # the options that turn the others off
for app in $built; do
    [ "$app" = echo ] || echo_alone="$echo_alone --$app off"
done
few=$(limit_of CFG_CONN_MAX) # peers at once, without filling the table
few=$((few < 53 ? few - 3 : 50))
have_ipv6=0
"$BIN/talk" --have ::1 && have_ipv6=1

# refused STATUS WORD ARGUMENT...: must end at once with STATUS, after one sentence on standard
# error that holds WORD, and with nothing on standard output.
refused() {
    wanted=$1
    word=$2
    shift 2
    $EXEC "$LINNET" "$@" < /dev/null > "$temp/out" 2> "$temp/err" &
    pid=$!
    waited=0
    while kill -0 $pid 2>/dev/null && [ $waited -lt $((60 * PATIENCE)) ]; do
        nap 25
        waited=$((waited + 1))
    done
    if kill -KILL $pid 2>/dev/null; then
        wait $pid 2>/dev/null
        bad "linnet $*: was not refused"
        return
    fi
    wait $pid
    status=$?
    if [ $status -ne "$wanted" ]; then
        bad "linnet $*: status $status instead of $wanted"
    elif [ "$(wc -l < "$temp/err")" -ne 1 ] || ! grep -q '^linnet: ' "$temp/err"; then
        bad "linnet $*: not one sentence:"
        cat "$temp/err"
    elif ! grep -q -- "$word" "$temp/err"; then
        bad "linnet $*: '$word' is not in: $(cat "$temp/err")"
    elif [ -s "$temp/out" ]; then
        bad "linnet $*: something on standard output"
    else
        good
    fi
}

# says HOST PORT: an echo there
says() {
    printf 'test "echo"\nopen a\nsend a "hello"\nexpect a "hello"\n' > "$temp/says.talk"
    "$BIN/talk" "$1" "$2" "$temp/says.talk" > "$temp/says" 2>&1
}

test_usage() {
    # among them a service that would serve whatever folder it was started in (hazard 25)
    refused 2 "there is no 'nonsense'; see linnet --help" nonsense
    refused 2 'say what to do: linnet serve -r FOLDER, or linnet --help'
    refused 2 --nonsense serve --nonsense
    refused 2 --echo serve --echo
    refused 2 --echo serve --echo 70000
    refused 2 --echo serve --echo -1
    refused 2 --echo serve --echo 7007x
    refused 2 --echo serve --echo ''
    refused 2 -l serve -l nonsense
    refused 2 -l serve -l 300.1.1.1
    refused 2 -l serve -l localhost
    refused 2 -l serve -l 127.0.0.1 -l 127.0.0.2 -l 127.0.0.3 -l 127.0.0.4 -l 127.0.0.5
    refused 2 -6 serve -4 -6
    refused 2 -4 serve -4 -l ::1 --echo 0
    refused 2 -6 serve -6 -l 127.0.0.1 --echo 0
    refused 2 operand serve operand
    refused 2 fly fly
    refused 2 'say what to do'
    refused 2 zone serve -l fe80::1%nosuch0
    refused 2 --peer-limit serve --peer-limit many
    if has file; then
        refused 2 -r serve --echo 0 --file 0
        refused 2 -r serve -r
        refused 1 /nowhere/at/all serve --echo 0 --file 0 -r /nowhere/at/all
        refused 1 hello.txt/ serve --echo 0 --file 0 -r "$root/hello.txt/"
        refused 1 'hello.txt/..' serve --echo 0 --file 0 -r "$root/hello.txt/.."
        refused 1 'neither a folder nor a file' serve --echo 0 --file 0 -r "$root/hello.txt/."
        echo LEAKED > "$temp/secret.txt"
        chmod 600 "$temp/secret.txt"
        mkfifo "$temp/pipe"
        ln -s /etc/passwd "$temp/link-out"
        for other in "$temp/secret.txt" "$temp/pipe" "$temp/link-out" /dev/null; do
            refused 1 'that everybody may read' serve --echo 0 --file 0 -r "$other"
        done
        refused 1 missing.txt serve --echo 0 --file 0 -r "$root/missing.txt"
    fi
    off=
    for app in $built; do off="$off --$app off"; done
    # shellcheck disable=SC2086
    refused 1 off serve $off
    if [ "$(id -u)" -eq 0 ]; then
        # shellcheck disable=SC2086
        refused 1 no-such-user serve --echo 0 $echo_alone -u no-such-user
    fi
    # shellcheck disable=SC2086
    refused 1 192.0.2.77 serve -l 192.0.2.77 --echo 0 $echo_alone
}

test_help() {
    for words in "--help" help "serve --help" --version --limits; do
        # shellcheck disable=SC2086
        $EXEC "$LINNET" $words < /dev/null > "$temp/out" 2> "$temp/err"
        [ $? -eq 0 ] && [ -s "$temp/out" ] && [ ! -s "$temp/err" ]
        verdict "linnet $words"
    done
    # Each verb has a line, and three more of what begins with two dashes.
    $EXEC "$LINNET" --help < /dev/null > "$temp/help"
    verbs=0
    for verb in serve get ping talk; do
        if $EXEC "$LINNET" $verb --help < /dev/null > "$temp/out" 2>&1; then
            verbs=$((verbs + 1))
            grep -q "^  linnet $verb " "$temp/help" && grep -q "^usage: linnet $verb " "$temp/out"
            verdict "linnet --help names $verb, whose help begins with its usage"
        fi
    done
    [ "$(grep -c '^  linnet ' "$temp/help")" -eq $((verbs + 3)) ]
    verdict "linnet --help: $(grep -c '^  linnet ' "$temp/help") lines for $verbs verbs"
    if grep -q '^To begin with: ' "$temp/help"; then
        head -n 1 "$temp/help" | grep -q '^linnet [0-9.]*: a small server'
        verdict "linnet --help begins with $(head -n 1 "$temp/help")"
    fi
    $EXEC "$LINNET" help < /dev/null 2>&1 | cmp -s - "$temp/help"
    verdict "linnet help is not linnet --help"
    [ "$($EXEC "$LINNET" --version < /dev/null | sed 's/^linnet [0-9][0-9.]*$/right/')" = right ]
    verdict "linnet --version: $($EXEC "$LINNET" --version < /dev/null)"
    if [ -c /dev/full ]; then
        for words in --help --version --limits; do
            $EXEC "$LINNET" $words < /dev/null > /dev/full 2> /dev/null
            status=$?
            [ $status -eq 1 ]
            verdict "linnet $words, and nowhere to write it: $status"
        done
    fi
    # On a terminal of 80 columns nothing breaks but the options' rows, which know how to.
    for words in "" serve get ping talk; do
        # shellcheck disable=SC2086
        $EXEC "$LINNET" $words --help < /dev/null 2> "$temp/err" | sed '/^  -/d' > "$temp/out"
        [ -z "$(awk 'length > 80' "$temp/out")" ]
        verdict "linnet $words --help: lines of more than 80 columns"
    done
    $EXEC "$LINNET" serve --limits < /dev/null > "$temp/out" 2> "$temp/err"
    [ $? -eq 0 ] && grep -q '^CFG_CONN_MAX' "$temp/out" && [ ! -s "$temp/err" ]
    verdict "linnet serve --limits"
}

# Both by default, one with -4 or -6, whatever the system's own default is (hazard 29).
test_families() {
    server_start_all || return
    says 127.0.0.1 "$echo_port"
    verdict "IPv4 by default"
    if [ $have_ipv6 -eq 1 ]; then
        says ::1 "$echo_port"
        verdict "IPv6 by default"
    fi
    server_stop "families"

    server_start_all -4 || return
    says 127.0.0.1 "$echo_port"
    verdict "IPv4 with -4"
    if [ $have_ipv6 -eq 1 ]; then
        ! says ::1 "$echo_port"
        verdict "no IPv6 with -4"
    fi
    server_stop "-4"

    if [ $have_ipv6 -eq 0 ]; then
        skip "-6 and several -l: no IPv6 here"
        return
    fi
    server_start_all -6 || return
    says ::1 "$echo_port"
    verdict "IPv6 with -6"
    ! says 127.0.0.1 "$echo_port"
    verdict "no IPv4 with -6"
    server_stop "-6"

    only_echo 0 -l 127.0.0.1 -l ::1 -l 127.0.0.2 || return
    numbers=$(sed -n 's/^linnet: echo listening on .*:\([0-9]*\)\( (UDP)\)\{0,1\}$/\1/p' \
        "$temp/stderr")
    # shellcheck disable=SC2086
    [ "$(echo $numbers | wc -w)" -eq 6 ] && [ "$(echo "$numbers" | sort -u | wc -l)" -eq 1 ]
    verdict "port 0: one number for three addresses, TCP and UDP: $(echo $numbers)"
    says 127.0.0.1 "$echo_port" && says ::1 "$echo_port" && says 127.0.0.2 "$echo_port"
    verdict "three addresses given with -l"
    ! says 127.0.0.3 "$echo_port"
    verdict "an address that was not given"
    server_stop "-l three times"
}

# shellcheck disable=SC2086
only_echo() { server_start $echo_alone --echo "$@"; }

# A system without IPv6 at all, as far as the server can tell (hazard 30).
test_no_ipv6() {
    if [ -n "$EXEC" ] || ! cat > "$temp/no_ipv6.c" || ! ${CC:-cc} -shared -fPIC \
        -o "$temp/no_ipv6.so" "$temp/no_ipv6.c" 2>/dev/null; then
        skip "no shared object to take IPv6 away with"
        return
    fi
    EXEC="env LD_PRELOAD=$temp/no_ipv6.so LOADED=$temp/loaded"
    server_start_all || { EXEC=; return; }
    if [ ! -e "$temp/loaded" ]; then
        EXEC=
        server_end TERM
        skip "IPv6 cannot be taken away from a static program"
        return
    fi
    grep -q '^linnet: echo listening on 0\.0\.0\.0:' "$temp/stderr"
    verdict "without IPv6 it listens on IPv4: $(head -n 1 "$temp/stderr")"
    says 127.0.0.1 "$echo_port"
    verdict "without IPv6 IPv4 is served"
    # shellcheck disable=SC2086
    refused 1 '\[::\]' serve --echo 0 $echo_alone -6
    server_stop "without IPv6"
    EXEC=
} << 'END'
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/socket.h>
#include <unistd.h>
extern long syscall(long number, ...);
__attribute__((constructor)) static void tell(void)
{
    close(creat(getenv("LOADED"), 0600));
}
int socket(int family, int type, int protocol)
{
    if (family == AF_INET6) {
        errno = EAFNOSUPPORT;
        return -1;
    }
    return (int)syscall(SYS_socket, family, type, protocol);
}
END

# A number that is free now: a server's that has just ended.
free_port() {
    only_echo 0 || return 1
    free=$echo_port
    server_stop "finding a free port"
}


test_restart() {
    free_port || return
    only_echo "$free" --echo-reply bye || return
    # who closes first keeps the number in TIME_WAIT: here the server
    printf 'test "time wait"\nopen a[1-$FEW]\nsend a[1-$FEW] "x"\n%s\n%s\n' \
        'expect a[1-$FEW] "bye"' 'expect a[1-$FEW] end' > "$temp/wait.talk"
    "$BIN/talk" 127.0.0.1 "$free" FEW=$few "$temp/wait.talk" > "$temp/says"
    verdict "$few connections that the server closed first"
    server_stop "before the restart"
    only_echo "$free"
    verdict "a restart at once on the same port, with connections in TIME_WAIT"
    says 127.0.0.1 "$free"
    verdict "served after the restart"

    printf 'test "cut"\nopen a[1-4]\nsend a[1-4] "x"\nexpect a[1-4] "x"\npause 600\n%s\n' \
        'expect a[1-4] closed' > "$temp/cut.talk"
    "$BIN/talk" 127.0.0.1 "$free" "$temp/cut.talk" > "$temp/cut" &
    others=$!
    nap 300
    kill -KILL "$server"
    wait "$server" 2>/dev/null
    only_echo "$free"
    verdict "a restart after a sudden death with connections open"
    says 127.0.0.1 "$free"
    verdict "served after the sudden death"
    wait "$others"
    others=

    # shellcheck disable=SC2086
    refused 1 "$free" serve --echo "$free" $echo_alone
    says 127.0.0.1 "$free"
    verdict "who holds the port is not disturbed by a second server"
    server_stop "restart"
}

# stop_takes MS WHAT: TERM ends the server within MS, with status 0.
stop_takes() {
    begun=$("$BIN/talk" --clock)
    server_end TERM
    took=$(($("$BIN/talk" --clock) - begun))
    [ "$status" -eq 0 ] && [ "$took" -le $(($1 * PATIENCE)) ]
    verdict "$2: status $status after $took ms"
}

# while_talk TEXT: a conversation in the background, which has begun when this returns
while_talk() {
    printf 'test "stop"\n%s\nshell "touch %s/begun"\n%s\n' "$1" "$temp" "$2" > "$temp/while.talk"
    rm -f "$temp/begun"
    "$BIN/talk" 127.0.0.1 "$3" FEW=$few "$temp/while.talk" > "$temp/while" 2>&1 &
    others=$!
    waited=0
    while [ ! -e "$temp/begun" ] && [ $waited -lt $((200 * PATIENCE)) ]; do
        nap 25
        waited=$((waited + 1))
    done
}

while_verdict() {
    wait "$others"
    verdict "$1: $(cat "$temp/while")"
    others=
}

test_stop() {
    server_start_all || return
    stop_takes 400 "TERM with nobody there"

    server_start_all || return
    while_talk 'open a[1-$FEW]
        send a[1-2] "x"
        expect a[1-2] "x"' 'expect a[1-$FEW] closed within 3000' "$echo_port"
    stop_takes 700 "TERM with $few who are owed nothing"
    while_verdict "they are closed"

    server_start_all || return
    while_talk 'open deaf window 4096
        send deaf random 90000000
        expect deaf stuck within 20000' 'pause 4500' "$echo_port"
    begun=$("$BIN/talk" --clock)
    stop_takes 3500 "TERM with a peer who takes nothing: 2 s of drain"
    [ "$took" -ge 1500 ]
    verdict "a peer who takes nothing is waited for, not $took ms"
    while_verdict "deaf"

    server_start_all || return
    while_talk 'open deaf window 4096
        send deaf random 90000000
        expect deaf stuck within 20000' 'pause 1500' "$echo_port"
    kill -TERM "$server"
    nap 200
    kill -0 "$server" 2>/dev/null
    verdict "one TERM: the drain goes on"
    printf 'test "no newcomer"\nrefused\n' > "$temp/new.talk"
    "$BIN/talk" 127.0.0.1 "$echo_port" "$temp/new.talk" > "$temp/new"
    verdict "no newcomer while going down: $(cat "$temp/new")"
    stop_takes 300 "a second TERM: at once"
    while_verdict "deaf"

    server_start_all || return
    server_end INT
    [ "$status" -eq 0 ]
    verdict "INT: status $status"

    has file || return
    server_start_all || return
    while_talk 'open a window 4096
        send a "data.bin\n"
        expect a random 1000 seed 1' 'pause 800
        expect a random 299000 seed 1 at 1000
        expect a end' "$file_port"
    stop_takes 2500 "TERM with a file on its way"
    while_verdict "the file arrives whole"
}

test_report() {
    server_start_all || return
    says 127.0.0.1 "$echo_port"
    kill -USR1 "$server"
    nap 300
    lines=$(grep -v -c 'listening on' "$temp/stderr")
    [ "$lines" -ge 1 ] && [ "$lines" -le 8 ] && ! grep -q -v '^linnet: ' "$temp/stderr"
    verdict "USR1: $lines lines with the counters"
    says 127.0.0.1 "$echo_port"
    verdict "served after USR1"
    kill -HUP "$server"
    nap 200
    kill -0 "$server" 2>/dev/null || true # whatever HUP means here, TERM must work after it
    server_end TERM
}

# Nothing to do: no processor time, and hardly a wake-up, with all at 0 that may be (hazard 19).
test_idle() {
    [ -r /proc/self/status ] || { skip "idle: no /proc"; return; }
    zeros=
    has echo && zeros="--udp-rate 0"
    has chat && zeros="$zeros --chat-rate 0 --join-rate 0 --history 0"
    has file && zeros="$zeros --file-gap 0"
    # shellcheck disable=SC2086
    server_start_all $zeros || return
    while_talk 'open a[1-$FEW]
        send a[1-$FEW] "x"
        expect a[1-$FEW] "x"' 'pause 2500' "$echo_port"
    nap 500
    before=$(awk '/^voluntary/ { print $2 }' "/proc/$server/status")
    nap 1500
    after=$(awk '/^voluntary/ { print $2 }' "/proc/$server/status")
    [ $((after - before)) -le 2 ]
    verdict "idle with $few silent peers: $((after - before)) wake-ups in 1.5 s"
    while_verdict "silent peers"
    server_stop "idle"
}

# The converter of names was opened before the system's files went out of reach.
confined_name() { # OPTIONS
    case $1 in *hello.txt) return ;; esac
    $EXEC "$LINNET" serve --help | grep -q -e --no-gbk || return
    echo 'by another name' > "$root/$(printf '\345\220\215').txt"
    printf 'test "GBK"\nopen a\nsend a "\\xc3\\xfb.txt\\n"\nexpect a "by another name\\n"\n' \
        > "$temp/name.talk"
    "$BIN/talk" 127.0.0.1 "$file_port" "$temp/name.talk" > "$temp/says"
    verdict "$1: a name in GBK finds its file: $(cat "$temp/says")"
}

# Privileges are given up for good, or it does not serve (hazard 22).
test_user() {
    if [ "$(id -u)" -ne 0 ] || [ ! -r /proc/self/status ] || [ -n "$EXEC" ]; then
        skip "-u and --chroot: need root, and no emulator"
        return
    fi
    chmod 755 "$temp" "$temp/tree"
    for words in "-u 65534:65534" "-u nobody" "-u nobody --chroot" \
        "-u nobody --chroot -r $root/hello.txt"; do
        case $words in *chroot*) has file || continue ;; esac
        # shellcheck disable=SC2086
        server_start_all $words || continue
        identities=$(awk '/^[UG]id:/ { print $2, $3, $4, $5 }' "/proc/$server/status" | tr ' ' '\n' |
            sort -u)
        [ "$identities" = 65534 ]
        verdict "$words: identities are $identities"
        capabilities=$(awk '/^Cap(Prm|Eff):/ { print $2 }' "/proc/$server/status" | sort -u)
        [ "$capabilities" = 0000000000000000 ]
        verdict "$words: capabilities are $capabilities"
        if has file; then
            printf 'test "file"\nopen a\nsend a "hello.txt\\n"\nexpect a "hello, world\\n"\n' \
                > "$temp/user.talk"
            "$BIN/talk" 127.0.0.1 "$file_port" "$temp/user.talk" > "$temp/says"
            verdict "$words: files are served"
            confined_name "$words"
        fi
        server_stop "$words"
    done
}

for part in ${PARTS:-usage help families no_ipv6 restart stop report idle user}; do
    "test_$part"
done
report
