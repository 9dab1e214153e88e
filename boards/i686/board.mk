# SPDX-License-Identifier: MIT
# 32-bit PCs since the Pentium Pro; runs natively on 64-bit ones.
BOARD_TEXT = 32-bit PC
CROSS_COMPILE ?= i686-linux-gnu-
include boards/linux.mk
