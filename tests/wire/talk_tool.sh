#!/bin/sh
# SPDX-License-Identifier: MIT
# `linnet talk` on pipes against our own chat and echo, nc, and servers as tutorials write them
# (tutor.c): exact bytes and exit statuses. LONG=1 adds a real terminal, by tmux: screens, compared.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"

tool_needed talk
escape=$(printf '\033')
tutor=

tutor_end() {
    [ -z "$tutor" ] || kill -TERM "$tutor" 2> /dev/null
    [ -z "$tutor" ] || wait "$tutor" 2> /dev/null
    tutor=
}
trap 'tutor_end; clean_up' EXIT

tutor_start() { # MODE: sets $port; what it hears is in $temp/heard
    tutor_end
    : > "$temp/heard"
    : > "$temp/port"
    [ -p "$temp/say" ] || mkfifo "$temp/say"
    exec 7<> "$temp/say" # a writer who stays
    "$BIN/tutor" "$1" "$temp/heard" < "$temp/say" > "$temp/port" &
    tutor=$!
    waited=0
    while [ ! -s "$temp/port" ] && [ "$waited" -lt $((100 * PATIENCE)) ]; do
        nap 20
        waited=$((waited + 1))
    done
    port=$(cat "$temp/port")
}

limited() { # SECONDS COMMAND...: no client may hang
    if command -v timeout > /dev/null; then timeout "$@"; else shift; "$@"; fi
}

talk() { # ARGUMENT...: $status, what it showed and said
    limited $((20 * PATIENCE)) $EXEC "$LINNET" talk "$@" > "$temp/shown" 2> "$temp/said"
    status=$?
}

# ended STATUS SHOWN SAID WHAT: the last talk's; SAID a part of the one sentence, or nothing
ended() {
    if [ "$status" -ne "$1" ]; then
        bad "$4: status $status, not $1: $(head -c 300 "$temp/said")"
    elif [ "$(cat "$temp/shown"; echo .)" != "$(printf '%b.' "$2")" ]; then
        bad "$4: showed \"$(head -c 300 "$temp/shown")\", not \"$2\""
    elif [ -z "$3" ] && [ -s "$temp/said" ]; then
        bad "$4: said $(head -c 300 "$temp/said")"
    elif [ -n "$3" ] && ! grep -q "^linnet: .*$3" "$temp/said"; then
        bad "$4: did not say \"$3\" but $(head -c 300 "$temp/said")"
    elif [ "$(wc -l < "$temp/said")" -gt 1 ]; then
        bad "$4: said more than a sentence: $(head -c 300 "$temp/said")"
    else
        good
    fi
}

heard() { # TEXT WHAT
    [ "$(cat "$temp/heard")" = "$(printf '%b' "$1")" ]
    verdict "$2: the server heard \"$(head -c 300 "$temp/heard")\", not \"$1\""
}

# ends_before_input TEXT ARGUMENT...: after TEXT, talk ends with 0 although the input is still open
ends_before_input() {
    text=$1
    shift
    : > "$temp/ended"
    (
        # shellcheck disable=SC2059
        printf "$text"
        nap $((900 * PATIENCE))
        cp "$temp/ended" "$temp/ended.then"
    ) | {
        limited $((20 * PATIENCE)) $EXEC "$LINNET" talk "$@" > "$temp/shown" 2> "$temp/said"
        echo "$?" > "$temp/ended"
    }
    [ "$(cat "$temp/ended.then")" = 0 ]
}

# ---- Wrong words, and nobody there ---------------------------------------------------------------

words() { # STATUS SAID ARGUMENT...
    wanted=$1
    say=$2
    shift 2
    talk "$@" < /dev/null
    ended "$wanted" '' "$say" "talk $*"
}
words 2 'talk wants a HOST'
words 2 'one argument too many' a b
words 2 'HOST:PORT' 127.0.0.1:0
words 2 'bogus' --bogus 127.0.0.1
words 2 'no -4 beside it' -4 -6 127.0.0.1
words 2 'reconnect beside it' --reconnect --no-reconnect 127.0.0.1
words 6 'there is no host' -6 127.0.0.1
words 7 'connection refused' 127.0.0.1:1
talk --help < /dev/null
[ "$status" -eq 0 ] && grep -q '^usage: linnet talk' "$temp/shown" && grep -q -- --raw "$temp/shown"
verdict "talk --help"

# ---- Pipes: our own server -----------------------------------------------------------------------

built=$(apps_built)
ports=
for app in $built; do
    case $app in
    file) ports="$ports --file off" ;;
    *) ports="$ports --$app 0" ;;
    esac
done
hosts=127.0.0.1
"$BIN/talk" --have ::1 && hosts="$hosts [::1]"

with_echo() { # HOST
    printf 'one\n\ntwo\303\000\033[2J\r\nend' > "$temp/in"
    talk "$1:$echo_port" < "$temp/in"
    [ "$status" -eq 0 ] && cmp -s "$temp/in" "$temp/shown"
    verdict "echo by $1: status $status, $(head -c 100 "$temp/shown")"
    talk "$1:$echo_port" < "$temp/random"
    [ "$status" -eq 0 ] && cmp -s "$temp/random" "$temp/shown"
    verdict "2 MB there and back by $1: status $status"
    talk "$1:$echo_port" < /dev/null
    ended 0 '' '' "no input at all"
    printf 'a\nb\n' | limited 10 $EXEC "$LINNET" talk --timestamps "$1:$echo_port" > "$temp/shown"
    [ "$(sed 's/^[0-2][0-9]:[0-5][0-9]:[0-5][0-9] /T /' "$temp/shown" | tr '\n' '|')" = 'T a|T b|' ]
    verdict "--timestamps: $(cat "$temp/shown")"
}

with_chat() { # HOST
    printf '/nick tom\nhello\n/quit\n' > "$temp/in"
    talk "$1:$chat_port" < "$temp/in"
    [ "$status" -eq 0 ] && grep -q 'You are now tom' "$temp/shown" && [ ! -s "$temp/said" ]
    verdict "/quit in the chat by $1: status $status, $(cat "$temp/shown" "$temp/said")"
    # The server ends after /quit, while the input is still open.
    ends_before_input '/quit\n' "$1:$chat_port"
    verdict "/quit with an input that stays open by $1"
    # Two in the room.
    ( nap 500; printf '/nick ann\nhello from ann\n'; nap 500 ) |
        limited 10 $EXEC "$LINNET" talk "$1:$chat_port" > "$temp/ann" &
    others=$!
    ( nap 1200 ) | limited 10 $EXEC "$LINNET" talk "$1:$chat_port" > "$temp/shown"
    grep -q '<ann> hello from ann' "$temp/shown"
    verdict "one sees what another says by $1: $(cat "$temp/shown")"
    wait "$others"
    others=
}

head -c 2000000 /dev/urandom > "$temp/random"
# shellcheck disable=SC2086
if server_start $ports; then
    for host in $hosts; do
        case " $built" in *" echo "*) with_echo "$host" ;; esac
        case " $built" in *" chat "*) with_chat "$host" ;; esac
    done
    case " $built" in *" echo "*)
        limited 10 $EXEC "$LINNET" talk "127.0.0.1:$echo_port" < "$temp/random" 2> "$temp/said" |
            head -c 10 > "$temp/shown"
        [ ! -s "$temp/said" ]
        verdict "a reader who leaves early: $(cat "$temp/said")"
        ( limited 10 $EXEC "$LINNET" talk "127.0.0.1:$echo_port" < "$temp/random"
          echo "$?" > "$temp/status" ) | head -c 10 > "$temp/shown"
        [ "$(cat "$temp/status")" -eq 1 ]
        verdict "its status: $(cat "$temp/status")" ;;
    esac
    server_stop "linnet talk"
fi

# ---- Pipes: tutorials' servers -------------------------------------------------------------------

tutor_start chat
printf 'hello\nyou\n\nbye\n' > "$temp/in"
talk --raw "127.0.0.1:$port" < "$temp/in"
ended 0 'you said: hello\nyou said: you\nbye\n' '' "strict alternation"
heard 'hello\nyou\nbye' "strict alternation"
printf 'no end' > "$temp/in"
talk --raw "127.0.0.1:$port" < "$temp/in"
ended 0 'you said: no end\n' '' "--raw, and no line end at the end"
: > "$temp/heard"
talk "127.0.0.1:$port" < "$temp/in"
ended 0 'you said: no end' '' "without --raw nothing is added"
heard 'no end' "without --raw nothing is added"

tutor_start once
printf 'hello\n' > "$temp/in"
talk --raw "127.0.0.1:$port" < "$temp/in"
ended 0 'you said: hello\n' '' "a server that answers once"
printf 'hello\nand more\n' > "$temp/in"
talk --raw "127.0.0.1:$port" < "$temp/in"
ended 18 'you said: hello\n' 'ended the conversation before all was said' "more than it answers"
talk --raw --reconnect "127.0.0.1:$port" < "$temp/in"
ended 0 'you said: hello\nyou said: and more\n' '' "--reconnect goes on with the rest"
ends_before_input 'hello\n' --raw "127.0.0.1:$port"
verdict "the server ends, all was said, and the input stays open"

tutor_start split
printf 'x\ny\n' > "$temp/in"
talk --raw "127.0.0.1:$port" < "$temp/in"
ended 0 'caf\0303\0251!\ncaf\0303\0251!\n' '' "answers in two pieces"

tutor_start oneway
printf 'a text\n' > "$temp/in"
talk --raw "127.0.0.1:$port" < "$temp/in"
ended 0 '' '' "a server that never answers"
heard 'a text' "a server that never answers"

tutor_start late
talk "127.0.0.1:$port" < "$temp/in"
ended 0 'that was all?\n' '' "the answer comes behind our end"

tutor_start hangup
mkfifo "$temp/late"
( nap 100; printf 'a\n'; nap 200; printf 'b\n'; nap 300 ) > "$temp/late" &
others=$!
talk "127.0.0.1:$port" < "$temp/late"
ended 18 '' 'ended the conversation before all was said' "a server that hangs up at once"
wait "$others"
others=

tutor_start reset
( printf 'hello\n'; nap 1000 ) > "$temp/late" &
others=$!
talk "127.0.0.1:$port" < "$temp/late"
ended 18 '' 'reset the connection' "a server that resets"
wait "$others"
others=

tutor_start oneway
( nap $((900 * PATIENCE)) ) > "$temp/late" &
others=$!
$EXEC "$LINNET" talk "127.0.0.1:$port" < "$temp/late" > "$temp/shown" 2> "$temp/said" &
talking=$!
nap $((300 * PATIENCE))
kill -TERM "$talking"
wait "$talking"
status=$?
ended 18 '' '' "interrupted"
wait "$others"
others=
tutor_end

# ---- Pipes: nc -----------------------------------------------------------------------------------

if command -v nc.openbsd > /dev/null; then
    free=$("$BIN/get_liar" --free)
    printf 'from nc\n' | limited 10 nc.openbsd -l -N 127.0.0.1 "$free" > "$temp/nc" &
    others=$!
    nap 300
    printf 'from talk\n' > "$temp/in"
    talk "127.0.0.1:$free" < "$temp/in"
    ended 0 'from nc\n' '' "nc listens"
    wait "$others"
    others=
    [ "$(cat "$temp/nc")" = 'from talk' ]
    verdict "nc heard $(cat "$temp/nc")"
else
    skip "nc.openbsd is not installed"
fi

if [ "${LONG:-0}" = 1 ]; then
    . "$here/talk_screen.sh"
fi
report
