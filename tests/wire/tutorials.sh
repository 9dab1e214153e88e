#!/bin/sh
# SPDX-License-Identifier: MIT
# The programs that beginners' tutorials have people write, as they do it (guest.c, tutor.c): their
# clients against our server, many at once, in UTF-8 and in GBK; our tools against their servers.
# Over IPv4 and IPv6.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
built=$(apps_built)
guests=24
[ "$(limit_of CFG_CONN_MAX)" -ge 60 ] || guests=4

# 1: this build converts GBK, and the system has what it needs for that.
converts_gbk() {
    $EXEC "$LINNET" serve --help | grep -q -e --no-gbk && ! grep -q 'converts no GBK' "$temp/stderr"
    echo $((1 - $?))
}

# guests_come HOST PORT MODE
guests_come() {
    GBK=$(converts_gbk) "$BIN/guest" "$1" "$2" "$3" "$guests" > "$temp/played" 2>&1
    count_report "$temp/played" "the $3 client, $1"
}

# ---- Their clients -------------------------------------------------------------------------------

# Answers what it is asked; what it read stays in $temp/seen.
operator() {
    while read -r line; do
        printf '%s\n' "$line" >> "$temp/seen"
        case $line in
        *'] *** left'*) ;;
        \[[0-9]*)
            number=${line#\[}
            printf '@%s re: %s\n' "${number%% *}" "${line#*\] }"
            ;;
        esac
    done
}

only_chat=
for app in $built; do
    [ "$app" = chat ] || only_chat="$only_chat --$app off"
done
mkfifo "$temp/pipe" "$temp/screen"
for host in 127.0.0.1 ::1; do
    case " $built" in *" chat "*) ;; *) break ;; esac
    "$BIN/talk" --have "$host" || continue
    : > "$temp/seen"
    : > "$temp/stderr"
    operator < "$temp/screen" > "$temp/pipe" &
    others=$!
    (
        # shellcheck disable=SC2086
        exec $EXEC "$LINNET" serve $only_chat --chat 0 --chat-mode desk --console --peer-limit 0 \
            > "$temp/screen" < "$temp/pipe" 2> "$temp/stderr" # in the operator's order
    ) &
    server=$!
    on=chat
    if server_await; then
        for mode in greeting chat empty oneway; do
            guests_come "$host" "$(port_of chat)" $mode
        done
        nap $((600 * PATIENCE))
        # Three of the four asked a first question each, and so did those that only spoke.
        [ "$(grep -c '] 1: ' "$temp/seen")" -eq $((4 * guests)) ]
        verdict "the operator saw $(grep -c '] 1: ' "$temp/seen") first texts of $((4 * guests))"
        [ "$(grep -c " $host\] 1: $(printf '\344\275\240\345\245\275') " "$temp/seen")" -eq \
            $((4 * guests)) ]
        verdict "not all of them in UTF-8 and with their address"
    else
        bad "the server does not start"
        cat "$temp/stderr"
    fi
    server_end TERM
    wait "$others"
    others=
    if $EXEC "$LINNET" serve --help | grep -q -- '--bot '; then
        # shellcheck disable=SC2086
        server_start $only_chat --chat 0 --chat-mode desk --bot builtin --peer-limit 0 || report
        guests_come "$host" "$chat_port" bot
        server_end TERM
    fi
done

only_file=
for app in $built; do
    [ "$app" = file ] || only_file="$only_file --$app off"
done
case " $built" in *" file "*)
    mkdir "$temp/root"
    name=$(printf '\344\270\255\346\226\207').bin
    awk 'BEGIN { for (i = 1; i <= 10000; i++) print i }' > "$temp/root/$name"
    chmod -R a+rX "$temp"
    # shellcheck disable=SC2086
    if server_start $only_file --file 0 -r "$temp/root" --peer-limit 0; then
        for host in 127.0.0.1 ::1; do
            "$BIN/talk" --have "$host" && guests_come "$host" "$file_port" file
        done
        server_end TERM
    fi
    ;;
esac

# ---- Their servers -------------------------------------------------------------------------------

# tutor_start MODE HOST: its port is $port.
tutor_start() {
    : > "$temp/port"
    "$BIN/tutor" "$1" "$temp/heard" "$2" > "$temp/port" < /dev/null &
    others=$!
    waited=0
    while [ ! -s "$temp/port" ] && [ "$waited" -lt $((100 * PATIENCE)) ]; do
        nap 20
        waited=$((waited + 1))
    done
    port=$(cat "$temp/port")
    case $2 in *:*) url="[$2]:$port" ;; *) url=$2:$port ;; esac
}

tutor_end() {
    kill "$others"
    wait "$others" 2> /dev/null
    others=
}

for host in 127.0.0.1 ::1; do
    "$BIN/talk" --have "$host" || continue
    if $EXEC "$LINNET" --help | grep -q '^  linnet talk '; then
        tutor_start chat "$host"
        printf 'one\n\344\275\240\nbye\n' |
            $EXEC "$LINNET" talk --raw "$url" > "$temp/out" 2> "$temp/err"
        status=$?
        [ "$status" -eq 0 ] && grep -q 'bye' "$temp/out"
        verdict "talk to a chat server at $host: status $status, $(cat "$temp/out" "$temp/err")"
        tutor_end
    fi
    if $EXEC "$LINNET" get --help 2> /dev/null | grep -q -e --gbk &&
        [ "$(converts_gbk)" -eq 1 ]; then
        tutor_start file "$host"
        $EXEC "$LINNET" get --gbk -o "$temp/got" "raw://$url/%E5%AD%97.txt" 2> "$temp/err"
        status=$?
        name=$(printf '\327\326').txt
        [ "$status" -eq 0 ] && [ "$(cat "$temp/got")" = "$name$name$name" ]
        verdict "get from a file server at $host: status $status, $(cat "$temp/err")"
        $EXEC "$LINNET" get --gbk -o "$temp/none" "raw://$url/other.txt" 2> "$temp/err"
        status=$?
        [ "$status" -eq 22 ] && [ ! -e "$temp/none" ]
        verdict "get of what a file server has not, at $host: status $status, $(cat "$temp/err")"
        tutor_end
    fi
done
report
