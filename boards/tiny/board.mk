# SPDX-License-Identifier: MIT
# 8 connections and 512-byte buffers, for boards with 4 MB. The compiler is this machine's, or what
# CC or CROSS_COMPILE say; SIZES=tiny gives these sizes to any other board.
BOARD_TEXT = sizes for 4 MB of memory, with any compiler
TEXTS ?= 0
include boards/linux.mk
