# SPDX-License-Identifier: MIT
# ARM1176: Raspberry Pi 1 and Zero. Debian's hard-float compiler makes ARMv7 code, which stops there
# with an illegal instruction; its soft-float one carries on down to ARMv5, and linnet has no floats.
BOARD_TEXT = ARM1176 (Pi 1, Pi Zero)
CROSS_COMPILE ?= arm-linux-gnueabi-
BOARD_CPU = -march=armv6 -mfpu=vfp -mfloat-abi=softfp
EXEC ?= qemu-arm -cpu arm1176
include boards/linux.mk
