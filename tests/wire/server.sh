# SPDX-License-Identifier: MIT
# For the wire tests, to be read by "."; starts and stops the server under test and counts verdicts.
#
# LINNET   the program                           EXEC     what runs it, "qemu-arm -cpu arm1176"
# BIN      folder of our compiled helpers        PATIENCE factor on every bound, 1 by default
# FIXED    a program without a command line (OPTIONS=0) that is to serve in LINNET's place: built to
#          listen on free ports, and to serve tree/root of the folder it is started in
# server_start OPTION...   sets $server, $echo_port, $chat_port, $file_port
# server_start_all ...     the same for all apps, on free ports, serving $temp/tree/root
# server_stop              by TERM; a verdict: exit 0, in time, and silent on standard error

: "${LINNET:=$here/../../build/host/linnet}"
: "${EXEC:=}"
: "${PATIENCE:=1}"
export PATIENCE
case $LINNET in /*) ;; *) LINNET=$(pwd)/$LINNET ;; esac
if [ ! -f "$LINNET" ]; then
    echo "there is no $LINNET: build it first, or set LINNET="
    exit 1
fi

passed=0
failed=0
skipped=0
server=
others=  # further processes to end with us
input=/dev/null # the server's standard input
handles= # descriptors for the server, when not the usual
temp=$(mktemp -d "${TMPDIR:-/tmp}/linnet-wire.XXXXXX") || exit 1

clean_up() {
    [ -z "$others" ] || kill -TERM $others 2>/dev/null
    [ -z "$server" ] || kill -KILL "$server" 2>/dev/null
    [ ! -S "$temp/tmux" ] || tmux -S "$temp/tmux" kill-server 2>/dev/null
    wait
    chmod -R u+rwx "$temp" 2>/dev/null
    if ! rm -rf "$temp" 2>/dev/null; then # what a test left running may write yet
        nap 1000
        rm -rf "$temp"
    fi
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

nap() { # about MS milliseconds, where the system can
    sleep "$(($1 / 1000)).$(printf %03d $(($1 % 1000)))" 2>/dev/null || sleep $(($1 / 1000 + 1))
}

good() { passed=$((passed + 1)); }
bad() {
    failed=$((failed + 1))
    echo "FAILED: $*"
}
skip() {
    skipped=$((skipped + 1))
    echo "skipped: $*"
}
verdict() { # WHAT: the last command's status decides
    if [ "$?" -eq 0 ]; then good; else bad "$1"; fi
}
report() {
    if [ "$skipped" -gt 0 ]; then
        echo "$passed passed, $failed failed, $skipped skipped"
    else
        echo "$passed passed, $failed failed"
    fi
    [ "$failed" -eq 0 ]
    exit
}

# Ends the script, as skipped, in a build without this tool.
tool_needed() { # TOOL
    if ! $EXEC "$LINNET" --help | grep -q "^  linnet $1 "; then
        skip "$1 is not in this build"
        report
    fi
}

# Adds up the "N passed, N failed, N skipped" that ends file $1, and shows the rest.
count_report() {
    tail -n 1 "$1" > "$temp/last"
    if ! grep -q '^[0-9]* passed, [0-9]* failed' "$temp/last"; then
        cat "$1"
        bad "$2: no report"
        return
    fi
    sed '$d' "$1"
    # shellcheck disable=SC2046
    set -- $(tr -d ',' < "$temp/last")
    passed=$((passed + $1))
    failed=$((failed + $3))
    skipped=$((skipped + ${5:-0}))
}

# The helpers are compiled here when nobody did it before us.
if [ -z "${BIN:-}" ]; then
    BIN=$temp/bin
    mkdir "$BIN"
    for helper in talk crowd room starve get_liar tutor guest bot_api cases tangle; do
        case $helper in
        talk) sources=$(ls "$here"/talk*.c) ;;
        cases) sources="$here/cases.c $here/cases_answer.c $here/client.c" ;;
        tangle) sources="$here/tangle.c $here/tangle_ask.c $here/client.c" ;;
        *) sources="$here/$helper.c $here/client.c" ;;
        esac
        # shellcheck disable=SC2086
        ${HOSTCC:-${CC:-cc}} -std=c99 -O1 -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 \
            -D_GNU_SOURCE -I"$here/../.." $sources -o "$BIN/$helper" || exit 1
    done
fi

# What a limit of this build is: limit_of CFG_CONN_MAX
limit_of() {
    [ -s "$temp/limits" ] || $EXEC "$LINNET" serve --limits > "$temp/limits" 2>&1
    awk -v name="$1" '{ for (i = 1; i < NF; i++) if ($i == name) { print $(i + 1); exit } }' \
        "$temp/limits" | tr -d ,
}

port_of() { # APP: the port its first listener line names
    sed -n "s/^linnet: $1 listening on .*:\([0-9][0-9]*\)\$/\1/p" "$temp/stderr" | head -n 1
}

# Whether the last server_start turned this app off.
app_is_on() {
    case " $on " in *" $1 "*) return 0 ;; esac
    return 1
}

# Waits until every app that is on has said where it listens.
server_await() {
    waited=0
    while [ "$waited" -lt $((150 * PATIENCE)) ]; do
        silent=0
        for app in $on; do
            [ -n "$(port_of "$app")" ] || silent=1
        done
        [ "$silent" -eq 0 ] && return 0
        kill -0 "$server" 2>/dev/null || return 1
        nap 20
        waited=$((waited + 1))
    done
    return 1
}

# The apps this build has: those whose option the help names.
apps_built() {
    help=$($EXEC "$LINNET" serve --help)
    for app in echo chat file; do
        case $help in *"--$app "*) printf '%s ' $app ;; esac
    done
}

server_start() { # OPTION...
    : > "$temp/stderr"
    : > "$temp/stdout"
    [ -n "${built:-}" ] || built=$(apps_built)
    on=
    for app in $built; do
        case " $* " in *" --$app off "*) ;; *) on="$on $app" ;; esac
    done
    (
        [ -z "$handles" ] || ulimit -n "$handles"
        [ -z "${FIXED:-}" ] || cd "$temp"
        exec $EXEC "${FIXED:-$LINNET}" serve "$@" < "$input" > "$temp/stdout" 2> "$temp/stderr"
    ) &
    server=$!
    if ! server_await; then
        cat "$temp/stderr"
        bad "the server does not start: serve $*"
        kill -KILL "$server" 2>/dev/null
        wait "$server" 2>/dev/null
        server=
        return 1
    fi
    nap 30 # further addresses have lines of their own
    echo_port=$(port_of echo)
    chat_port=$(port_of chat)
    file_port=$(port_of file)
    return 0
}

# The three apps, those this build has, on free ports.
server_start_all() { # OPTION...
    ports=
    [ -n "${built:-}" ] || built=$(apps_built)
    for app in $([ -n "${FIXED:-}" ] || echo "$built"); do
        ports="$ports --$app 0"
        [ "$app" = file ] && ports="$ports -r $temp/tree/root"
    done
    # shellcheck disable=SC2086
    server_start $ports "$@"
}

# Ends the server with signal $1 (TERM). Its exit status is $status afterwards; 124: it did not end.
server_end() {
    kill "-${1:-TERM}" "$server" 2>/dev/null
    waited=0
    while kill -0 "$server" 2>/dev/null && [ "$waited" -lt $((200 * PATIENCE)) ]; do
        nap 25
        waited=$((waited + 1))
    done
    status=124
    if [ "$waited" -lt $((200 * PATIENCE)) ]; then
        wait "$server"
        status=$?
    else
        kill -KILL "$server" 2>/dev/null
        wait "$server" 2>/dev/null
    fi
    server=
}

server_stop() { # WHAT
    [ -n "$server" ] || return
    if ! kill -0 "$server" 2>/dev/null; then
        wait "$server"
        bad "$1: the server died, status $?"
        cat "$temp/stderr"
        server=
        return
    fi
    server_end TERM
    grep -v 'listening on\|the system converts no GBK\|the system reads GBK' "$temp/stderr" > "$temp/said"
    if [ "$(limit_of CFG_CONN_MAX)" -lt 250 ]; then # a small table may well have been full
        grep -v 'all connections are in use' "$temp/said" > "$temp/other"
        mv "$temp/other" "$temp/said"
    fi
    if [ "$status" -ne 0 ]; then
        bad "$1: the server ended with status $status"
    elif [ -s "$temp/said" ] || [ -s "$temp/stdout" ]; then
        bad "$1: the server was not silent:"
        head -n 20 "$temp/said" "$temp/stdout"
    else
        good
    fi
}
