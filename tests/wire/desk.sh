#!/bin/sh
# SPDX-License-Identifier: MIT
# The desk: the programs that beginners' tutorials have people write, each alone with the operator,
# who here is a loop that answers whatever it is asked.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
built=$(apps_built)
case " $built" in *" chat "*) ;; *)
    skip "the desk: this build has no chat"
    report
    ;;
esac
only_chat=
for app in $built; do
    [ "$app" = chat ] || only_chat="$only_chat --$app off"
done

cat > "$temp/desk.talk" << 'END'
test "the greeting client: one text without a line end, one read, the end"
open a
send a "hello, server"
expect a "re: hello, server" within 1000
expect a silence 300
close a

test "nothing is said before anybody asks, however long that takes"
open a
expect a silence 700
send a "now"
expect a "re: now" within 1000

test "the one-way client: the operator sees its text and its address"
open a
send a "\xe4\xbd\xa0\xe5\xa5\xbd, one way"
close a
pause 400
shell "grep -q '^.[0-9]* $HOST. \xe4\xbd\xa0\xe5\xa5\xbd, one way' $SEEN"

test "the chat client: question and answer, until one of them says the word"
open a
send a "first"
expect a "re: first" within 1000
send a "\xe7\xac\xac\xe4\xba\x8c"
expect a "re: \xe7\xac\xac\xe4\xba\x8c" within 1000
send a "bye"
expect a "re: bye" within 1000
expect a end

test "the same in Chinese"
open a
send a "\xe5\x86\x8d\xe8\xa7\x81"
expect a "re: \xe5\x86\x8d\xe8\xa7\x81" within 1000
expect a end

test "the word without an answer: bye after 2 s"
open a
send a "not now"
expect a silence 600
send a "bye"
expect a silence 1800
expect a "bye" within 1000
expect a end

test "the other chat client just closes, after any number of answers, and may come again"
repeat 3
open a
send a "x"*200
expect a "re: " "x"*200 within 1000
close a
done

test "one client after the other does not wait: many at once, each alone, none hears another"
need CONNECTIONS 60
open m[1-50]
send m[1-50] "I am %n"
expect m[1-50] "re: I am %n" within 5000
send m[1-50] "still %n"
expect m[1-50] "re: still %n" within 5000
expect m[1-50] silence 200
send m[1-50] "bye"
expect m[1-50] "re: bye" within 5000
expect m[1-50] end

test "a text cut anywhere, also inside a character, is one question"
need CONNECTIONS 30
open s[1-22]
send s[1-22] cut pause 120 "a \xe4\xbd\xa0\xe5\xa5\xbd \xf0\x9f\x98\x80 and more"
expect s[1-22] "re: a \xe4\xbd\xa0\xe5\xa5\xbd \xf0\x9f\x98\x80 and more" within 5000
expect s[1-22] silence 300

test "a single byte is a question, and so is what comes byte by byte"
open a
open b
send a "?"
send b by 1 pause 30 "bytes"
expect a "re: ?" within 4000
expect b "re: bytes" within 4000

test "who ends his side may still read the answer"
open a
send a "the last"
shut a
expect a "re: the last" within 1000
expect a end

test "who sends line ends reads lines"
open a
send a "one\ntwo\r\n"
expect a "re: one\nre: two\n" within 1000
send a "bye\n"
expect a "re: bye\n" within 1000
expect a end

test "a long text has an answer, cut at a character"
need LINE 510
open a
send a "\xe4\xbd\xa0"*300
expect a "re: " "\xe4\xbd\xa0"*167 within 1000
expect a silence 300

test "a browser is nobody's guest"
open a
send a maybe "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
expect a end within 1000
END

cat > "$temp/gbk.talk" << 'END'
test "the clients that write GBK are read, and answered in GBK"
open a
open b
send a "\xc4\xe3\xba\xc3, GBK"
send b "\xe4\xbd\xa0\xe5\xa5\xbd, UTF-8"
expect a "re: \xc4\xe3\xba\xc3, GBK" within 1000
expect b "re: \xe4\xbd\xa0\xe5\xa5\xbd, UTF-8" within 1000
shell "grep -q '$HOST. \xe4\xbd\xa0\xe5\xa5\xbd, GBK' $SEEN"
send a "\xd4\xd9\xbc\xfb"
expect a "re: \xd4\xd9\xbc\xfb" within 1000
expect a end

test "a text in GBK cut anywhere, also inside a character, is one question"
need CONNECTIONS 30
open s[1-13]
send s[1-13] cut pause 120 "a \xc4\xe3\xba\xc3 \xd6\xd0\xce\xc4 and"
expect s[1-13] "re: a \xc4\xe3\xba\xc3 \xd6\xd0\xce\xc4 and" within 5000
expect s[1-13] silence 300

test "many of them at once, each in its own"
need CONNECTIONS 60
open g[1-25]
open u[1-25]
send g[1-25] "\xc4\xe3\xba\xc3 \#"
send u[1-25] "\xe4\xbd\xa0\xe5\xa5\xbd \#"
expect g[1-25] "re: \xc4\xe3\xba\xc3 \#" within 5000
expect u[1-25] "re: \xe4\xbd\xa0\xe5\xa5\xbd \#" within 5000

test "a long text in GBK has an answer, cut at a character"
need LINE 510
open a
send a "\xc4\xe3"*300
expect a "re: " "\xc4\xe3"*167 within 1000
expect a silence 300
END

# The operator. "not now" and what follows it is not answered.
operator() {
    while read -r line; do
        printf '%s\n' "$line" >> "$temp/seen"
        case $line in
        *'] not now') mute=${line%% *} ;;
        "${mute:-none} "*) ;;
        *'] *** left'*) ;;
        \[[0-9]*)
            number=${line#\[}
            printf '@%s re: %s\n' "${number%% *}" "${line#*\] }"
            ;;
        esac
    done
}

mkfifo "$temp/pipe" "$temp/screen"
for host in 127.0.0.1 ::1; do
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
        "$BIN/talk" "$host" "$(port_of chat)" "SEEN=$temp/seen" \
            "CONNECTIONS=$(limit_of CFG_CONN_MAX)" "LINE=$(limit_of CFG_CHAT_LINE_BYTES)" \
            "$temp/desk.talk" > "$temp/played" 2>&1
        count_report "$temp/played" "desk $host"
        if grep -q 'converts no GBK' "$temp/stderr" ||
            ! $EXEC "$LINNET" serve --help | grep -q -e --no-gbk; then
            skip "guests that write GBK: not in this build, or not on this system"
        else
            "$BIN/talk" "$host" "$(port_of chat)" "SEEN=$temp/seen" \
                "CONNECTIONS=$(limit_of CFG_CONN_MAX)" "LINE=$(limit_of CFG_CHAT_LINE_BYTES)" \
                "$temp/gbk.talk" > "$temp/played" 2>&1
            count_report "$temp/played" "desk $host, GBK"
        fi
        ! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$temp/seen"
        verdict "no control byte on the operator's terminal"
    else
        bad "the server does not start"
        cat "$temp/stderr"
    fi
    server_end TERM
    [ "$status" -eq 0 ]
    verdict "desk $host: status $status"
    wait "$others"
    others=
done
report
