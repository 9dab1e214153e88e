# SPDX-License-Identifier: MIT
# 32-bit PowerPC, big endian: QorIQ and older network equipment.
BOARD_TEXT = 32-bit PowerPC, big endian
CROSS_COMPILE ?= powerpc-linux-gnu-
EXEC ?= qemu-ppc
include boards/linux.mk
