# SPDX-License-Identifier: MIT
# As armv7, with musl for a C library: a tenth of the size. First: make sysroot BOARD=armv7-musl
MUSL_BOARD = armv7-musl
MUSL_TRIPLE = arm-linux-musleabihf
MUSL_DEBIAN = armhf
SMALL_COPIES = 1
include boards/armv7/board.mk
BOARD_TEXT += with musl
