#!/bin/sh
# SPDX-License-Identifier: MIT
# A hundred thousand names in a tree full of links, FIFOs, devices and files that are not public,
# which changes meanwhile: nothing from outside of the root ever comes (hazards 51, 53, 56, 57); by
# openat2 and, where strace can make it fail, without. N= and SEED= as for tests/wire/tangle.c.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"

case $(apps_built) in *file*) ;; *)
    skip "file-get: not in this build"
    report
    ;;
esac
seed=${SEED:-$(date +%s)}
mkdir "$temp/tangle"
"$BIN/tangle" make "$temp/tangle"
verdict "the tree cannot be made"

tangle() { # N WHAT HOW SEED
    server_start --echo off --chat off --file 0 -r "$temp/tangle/root" --peer-limit 0 || return
    "$BIN/tangle" "$3" "$temp/tangle" &
    others=$!
    "$BIN/tangle" ask 127.0.0.1 "$file_port" "$1" "$4" > "$temp/asked" 2>&1
    kill "$others"
    wait "$others" 2> /dev/null
    others=
    if ! grep -q ' 0 failed' "$temp/asked"; then
        echo "SEED=$4 N=$1, $2"
    fi
    count_report "$temp/asked" "tangle $2"
    server_stop "tangle $2"
}

tangle "${N:-100000}" "with openat2" change "$seed"
# What is looked at and what is opened a moment later are not the same (hazard 56).
tangle "${N:-100000}" "while names spin" spin 0
if [ -z "$EXEC" ] && strace -D -q -o /dev/null -e trace=openat2 -e inject=openat2:error=ENOSYS true \
    2> /dev/null; then
    EXEC="strace -D -q --seccomp-bpf -f -o /dev/null -e trace=openat2 -e inject=openat2:error=ENOSYS"
    tangle $((${N:-100000} / 5)) "without openat2" change "$seed"
else
    skip "without openat2: no strace here that makes it fail"
fi
report
