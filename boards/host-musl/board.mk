# SPDX-License-Identifier: MIT
# This machine with musl for a C library, and the sizes of a board.
BOARD_TEXT = this machine, with musl
TEXTS ?= 0
BOARD_CC = musl-gcc
include boards/linux.mk
BOARD_LDFLAGS += -no-pie -Wl,-z,norelro,-z,common-page-size=64
BOARD_FLAGS += -fno-pie -DPORT_POSIX_DIRECT=1
