# SPDX-License-Identifier: MIT
# 64-bit RISC-V: VisionFive, LicheeRV, Milk-V.
BOARD_TEXT = 64-bit RISC-V
CROSS_COMPILE ?= riscv64-linux-gnu-
EXEC ?= qemu-riscv64
include boards/linux.mk
