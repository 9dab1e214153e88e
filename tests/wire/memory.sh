#!/bin/sh
# SPDX-License-Identifier: MIT
# All memory is there when the last listener is announced: from then on the server makes no brk,
# mmap or mremap call, through all conversations; nor does it open anything for writing (hazard
# 23: there is no log file), run anything, or change a file. Needs strace; ONLY= as for run.sh.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
if [ -n "$EXEC" ] || ! strace -D -ff -q -o "$temp/probe" -e trace=brk true 2>/dev/null; then
    skip "no strace here, or an emulator"
    report
fi

# -D: the server stays our child, so that its process number is the one that is stopped.
EXEC="strace -D -ff -q --seccomp-bpf -o $temp/trace -e trace=brk,mmap,mremap,write,writev,open,openat,creat,unlink,unlinkat,rename,renameat2,mkdirat,execve,fork,vfork,clone" \
    LINNET=$LINNET BIN=$BIN PATIENCE=$((PATIENCE * 3)) "$here/run.sh" > "$temp/ran"
count_report "$temp/ran" "the conversations under strace"

servers=0
for trace in "$temp"/trace.*; do
    last=$(grep -n 'listening on' "$trace" | tail -n 1 | cut -d: -f1)
    [ -n "$last" ] || continue
    servers=$((servers + 1))
    sed "1,${last}d" "$trace" | grep -E '^(brk|mmap|mremap)' > "$temp/calls"
    sed "1,${last}d" "$trace" | grep -E '^(open.*(O_WRONLY|O_RDWR|O_CREAT)|creat|unlink|rename|mkdir)' \
        >> "$temp/calls"
    sed "1,${last}d" "$trace" | grep -E '^(execve|fork|vfork|clone)' >> "$temp/calls"
    if [ -s "$temp/calls" ]; then
        bad "calls that nobody makes while serving:"
        sort "$temp/calls" | uniq -c | head -n 20
    else
        good
    fi
done
[ "$servers" -gt 0 ]
verdict "no server was traced"
report
