#!/bin/sh
# SPDX-License-Identifier: MIT
# The programs people really have: curl, wget, busybox, nc in its kinds, telnet, ncat, socat. Those
# that are not installed are skipped, and said so.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
. "$here/tree.sh"
tree_make "$temp/tree"
root=$temp/tree/root
hosts=127.0.0.1
"$BIN/talk" --have ::1 && hosts="$hosts ::1"
built=$(apps_built)
server_start_all || report

on_app() { # APP: is it in this build
    case " $built" in *" $1 "*) return 0 ;; esac
    return 1
}
have() { # PROGRAM
    command -v "$1" > /dev/null && return 0
    skip "$1 is not installed"
    return 1
}
in_url() { # HOST as a URL has it
    case $1 in *:*) echo "[$1]" ;; *) echo "$1" ;; esac
}
limited() { # SECONDS COMMAND...: no client may hang
    if command -v timeout > /dev/null; then timeout "$@"; else shift; "$@"; fi
}

# echoes COMMAND...: what goes in comes out, to the last byte, and the client ends by itself
echoes() {
    printf 'hello\nworld\n' | limited 10 "$@" > "$temp/out" 2> "$temp/err"
    [ "$(cat "$temp/out")" = "hello
world" ]
    verdict "echo by $*: $(head -c 200 "$temp/out") $(head -c 200 "$temp/err")"
}

# gets FILE COMMAND...: the command's output is the file
gets() {
    wanted=$1
    shift
    limited 60 "$@" > "$temp/out" 2> "$temp/err"
    cmp -s "$temp/out" "$wanted"
    verdict "$*: other bytes than $wanted; $(tail -n 1 "$temp/err")"
}

# gets_raw FILE NAME COMMAND...: the command sends the name and gets the file
gets_raw() {
    wanted=$1
    name=$2
    shift 2
    printf '%s' "$name" | limited 60 "$@" > "$temp/out" 2> "$temp/err"
    cmp -s "$temp/out" "$wanted"
    verdict "raw by $*: other bytes than $wanted; $(tail -n 1 "$temp/err")"
}

echo_clients() { # HOST
    have nc.openbsd && echoes nc.openbsd -N "$1" "$echo_port"
    have nc.traditional && [ "$1" = 127.0.0.1 ] && echoes nc.traditional -q 1 "$1" "$echo_port"
    have ncat && echoes ncat "$1" "$echo_port"
    have socat && echoes socat -t 5 - "TCP:$(in_url "$1"):$echo_port"
    have busybox && echoes busybox nc "$1" "$echo_port"
    if have nc.openbsd; then
        printf 'datagram' | limited 3 nc.openbsd -u -w 1 "$1" "$echo_port" > "$temp/out"
        [ "$(cat "$temp/out")" = datagram ]
        verdict "UDP echo by nc.openbsd to $1"
    fi
    if have socat; then
        printf 'datagram' | limited 3 socat -t 1 - "UDP:$(in_url "$1"):$echo_port" > "$temp/out"
        [ "$(cat "$temp/out")" = datagram ]
        verdict "UDP echo by socat to $1"
    fi
}

http_clients() { # HOST
    url=http://$(in_url "$1"):$file_port
    if have curl; then
        gets "$root/data.bin" curl -sS -g "$url/data.bin"
        gets "$root/large.bin" curl -sS -g "$url/large.bin"
        gets "$root/hello.txt" curl -sS -g --http1.0 "$url/hello.txt"
        gets "$root/with space.txt" curl -sS -g "$url/with%20space.txt"
        gets "$root/sub/index.html" curl -sS -g -L "$url/sub"
        limited 20 curl -sS -g -o "$temp/1" -o "$temp/2" "$url/hello.txt" "$url/data.bin" -w \
            '%{num_connects}\n' > "$temp/out"
        [ "$(tr '\n' ' ' < "$temp/out")" = "1 0 " ] && cmp -s "$temp/2" "$root/data.bin"
        verdict "curl uses one connection for two files: $(tr '\n' ' ' < "$temp/out")"
        code=$(limited 10 curl -sS -g -o /dev/null -w '%{http_code}' --path-as-is \
            "$url/../outside.txt")
        [ "$code" = 404 ] || [ "$code" = 400 ]
        verdict "curl --path-as-is /../outside.txt: $code"
        code=$(limited 10 curl -sS -g -o /dev/null -w '%{http_code}' -d a=b "$url/hello.txt")
        [ "$code" = 405 ]
        verdict "curl POST: $code"
        limited 10 curl -sS -g -I "$url/big.bin" | grep -qi '^content-length: 5368709123'
        verdict "curl -I: the length of a file of 5 GB"
        if limited 10 curl -sS -g -I "$url/hello.txt" | grep -qi '^accept-ranges: bytes'; then
            gets_tail "$url"
        else
            skip "ranges: this server does not offer them yet"
        fi
    fi
    if have wget; then
        gets "$root/data.bin" wget -q -O - "$url/data.bin"
        gets "$root/large.bin" wget -q -O - "$url/large.bin"
    fi
    have busybox && gets "$root/data.bin" busybox wget -q -O - "$url/data.bin"
}

gets_tail() { # URL: parts of a file by range
    head -c 150000 "$root/data.bin" > "$temp/part"
    limited 20 curl -sS -g -C - -o "$temp/part" "$1/data.bin"
    cmp -s "$temp/part" "$root/data.bin"
    verdict "curl -C - goes on where it stopped"
    limited 20 curl -sS -g -r -3 "$1/big.bin" > "$temp/out"
    [ "$(cat "$temp/out")" = END ]
    verdict "the last bytes of a file of 5 GB"
    limited 20 curl -sS -g -r 0-4 "$1/big.bin" > "$temp/out"
    [ "$(cat "$temp/out")" = BEGIN ]
    verdict "the first bytes of a file of 5 GB"
    limited 20 curl -sS -g -r 4294967294-4294967301 "$1/big.bin" | cmp -s - "$temp/zeros"
    verdict "bytes around 4 GB"
}

raw_clients() { # HOST
    have nc.openbsd && gets_raw "$root/data.bin" data.bin nc.openbsd -N "$1" "$file_port"
    have nc.openbsd && gets_raw "$root/hello.txt" hello.txt nc.openbsd "$1" "$file_port"
    have ncat && gets_raw "$root/data.bin" data.bin ncat "$1" "$file_port"
    have socat && gets_raw "$root/data.bin" data.bin socat -t 5 - "TCP:$(in_url "$1"):$file_port"
    have busybox && gets_raw "$root/hello.txt" hello.txt busybox nc "$1" "$file_port"
    [ "$1" = 127.0.0.1 ] && have nc.traditional &&
        gets_raw "$root/hello.txt" hello.txt nc.traditional -q 1 "$1" "$file_port"
}

# Two in the room, one of them by telnet (hazard 91): each sees what the other says, as clean text.
chat_clients() { # HOST
    have telnet && have nc.openbsd || return
    ( nap 900; echo 'hello from nc'; nap 900; echo /quit ) |
        limited 8 nc.openbsd "$1" "$chat_port" > "$temp/nc.out" 2>&1 &
    others=$!
    ( nap 400; echo '/nick tina'; nap 900; echo 'hello from telnet'; nap 900; echo /quit; nap 300 ) |
        limited 8 telnet "$1" "$chat_port" > "$temp/telnet.out" 2>&1
    wait "$others"
    others=
    grep -q '> hello from nc' "$temp/telnet.out"
    verdict "telnet sees what nc says: $(cat "$temp/telnet.out")"
    grep -q '<tina> hello from telnet' "$temp/nc.out"
    verdict "nc sees what telnet says: $(cat "$temp/nc.out")"
    ! LC_ALL=C grep -q "$(printf '[\001-\010\016-\037\177-\377]')" "$temp/nc.out"
    verdict "no telnet byte reaches nc"
}

head -c 8 /dev/zero > "$temp/zeros"
for host in $hosts; do
    on_app echo && echo_clients "$host"
    on_app file && raw_clients "$host"
    on_app file && http_clients "$host"
    on_app chat && chat_clients "$host"
done
server_stop "real clients"
report
