# SPDX-License-Identifier: MIT
# As aarch64, with musl for a C library: a tenth of the size. First: make sysroot BOARD=aarch64-musl
MUSL_BOARD = aarch64-musl
MUSL_TRIPLE = aarch64-linux-musl
MUSL_DEBIAN = arm64
include boards/aarch64/board.mk
BOARD_TEXT += with musl
