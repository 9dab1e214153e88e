#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds and installs linnet as Buildroot and OpenWrt call a package's make, with the variables they
# document, out of the tree and without a network; then looks at what was installed. Boards'
# compilers stand in for theirs; without one its part is skipped.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
unset CC CFLAGS CPPFLAGS LDFLAGS LDLIBS STRIP AR NM CROSS_COMPILE BOARD APPS TOOLS EXEC MAKEFLAGS O V
passed=0
failed=0
skipped=0
apart=
for how in "unshare -n" "unshare -rn"; do
    [ -n "$apart" ] || ! $how true 2>/dev/null || apart=$how
done

verdict() { # WHAT: the last command's status decides
    if [ "$?" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $1"
    fi
}

# What every package must be: all objects with the flags that were given, a program for the right
# machine that starts, and nothing new in the tree.
look() { # NAME PREFIX FLAG PROGRAM RUN
    verdict "$1: make and make install"
    [ -x "$4" ] && "$2-readelf" -h "$4" >"$work/header"
    verdict "$1: a program is installed"
    [ "$(grep -c -e ' -c -o ' "$work/log")" -eq "$(grep -e ' -c -o ' "$work/log" | grep -c -e "$3")" ]
    verdict "$1: every file is compiled with $3"
    "$2-readelf" -l "$4" | grep -q 'interpreter'
    verdict "$1: it is linked as the flags say, dynamically"
    [ -z "$(find . -path ./.git -prune -o -newer "$work/began" -type f -print)" ]
    verdict "$1: nothing was written into the source tree"
    if ! command -v "${5%% *}" >/dev/null; then
        skipped=$((skipped + 1))
        echo "skipped: $1: there is no ${5%% *} to run it"
    else
        # shellcheck disable=SC2086
        $5 "$4" --version | grep -q '^linnet '
        verdict "$1: it runs"
    fi
}

have() { # COMPILER
    command -v "$1" >/dev/null && return 0
    skipped=$((skipped + 1))
    echo "skipped: there is no $1 here"
    return 1
}

# As TARGET_CONFIGURE_OPTS of Buildroot: all on the command line; the compiler is behind another
# program, as with ccache, and stripping is left to the end.
touch "$work/began"
t=arm-linux-gnueabihf
if have $t-gcc; then
    printf '#!/bin/sh\nexec "$@"\n' >"$work/ccache" && chmod 755 "$work/ccache"
    set -- AR=$t-gcc-ar AS=$t-as LD=$t-ld NM=$t-gcc-nm CC="$work/ccache $t-gcc" GCC=$t-gcc CPP=$t-cpp \
        CXX=$t-g++ RANLIB=$t-gcc-ranlib READELF=$t-readelf STRIP=/bin/true OBJCOPY=$t-objcopy \
        CPPFLAGS="-D_LARGEFILE_SOURCE -D_LARGEFILE64_SOURCE -D_FILE_OFFSET_BITS=64" \
        CFLAGS="-D_FILE_OFFSET_BITS=64 -Os -g0 -D_FORTIFY_SOURCE=1 -mtune=cortex-a8" \
        LDFLAGS="-Wl,-z,relro" BOARD=armv7 STATIC=0 WERROR=0 O="$work/buildroot/build" V=1 TOOLS=get
    $apart "${MAKE:-make}" "$@" >"$work/log" 2>&1 &&
        "${MAKE:-make}" "$@" DESTDIR="$work/buildroot/target" PREFIX=/usr install >>"$work/log" 2>&1
    look Buildroot $t -mtune=cortex-a8 "$work/buildroot/target/usr/bin/linnet" "qemu-arm -L /usr/$t"
fi

# As OpenWrt's MAKE_VARS and MAKE_FLAGS: flags in the environment, tools on the command line.
touch "$work/began"
t=mipsel-linux-gnu
if have $t-gcc; then
    set -- AR=$t-gcc-ar AS="$t-gcc -c" LD=$t-ld NM=$t-gcc-nm CC=$t-gcc GCC=$t-gcc CXX=$t-g++ \
        RANLIB=$t-gcc-ranlib STRIP=$t-strip OBJCOPY=$t-objcopy OBJDUMP=$t-objdump SIZE=$t-size \
        CROSS="$t-" ARCH=mipsel BOARD=mipsel STATIC=0 WERROR=0 O="$work/openwrt/build" V=1 TOOLS=
    (
        export CFLAGS="-Os -pipe -mno-branch-likely -fno-caller-saves" LDFLAGS="-Wl,-z,now"
        $apart "${MAKE:-make}" "$@" && "${MAKE:-make}" "$@" DESTDIR="$work/openwrt/ipkg-install" \
            PREFIX=/usr install
    ) >"$work/log" 2>&1
    look OpenWrt $t -mno-branch-likely "$work/openwrt/ipkg-install/usr/bin/linnet" \
        "qemu-mipsel -L /usr/$t"
fi
if [ "$failed" -ne 0 ]; then
    grep -i 'error' "$work/log" | head -n 20
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
