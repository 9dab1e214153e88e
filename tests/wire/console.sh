#!/bin/sh
# SPDX-License-Identifier: MIT
# The operator at the console: sees everything with addresses, speaks, removes, mutes, bans; and a
# console that nobody reads, or whose input ends, disturbs nobody. LONG=1 adds a real terminal, by
# tmux: screens, compared.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
mkdir -p "$temp/tree/root"
chmod -R a+rX "$temp"
built=$(apps_built)
case " $built" in *" chat "*) ;; *)
    skip "the console: this build has no chat"
    report
    ;;
esac
only_chat=
for app in $built; do
    [ "$app" = chat ] || only_chat="$only_chat --$app off"
done

# Members, and an operator who types into the pipe.
cat > "$temp/console.talk" << 'END'
test "the operator and the members hear each other; addresses as people write them (hazard 28)"
open a
send a "/nick anna\n"
expect a like "*You are now anna*\n"
shell "echo 'good evening' > $PIPE"
expect a like "<operator> good evening\n" within 500
shell "echo '/say /who is a command' > $PIPE"
expect a like "<operator> */who is a command\n" within 500
send a "hello, operator\n"
expect a silence 100
shell "grep -q 'anna.*hello, operator' $OUT"
shell "grep 'anna' $OUT | grep -v ffff | grep -q '$HOST'"

test "members never see addresses, nor operators' commands (hazard 97)"
open a
send a "/nick plain\n"
expect a like "*You are now plain*\n"
expect a quiet 100
send a "/kick anna\n/ban anna\n/mute anna\n/stats\n/bans\n"
expect a like "\*\*\* *\n\*\*\* *\n\*\*\* *\n\*\*\* *\n\*\*\* *\n"
send a "/quit\n"
expect a without "$HOST"

test "/who, /stats, /help on the console"
open a
send a "/nick counted\n"
expect a like "*You are now counted*\n"
expect a quiet 100
shell "echo /who > $PIPE; sleep 0.2; grep -q 'counted' $OUT"
shell "echo /stats > $PIPE; sleep 0.2; grep -q 'lines=' $OUT"
shell "echo /help > $PIPE; sleep 0.2; grep -q '/kick' $OUT"
expect a silence 100

test "/kick removes one, and the others hear it"
open a
open b
send a "/nick victim\n"
expect a like "*You are now victim*\n"
send b "/nick witness\n"
expect b like "*You are now witness*\n"
shell "echo '/kick victim' > $PIPE"
expect a end after anything within 1000
expect b like "*victim left*\n"

test "/mute and /unmute"
open a
open b
send a "/nick noisy\n"
expect a like "*You are now noisy*\n"
send b "/nick listener\n"
expect b like "*You are now listener*\n"
shell "echo '/mute noisy' > $PIPE; sleep 0.2"
expect b quiet 100
send a "nobody hears this\n"
expect a like "*\*\*\* *muted*\n"
expect b silence 150
shell "echo '/unmute noisy' > $PIPE; sleep 0.2"
send a "but this\n"
expect b like "*<noisy> but this\n"

test "/ban closes the door to an address, /unban opens it"
need ipv4
open a
send a "/nick sitting\n"
expect a like "*You are now sitting*\n"
shell "echo '/ban 127.0.0.7' > $PIPE; sleep 0.2"
open b from 127.0.0.7
expect b closed after anything within 1000
open c from 127.0.0.8
send c "let in\n"
expect a like "*> let in\n"
shell "echo '/unban 127.0.0.7' > $PIPE; sleep 0.2"
open d from 127.0.0.7
send d "in again\n"
expect a like "*> in again\n"

test "a ban has an end, if it is to"
need ipv4
shell "echo '/ban 127.0.0.9 3' > $PIPE; echo /bans > $PIPE; sleep 0.2"
shell "grep -q '127.0.0.9 for another 3 min' $OUT"
open b from 127.0.0.9
expect b closed after anything within 1000
shell "echo '/unban 127.0.0.9' > $PIPE; echo /bans > $PIPE; sleep 0.2; grep -q ' 0 banned' $OUT"

test "what members send reaches the operator's terminal as clean text (hazard 90)"
open a
send a "/nick \x1b[2Jevil\n\x1b]0;title\x07 \xc2\x9b31m \x9b31m\n"
expect a quiet 150
END

mkfifo "$temp/pipe"
exec 9<> "$temp/pipe" # so that the pipe never ends
input=$temp/pipe
for host in 127.0.0.1 ::1; do
    "$BIN/talk" --have "$host" || continue
    # shellcheck disable=SC2086
    server_start $only_chat --chat 0 --console || report
    "$BIN/talk" "$host" "$chat_port" "PIPE=$temp/pipe" "OUT=$temp/stdout" "$temp/console.talk" \
        > "$temp/played" 2>&1
    count_report "$temp/played" "console $host"
    ! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$temp/stdout"
    verdict "no control byte on the operator's terminal"
    server_end TERM
    [ "$status" -eq 0 ]
    verdict "console $host: status $status"
done

cat > "$temp/room.talk" << 'END'
test "the room goes on"
open a
open b
send a "/nick left\n"
expect a like "*You are now left*\n"
send b "/nick right\n"
expect b like "*You are now right*\n"
expect a quiet 60
repeat 400
send a "y"*200 "\n"
expect b like "*<left> " "y"*200 "\n" within 300
done
END

# Nobody reads the console: 400 lines of 200 bytes and more are more than a pipe holds.
mkfifo "$temp/deaf"
exec 8<> "$temp/deaf"
: > "$temp/stderr" # what the last one said
(
    # shellcheck disable=SC2086
    exec $EXEC "$LINNET" serve $only_chat --chat 0 --console --chat-rate 0 < "$temp/pipe" \
        > "$temp/deaf" 2> "$temp/stderr"
) &
server=$!
on=chat
if server_await; then
    "$BIN/talk" 127.0.0.1 "$(port_of chat)" "$temp/room.talk" > "$temp/played" 2>&1
    count_report "$temp/played" "a console that nobody reads"
else
    bad "the server does not start with a pipe for its console"
fi
server_end TERM
[ "$status" -eq 0 ]
verdict "a console that nobody reads: status $status"
exec 8<&-

# The console's input ends at once: the server goes on.
mkfifo "$temp/ended"
input=$temp/ended
( : > "$temp/ended" ) &
# shellcheck disable=SC2086
server_start $only_chat --chat 0 --console --chat-rate 0 || report
"$BIN/talk" 127.0.0.1 "$chat_port" "$temp/room.talk" > "$temp/played" 2>&1
count_report "$temp/played" "a console whose input has ended"
server_end TERM
[ "$status" -eq 0 ]
verdict "a console whose input has ended: status $status"

if [ "${LONG:-0}" = 1 ]; then
    . "$here/console_screen.sh"
fi
report
