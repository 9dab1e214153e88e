# SPDX-License-Identifier: MIT
# As armv6, with musl for a C library: a tenth of the size. First: make sysroot BOARD=armv6-musl
MUSL_BOARD = armv6-musl
MUSL_TRIPLE = arm-linux-musleabi
MUSL_DEBIAN = armel
include boards/armv6/board.mk
BOARD_TEXT += with musl
