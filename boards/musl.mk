# SPDX-License-Identifier: MIT
# Boards with musl for a C library: the board's compiler, told where musl lies. MUSL_SYSROOT is a
# folder as musl's `make install` leaves it under its prefix; `make sysroot BOARD=` fetches one.
SYSROOTS ?= $(abspath $(O))/sysroot
MUSL_SYSROOT ?= $(SYSROOTS)/$(MUSL_BOARD)
MUSL_SPECS = $(MUSL_SYSROOT)/lib/musl-gcc.specs

# Programs as small as they get: texts that explain are a sixth of them.
TEXTS ?= 0

# Nothing is loaded elsewhere than where it was linked to, so there are no relocations to protect
# and to align for: on some processors that saves 64 KB of file. Nor does the file end a page where
# its variables begin.
BOARD_LDFLAGS += $(if $(filter 1,$(STATIC)),-no-pie) -Wl,-z,norelro,-z,common-page-size=64

# musl's functions of some names cost more than the system calls do.
BOARD_FLAGS += -DPORT_POSIX_DIRECT=1

# Nor is a call needed where an instruction can tell of a defect.
BOARD_FLAGS += $(if $(filter arm-%,$(MUSL_TRIPLE)),-DPORT_TRAPS=1)

# The program is optimised as a whole: 3 KB less. Each object holds code of its own as well, of which
# the tests are made, and the checks of symbols and sizes. LTO=0 goes without.
LTO ?= 1
ifeq ($(LTO),1)
BOARD_LTO = -flto -flto-partition=one -ffat-lto-objects
BOARD_TEST_FLAGS = -fno-lto
endif

# What gcc does for -Os as well and makes programs larger here: 1 KB less in all.
SMALLER = -fno-section-anchors -fno-partial-inlining -fno-move-loop-invariants -fno-caller-saves

# A compiler that somebody gives knows its C library.
ifeq ($(GIVEN_CC),)
BOARD_FLAGS += -specs $(MUSL_SPECS) -fno-pie $(SMALLER) $(BOARD_LTO)
BOARD_NEEDS = $(MUSL_SPECS)

ifeq ($(STATIC),1)
# What runs before and after main beyond musl's own is for languages with constructors.
BOARD_LDFLAGS += -specs boards/static.specs -B $(MUSL_SYSROOT)/lib

# Copying made for speed has a version for each way in which bytes can lie: 1.3 KB. SMALL_COPIES=1 in
# a board.mk has less, where words can be read wherever they lie. The compiler may take none of these
# loops for what they stand for, and the linker finds them before musl's.
ifeq ($(SMALL_COPIES),1)
BOARD_FLAGS += -DPORT_POSIX_MEMORY=1
BOARD_LDFLAGS += -Wl,-u,memmove
$(O)/$(BOARD)/port/posix/memory.o: EXTRA = -ffreestanding -fno-tree-loop-distribute-patterns \
    $(BOARD_TEST_FLAGS)
endif
endif
endif

# Notes of the compilers that made the parts, and of the processor, which the kernel does not read.
BOARD_STRIP = -R .comment -R .ARM.attributes
