# SPDX-License-Identifier: MIT
# What Linux boards have in common. A board.mk says its facts, then includes this.
#   CROSS_COMPILE  prefix of its tools           BOARD_CPU    flags that choose the processor
#   EXEC           what runs its programs here   MUSL_TRIPLE  with musl, see musl.mk
# STATIC=0 links with the C library of the board as it is there.
PORT = posix
STATIC ?= 1

# In place of these, CFLAGS from the command line or the environment: a build system that brings
# its own says which processor it is for as well.
BOARD_CFLAGS = -Os -g $(BOARD_CPU)
BOARD_LDFLAGS = $(if $(filter 1,$(STATIC)),-static)

ifneq ($(MUSL_TRIPLE),)
include boards/musl.mk
endif
