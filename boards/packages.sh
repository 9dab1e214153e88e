#!/bin/sh
# SPDX-License-Identifier: MIT
# packages.sh GROUP prints the Debian packages of a group, packages.sh alone the groups. All are for
# `apt-get install --no-install-recommends`. (Never gcc-multilib: it and the cross compilers exclude
# each other.)
case ${1:-} in
"") echo "cross qemu musl boot firmware lwip" ;;
cross) # compilers, and the C libraries they do not bring
    echo gcc-i686-linux-gnu libc6-dev-i386-cross
    echo gcc-arm-linux-gnueabihf libc6-dev-armhf-cross
    echo gcc-arm-linux-gnueabi libc6-dev-armel-cross
    echo gcc-aarch64-linux-gnu libc6-dev-arm64-cross
    echo gcc-riscv64-linux-gnu libc6-dev-riscv64-cross
    echo gcc-mips-linux-gnu libc6-dev-mips-cross
    echo gcc-mipsel-linux-gnu libc6-dev-mipsel-cross
    echo gcc-powerpc-linux-gnu libc6-dev-powerpc-cross
    echo gcc-s390x-linux-gnu libc6-dev-s390x-cross
    ;;
qemu) echo qemu-user ;;
musl) echo musl-tools ;; # for this machine; `make sysroot` fetches the others
boot) echo qemu-system-arm cpio iproute2 ;;
firmware) echo gcc-arm-none-eabi libnewlib-arm-none-eabi ;;
lwip) echo gcc-arm-none-eabi libnewlib-arm-none-eabi picolibc-arm-none-eabi qemu-system-arm iproute2 ;;
*)
    echo "there is no group '$1'; the groups are: $(sh "$0")" >&2
    exit 2
    ;;
esac
