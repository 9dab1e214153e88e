# SPDX-License-Identifier: MIT
# mps2-an385 with whole frames for segments: twice the bulk rate in twice the memory.
RAM_BYTES ?= 131072
include boards/mps2-an385/board.mk
BOARD_TEXT = the same with MSS 1440, for throughput
