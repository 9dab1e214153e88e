#!/bin/sh
# SPDX-License-Identifier: MIT
# Plays the table of HTTP cases against the real server, over IPv4 and IPv6: framing, ranges,
# conditions, names, methods, dates. Heads and names that a small build has no room for are left out.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
. "$here/tree.sh"

case $(apps_built) in *file*) ;; *)
    skip "HTTP cases: this build serves no files"
    report
    ;;
esac
tree_make "$temp/tree"
table=$here/fileget/cases.txt
if [ "$(limit_of FILEGET_NAME_BYTES)" -lt 1000 ]; then
    # What is repeated a hundred times and more, and several fields beside a tag.
    grep -v '\\{[0-9]\{3,\}\*' "$table" > "$temp/cases.txt"
    table=$temp/cases.txt
fi
hosts=127.0.0.1
if "$BIN/talk" --have ::1; then
    hosts="$hosts ::1"
else
    skip "IPv6: this host has none"
fi
if server_start_all; then
    for host in $hosts; do
        "$BIN/cases" "$host" "$file_port" "$temp/tree/root" "$table" > "$temp/played" 2>&1
        count_report "$temp/played" "cases $host"
    done
    server_stop cases
fi
report
