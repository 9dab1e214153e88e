#!/bin/sh
# SPDX-License-Identifier: MIT
# FIXED_PROGRAM, which has no command line (OPTIONS=0), in place of LINNET, see server.sh: it serves
# where, what and as it was built to, and takes nothing but the verb.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
. "$here/tree.sh"
FIXED=${FIXED_PROGRAM:?}
export FIXED LINNET EXEC BIN

# Conversations, over both families, and their end in order; ONLY chooses others.
ONLY="${ONLY:-echo/udp.talk chat/text.talk fileget/http.talk}" \
    sh "$here/run.sh" > "$temp/conversations" 2>&1 < /dev/null
count_report "$temp/conversations" "conversations"

# Whatever is said to it is one word too many.
refused() { # WORD COMMAND-LINE...
    word=$1
    shift
    (cd "$temp" && exec $EXEC "$FIXED" "$@" > "$temp/out" 2> "$temp/err" < /dev/null)
    [ "$?" -eq 2 ] && [ ! -s "$temp/out" ] && [ "$(wc -l < "$temp/err")" -eq 1 ] &&
        grep -q "^linnet: '$word' is too much" "$temp/err"
    verdict "'$*' is not refused as it should be: $(cat "$temp/err")"
}
refused -v serve -v
refused --limits --limits
refused --help --help
refused serve serve serve

# Without its folder there is nothing to serve files from.
case " $(apps_built) " in *" file "*)
    (cd "$temp" && exec $EXEC "$FIXED" > "$temp/out" 2> "$temp/err" < /dev/null)
    [ "$?" -eq 1 ] && grep -q "^linnet: the folder 'tree/root' does not exist$" "$temp/err"
    verdict "no folder to serve: $(cat "$temp/err")"
esac

# The verb may be left out; signals do as they do elsewhere.
tree_make "$temp/tree"
(cd "$temp" && exec $EXEC "$FIXED" > "$temp/stdout" 2> "$temp/stderr" < /dev/null) &
server=$!
on=$(apps_built)
if server_await; then
    good
    kill -USR1 "$server"
    "$BIN/talk" --await 127.0.0.1 "$(port_of "${on%% *}")" 10
    verdict "it does not serve after SIGUSR1"
    server_end TERM
    [ "$status" -eq 0 ] && grep -q '^linnet: core: open=0 passes=' "$temp/stderr"
    verdict "status $status after SIGUSR1 and SIGTERM: $(cat "$temp/stderr")"
else
    bad "it does not start without a word: $(cat "$temp/stderr")"
fi
report
