# SPDX-License-Identifier: MIT
# 32-bit ARM with hardware floating point: Raspberry Pi 2 and later, BeagleBone, i.MX6.
BOARD_TEXT = 32-bit ARM, hard float (Pi 2 and later, BeagleBone)
CROSS_COMPILE ?= arm-linux-gnueabihf-
EXEC ?= qemu-arm -cpu cortex-a7
include boards/linux.mk
