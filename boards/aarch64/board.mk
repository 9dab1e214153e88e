# SPDX-License-Identifier: MIT
# 64-bit ARM: Raspberry Pi 3 and later with a 64-bit system, most newer boards.
BOARD_TEXT = 64-bit ARM (Pi 3 and later)
CROSS_COMPILE ?= aarch64-linux-gnu-
EXEC ?= qemu-aarch64
include boards/linux.mk
