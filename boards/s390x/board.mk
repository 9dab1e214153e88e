# SPDX-License-Identifier: MIT
# 64-bit, big endian: nobody's small board, but the test for code that assumes either.
BOARD_TEXT = 64-bit, big endian: tests the code rather than a board
CROSS_COMPILE ?= s390x-linux-gnu-
EXEC ?= qemu-s390x
include boards/linux.mk
