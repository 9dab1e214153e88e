#!/bin/sh
# SPDX-License-Identifier: MIT
# smallest.sh BOARD: the smallest program of all, echo alone and without a command line, as it is
# built for that board but for its port; its last line is "N passed, N failed". For boards.sh, after
# `make boards`.
set -u
make="make -s --no-print-directory BOARD=$1 SYSROOTS=$O/sysroot"
facts=$($make facts)
needs=$(echo "$facts" | sed -n 's/^needs: //p')
EXEC=$(echo "$facts" | sed -n 's/^run: //p')
if [ ! -e "$needs" ] || ! command -v "${EXEC%% *}" > /dev/null; then
    echo "skipped: $1: its C library or ${EXEC%% *} is not here"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
$make O="$O/size/free" APPS=echo OPTIONS=0 CPPFLAGS=-DSERVE_ECHO_PORT=0 > /dev/null ||
    exit 1
export EXEC
ONLY="echo/tcp.talk echo/udp.talk" LINNET=$O/size/echo/$1/linnet \
    FIXED_PROGRAM=$O/size/free/$1/linnet BIN=$O/host/tests/wire PATIENCE=3 TRIES=2 \
    exec sh tests/wire/fixed.sh
