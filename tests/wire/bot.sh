#!/bin/sh
# SPDX-License-Identifier: MIT
# The bot and its service, good and bad (hazards 92 to 95): what it says for every failure, that it
# delays nobody, and that its key is found nowhere.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
built=$(apps_built)
case " $built" in *" chat "*) ;; *)
    skip "the bot: this build has no chat"
    report
    ;;
esac
if ! $EXEC "$LINNET" serve --help | grep -q -- '--bot '; then
    skip "the bot: this build has none"
    report
fi
: > "$temp/all" # whatever the server ever says, and its command lines

ask_in_room() { # PATH ANSWER OPTION...
    path=$1
    said=$2
    shift 2
    printf '%s\n' "test \"in a room: /$path\"" 'open a' 'open b' 'send a "/nick asker\n"' \
        'expect a like "*You are now asker*\n"' 'send b "/nick other\n"' \
        'expect b like "*You are now other*\n"' 'expect a quiet 60' 'expect b quiet 60' \
        'send a "bot: a \"b\" \\\\ \xe4\xbd\xa0 \xf0\x9f\x98\x80\n"' \
        'expect b like "<asker> bot: *\n"' "expect a like \"<bot> $said\\n\" within 6000" \
        "expect b like \"<bot> $said\\n\"" 'expect a silence 100' > "$temp/bot.talk"
    play_bot "$path" room "$@"
}

ask_at_desk() { # PATH ANSWER OPTION...
    path=$1
    said=$2
    shift 2
    printf '%s\n' "test \"at the desk: /$path\"" 'open a' 'send a "again"' \
        "expect a like \"$said\" within 6000" 'expect a silence 150' 'send a "again"' \
        "expect a like \"$said\" within 6000" 'expect a silence 150' 'open b' \
        'send b "again\n"' "expect b like \"$said\\n\" within 6000" > "$temp/bot.talk"
    play_bot "$path" desk "$@"
}

play_bot() { # PATH MODE OPTION...
    path=$1
    mode=$2
    shift 2
    # shellcheck disable=SC2086
    server_start $only_chat --chat 0 --chat-mode "$mode" --bot "http://$in_url:$api/$path" "$@" ||
        return
    places="cmdline comm status limits maps"
    [ -n "${LINNET_BOT_KEY:-}" ] || places="$places environ" # else it is there, for this user alone
    for place in $places; do
        tr '\0' ' ' < "/proc/$server/$place" 2>/dev/null >> "$temp/all"
    done
    case $* in *key-file*)
        if [ -r "/proc/$server/limits" ] && [ -z "$EXEC" ]; then
            grep -q 'core file size  *0  *0 ' "/proc/$server/limits"
            verdict "$path: a core file could be left, with the key in it"
        fi ;;
    esac
    "$BIN/talk" "$host" "$chat_port" "$temp/bot.talk" > "$temp/played" 2>&1
    count_report "$temp/played" "$mode $path $host"
    kill -USR1 "$server"
    nap 60
    cat "$temp/stderr" "$temp/stdout" "$temp/played" >> "$temp/all"
    server_end TERM
    [ "$status" -eq 0 ]
    verdict "$mode $path $host: status $status"
}

only_chat=
for app in $built; do
    [ "$app" = chat ] || only_chat="$only_chat --$app off"
done
printf 'sesame-opens\n' > "$temp/key"
for host in 127.0.0.1 ::1; do
    "$BIN/talk" --have "$host" || continue
    case $host in *:*) in_url="[$host]" ;; *) in_url=$host ;; esac
    "$BIN/bot_api" "$host" > "$temp/api" &
    others=$!
    nap 200
    api=$(cat "$temp/api")
    echoed='re: a \"b\" \\\\ \xe4\xbd\xa0 \xf0\x9f\x98\x80'
    ask_in_room good "$echoed"
    ask_at_desk good "re: again"
    if [ "$host" = ::1 ]; then # the rest is the same over any family
        kill "$others"
        wait "$others" 2>/dev/null
        others=
        continue
    fi
    ask_in_room chunked "$echoed"
    ask_in_room slow "$echoed"
    ask_in_room key "$echoed" --bot-key-file "$temp/key"
    ask_in_room tuling "$echoed" --bot-format tuling --bot-key-file "$temp/key"
    ask_in_room reflect "your key ???????????? is wrong: ????????????" --bot-key-file "$temp/key"
    ask_in_room key "*did not accept the question*401."
    ask_in_room 500 "*failed*500."
    ask_in_room 404 "*did not accept the question*404."
    ask_in_room html "*not JSON."
    ask_in_room deep "*not JSON."
    ask_in_room shape "*held no text*"
    ask_in_room ssh "*does not speak HTTP*"
    ask_in_room short "*broke off*"
    ask_in_room reset "*broke off*"
    ask_in_room mega "*too long."
    ask_in_room hostile "a  <op> b?[2J?\xef\xbf\xbd?c"
    ask_at_desk 500 "*500."
    ask_at_desk reset "*broke off*answer."
    kill "$others"
    wait "$others" 2>/dev/null
    others=
    ask_at_desk gone "*refuses connections."
done

# The key in the environment; a name for the host.
host=127.0.0.1
in_url=$host
"$BIN/bot_api" "$host" > "$temp/api" &
others=$!
nap 200
api=$(cat "$temp/api")
LINNET_BOT_KEY=sesame-opens
export LINNET_BOT_KEY
ask_in_room key "$echoed"
unset LINNET_BOT_KEY
! grep -q sesame "$temp/all"
verdict "the key is in what the server said, or in its arguments (hazards 24, 95)"
[ -s "$temp/all" ] && ! find "$temp" -name 'core*' | grep -q .
verdict "a core file was left, or nothing was looked at"

for wrong in "--bot ftp://x/" "--bot https://x/" "--bot http://" "--bot http://u@127.0.0.1/" \
    "--bot nobody" "--bot-format xml" "--bot-key-file /nonexistent"; do
    # shellcheck disable=SC2086
    $EXEC "$LINNET" serve $wrong > "$temp/out" 2>&1
    [ "$?" -eq 2 ] && [ "$(wc -l < "$temp/out")" -eq 1 ]
    verdict "serve $wrong: $(cat "$temp/out")"
done

# Many guests while the service stalls for ten seconds: all are answered, nobody else waits.
guests=500
crowds="1 2"
if [ "$(limit_of CFG_CONN_MAX)" -lt 1200 ]; then
    guests=$(($(limit_of CFG_CONN_MAX) / 4))
    crowds=1
fi
printf '%s\n' 'test "all guests are answered"' "open m[1-$guests]" \
    "send m[1-$guests] \"I am %n\"" "expect m[1-$guests] \"re: I am %n\" within 40000" \
    "expect m[1-$guests] silence 100" > "$temp/guests.talk"
printf '%s\n' 'test "nobody else waits"' 'open e' 'repeat 400' 'send e "x"*100' \
    'expect e "x"*100 within 1000' 'pause 20' 'done' > "$temp/echo.talk"
case " $built" in *" echo "*) echo_on="--echo 0" ;; *) echo_on= ;; esac
# shellcheck disable=SC2086
if server_start $(echo "$only_chat" | sed 's/--echo off//') $echo_on --chat 0 --chat-mode desk \
    --peer-limit 0 --join-rate 0 --bot "http://$in_url:$api/stall"; then
    kill "$others"
    wait "$others" 2>/dev/null
    server_end TERM # another service: its ten seconds begin with its first guest
    "$BIN/bot_api" "$host" > "$temp/api" &
    others=$!
    nap 200
    # shellcheck disable=SC2086
    server_start $(echo "$only_chat" | sed 's/--echo off//') $echo_on --chat 0 --chat-mode desk \
        --peer-limit 0 --join-rate 0 --bot "http://$in_url:$(cat "$temp/api")/stall"
    crowd_pids=
    for crowd in $crowds; do
        "$BIN/talk" "$host" "$chat_port" "$temp/guests.talk" > "$temp/crowd$crowd" 2>&1 &
        crowd_pids="$crowd_pids $!"
    done
    if [ -n "$echo_on" ]; then
        "$BIN/talk" "$host" "$echo_port" "$temp/echo.talk" > "$temp/played" 2>&1
        count_report "$temp/played" "echo beside the stalled bot"
    fi
    for pid in $crowd_pids; do
        wait "$pid"
    done
    for crowd in $crowds; do
        count_report "$temp/crowd$crowd" "guests while the service stalls"
    done
    server_end TERM
    [ "$status" -eq 0 ]
    verdict "many guests: status $status"
fi

# The same in a room: while the service is silent, members hear each other at once.
kill "$others" 2>/dev/null
wait "$others" 2>/dev/null
"$BIN/bot_api" "$host" 4 > "$temp/api" &
others=$!
nap 200
printf '%s\n' 'test "a room beside a service that is silent"' 'open a' 'open b' 'open c' \
    'send a "/nick asker\n"' 'expect a like "*You are now asker*\n"' 'send b "/nick left\n"' \
    'expect b like "*You are now left*\n"' 'send c "/nick right\n"' \
    'expect c like "*You are now right*\n"' 'expect b quiet 60' 'send a "bot: are you there\n"' \
    'expect b like "*there\n"' 'expect c like "*there\n"' 'repeat 100' 'send b "to the right\n"' \
    'expect c like "*<left> to the right\n" within 1000' 'send c "to the left\n"' \
    'expect b like "*<right> to the left\n" within 1000' 'pause 30' 'done' \
    'expect a like "*<bot> re: are you there\n" within 20000' > "$temp/room.talk"
# shellcheck disable=SC2086
if server_start $only_chat --chat 0 --chat-rate 0 \
    --bot "http://$in_url:$(cat "$temp/api")/stall"; then
    "$BIN/talk" "$host" "$chat_port" "$temp/room.talk" > "$temp/played" 2>&1
    count_report "$temp/played" "a room beside a service that is silent"
    server_end TERM
fi
report
