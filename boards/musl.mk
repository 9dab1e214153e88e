# SPDX-License-Identifier: MIT
# Boards with musl for a C library: the board's compiler, told where musl lies. MUSL_SYSROOT is a
# folder as musl's `make install` leaves it under its prefix; `make sysroot BOARD=` fetches one.
SYSROOTS ?= $(abspath $(O))/sysroot
MUSL_SYSROOT ?= $(SYSROOTS)/$(MUSL_BOARD)
MUSL_SPECS = $(MUSL_SYSROOT)/lib/musl-gcc.specs

# Programs as small as they get: texts that explain are a sixth of them.
TEXTS ?= 0

# Nothing is loaded elsewhere than where it was linked to, so there are no relocations to protect
# and to align for: on some processors that saves 64 KB of file.
BOARD_LDFLAGS += $(if $(filter 1,$(STATIC)),-no-pie) -Wl,-z,norelro

# musl's functions of some names cost more than the system calls do.
BOARD_FLAGS += -DPORT_POSIX_DIRECT=1

# A compiler that somebody gives knows its C library.
ifeq ($(GIVEN_CC),)
BOARD_FLAGS += -specs $(MUSL_SPECS) -fno-pie
BOARD_NEEDS = $(MUSL_SPECS)
endif
