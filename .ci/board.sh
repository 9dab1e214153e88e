#!/bin/sh
# SPDX-License-Identifier: MIT
# board.sh BOARD: conformance and conversations with what `make boards` built; its last line is
# "N passed, N failed, N skipped". For boards.sh. On two boards all conversations are played, on the
# others a few of each app.
set -u
board=$1
make="make -s --no-print-directory BOARD=$board O=$O/size/all SYSROOTS=$O/sysroot TOOLS="
facts=$($make facts)
compiler=$(echo "$facts" | sed -n 's/^compiler: //p')
needs=$(echo "$facts" | sed -n 's/^needs: //p')
EXEC=$(echo "$facts" | sed -n 's/^run: //p')
if ! command -v "$compiler" >/dev/null || { [ -n "$needs" ] && [ ! -e "$needs" ]; }; then
    echo "skipped: $board: its compiler or C library is not here"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
elif [ -n "$EXEC" ] && ! command -v "${EXEC%% *}" >/dev/null; then
    echo "skipped: $board: there is no ${EXEC%% *} here"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
folder=$O/size/all/$board
$make "$folder/linnet" "$folder/tests/port/conform" || exit 1
export EXEC
case $board in
armv7 | mips) only= ;;
*) only="echo/tcp.talk echo/udp.talk chat/room.talk chat/text.talk fileget/http.talk fileget/raw.talk" ;;
esac
JOBS=1 ONLY=$only BIN=$O/host/tests/wire LINNET=$folder/linnet PATIENCE=3 TRIES=2 \
    sh tests/check.sh tests/wire/run.sh "$folder/tests/port/conform"
