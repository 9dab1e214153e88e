#!/bin/sh
# SPDX-License-Identifier: MIT
# What somebody gives on the command line or in the environment wins, as other people's build
# systems rely on, and what linnet needs is added. Nothing is compiled: make says what it would do.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# Keeps what `make ARGUMENT...` would do, or what it complains of.
would() {
    ${MAKE:-make} -n V=1 O="$work" "$@" > "$work/said" 2>&1
}

# Every WORD... stands in what was kept; those after "no" do not.
has() { # WHAT WORD...
    what=$1
    shift
    wrong=
    wanted=0
    for word; do
        if [ "$word" = no ]; then
            wanted=1
            continue
        fi
        grep -q -e "$word" "$work/said"
        [ "$?" -eq "$wanted" ] || wrong="$wrong '$word'"
    done
    if [ -z "$wrong" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$what: not as it should be:$wrong"
    fi
}

unset CC CFLAGS CPPFLAGS LDFLAGS LDLIBS STRIP AR NM CROSS_COMPILE BOARD APPS TOOLS EXEC MAKEFLAGS
would BOARD=armv7
has "a board's own tools and flags" "^arm-linux-gnueabihf-gcc .*-Os" \
    "^arm-linux-gnueabihf-gcc .*-static" "^arm-linux-gnueabihf-strip "
would BOARD=armv7 CFLAGS=-O1 CPPFLAGS=-DGIVEN LDFLAGS=-Wl,-z,now LDLIBS=-lgiven
has "given flags" "-DGIVEN -O1 -std=c99" "-D_TIME_BITS=64" "-Wl,-z,now" "-lgiven" no "-Os"
(export CFLAGS=-O1; would BOARD=armv7)
has "flags in the environment" "-O1 -std=c99" no "-Os"
would BOARD=armv7 CC=/opt/x/bin/arm-x-linux-gcc
has "a given compiler, and its companions" "^/opt/x/bin/arm-x-linux-gcc " \
    "^/opt/x/bin/arm-x-linux-strip " no "gnueabihf"
(export CC="ccache cc"; would)
has "a compiler of two words" "^ccache cc " "^strip "
would BOARD=armv7 CC="clang --target=arm"
has "another compiler, the board's other tools" \
    "^clang --target=arm " "^arm-linux-gnueabihf-strip "
(export CROSS_COMPILE=mipsel-x-; would BOARD=mipsel)
has "a given prefix" "^mipsel-x-gcc " "^mipsel-x-strip "
would BOARD=armv7 STATIC=0
has "STATIC=0" "^arm-linux-gnueabihf-gcc " no "-static"
would BOARD=mipsel SIZES=tiny
has "SIZES=tiny" "-include boards/tiny/board_config.h"
would BOARD=nonesuch
has "an unknown board" "there is no board 'nonesuch'" " armv7 " no "template"
would APPS=echo OPTIONS=0
has "a program without a command line" "-DSERVE_OPTIONS=0" "-DCORE_LIMITS=0" \
    no "_options.c" "limits.c" "apps/get/"
would OPTIONS=0 TOOLS=get
has "tools without a command line" "say TOOLS="
would OPTIONS=0 check
has "tests without a command line" "the tests give options"
would BOARD=armv7-musl MUSL_SYSROOT=/opt/musl CC=musl-x-gcc
has "a compiler that knows its musl" "^musl-x-gcc " no "-specs" "sysroot"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
