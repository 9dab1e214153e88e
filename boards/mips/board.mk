# SPDX-License-Identifier: MIT
# 32-bit MIPS, big endian: routers with Atheros chips.
BOARD_TEXT = 32-bit MIPS, big endian (Atheros routers)
CROSS_COMPILE ?= mips-linux-gnu-
EXEC ?= qemu-mips
include boards/linux.mk
