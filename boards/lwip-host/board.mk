# SPDX-License-Identifier: MIT
# lwIP as a process of this machine, to try port/lwip with: in memory, on a UDP wire, on a tap.
# MALLOC_POOLS=1 takes every pool's piece from malloc, where sanitizers can see it.
BOARD_TEXT = lwIP in a process of this machine, for tests
LWIP_IP4 ?= 10.77.0.2
MALLOC_POOLS ?= 0
BOARD_SOURCES = $(wildcard boards/lwip-host/*.c)
BOARD_MAIN = boards/lwip-host/main.c
BOARD_FLAGS = $(if $(filter 1,$(MALLOC_POOLS)),-DMEM_LIBC_MALLOC=1 -DMEMP_MEM_MALLOC=1)
include boards/lwip.mk
