# SPDX-License-Identifier: MIT
# Boards that are booted whole, in emulation: a distribution's kernel, and linnet as its only
# program. A board.mk says its facts, then includes this.
#   BOOT_ARCH BOOT_PACKAGE  Debian's name of the processor, and of the kernel: a pattern
#   BOOT_MACHINE            the emulator, as far as the board determines it
#   BOOT_DEVICE             its network device     BOOT_INTERFACE  and Linux' name of that
#   BOOT_MODULES            kernel modules, in the order in which they need each other
#   BOOT_ARGUMENTS          what else the kernel must be told      BOOT_TREE  the device tree's name
#   BOOT_FAST=0             the device is too slow for bulk
# BOOT_KERNEL is where the kernel lies when it was fetched.
BOARD_RULES = boards/boot/rules.mk
