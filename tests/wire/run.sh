#!/bin/sh
# SPDX-License-Identifier: MIT
# Starts the real server and plays every conversation in echo/, chat/, fileget/ against it, over
# IPv4 and IPv6. ONLY="echo chat" plays those alone; ONLY=chat/room.talk this one. See README.md.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
. "$here/tree.sh"

tree_make "$temp/tree"
connections=$(limit_of CFG_CONN_MAX)
datagram=$(limit_of CFG_DATAGRAM_BYTES)
hosts=127.0.0.1
if "$BIN/talk" --have ::1; then
    hosts="$hosts ::1"
else
    skip "IPv6: this host has none"
fi

port_for() { # SCRIPT
    case $1 in
    */echo/*) echo "$echo_port" ;;
    */chat/*) echo "$chat_port" ;;
    */fileget/*) echo "$file_port" ;;
    esac
}

play() { # SCRIPT: over every family
    if [ "$(port_for "$1")" = "" ]; then
        return # an app that this build has not
    fi
    for host in $hosts; do
        "$BIN/talk" "$host" "$(port_for "$1")" "ROOT=$temp/tree/root" "TEMP=$temp" "PID=$server" \
            "CONNECTIONS=${connections:-64}" "DATAGRAM=${datagram:-1472}" \
            "SMALL_DATAGRAMS=$([ "${datagram:-1472}" -lt 60000 ] && echo 1 || echo 0)" \
            "ECHO_PORT=${echo_port:-0}" "CHAT_PORT=${chat_port:-0}" "FILE_PORT=${file_port:-0}" \
            "$1" > "$temp/played" 2>&1
        count_report "$temp/played" "$1 $host"
    done
}

wanted() { # SCRIPT
    [ -n "${ONLY:-}" ] || return 0
    for only in $ONLY; do
        case ${1#"$here"/} in "$only" | "$only"/*) return 0 ;; esac
    done
    return 1
}

# Scripts without options share one server; one with "# options:" has a server of its own.
alone=
if server_start_all; then
    for script in "$here"/echo/*.talk "$here"/chat/*.talk "$here"/fileget/*.talk; do
        if [ ! -f "$script" ] || ! wanted "$script"; then
            continue
        elif grep -q '^# options:' "$script"; then
            alone="$alone $script"
        else
            play "$script"
        fi
    done
    server_stop "the conversations"
fi
for script in $alone; do
    options=$(sed -n 's/^# options: //p' "$script")
    if eval "server_start_all $options"; then
        play "$script"
        server_stop "$script"
    fi
done
report
