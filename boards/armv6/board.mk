# SPDX-License-Identifier: MIT
# ARM1176: Raspberry Pi 1 and Zero. Debian's hard-float compiler makes ARMv7 code, an illegal
# instruction there; its soft-float one goes down to ARMv5, and linnet has no floats.
BOARD_TEXT = ARM1176 (Pi 1, Pi Zero)
CROSS_COMPILE ?= arm-linux-gnueabi-
# Short instructions: a fifth smaller.
BOARD_CPU = -march=armv6 -mthumb -mfloat-abi=soft
EXEC ?= qemu-arm -cpu arm1176
include boards/linux.mk
