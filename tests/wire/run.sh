#!/bin/sh
# SPDX-License-Identifier: MIT
# Starts the real server and plays every conversation in echo/, chat/, fileget/ against it, over
# IPv4 and IPv6. ONLY="echo chat" plays those alone; ONLY=chat/room.talk this one. Each app and
# family has a lane of its own, with servers of its own; the lanes run side by side unless LANES=1.
# LONG=1 plays what takes long as well. See README.md.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
. "$here/tree.sh"

wanted() { # SCRIPT
    [ -n "${ONLY:-}" ] || return 0
    for only in $ONLY; do
        case ${1#"$here"/} in "$only" | "$only"/*) return 0 ;; esac
    done
    return 1
}

play() { # SCRIPT HOST
    case ${1#"$here"/} in
    echo/*) port=$echo_port ;;
    chat/*) port=$chat_port ;;
    fileget/*) port=$file_port ;;
    esac
    if [ -z "$port" ]; then
        return # an app that this build has not
    fi
    "$BIN/talk" "$2" "$port" "ROOT=$temp/tree/root" "TEMP=$temp" "PID=$server" \
        "CONNECTIONS=${connections:-64}" "DATAGRAM=${datagram:-1472}" "LONG=${LONG:-0}" \
        "LINE=${line:-0}" "GBK=${gbk:=$(converts_gbk)}" LOCAL=1 FAST=1 \
        "LINKS=$([ -z "$EXEC" ] && echo 1 || echo 0)" \
        "SMALL_DATAGRAMS=$([ "${datagram:-1472}" -lt 60000 ] && echo 1 || echo 0)" \
        "$1" > "$temp/played" 2>&1
    count_report "$temp/played" "$1 $2"
}

converts_gbk() { # 1 or 0: this build does, and the system has what it needs for that
    $EXEC "$LINNET" serve --help | grep -q -e --no-gbk && ! grep -q 'converts no GBK' "$temp/stderr"
    echo $((1 - $?))
}

# Descriptors the server holds, where the system tells.
descriptors() { ls "/proc/$server/fd" 2>/dev/null | wc -l; }

# Scripts without options share one server; one with "# options:" has a server of its own.
lane() { # FOLDER HOST
    connections=$(limit_of CFG_CONN_MAX)
    datagram=$(limit_of CFG_DATAGRAM_BYTES)
    line=$(limit_of CFG_CHAT_LINE_BYTES)
    gbk=
    tree_make "$temp/tree"
    shared=
    alone=
    for script in "$here/$1"/*.talk; do
        if ! wanted "$script"; then
            continue
        elif grep -q '^# options:' "$script"; then
            [ -n "${FIXED:-}" ] || alone="$alone $script"
        else
            shared="$shared $script"
        fi
    done
    if [ -n "$shared" ] && server_start_all; then
        held=$(descriptors)
        for script in $shared; do
            play "$script" "$2"
        done
        nap 1200 # files are kept open for a moment
        [ "$(descriptors)" -le "$held" ]
        verdict "$1 $2: the server holds $(descriptors) descriptors, $held at the start (hazard 2)"
        server_stop "$1 $2"
    fi
    for script in $alone; do
        options=$(sed -n 's/^# options: //p' "$script")
        if [ "$options" = --no-gbk ] && ! $EXEC "$LINNET" serve --help | grep -q -e --no-gbk; then
            skip "$script: this build knows no GBK anyway"
        elif eval "server_start_all $options"; then
            play "$script" "$2"
            server_stop "$script $2"
        fi
    done
}

if [ "${1:-}" = --lane ]; then
    lane "$2" "$3"
    report
fi

hosts=127.0.0.1
if "$BIN/talk" --have ::1; then
    hosts="$hosts ::1"
else
    skip "IPv6: this host has none"
fi
export LINNET EXEC BIN
lanes=
for folder in echo chat fileget; do
    for host in $hosts; do
        for script in "$here/$folder"/*.talk; do
            wanted "$script" || continue
            sh "$here/run.sh" --lane "$folder" "$host" > "$temp/lane-$folder-$host" 2>&1 < /dev/null &
            others="$others $!"
            [ "${LANES:-}" != 1 ] || wait "$!"
            lanes="$lanes $folder-$host"
            break
        done
    done
done
for pid in $others; do
    wait "$pid"
done
others=
for name in $lanes; do
    count_report "$temp/lane-$name" "$name"
done
report
