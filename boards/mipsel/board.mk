# SPDX-License-Identifier: MIT
# 32-bit MIPS, little endian: routers with MediaTek and Ralink chips.
BOARD_TEXT = 32-bit MIPS, little endian (MediaTek routers)
CROSS_COMPILE ?= mipsel-linux-gnu-
EXEC ?= qemu-mipsel
include boards/linux.mk
