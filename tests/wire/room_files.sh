#!/bin/sh
# SPDX-License-Identifier: MIT
# What the room reads and writes: the lines of --chat-greeting, and --chat-log, also when its disk is
# full (hazards 23, 57).
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
built=$(apps_built)
if ! $EXEC "$LINNET" serve --help | grep -q -- '--chat-log '; then
    skip "a room's files: this build has none"
    report
fi
only_chat=
for app in $built; do
    [ "$app" = chat ] || only_chat="$only_chat --$app off"
done

printf 'Good \033[31mevening.\r\n\nNo \302\233 line end' > "$temp/greeting"
cat > "$temp/room.talk" << 'END'
test "the lines of the greeting, clean; and what is said goes into the file"
open a
expect a like "\*\*\* Welcome. *\n\*\*\* Good \?[31mevening.\n\*\*\*\n\*\*\* No \? line end\n"
send a "/nick anna\n/topic boards\nhello\n/msg anna not this\n"
expect a like "*You are now anna*\n*Done*\n"
open b
send b "no \x1b[2J line end"
expect a like "*> no ?[2J line end\n"
shell "grep -q '^20[0-9-]*T[0-9:]*Z <anna> hello\$' $LOG"
shell "grep -q 'Z ... anna set the topic: boards\$' $LOG"
shell "grep -q 'Z <guest2> no ?.2J line end\$' $LOG"
shell "! grep -q 'not this' $LOG && ! grep -q '127.0.0.1' $LOG"
END
umask 022
# shellcheck disable=SC2086
server_start $only_chat --chat 0 --chat-greeting "$temp/greeting" --chat-log "$temp/log" || report
"$BIN/talk" 127.0.0.1 "$chat_port" "LOG=$temp/log" "$temp/room.talk" > "$temp/played" 2>&1
count_report "$temp/played" "a room's files"
case $(ls -l "$temp/log") in -rw-r-----*) good ;; *) bad "$(ls -l "$temp/log")" ;; esac
server_stop "a room's files"
lines=$(wc -l < "$temp/log")
# shellcheck disable=SC2086
server_start $only_chat --chat 0 --chat-log "$temp/log" || report
printf '%s\n' 'test "gone on with"' 'open a' 'send a "one more\n/quit\n"' 'expect a end after anything' \
    > "$temp/one.talk"
"$BIN/talk" 127.0.0.1 "$chat_port" "$temp/one.talk" > "$temp/played" 2>&1
count_report "$temp/played" "gone on with"
server_stop "gone on with"
[ "$(wc -l < "$temp/log")" -eq $((lines + 4)) ] # joined, said, left, and the server went down
verdict "the log was not gone on with: $(wc -l < "$temp/log") lines after $lines"

# Opened before the privileges go, and outside of what is left.
if [ "$(id -u)" -eq 0 ] && [ -z "$EXEC" ]; then
    mkdir "$temp/empty"
    chmod 755 "$temp/empty"
    chmod 700 "$temp"
    # shellcheck disable=SC2086
    server_start $only_chat --chat 0 --chat-log "$temp/outside" -r "$temp/empty" --chroot \
        -u 65534:65534 || report
    "$BIN/talk" 127.0.0.1 "$chat_port" "$temp/one.talk" > "$temp/played" 2>&1
    count_report "$temp/played" "without privileges"
    server_stop "without privileges"
    grep -q '> one more$' "$temp/outside"
    verdict "nothing was kept without privileges: $(cat "$temp/outside")"
fi

# No room on the disk: nobody in the room notices.
cat > "$temp/full.talk" << 'END'
test "the room goes on beside a disk that is full"
open a
open b
send a "/nick left\n"
expect a like "*You are now left*\n"
send b "/nick right\n"
expect b like "*You are now right*\n"
expect a quiet 60
repeat 300
send a "y"*200 "\n"
expect b like "*<left> " "y"*200 "\n" within 300
done
END
if [ -z "$EXEC" ]; then
    : > "$temp/stderr" # what the last one said
    # shellcheck disable=SC2086
    (
        ulimit -f 16 # blocks of 512 or 1,024 bytes
        exec "$LINNET" serve $only_chat --chat 0 --chat-rate 0 --chat-log "$temp/small" \
            < /dev/null > "$temp/stdout" 2> "$temp/stderr"
    ) &
    server=$!
    on=chat
    if server_await; then
        "$BIN/talk" 127.0.0.1 "$(port_of chat)" "$temp/full.talk" > "$temp/played" 2>&1
        count_report "$temp/played" "a full disk"
        kill -USR1 "$server"
        nap 100
        grep -q ' unrecorded=[1-9]' "$temp/stderr"
        verdict "no line counts as lost: $(grep unrecorded "$temp/stderr")"
        [ "$(grep -c 'takes no more' "$temp/stderr")" -eq 1 ]
        verdict "said once: $(cat "$temp/stderr")"
        ! grep -v '^[^ ]* \(<left> y\{200\}\|\*\*\* .*\)$' "$temp/small"
        verdict "a line in part"
    else
        bad "the server does not start"
    fi
    server_end TERM
    [ "$status" -eq 0 ]
    verdict "a full disk: status $status"
fi

# Not a file, or none that can be written to.
mkfifo "$temp/fifo"
for wrong in "--chat-log $temp/fifo" "--chat-log /dev/null" "--chat-log $temp" \
    "--chat-log $temp/no/such" "--chat-greeting $temp/none" "--chat-greeting $LINNET"; do
    # shellcheck disable=SC2086
    $EXEC "$LINNET" serve $wrong > "$temp/out" 2>&1 < /dev/null
    [ "$?" -eq 2 ] && [ "$(wc -l < "$temp/out")" -eq 1 ]
    verdict "serve $wrong: $(cat "$temp/out")"
done
report
